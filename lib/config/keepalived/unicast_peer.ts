/**
 * One line of `unicast_peer`.
 * @module
 */
import type { UnicastPeerEntry } from "../model.ts";
import { address } from "./addresses.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { whole } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";

const TTL_WORDS = { min_ttl: "ttlMin", max_ttl: "ttlMax" } as const;

/** `ADDRESS [min_ttl N] [max_ttl N]`; undefined when keepalived drops the line. */
export function readUnicastPeer(
  line: LogicalLine,
  peers: ReadonlyMap<string, UnicastPeerEntry>,
  context: ReadContext,
): UnicastPeerEntry | undefined {
  const peer = address(line, 0, context);
  if (peer === undefined) return undefined;
  const before = peers.get(peer);
  if (before !== undefined) {
    context.warn(
      "HK0215",
      line,
      line.wordSpan(0),
      `peer \`${peer}\` is listed twice`,
      {
        label: "the line is ignored",
        related: [{ span: before.at.self, message: "listed first here" }],
      },
    );
    return undefined;
  }
  const draft = new Draft<UnicastPeerEntry>(line.span());
  draft.set("address", peer, line.wordSpan(0));
  readTtls(draft, line, context);
  return {
    address: peer,
    ttlMin: draft.get("ttlMin"),
    ttlMax: draft.get("ttlMax"),
    at: draft.at,
  };
}

function readTtls(
  draft: Draft<UnicastPeerEntry>,
  line: LogicalLine,
  context: ReadContext,
) {
  for (let index = 1; index < line.count; index += 2) {
    const word = line.word(index);
    if (word !== "min_ttl" && word !== "max_ttl") {
      context.warn(
        "HK0101",
        line,
        line.wordSpan(index),
        `unknown word \`${word}\` behind a peer`,
        { label: "ignored, with the rest of the line" },
      );
      return;
    }
    if (index + 1 >= line.count) {
      context.warn(
        "HK0424",
        line,
        line.wordSpan(index),
        `\`${word}\` lacks its value`,
        { label: "ignored" },
      );
      return;
    }
    const ttl = whole(0, 255)(line, index + 1, context);
    if (ttl !== undefined) {
      draft.set(TTL_WORDS[word], ttl, line.wordSpan(index + 1));
    }
  }
  const min = draft.get("ttlMin") ?? 0;
  const max = draft.get("ttlMax") ?? 255;
  if (min <= max) return;
  context.warn(
    "HK0224",
    line,
    draft.spanOf("ttlMin") ?? line.span(),
    `\`min_ttl ${min}\` is above \`max_ttl ${max}\``,
    { label: "both are ignored" },
  );
  draft.clear("ttlMin");
  draft.clear("ttlMax");
}
