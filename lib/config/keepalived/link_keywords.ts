/**
 * Keywords about the host's interfaces and the sockets on them.
 * @module
 */
import type { ExtraGarp, InstanceLinks, LinkGlobals } from "../link_model.ts";
import { adviseExtra, flag, missing, wants } from "./argument.ts";
import { custom, deprecated, type Row, setting } from "./block.ts";
import type { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { whole, wholeSeconds } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";

const EXTRA_SECONDS_MAX = 86_400;
const UINT_MAX = 4_294_967_295;

type At = { readonly at: unknown };

/** `[all] SECONDS`. */
function extraGarp(secondsMin: number): Row<Draft<ExtraGarp & At>> {
  const read = wholeSeconds(secondsMin, EXTRA_SECONDS_MAX);
  return custom((draft, line, context) => {
    const isAll = line.word(1) === "all";
    const index = isAll ? 2 : 1;
    if (index >= line.count) {
      missing(line, context);
      return;
    }
    const found = read(line, index, context);
    if (found === undefined) return;
    adviseExtra(line, index + 1, context);
    draft.set("garpExtraNs", found, line.wordSpan(index));
    draft.set("garpExtraAll", isAll ? true : undefined, line.wordSpan(1));
  });
}

/** `MTU`, `ADVERT` or a number of bytes; with more than one the number wins, and then `MTU`. */
function readBufferPolicy(
  draft: Draft<LinkGlobals & At>,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 2) {
    missing(line, context);
    return;
  }
  let found: LinkGlobals["receiveBufferPolicy"];
  for (let i = 1; i < line.count; i++) {
    const text = line.word(i).toUpperCase();
    const isPolicy = text === "MTU" || text === "ADVERT";
    const one = isPolicy
      ? text
      : i === 1
      ? whole(0, UINT_MAX)(line, i, context)
      : undefined;
    if (one === undefined && i === 1) return;
    if (found === undefined) found = one;
    else {
      context.warn(
        "HK0407",
        line,
        line.wordSpan(i),
        `\`${line.word(i)}\` beside \`${line.word(1)}\``,
        { label: "only one can be" },
      );
      if (found === "ADVERT" && one === "MTU") found = one;
    }
  }
  if (found !== undefined) {
    draft.set("receiveBufferPolicy", found, line.wordSpan(1));
  }
}

/** The rows of `global_defs`. */
export const globalLinkRows: Readonly<
  Record<string, Row<Draft<LinkGlobals & At>>>
> = {
  log_unknown_vrids: setting("logUnknownVrids", flag),
  vrrp_rx_bufs_policy: custom(readBufferPolicy),
  vrrp_rx_bufs_multiplier: setting(
    "receiveBufferMultiplier",
    wants(whole(1, UINT_MAX)),
  ),
  vrrp_garp_extra_if: extraGarp(1),
  vrrp_vmac_garp_intvl: deprecated("use `vrrp_garp_extra_if`", extraGarp(1)),
};

/** What a draft has of them; what stands outside of `global_defs` is not among it. */
export function globalLinksOf(draft: Draft<LinkGlobals & At>): LinkGlobals {
  return {
    linkbeatUsePolling: draft.get("linkbeatUsePolling"),
    linkbeatInterfaces: undefined,
    interfaceDelays: undefined,
    logUnknownVrids: draft.get("logUnknownVrids"),
    receiveBufferPolicy: draft.get("receiveBufferPolicy"),
    receiveBufferMultiplier: draft.get("receiveBufferMultiplier"),
    garpExtraNs: draft.get("garpExtraNs"),
    garpExtraAll: draft.get("garpExtraAll"),
  };
}

/** The rows of `vrrp_instance`. */
export const instanceLinkRows: Readonly<
  Record<string, Row<Draft<InstanceLinks & At>>>
> = {
  garp_extra_if: extraGarp(0),
  vmac_garp_intvl: deprecated("use `garp_extra_if`", extraGarp(0)),
  unicast_fault_no_peer: setting("faultWithoutPeers", flag),
  kernel_rx_buf_size: setting("receiveBufferBytes", wants(whole(0, UINT_MAX))),
  linkbeat_use_polling: deprecated(
    "use `linkbeat_interfaces`",
    setting("linkbeatUsePolling", flag),
  ),
};

/** What a draft has of them. */
export function instanceLinksOf(
  draft: Draft<InstanceLinks & At>,
): InstanceLinks {
  return {
    faultWithoutPeers: draft.get("faultWithoutPeers"),
    receiveBufferBytes: draft.get("receiveBufferBytes"),
    linkbeatUsePolling: draft.get("linkbeatUsePolling"),
    garpExtraNs: draft.get("garpExtraNs"),
    garpExtraAll: draft.get("garpExtraAll"),
  };
}
