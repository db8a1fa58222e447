/**
 * `virtual_server_group`: one line is an address, a range of addresses or a firewall mark.
 * @module
 */
import { parseAddressRange } from "../address_range.ts";
import { isAmbiguous } from "../lvs_checks.ts";
import type { GroupEntry, VirtualServerGroup } from "../lvs_model.ts";
import { needs, oneOf, word } from "./argument.ts";
import {
  adviseExtraWords,
  EntryBlock,
  type OpenBlock,
  type Row,
} from "./block.ts";
import type { LogicalLine } from "./logical_line.ts";
import { whole } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";

const UINT_MAX = 4_294_967_295;
const portOrZero = whole(0, 65_535, { takesLeadingDigits: false });

/** What collects groups. */
interface GroupList {
  readonly groups: VirtualServerGroup[];
}

export const virtualServerGroup: Row<{ readonly lvs: GroupList }> = {
  status: "modelled",
  read: ({ lvs }, line, context) => {
    if (line.count < 2) needs(word)(line, context);
    adviseExtraWords(line, 2, context);
    return new GroupBlock(line, lvs.groups);
  },
};

/** The lines of one group, which joins the others when it ends. */
class GroupBlock implements OpenBlock {
  readonly hasKeywords = false;
  readonly #groups: VirtualServerGroup[];
  readonly #entries: GroupEntry[] = [];
  readonly #lines: EntryBlock;

  constructor(readonly head: LogicalLine, groups: VirtualServerGroup[]) {
    this.#groups = groups;
    this.#lines = new EntryBlock(head, (line, context) => {
      const entry = readEntry(line, context);
      if (entry !== undefined) this.#entries.push(entry);
    });
  }

  get keyword(): string {
    return this.head.word(0);
  }

  keywords(): Iterable<string> {
    return [];
  }

  read(line: LogicalLine, context: ReadContext): undefined {
    this.#lines.read(line, context);
  }

  close(end: LogicalLine, context: ReadContext) {
    const { head } = this;
    const entries = this.#entries;
    const name = head.word(1);
    const related = [{ span: head.wordSpan(0), message: "it begins here" }];
    if (entries.length === 0) {
      context.warn(
        "HK0430",
        end,
        end.span(),
        `\`${head.words().slice(0, 2).join(" ")}\` has no entry`,
        { label: "keepalived drops the group", related },
      );
      return;
    }
    if (isAmbiguous(entries)) {
      context.warn(
        "HK0614",
        end,
        end.span(),
        `\`${name}\` has IPv4, IPv6 and a fwmark of no family`,
        {
          label: "keepalived drops the group",
          related,
          help: "say `inet` or `inet6` behind the mark",
        },
      );
      return;
    }
    const first = this.#groups.find((one) => one.name === name);
    if (first === undefined) {
      const title = head.wordSpan(1);
      const at = { self: head.span(), of: { name: title, entries: title } };
      this.#groups.push({ name, entries, at });
      return;
    }
    context.advise(
      "HK0412",
      head,
      head.wordSpan(1),
      `\`${head.word(0)} ${name}\` exists already`,
      {
        label: "nothing refers to this one",
        related: [{
          span: first.at.of.name ?? first.at.self,
          message: "the first one",
        }],
      },
    );
  }
}

function readEntry(
  line: LogicalLine,
  context: ReadContext,
): GroupEntry | undefined {
  if (line.kind !== "words") return undefined;
  return line.word(0) === "fwmark"
    ? readMark(line, context)
    : readRange(line, context);
}

function readMark(
  line: LogicalLine,
  context: ReadContext,
): GroupEntry | undefined {
  if (line.count < 2) {
    needs(word)(line, context);
    return undefined;
  }
  const firewallMark = whole(0, UINT_MAX)(line, 1, context);
  if (firewallMark === undefined) return undefined;
  const at = { self: line.span(), of: {} };
  if (line.count < 3) {
    return { kind: "firewallMark", firewallMark, family: undefined, at };
  }
  const named = oneOf(["inet", "inet6"])(line, 2, context);
  if (named === undefined) return undefined;
  const family = named === "inet" ? 4 : 6;
  return { kind: "firewallMark", firewallMark, family, at };
}

function readRange(
  line: LogicalLine,
  context: ReadContext,
): GroupEntry | undefined {
  const port = line.count > 1 ? portOrZero(line, 1, context) : 0;
  const parsed = parseAddressRange(line.word(0));
  if (parsed.kind === "wrong") {
    context.warn("HK0105", line, line.wordSpan(0), parsed.problem, {
      label: "the line is ignored",
    });
    return undefined;
  }
  if (port === undefined) return undefined;
  return {
    kind: "addresses",
    ...parsed.range,
    port: port === 0 ? undefined : port,
    at: { self: line.span(), of: {} },
  };
}
