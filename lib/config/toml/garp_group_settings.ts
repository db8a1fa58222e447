/**
 * The keys of `[[garp_group]]`: keepalived's keywords.
 * @module
 */
import type { GarpGroup, LimitedInterface } from "../garp_model.ts";
import {
  required,
  type Setting,
  setting,
  type SettingTable,
} from "./setting.ts";
import { type EntryType, list, NAME } from "./value_type.ts";
import { GARP_GROUP_INTERVAL } from "./vrrp_ranges.ts";

const INTERFACE: EntryType<LimitedInterface> = {
  shape: NAME.shape,
  read: (node, sink) => {
    const name = NAME.read(node, sink);
    const at = { self: node.span, of: { name: node.span } };
    return name === undefined ? undefined : { name, at };
  },
  entry: ({ name, at }) => ({ at: at.self, text: NAME.text(name) }),
};

const INTERFACES: Setting<readonly LimitedInterface[]> = required<
  readonly LimitedInterface[]
>({
  ...setting("interfaces", list(INTERFACE), "interfaces that share one budget"),
  absent: [],
});

export const GARP_GROUP_TABLE: SettingTable<Omit<GarpGroup, "at">> = {
  name: "[[garp_group]]",
  settings: {
    garpIntervalNs: setting(
      "garp_interval",
      GARP_GROUP_INTERVAL,
      "from one gratuitous ARP to the next; 0 is no limit",
      "`vrrp_garp_interval`",
    ),
    gnaIntervalNs: setting(
      "gna_interval",
      GARP_GROUP_INTERVAL,
      "from one unsolicited neighbour advertisement to the next; 0 is no limit",
      "`vrrp_gna_interval`",
    ),
    interfaces: INTERFACES,
  },
};
