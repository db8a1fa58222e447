/**
 * Keywords about the host's interfaces and the sockets on them.
 * @module
 */
import type { ExtraGarp, InstanceLinks, LinkGlobals } from "../link_model.ts";
import { missing } from "./argument.ts";
import { adviseExtraWords, custom, deprecated, type Row } from "./block.ts";
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
    adviseExtraWords(line, index + 1, context);
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

/** What a draft has of them. */
export function globalLinksOf(draft: Draft<LinkGlobals & At>): LinkGlobals {
  return {
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
};

/** What a draft has of them. */
export function instanceLinksOf(
  draft: Draft<InstanceLinks & At>,
): InstanceLinks {
  return {
    garpExtraNs: draft.get("garpExtraNs"),
    garpExtraAll: draft.get("garpExtraAll"),
  };
}
