/**
 * `group` of a `vrrp_sync_group` or a `track_group`: names of instances.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type { GroupMember } from "../tracking_model.ts";
import { adviseExtraWords, EntryBlock, type Row } from "./block.ts";

/** What such a list goes into. */
export interface MemberListDraft {
  readonly members: GroupMember[];
  /** Where the list stands; undefined: there was none yet. */
  readonly listAt: Span | undefined;
  markList(at: Span): void;
}

/** The block; `whenEmpty` is what an empty one means. Of two the first counts. */
export function memberList(whenEmpty: string): Row<MemberListDraft> {
  return {
    status: "active",
    read: (draft, line, context) => {
      adviseExtraWords(line, 1, context);
      const before = draft.listAt;
      if (before !== undefined) {
        context.warn("HK0110", line, line.wordSpan(0), "a second `group`", {
          label: "the block is ignored",
          related: [{ span: before, message: "the first one counts" }],
        });
        return "skip";
      }
      draft.markList(line.wordSpan(0));
      return new EntryBlock(line, (entry) => {
        if (entry.kind !== "words") return;
        for (let index = 0; index < entry.count; index++) {
          const at = entry.wordSpan(index);
          const name = entry.word(index);
          draft.members.push({ name, at: { self: at, of: { name: at } } });
        }
      }, whenEmpty);
    },
  };
}
