/**
 * `linkbeat_use_polling`, `linkbeat_interfaces` and `interface_up_down_delays`, at the level of the file.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import { BEAT_METHODS } from "../../vrrp/link_watch_config.ts";
import type { InterfaceDelay, PolledInterface } from "../link_model.ts";
import type { GlobalDefs } from "../model.ts";
import { adviseExtra, flag, missing, oneOf } from "./argument.ts";
import { custom, entries, type Row } from "./block.ts";
import type { LogicalLine } from "./logical_line.ts";
import { interfaceName } from "./names.ts";
import { seconds } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";

type Key = "linkbeatUsePolling" | "linkbeatInterfaces" | "interfaceDelays";

/** What a file says of them so far. */
export class LinkBlocksDraft {
  readonly polled: PolledInterface[] = [];
  readonly delays = new Map<string, InterfaceDelay>();
  usePolling: true | undefined;
  readonly #at: { -readonly [K in keyof GlobalDefs["at"]["of"]]?: Span } = {};

  /** `globals`, with all of them. */
  addTo(globals: GlobalDefs): GlobalDefs {
    return {
      ...globals,
      linkbeatUsePolling: this.usePolling,
      linkbeatInterfaces: this.polled.length > 0 ? this.polled : undefined,
      interfaceDelays: this.delays.size > 0
        ? [...this.delays.values()]
        : undefined,
      at: { ...globals.at, of: { ...globals.at.of, ...this.#at } },
    };
  }

  /** Where something stands; the first place counts. */
  mark(key: Key, span: Span): void {
    this.#at[key] ??= span;
  }
}

interface HasLinkBlocks {
  readonly linkBlocks: LinkBlocksDraft;
}

type Rows = Readonly<Record<string, Row<HasLinkBlocks>>>;

/** What keepalived's parent process reads of them. */
export const linkTop: Rows = {
  linkbeat_use_polling: custom(({ linkBlocks }, line, context) => {
    linkBlocks.usePolling = flag(line, context);
    linkBlocks.mark("linkbeatUsePolling", line.wordSpan(0));
  }),
};

/** The blocks, by their keywords. */
export const linkBlocks: Rows = {
  linkbeat_interfaces: entries(
    (draft: HasLinkBlocks, line, context) => {
      if (line.kind !== "words") return;
      const found = readPolled(line, context);
      if (found !== undefined) draft.linkBlocks.polled.push(found);
    },
    (draft, line) =>
      draft.linkBlocks.mark("linkbeatInterfaces", line.wordSpan(0)),
  ),
  interface_up_down_delays: entries(
    (draft: HasLinkBlocks, line, context) => {
      if (line.kind !== "words") return;
      const found = readDelay(line, context);
      // The last line of an interface counts.
      if (found !== undefined) {
        draft.linkBlocks.delays.set(
          found.interface,
          found,
        );
      }
    },
    (draft, line) => draft.linkBlocks.mark("interfaceDelays", line.wordSpan(0)),
  ),
};

/** `IFNAME [MII|ETHTOOL|IOCTL]`; with another word the interface is polled all the same. */
function readPolled(
  line: LogicalLine,
  context: ReadContext,
): PolledInterface | undefined {
  const name = interfaceName(line, 0, context);
  if (name === undefined) return undefined;
  const method = line.count > 1
    ? oneOf(BEAT_METHODS)(line, 1, context)
    : undefined;
  adviseExtra(line, 2, context);
  const of = { interface: line.wordSpan(0) };
  return {
    interface: name,
    method,
    at: {
      self: line.span(),
      of: method === undefined ? of : { ...of, method: line.wordSpan(1) },
    },
  };
}

/** `IFNAME DOWN [UP]`. */
function readDelay(
  line: LogicalLine,
  context: ReadContext,
): InterfaceDelay | undefined {
  const name = interfaceName(line, 0, context);
  if (name === undefined) return undefined;
  if (line.count < 2) return missing(line, context);
  const read = seconds(0, 255);
  const downNs = read(line, 1, context);
  const upNs = line.count > 2 ? read(line, 2, context) : undefined;
  if (downNs === undefined || (line.count > 2 && upNs === undefined)) {
    return undefined;
  }
  adviseExtra(line, 3, context);
  const of = { interface: line.wordSpan(0), downNs: line.wordSpan(1) };
  return {
    interface: name,
    downNs,
    upNs,
    at: {
      self: line.span(),
      of: upNs === undefined ? of : { ...of, upNs: line.wordSpan(2) },
    },
  };
}
