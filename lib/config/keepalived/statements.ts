/**
 * From logical lines to blocks and keywords, with keepalived's own recovery from wrong braces.
 *
 * keepalived's processes each read the whole text, act on their own blocks and skip those of the others. Here
 * the same is done in one pass a process, because after a mistake the processes disagree about what they read.
 *
 * Cost:    skipping a line is a comparison; a keyword costs one string and one look-up.
 * @module
 */
import { closestOf, didYouMean } from "../../diag/suggest.ts";
import type { Span } from "../../diag/diagnostic.ts";
import type { DiagnosticDetails } from "../../diag/diagnostic_sink.ts";
import type { OpenBlock, Opened } from "./block.ts";
import type { LogicalLine } from "./logical_line.ts";
import { blockWithoutEnd } from "./missing_brace.ts";
import type { ReadContext } from "./read_context.ts";
import { referenceHelp } from "./unreplaced.ts";

/** keepalived's processes. */
export const PROCESSES = ["parent", "vrrp", "checker", "bfd"] as const;
export type Process = typeof PROCESSES[number];

/** The level of the file itself, as one process sees it. */
export interface TopLevel {
  keywords(): Iterable<string>;
  read(
    by: Process,
    line: LogicalLine,
    context: ReadContext,
  ): Opened | "unknown";
}

/** What is known beyond the block that is being read, for advice. */
export interface KeywordAtlas {
  /** The names of the blocks in which a keyword is known. */
  homesOf(keyword: string): readonly string[];
  /** All keywords of the language. */
  everyKeyword(): Iterable<string>;
}

/** Reads `lines` as all processes do. */
export function readStatements(
  lines: readonly LogicalLine[],
  top: TopLevel,
  atlas: KeywordAtlas,
  context: ReadContext,
) {
  const shared = new SharedView(lines.length);
  const readers = PROCESSES.map((by) =>
    new ProcessReader(by, lines, top, shared)
  );
  for (const reader of readers) reader.run(context);
  const deepest = readers.map((reader) => reader.unclosed)
    .reduce((a, b) => b.depth > a.depth ? b : a);
  const complaints = new Complaints(lines, top, atlas, context, deepest);
  const inOrder = shared.complaints.sort((a, b) => a.index - b.index);
  for (const complaint of inOrder) {
    if (complaints.count >= TOLD_MAX) break;
    if (!shared.isUnderstood(complaint.index)) complaints.tell(complaint);
    else complaints.tellElsewhere(complaint);
  }
  complaints.tellUnclosed(deepest);
}

/** Something a process did not understand. Another process may have, and then it is fine. */
interface Complaint {
  readonly kind: "unknown" | "openBrace" | "closeBrace" | "missingBrace";
  readonly index: number;
  /** The block in which it stands; undefined at the level of the file. */
  readonly inside: OpenBlock | undefined;
  /** How many blocks are open there. */
  readonly depth: number;
}

/** Shorter words are near to too many keywords of other blocks. */
const GUESSED_LENGTH_MIN = 4;

/** Different unknown keywords that are compared with all known ones. */
const GUESSES_MAX = 1000;

/** Complaints told: as many as a report holds. */
const TOLD_MAX = 10_000;

/** Complaints remembered of one configuration; more than that are not read by anyone. */
const COMPLAINTS_MAX = 50_000;

/** What a process is inside of when the file ends. */
interface Unclosed {
  readonly depth: number;
  readonly heads: readonly LogicalLine[];
}

/** Lines that some process understood, and complaints about the others. */
class SharedView {
  readonly complaints: Complaint[] = [];
  readonly #understood: Uint8Array;

  constructor(size: number) {
    this.#understood = new Uint8Array(size);
  }

  complain(complaint: Complaint) {
    if (this.complaints.length < COMPLAINTS_MAX) {
      this.complaints.push(complaint);
    }
  }

  understand(index: number) {
    this.#understood[index] = 1;
  }

  isUnderstood(index: number): boolean {
    return this.#understood[index] === 1;
  }
}

class ProcessReader {
  readonly #process: Process;
  readonly #lines: readonly LogicalLine[];
  readonly #top: TopLevel;
  readonly #shared: SharedView;
  readonly #stack: OpenBlock[] = [];
  #skipDepth = 0;
  #skipHead: LogicalLine | undefined;

  constructor(
    by: Process,
    lines: readonly LogicalLine[],
    top: TopLevel,
    shared: SharedView,
  ) {
    this.#process = by;
    this.#lines = lines;
    this.#top = top;
    this.#shared = shared;
  }

  get unclosed(): Unclosed {
    const heads = this.#stack.map((block) => block.head);
    // A block that belongs to another process is that one's to tell about.
    if (this.#skipHead !== undefined) heads.push(this.#skipHead);
    return { depth: this.#stack.length * 2 + this.#skipDepth, heads };
  }

  run(context: ReadContext) {
    const hidden = this.#process === "parent" ? "children" : "parent";
    let pending: Opened;
    for (let index = 0; index < this.#lines.length; index++) {
      const line = this.#lines[index];
      if (line === undefined || line.readers === hidden) continue;
      if (this.#skipDepth > 0) {
        this.#skip(line);
        continue;
      }
      if (pending !== undefined) {
        const opened = pending;
        pending = undefined;
        const hasBrace = line.kind === "open";
        if (hasBrace) this.#shared.understand(index);
        if (opened === "skip") {
          if (hasBrace) {
            this.#skipDepth = 1;
            this.#skipHead = this.#lines[index - 1];
          }
        } else {
          if (!hasBrace) this.#missingBrace(opened, index);
          this.#stack.push(opened);
        }
        if (hasBrace) continue;
      }
      pending = this.#read(line, index, context);
    }
    if (pending !== undefined && pending !== "skip") this.#stack.push(pending);
  }

  #skip(line: LogicalLine) {
    if (line.kind === "open") this.#skipDepth++;
    else if (line.kind === "close" && --this.#skipDepth === 0) {
      this.#skipHead = undefined;
    }
  }

  #read(line: LogicalLine, index: number, context: ReadContext): Opened {
    const inside = this.#stack.at(-1);
    if (line.kind === "close") {
      if (inside === undefined) this.#complain("closeBrace", index);
      else {
        this.#stack.pop();
        this.#shared.understand(index);
        inside.close(line, context);
      }
      return undefined;
    }
    if (line.kind === "open") {
      this.#complain("openBrace", index);
      return undefined;
    }
    const opened = inside === undefined
      ? this.#top.read(this.#process, line, context)
      : inside.read(line, context);
    if (opened === "unknown") {
      this.#complain("unknown", index);
      return undefined;
    }
    this.#shared.understand(index);
    return opened;
  }

  #missingBrace(block: OpenBlock, index: number) {
    const depth = this.#stack.length + 1;
    this.#shared.complain({
      kind: "missingBrace",
      index,
      inside: block,
      depth,
    });
  }

  #complain(kind: Complaint["kind"], index: number) {
    const inside = this.#stack.at(-1);
    const depth = this.#stack.length;
    this.#shared.complain({ kind, index, inside, depth });
  }
}

/** A `{` where no block begins: behind an unknown keyword, or in a reference to a definition that is not there. */
interface Culprit {
  /** The mistake itself, and what it is called in notes. */
  readonly at: Span;
  readonly name: string;
  /** Indexes of its brace, and of the last line that it confuses. */
  readonly brace: number;
  readonly last: number;
}

/** Words the complaints, each line's once. */
class Complaints {
  readonly #lines: readonly LogicalLine[];
  readonly #top: TopLevel;
  readonly #atlas: KeywordAtlas;
  readonly #context: ReadContext;
  readonly #told = new Set<number>();
  /** What was guessed for keywords at home in the same block, so that a line repeated ten thousand times costs little. */
  readonly #guessed = new Map<string, string | undefined>();
  /** The last one: what is wrong for a while behind it follows from it. */
  #culprit: Culprit | undefined;
  /** A block that is never closed, by the indentation the one at `brace`. */
  #unclosed: Culprit | undefined;
  #suspect: LogicalLine | undefined;
  /** The last block whose `{` is missing. */
  #missingBrace: Span | undefined;

  constructor(
    lines: readonly LogicalLine[],
    top: TopLevel,
    atlas: KeywordAtlas,
    context: ReadContext,
    { heads }: Unclosed,
  ) {
    this.#lines = lines;
    this.#top = top;
    this.#atlas = atlas;
    this.#context = context;
    const head = heads.at(-1);
    if (head === undefined) return;
    this.#suspect = blockWithoutEnd(lines);
    const brace = lines.indexOf(this.#suspect ?? head);
    const at = head.wordSpan(0);
    const name = "the `}` that is missing";
    this.#unclosed = { at, name, brace, last: lines.length };
  }

  /** How many lines were complained about. */
  get count(): number {
    return this.#told.size;
  }

  tell(complaint: Complaint) {
    const { index, kind } = complaint;
    const line = this.#lines[index];
    if (line === undefined) return;
    if (kind === "missingBrace") {
      this.#tellMissingBrace(complaint);
      return;
    }
    if (this.#told.has(index)) return;
    this.#told.add(index);
    if (kind === "unknown") this.#tellUnknown(complaint, line);
    else if (kind === "openBrace") this.#tellOpenBrace(complaint, line);
    else this.#tellCloseBrace(line, index);
  }

  #tellUnknown({ index, inside, depth }: Complaint, line: LogicalLine) {
    const keyword = line.word(0);
    const before = this.#followsFrom(index);
    const follows = before ?? this.#followsFromUnclosed(index, keyword);
    const isBlock = before === undefined &&
      this.#lines[index + 1]?.kind === "open";
    const where = inside === undefined
      ? "at the level of the file"
      : `in \`${inside.keyword}\``;
    this.#context.warn(
      "HK0101",
      line,
      line.wordSpan(0),
      `unknown keyword \`${printable(keyword)}\``,
      {
        label: `not known ${where}; the line is ignored`,
        help: this.#guess(keyword, line, inside, follows !== undefined),
        notes: [
          ...strangeCharacters(keyword),
          ...isBlock && inside !== undefined
            ? [`the \`}\` of this block closes \`${inside.keyword}\` instead`]
            : [],
          ...follows?.notes ?? [],
        ],
        follows: follows?.follows,
      },
    );
    if (isBlock) {
      this.#culprit = {
        at: follows?.follows ?? line.wordSpan(0),
        name: `the unknown block \`${printable(keyword)}\``,
        brace: index + 1,
        last: this.#lastEffect(index + 1, depth),
      };
    }
  }

  /** What was meant, unless too many keywords are unknown for it to matter. */
  #guess(
    keyword: string,
    line: LogicalLine,
    inside: OpenBlock | undefined,
    isConsequence: boolean,
  ): string | undefined {
    const key = `${isConsequence} ${inside?.keyword ?? ""} ${keyword}`;
    if (this.#guessed.has(key)) return this.#guessed.get(key);
    if (this.#guessed.size >= GUESSES_MAX) return undefined;
    const help = isConsequence
      ? this.#meantAnywhere(keyword)
      : this.#helpFor(keyword, line, inside);
    this.#guessed.set(key, help);
    return help;
  }

  #helpFor(
    keyword: string,
    line: LogicalLine,
    inside: OpenBlock | undefined,
  ): string | undefined {
    const known = [...(inside ?? this.#top).keywords()];
    const cleaned = keyword.replace(/^[\u00a0\ufeff\u200b\u3000]+/, "");
    if (/^[\w.-]+@[\w.-]+:/.test(keyword)) {
      return "this looks like a shell prompt that was copied with the text";
    }
    if (/^\$[A-Za-z_]\w*$/.test(keyword)) {
      return line.word(1).startsWith("=")
        ? "a definition has no blank before its `=`"
        : referenceHelp(keyword, this.#context.definitions);
    }
    const beforeSign = /^([A-Za-z_0-9-]+)[=:;,]/.exec(cleaned)?.[1];
    if (cleaned !== keyword && known.includes(cleaned)) {
      return "indent with spaces or tabs";
    }
    if (beforeSign !== undefined && known.includes(beforeSign)) {
      return `write \`${beforeSign}\`, a space, and the value`;
    }
    const homes = this.#atlas.homesOf(keyword);
    if (homes.length > 0) {
      const list = homes.slice(0, 3).map(quoted).join(", ");
      return inside !== undefined && homes.includes("the level of the file")
        ? `\`${keyword}\` stands outside of blocks: is a \`}\` missing before it?`
        : `\`${keyword}\` belongs in ${list}`;
    }
    return didYouMean(cleaned, known) ?? this.#meantAnywhere(cleaned);
  }

  /** The keyword that was meant, wherever it belongs; undefined for one that is spelt correctly. */
  #meantAnywhere(keyword: string): string | undefined {
    const isSpelt = this.#atlas.homesOf(keyword).length > 0;
    if (isSpelt || keyword.length < GUESSED_LENGTH_MIN) return undefined;
    const near = closestOf(keyword, this.#atlas.everyKeyword());
    const [home] = near === undefined ? [] : this.#atlas.homesOf(near);
    return home === undefined
      ? undefined
      : `did you mean \`${near}\`? It belongs in ${quoted(home)}`;
  }

  #tellOpenBrace({ index, inside, depth }: Complaint, line: LogicalLine) {
    if (line.origin.text[line.start - 1] === "$") {
      this.#tellReference({ index, inside, depth }, line);
      return;
    }
    const follows = this.#followsFrom(index);
    const closes = inside !== undefined && !inside.hasKeywords;
    this.#context.warn(
      "HK0402",
      line,
      line.span(),
      "unexpected `{`",
      {
        label: "no block begins here; the brace is ignored",
        notes: follows?.notes ??
          (closes ? [`its \`}\` closes \`${inside.keyword}\` instead`] : []),
        follows: follows?.follows,
      },
    );
  }

  /** `${NAME}` that nothing defines: its braces are a block's. */
  #tellReference(
    { index, inside, depth }: Omit<Complaint, "kind">,
    line: LogicalLine,
  ) {
    const { text } = line.origin;
    const end = text.indexOf("}", line.start) + 1;
    const start = line.start - 1;
    const at = line.origin.span(start, end === 0 ? line.end : end);
    const name = printable(text.slice(start, end === 0 ? line.end : end));
    this.#context.warn("HK0441", line, at, `nothing defines \`${name}\``, {
      label: inside === undefined
        ? "its braces are taken for those of a block"
        : `its \`}\` closes \`${inside.keyword}\``,
      help: referenceHelp(name, this.#context.definitions),
    });
    this.#culprit = {
      at,
      name: `\`${name}\``,
      brace: index,
      last: this.#lastEffect(index, depth),
    };
  }

  #tellCloseBrace(line: LogicalLine, index: number) {
    const follows = this.#followsFrom(index);
    this.#context.warn("HK0403", line, line.span(), "unexpected `}`", {
      label: "no block is open here",
      ...follows,
      help: follows === undefined
        ? "look for a block that was closed too early"
        : undefined,
    });
  }

  /** Why line `index` is wrong, when a `{` before it is the reason. */
  #followsFrom(
    index: number,
  ): Required<Pick<DiagnosticDetails, "notes" | "follows">> | undefined {
    const culprit = this.#culprit;
    if (culprit === undefined) return undefined;
    if (index < culprit.brace || index > culprit.last) return undefined;
    return {
      notes: [`this follows from ${culprit.name} before it`],
      follows: culprit.at,
    };
  }

  /** The same for a keyword that is spelt correctly and in the wrong block, for the one before was not closed. */
  #followsFromUnclosed(index: number, keyword: string) {
    const culprit = this.#unclosed;
    if (culprit === undefined || index <= culprit.brace) return undefined;
    return this.#atlas.homesOf(keyword).length === 0 ? undefined : {
      notes: [`this follows from ${culprit.name}`],
      follows: culprit.at,
    };
  }

  /** The last line that an unknown block with its `{` at `brace` confuses. */
  #lastEffect(brace: number, depth: number): number {
    let open = depth;
    for (let index = brace; index < this.#lines.length; index++) {
      const kind = this.#lines[index]?.kind;
      if (kind === "open") open++;
      else if (kind === "close" && --open <= 0) return index;
    }
    return this.#lines.length;
  }

  #tellMissingBrace({ inside }: Complaint) {
    if (inside === undefined) return;
    const { head } = inside;
    this.#missingBrace = head.wordSpan(0);
    this.#context.warn(
      "HK0401",
      head,
      head.wordSpan(0),
      `\`${head.word(0)}\` is not followed by \`{\``,
      {
        label: "the next lines are read as its content",
        help: "write `{` at the end of the line",
      },
    );
  }

  /** One process reads the line; the others lost track because of a missing brace, and complain about it. */
  tellElsewhere(complaint: Complaint) {
    const { index, kind } = complaint;
    if (kind === "missingBrace") {
      this.tell(complaint);
      return;
    }
    const line = this.#lines[index];
    if (line === undefined || this.#told.has(index)) return;
    this.#told.add(index);
    this.#context.advise(
      "HK0401",
      line,
      line.count > 0 ? line.wordSpan(0) : line.span(),
      `\`${
        line.word(0) || line.raw()
      }\` is read, and still keepalived complains`,
      {
        label: "because a block's `{` is missing",
        follows: this.#missingBrace,
      },
    );
  }

  tellUnclosed({ heads }: Unclosed) {
    const head = heads.at(-1);
    if (head === undefined) return;
    const outer = heads.slice(0, -1);
    const suspect = this.#suspect;
    this.#context.sink.warning(
      "HK0404",
      head.wordSpan(0),
      heads.length === 1
        ? `\`${head.word(0)}\` is not closed`
        : `${heads.length} blocks are not closed`,
      {
        label: "its `}` is missing at the end of the file",
        notes: head.notes(),
        related: [
          ...outer.map((line) => ({
            span: line.wordSpan(0),
            message: `\`${line.word(0)}\` is open too`,
          })),
          ...suspect === undefined || heads.includes(suspect) ? [] : [{
            span: suspect.wordSpan(0),
            message: `by the indentation it is \`${
              suspect.word(0)
            }\` that has no \`}\``,
          }],
        ],
        help: suspect === undefined || heads.includes(suspect)
          ? "close the block; a `}` may also be missing in a block inside it"
          : `close \`${suspect.word(0)}\``,
      },
    );
  }
}

/** A block's name in quotes; the file's level is no name. */
function quoted(home: string): string {
  return home.includes(" ") ? home : `\`${home}\``;
}

/** A keyword without characters that a terminal would act on. */
function printable(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u001f\u007f-\u00a0\u200b\u3000\ufeff]/g,
    (char) => `\\u{${char.charCodeAt(0).toString(16)}}`,
  );
}

function strangeCharacters(keyword: string): string[] {
  const notes: string[] = [];
  if (keyword.startsWith("\ufeff")) {
    notes.push("the file starts with a byte order mark, which joins the word");
  }
  if (/[\u00a0\u3000]/.test(keyword)) {
    notes.push("the word contains a no-break space, which is no blank here");
  }
  return notes;
}
