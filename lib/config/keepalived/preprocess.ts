/**
 * From files to logical lines: everything of the language that comes before keywords.
 *
 * Says:    the order in which keepalived treats a line: comment, definition being collected, condition,
 *          definition, generator, references, include, split at the first brace, words.
 * Checks:  line length, NUL bytes, quotes, include problems, and that nothing grows without bound.
 * Errors:  into the report; reading always goes on.
 * Cost:    one pass over each character. Only lines with `$ @ ~ \` or an include leave the fast path, which
 *          makes one object a line and no string.
 * @module
 */
import type { SourceText, Span } from "../../diag/diagnostic.ts";
import {
  AT,
  BACKSLASH,
  BANG,
  byteLength,
  CARET,
  CARRIAGE_RETURN,
  CLOSE_BRACE,
  DOLLAR,
  HASH,
  isBlank,
  OPEN_BRACE,
  QUOTE,
  skipBlanks,
  SPACE,
  TAB,
  TILDE,
  trimBlanks,
} from "./chars.ts";
import { cutComment } from "./comment.ts";
import { Definitions } from "./definition_store.ts";
import {
  expandLine,
  LINE_BYTES_MAX,
  readDefinitionHead,
} from "./definitions.ts";
import type { Surroundings } from "./file_access.ts";
import {
  type GeneratorHead,
  listPasses,
  type Passes,
  readGeneratorHead,
  sequencePasses,
} from "./generator.ts";
import { type FileFrame, FileOpener } from "./file_opener.ts";
import { includeCheckRule, type IncludeLine, readInclude } from "./includes.ts";
import { type LineText, textOf } from "./line_text.ts";
import { LogicalLine, type Readers } from "./logical_line.ts";
import type {
  IncludedFiles,
  LogicalText,
  SourceComment,
} from "./logical_text.ts";
import type { Report } from "./report.ts";
import { type Note, RewrittenOrigin, type TextOrigin } from "./text_origin.ts";
import { WordBounds } from "./word_bounds.ts";
import { cutWords } from "./words.ts";

/** Lines that definitions and generators may bring in one configuration. */
const GENERATED_LINES_MAX = 200_000;

/** Characters of these lines before their references are replaced: most lines are short. */
const GENERATED_CHARACTERS_MAX = 16_000_000;

/** Definitions of several lines that use each other, one in the other. */
const REPLAY_DEPTH_MAX = 50;

export interface PreprocessOptions {
  readonly surroundings: Surroundings;
  /** Collect comments, for a printer. */
  readonly keepComments: boolean;
}

/** Reads `path` and all that it includes. */
export function preprocess(
  path: string,
  options: PreprocessOptions,
  report: Report,
): LogicalText {
  return new Preprocessor(options, report).run(path);
}

/** A definition of several lines that is being collected. */
interface Collecting {
  readonly name: string;
  readonly at: Span;
  readonly lines: LineText[];
}

/** How a line came to be read, as far as it matters. */
interface Passage {
  readonly frame: FileFrame;
  readonly readers: Readers;
  /** It starts its physical line, as it stands there. */
  readonly direct: boolean;
  readonly depth: number;
}

class Preprocessor {
  readonly #lines: LogicalLine[] = [];
  readonly #bounds = new WordBounds();
  readonly #comments: SourceComment[] = [];
  readonly #includes: IncludedFiles[] = [];
  readonly #forOthers: Span[] = [];
  readonly #report: Report;
  readonly #keepComments: boolean;
  readonly #definitions: Definitions;
  readonly #opener: FileOpener;
  #collecting: Collecting | undefined;
  #generated = 0;
  #generatedCharacters = 0;
  #exhausted = false;

  constructor(options: PreprocessOptions, report: Report) {
    this.#report = report;
    this.#keepComments = options.keepComments;
    this.#definitions = new Definitions(options.surroundings);
    this.#opener = new FileOpener(options.surroundings.files, report);
  }

  run(path: string): LogicalText {
    const { main, frames } = this.#opener.openMain(path);
    for (const frame of frames) this.#readFile(frame);
    if (this.#definitions.isExhausted) {
      this.#report.error(
        "HK0421",
        { source: main, start: 0, end: 0 },
        "references to definitions are too many to replace",
      );
    }
    return {
      main,
      isReadable: frames.length > 0,
      lines: this.#lines,
      comments: this.#comments,
      includes: this.#includes,
      forOthers: this.#forOthers,
      definitions: this.#definitions.names(),
    };
  }

  #readFile(frame: FileFrame) {
    this.#definitions.enterFile(frame.directory);
    const { text } = frame.origin;
    const hasNul = text.includes("\0");
    const { length } = text;
    for (let start = 0; start < length;) {
      const lineFeed = text.indexOf("\n", start);
      const next = lineFeed < 0 ? length : lineFeed + 1;
      let end = lineFeed < 0 ? length : lineFeed;
      if (text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > start) end--;
      if (end - start > LINE_BYTES_MAX / 3) {
        start = this.#dropTooLong(frame, start, end);
      }
      if (hasNul || this.#collecting !== undefined) {
        this.#readPhysical(frame, start, end);
      } else if (!this.#scanPlain(frame.origin, start, end)) {
        this.#readPhysical(frame, start, end);
      }
      start = next;
    }
    this.#finishDefinition();
    this.#definitions.leaveFile();
  }

  /** keepalived throws away the first 1023 bytes of a line that is too long and reads on. Returns the new start. */
  #dropTooLong(frame: FileFrame, start: number, end: number): number {
    const { text } = frame.origin;
    let from = start;
    let bytes = byteLength(text, from, end);
    if (bytes <= LINE_BYTES_MAX) return start;
    while (bytes > LINE_BYTES_MAX) {
      const dropped = from;
      let size = 0;
      while (size < LINE_BYTES_MAX + 1 && from < end) {
        size += byteLength(text, from, ++from);
      }
      bytes -= byteLength(text, dropped, from);
    }
    const { origin } = frame;
    this.#report.warning(
      "HK0415",
      origin.span(start, Math.min(end, start + 40)),
      `line is longer than ${LINE_BYTES_MAX} bytes`,
      {
        label: `${from - start} characters from here on are ignored`,
        help: "keepalived cuts such lines: break it into several",
      },
    );
    return from;
  }

  /**
   * Reads a line that needs nothing but words, braces and comments. False, and nothing done, when it needs more.
   * The hot path: one comparison or two for most characters.
   */
  #scanPlain(origin: TextOrigin, start: number, end: number): boolean {
    const { text } = origin;
    const bounds = this.#bounds;
    const lineMark = this.#lines.length;
    const wordMark = bounds.length;
    let lineStart = skipBlanks(text, start, end);
    if (lineStart === end) return true;
    let plain = !startsSpecial(text, lineStart);
    let first = wordMark;
    let word = -1;
    let wordsEnd = lineStart;
    let at = lineStart;
    for (; plain && at < end; at++) {
      const code = text.charCodeAt(at);
      if ((code > DOLLAR && code < OPEN_BRACE) || code > CLOSE_BRACE) {
        if (word < 0) word = at;
      } else if (code === SPACE || code === TAB) {
        if (word >= 0) bounds.push(word, wordsEnd = at);
        word = -1;
      } else if (code === OPEN_BRACE || code === CLOSE_BRACE) {
        if (word >= 0) bounds.push(word, wordsEnd = at);
        word = -1;
        this.#pushWords(origin, lineStart, wordsEnd, first);
        this.#pushBrace(code, origin, at, "all");
        first = bounds.length;
        lineStart = skipBlanks(text, at + 1, end);
        plain = lineStart === end || !startsSpecial(text, lineStart);
        at = lineStart - 1;
      } else if (code === QUOTE) {
        if (word >= 0) bounds.push(word, at);
        word = -1;
        const close = text.indexOf('"', at + 1);
        plain = close >= 0 && close < end && !hasDollar(text, at, close);
        bounds.push(at + 1, close);
        wordsEnd = close + 1;
        at = close;
      } else if (code === HASH || code === BANG) {
        plain = text.charCodeAt(at - 1) !== BACKSLASH || at === start;
        if (plain) this.#keepComment(origin, start, at, end);
        break;
      } else if (code === DOLLAR) plain = false;
      else if (word < 0) word = at;
    }
    if (!plain) {
      this.#lines.length = lineMark;
      bounds.truncate(wordMark);
      return false;
    }
    if (word >= 0) bounds.push(word, wordsEnd = at);
    this.#pushWords(origin, lineStart, wordsEnd, first);
    return true;
  }

  /** Makes a line of the words from `first` on, if there are any. */
  #pushWords(
    origin: TextOrigin,
    start: number,
    end: number,
    first: number,
    readers: Readers = "all",
  ) {
    const bounds = this.#bounds;
    const count = bounds.length - first;
    if (count === 0) return;
    this.#lines.push(
      new LogicalLine(
        "words",
        origin,
        start,
        end,
        bounds,
        first,
        count,
        readers,
      ),
    );
  }

  #pushBrace(code: number, origin: TextOrigin, at: number, readers: Readers) {
    const kind = code === OPEN_BRACE ? "open" : "close";
    this.#lines.push(
      new LogicalLine(kind, origin, at, at + 1, this.#bounds, 0, 0, readers),
    );
  }

  #keepComment(origin: TextOrigin, line: number, at: number, end: number) {
    if (!this.#keepComments) return;
    this.#comments.push({
      span: origin.span(at, end),
      ownLine: skipBlanks(origin.text, line, at) === at,
    });
  }

  /** Reads any physical line. */
  #readPhysical(frame: FileFrame, start: number, end: number) {
    const { origin } = frame;
    const { text } = origin;
    // Not in the whole rest of the text: that would look at all of it for each line.
    const nul = text.slice(start, end).indexOf("\0");
    if (nul >= 0) {
      this.#report.warning(
        "HK0416",
        origin.span(start + nul, start + nul + 1),
        "line contains a NUL byte",
        { label: "the whole line is ignored" },
      );
      return;
    }
    const line = { origin, start: skipBlanks(text, start, end), end };
    if (line.start === end) {
      this.#finishDefinition();
      return;
    }
    const cut = this.#cutComment(line, true);
    const passage = { frame, readers: "all", direct: true, depth: 0 } as const;
    if (cut.escaped === undefined) {
      this.#readCut(cut.line, passage);
      return;
    }
    // The parent reads the escaped character; its children read the parent's copy, where it starts a comment.
    if (this.#collecting === undefined) {
      this.#readCut(cut.escaped, { ...passage, readers: "parent" });
    }
    this.#readCut(cut.line, { ...passage, readers: "children" });
  }

  /** Cuts the comment. `line` is what keepalived's children see, `escaped` what only the parent sees. */
  #cutComment(
    line: LineText,
    physical: boolean,
  ): { line: LineText; escaped: LineText | undefined } {
    const { origin, start, end } = line;
    const cut = cutComment(origin.text, start, end);
    if (cut.comment !== undefined && physical) {
      this.#keepComment(origin, start, cut.comment, end);
    }
    if (cut.unmatchedQuote !== undefined && physical) {
      this.#report.warning(
        "HK0405",
        origin.span(cut.unmatchedQuote, end),
        "double quote is not closed on its line",
        {
          label: "ignored from here to the end of the line",
          notes: origin.notes(start, end),
        },
      );
    }
    const first = cut.escapes[0];
    if (first === undefined) {
      return { line: { origin, start, end: cut.end }, escaped: undefined };
    }
    this.#report.advice(
      "HK0417",
      origin.span(first, first + 2),
      "escaped comment character works in `global_defs` only",
      {
        label: "everywhere else the line ends here",
        help: "put the word in double quotes",
      },
    );
    return {
      line: { origin, start, end: trimBlanks(origin.text, start, first) },
      escaped: withoutEscapes({ origin, start, end: cut.end }, cut.escapes),
    };
  }

  #readCut(line: LineText, passage: Passage) {
    if (this.#collecting === undefined) {
      this.#readLogical(line, passage);
      return;
    }
    if (line.start >= line.end) {
      this.#finishDefinition();
      return;
    }
    const { text } = line.origin;
    if (readInclude(text, line.start, line.end) !== undefined) {
      this.#report.warning(
        "HK0418",
        line.origin.span(line.start, line.end),
        "include inside a definition is not read",
        {
          label: "this line ends the definition",
          help: "put the include where the definition is used",
        },
      );
      this.#finishDefinition();
      return;
    }
    this.#collect(line);
  }

  #collect(line: LineText) {
    const { origin, start, end } = line;
    const goesOn = origin.text.charCodeAt(end - 1) === BACKSLASH;
    const bodyEnd = goesOn ? trimBlanks(origin.text, start, end - 1) : end;
    if (bodyEnd > start) {
      this.#collecting?.lines.push({ origin, start, end: bodyEnd });
    }
    if (!goesOn) this.#finishDefinition();
  }

  #finishDefinition() {
    if (this.#collecting === undefined) return;
    const { name, at, lines } = this.#collecting;
    this.#definitions.set(name, { kind: "lines", lines, at });
    this.#collecting = undefined;
  }

  /** A line without its comment, from condition to words; what follows a brace comes back to the start. */
  #readLogical(line: LineText, passage: Passage) {
    let { origin, end } = line;
    let { direct } = passage;
    let start = line.start;
    for (;;) {
      start = skipBlanks(origin.text, start, end);
      if (start >= end) return;
      if (origin.text.charCodeAt(start) === AT) {
        const rest = this.#readCondition(origin.text, start, end);
        if (rest === undefined) {
          if (this.#keepComments) {
            this.#forOthers.push(origin.span(start, end));
          }
          return;
        }
        start = rest;
        direct = false;
      }
      if (this.#readDefinition(origin, start, end)) return;
      const isTilde = origin.text.charCodeAt(start) === TILDE;
      if (isTilde && this.#readGenerator({ origin, start, end }, passage)) {
        return;
      }
      if (!isTilde && hasDollar(origin.text, start, end)) {
        if (origin.text.charCodeAt(start) === DOLLAR) direct = false;
        const expanded = this.#expand({ origin, start, end }, passage);
        if (expanded === undefined) return;
        ({ origin, start, end } = expanded);
      }
      const include = readInclude(origin.text, start, end);
      if (include !== undefined) {
        this.#readIncluded(include, { origin, start, end }, {
          ...passage,
          direct,
        });
        return;
      }
      start = this.#emit({ origin, start, end }, passage);
      direct = false;
    }
  }

  /** Emits words up to the first brace, and the brace. Returns where the rest begins. */
  #emit({ origin, start, end }: LineText, passage: Passage): number {
    const { text } = origin;
    const at = firstBrace(text, start, end);
    const first = this.#bounds.length;
    const unmatchedQuote = cutWords(text, start, at, this.#bounds);
    if (unmatchedQuote !== undefined && origin !== passage.frame.origin) {
      this.#report.warning(
        "HK0405",
        origin.span(unmatchedQuote, at),
        "double quote is not closed on its line",
        { notes: origin.notes(unmatchedQuote, at) },
      );
    }
    const { readers, frame } = passage;
    this.#pushWords(origin, start, trimBlanks(text, start, at), first, readers);
    const line = this.#lines.at(-1);
    if (
      text.startsWith("include_check", start) &&
      line?.word(0) === "include_check"
    ) frame.rule = includeCheckRule(line.words().slice(1), frame.rule);
    if (at >= end) return end;
    this.#pushBrace(text.charCodeAt(at), origin, at, readers);
    return at + 1;
  }

  /** `@ID REST`, `@^ID REST`: where REST begins, or undefined when the line is not for this configuration id. */
  #readCondition(
    text: string,
    start: number,
    end: number,
  ): number | undefined {
    const negated = text.charCodeAt(start + 1) === CARET;
    const from = start + (negated ? 2 : 1);
    let to = from;
    while (to < end && !isBlank(text.charCodeAt(to))) to++;
    const rest = skipBlanks(text, to, end);
    const same = text.slice(from, to) === this.#definitions.configId;
    return rest < end && same !== negated ? rest : undefined;
  }

  #readDefinition(origin: TextOrigin, start: number, end: number): boolean {
    const head = readDefinitionHead(origin.text, start, end);
    if (head === undefined) return false;
    const at = origin.span(start, head.nameEnd);
    const { name, valueStart } = head;
    if (
      valueStart < end && origin.text.charCodeAt(end - 1) === BACKSLASH
    ) {
      this.#collecting = { name, at, lines: [] };
      this.#collect({ origin, start: valueStart, end });
      return true;
    }
    const value = origin.text.slice(valueStart, end);
    this.#definitions.set(name, { kind: "line", value, at });
    return true;
  }

  /** Replaces references; undefined when lines were read in this one's place. */
  #expand(line: LineText, passage: Passage): LineText | undefined {
    const expansion = expandLine(line, this.#definitions, (problem) => {
      this.#report.warning("HK0419", problem.span, problem.problem, {
        label: "left as it is",
      });
    });
    if (expansion.kind === "unchanged") return line;
    if (expansion.kind === "line") {
      return this.#cutComment(expansion.line, false).line;
    }
    const { prefix, reference, definition, name } = expansion;
    const note: Note = {
      told: () =>
        `\`$${name}\` stands for lines defined at ${
          this.#definitions.place(definition.at)
        }`,
    };
    let first = textOf(prefix);
    for (const body of definition.lines) {
      if (!this.#mayGenerate(line, passage.depth)) return undefined;
      const replay = replayed(line, reference, first, body, note);
      first = "";
      this.#readLogical(this.#cutComment(replay, false).line, {
        ...passage,
        direct: false,
        depth: passage.depth + 1,
      });
    }
    return undefined;
  }

  /** Whether one more line may come from a definition or generator used in `line`. */
  #mayGenerate(line: LineText, depth: number): boolean {
    if (this.#exhausted) return false;
    this.#generatedCharacters += line.end - line.start;
    const isLong = this.#generatedCharacters > GENERATED_CHARACTERS_MAX;
    const many = ++this.#generated > GENERATED_LINES_MAX || isLong;
    if (!many && depth < REPLAY_DEPTH_MAX) return true;
    this.#exhausted = many;
    this.#report.error(
      "HK0421",
      line.origin.span(line.start, line.end),
      isLong
        ? `definitions and generators bring more than ${GENERATED_CHARACTERS_MAX} characters`
        : many
        ? `definitions and generators bring more than ${GENERATED_LINES_MAX} lines`
        : `definitions use each other more than ${REPLAY_DEPTH_MAX} deep`,
      { label: "not read any further" },
    );
    return false;
  }

  #readGenerator(line: LineText, passage: Passage): boolean {
    const { origin, start, end } = line;
    const head = readGeneratorHead(origin.text, start, end);
    if (head === undefined) return false;
    const wrong = (problem: string) => {
      this.#report.warning(
        "HK0420",
        origin.span(start, head === "open" ? end : head.argumentsEnd + 1),
        `generator is wrong: ${problem}`,
        { label: "the line is ignored", notes: origin.notes(start, end) },
      );
    };
    if (head === "open") {
      wrong("`(` is not closed");
      return true;
    }
    const passes = this.#passes(line, head);
    if (passes.kind === "wrong") {
      wrong(passes.problem);
      return true;
    }
    const at = origin.span(start, head.argumentsEnd + 1);
    for (const values of passes.values) {
      if (!this.#mayGenerate(line, passage.depth)) break;
      passes.variables.forEach((name, index) => {
        const value = values[index] ?? "";
        this.#definitions.set(name, { kind: "line", value, at });
      });
      this.#readLogical({ origin, start: head.restStart, end }, {
        ...passage,
        direct: false,
        depth: passage.depth + 1,
      });
    }
    return true;
  }

  #passes({ origin }: LineText, head: GeneratorHead): Passes {
    const { argumentsStart: start, argumentsEnd: end } = head;
    const expand = (text: LineText): string => {
      const expansion = expandLine(text, this.#definitions, () => {});
      return expansion.kind === "line" ? textOf(expansion.line) : textOf(text);
    };
    if (head.kind === "LST") {
      return listPasses(origin.text.slice(start, end), (value) => {
        const text = { text: value, span: () => origin.span(start, end) };
        const wrapped = { ...text, notes: () => [] };
        return expand({ origin: wrapped, start: 0, end: value.length });
      });
    }
    const text = expand({ origin, start, end });
    return sequencePasses(text, head.kind === "SEQx");
  }

  #readIncluded(include: IncludeLine, line: LineText, passage: Passage) {
    if (passage.readers === "parent") return;
    const { origin } = line;
    const at = origin.span(include.start, include.end);
    const pattern = origin.text.slice(include.start, include.end);
    const frames = this.#opener.openIncluded(
      pattern,
      include.rule ?? passage.frame.rule,
      passage.frame,
      at,
    );
    if (!passage.direct && frames.length > 0) {
      this.#report.warning(
        "HK0414",
        at,
        "keepalived reads this file twice, because the include does not start its line",
        {
          label: "read once here",
          help:
            "start the line with the include, and put a definition in place of the condition",
        },
      );
    }
    const files: SourceText[] = frames.map((frame) => frame.origin.source);
    this.#includes.push({ at: origin.span(line.start, line.end), files });
    for (const frame of frames) this.#readFile(frame);
  }
}

/** Whether the line that begins at `start` may need more than words and braces. */
function startsSpecial(text: string, start: number): boolean {
  const code = text.charCodeAt(start);
  return code === AT || code === TILDE ||
    (code === 105 && text.startsWith("include", start));
}

function hasDollar(text: string, start: number, end: number): boolean {
  const at = text.indexOf("$", start);
  return at >= 0 && at < end;
}

function firstBrace(text: string, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === OPEN_BRACE || code === CLOSE_BRACE) return i;
    if (code === QUOTE) {
      const close = text.indexOf('"', i + 1);
      if (close < 0 || close >= end) return end;
      i = close;
    }
  }
  return end;
}

/** The line with each `\#` and `\!` at `escapes` replaced by the character alone. */
function withoutEscapes(
  { origin, start, end }: LineText,
  escapes: readonly number[],
): LineText {
  let text = "";
  let from = start;
  const replacements = escapes.map((escape) => {
    text += origin.text.slice(from, escape);
    const at = text.length;
    text += origin.text.charAt(escape + 1);
    from = escape + 2;
    return {
      start: at,
      end: at + 1,
      parentStart: escape,
      parentEnd: escape + 2,
      notes: [],
    };
  });
  text += origin.text.slice(from, end);
  const rewritten = new RewrittenOrigin(text, start, origin, replacements);
  return { origin: rewritten, start: 0, end: text.length };
}

/** A definition's line `body` in place of the `reference` in `line`, behind `prefix`. */
function replayed(
  line: LineText,
  reference: { readonly start: number; readonly end: number },
  prefix: string,
  body: LineText,
  note: Note,
): LineText {
  const text = prefix + textOf(body);
  const origin = new RewrittenOrigin(text, line.start, line.origin, [{
    start: prefix.length,
    end: text.length,
    parentStart: reference.start,
    parentEnd: reference.end,
    notes: [note],
  }]);
  return { origin, start: 0, end: text.length };
}
