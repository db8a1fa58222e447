/**
 * Keywords about the host's interfaces and the sockets on them.
 * @module
 */
import type { ExtraGarp, InstanceLinks, LinkGlobals } from "../link_model.ts";
import { adviseExtra, flag, missing } from "./argument.ts";
import { custom, deprecated, type Row, setting } from "./block.ts";
import type { Draft } from "./draft.ts";
import { wholeSeconds } from "./numbers.ts";

const EXTRA_SECONDS_MAX = 86_400;

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

/** The rows of `global_defs`. */
export const globalLinkRows: Readonly<
  Record<string, Row<Draft<LinkGlobals & At>>>
> = {
  vrrp_garp_extra_if: extraGarp(1),
  vrrp_vmac_garp_intvl: deprecated("use `vrrp_garp_extra_if`", extraGarp(1)),
};

/** What a draft has of them; what stands outside of `global_defs` is not among it. */
export function globalLinksOf(draft: Draft<LinkGlobals & At>): LinkGlobals {
  return {
    linkbeatUsePolling: draft.get("linkbeatUsePolling"),
    linkbeatInterfaces: undefined,
    interfaceDelays: undefined,
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
    linkbeatUsePolling: draft.get("linkbeatUsePolling"),
    garpExtraNs: draft.get("garpExtraNs"),
    garpExtraAll: draft.get("garpExtraAll"),
  };
}
