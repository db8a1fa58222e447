/**
 * `garp_group`: its keywords.
 * @module
 */
import type { GarpGroup, LimitedInterface } from "../garp_model.ts";
import { needs, word } from "./argument.ts";
import {
  adviseExtraWords,
  custom,
  EntryBlock,
  type Row,
  setting,
  type Table,
  table,
} from "./block.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { interfaceName } from "./names.ts";
import { seconds } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";

/** Settings of one group so far. */
export class GarpGroupDraft extends Draft<GarpGroup> {
  readonly interfaces: LimitedInterface[] = [];

  finish(): GarpGroup {
    return {
      garpIntervalNs: this.get("garpIntervalNs"),
      gnaIntervalNs: this.get("gnaIntervalNs"),
      interfaces: this.interfaces,
      at: this.at,
    };
  }
}

const interfaces: Row<GarpGroupDraft> = {
  status: "active",
  read: (draft, line, context) => {
    adviseExtraWords(line, 1, context);
    draft.mark("interfaces", line.wordSpan(0));
    return new EntryBlock(line, (entry) => {
      if (entry.kind !== "words") return;
      for (let i = 0; i < entry.count; i++) add(draft, entry, i, context);
    }, "there is no interface in it");
  },
};

/** The keywords of `garp_group`. */
export const garpGroupTable: Table<GarpGroupDraft> = table<GarpGroupDraft>({
  garp_interval: setting("garpIntervalNs", needs(seconds(0, 4294.967295))),
  gna_interval: setting("gnaIntervalNs", needs(seconds(0, 4294.967295))),
  interface: {
    ...custom<GarpGroupDraft>((draft, line, context) => {
      if (line.count < 2) {
        needs(word)(line, context);
        return;
      }
      draft.mark("interfaces", line.wordSpan(1));
      add(draft, line, 1, context);
    }),
    tomlKey: "interfaces",
  },
  interfaces,
});

/** An interface is in one group at most. */
function add(
  draft: GarpGroupDraft,
  line: LogicalLine,
  index: number,
  context: ReadContext,
) {
  const name = interfaceName(line, index, context);
  if (name === undefined) return;
  const at = line.wordSpan(index);
  const before = context.named("garp_group", name);
  if (before === undefined) {
    context.rememberName("garp_group", name, at);
    draft.interfaces.push({ name, at: { self: at, of: { name: at } } });
    return;
  }
  context.warn(
    "HK0412",
    line,
    at,
    `\`${name}\` is in a \`garp_group\` already`,
    {
      label: "ignored",
      related: [{ span: before, message: "named first here" }],
    },
  );
}

/** keepalived drops a group that limits nothing. */
export function correctGarpGroups(
  groups: readonly GarpGroupDraft[],
  context: ReadContext,
): readonly GarpGroup[] {
  return groups.filter((group) => {
    const isLimiting = group.get("garpIntervalNs") !== undefined ||
      group.get("gnaIntervalNs") !== undefined;
    if (!isLimiting) {
      context.sink.warning(
        "HK0430",
        group.self,
        "`garp_group` has neither `garp_interval` nor `gna_interval`",
        { label: "the block is ignored" },
      );
    }
    return isLimiting;
  }).map((group) => group.finish());
}
