/**
 * Entries of `linkbeat_interfaces` and `interface_up_down_delays`.
 * @module
 */
import { BEAT_METHODS } from "../../vrrp/link_watch_config.ts";
import type { InterfaceDelay, PolledInterface } from "../link_model.ts";
import type { PrintedEntry } from "./printed_item.ts";
import {
  printSettings,
  readSettings,
  required,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import { reportKind } from "./value_readers.ts";
import { duration, type EntryType, NAME, word } from "./value_type.ts";

type Loose<T, K extends keyof T> =
  & Omit<T, K | "at">
  & { readonly [F in K]: T[F] | undefined };

const POLLED: SettingTable<Loose<PolledInterface, "interface">> = {
  name: "an entry of `linkbeat_interfaces`",
  settings: {
    interface: required(setting("interface", NAME, "the interface")),
    method: setting(
      "method",
      word(BEAT_METHODS),
      "how it is asked first; where its driver cannot say, the others are tried",
      '"MII"',
    ),
  },
};

/** An entry of `linkbeat_interfaces`: a name, or a table. */
export const POLLED_INTERFACE: EntryType<PolledInterface> = {
  shape: {
    kind: "either",
    of: [NAME.shape, { kind: "table", table: tableShape(POLLED) }],
  },
  read: (node, sink) => {
    if (node.kind !== "table") {
      const name = NAME.read(node, sink);
      const at = { self: node.span, of: { interface: node.span } };
      return name === undefined
        ? undefined
        : { interface: name, method: undefined, at };
    }
    const { values, at } = readSettings(POLLED, node, POLLED.name, sink);
    const { interface: name, method } = values;
    if (name !== undefined) return { interface: name, method, at };
    if (at.of.interface === undefined) {
      sink.error("HK0108", node.span, "`interface` is missing", {});
    }
    return undefined;
  },
  entry: (polled) =>
    polled.method === undefined
      ? { at: polled.at.self, text: NAME.text(polled.interface) }
      : tableEntry(POLLED, polled),
};

const SECONDS = duration(0, 255e9);

const DELAY: SettingTable<Loose<InterfaceDelay, "interface" | "downNs">> = {
  name: "an entry of `interface_up_down_delays`",
  settings: {
    interface: required(setting("interface", NAME, "the interface")),
    downNs: required(
      setting("down", SECONDS, "how long it has to be down to count as down"),
    ),
    upNs: setting(
      "up",
      SECONDS,
      "how long it has to be up again to count as up",
      "0",
    ),
  },
};

/** An entry of `interface_up_down_delays`. */
export const INTERFACE_DELAY: EntryType<InterfaceDelay> = {
  shape: { kind: "table", table: tableShape(DELAY) },
  read: (node, sink) => {
    if (node.kind !== "table") {
      return reportKind(node, "a table with `interface` and `down`", sink);
    }
    const { values, at } = readSettings(DELAY, node, DELAY.name, sink);
    const { interface: name, downNs, upNs } = values;
    if (name !== undefined && downNs !== undefined) {
      return { interface: name, downNs, upNs, at };
    }
    for (const key of ["interface", "down"] as const) {
      if (at.of[key === "down" ? "downNs" : key] === undefined) {
        sink.error("HK0108", node.span, `\`${key}\` is missing`, {});
      }
    }
    return undefined;
  },
  entry: (delay) => tableEntry(DELAY, delay),
};

function tableEntry<M extends object>(
  table: SettingTable<M>,
  value: M & Parameters<typeof printSettings<M>>[1] & {
    readonly at: Parameters<typeof printSettings<M>>[2];
  },
): PrintedEntry {
  const lines = printSettings(table, value, value.at)
    .flatMap((item) => item.kind === "line" ? [item.text] : []);
  return { at: value.at.self, text: `{ ${lines.join(", ")} }` };
}
