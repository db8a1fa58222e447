/**
 * Opening the main file and what it includes, with keepalived's rules for what is fatal.
 *
 * Where keepalived would read for ever (a file that includes itself) reading stops with an error.
 * @module
 */
import {
  type SourceText,
  type Span,
  wholeFile,
} from "../../diag/diagnostic.ts";
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import {
  directoryOf,
  type FileAccess,
  type FileRefusal,
} from "./file_access.ts";
import { glob, type GlobResult, resolvePath } from "./glob.ts";
import { type IncludeRule, LENIENT } from "./includes.ts";
import { FileOrigin } from "./text_origin.ts";

/** Includes inside includes, and files in all. */
const DEPTH_MAX = 64;
const FILES_MAX = 10_000;
/** Characters of all files together, as a bound on what hostile includes can make us read. */
const CHARACTERS_MAX = 128 * 1024 * 1024;

/** A file that is being read. */
export interface FileFrame {
  readonly origin: FileOrigin;
  readonly path: string;
  readonly directory: string;
  /** Absolute paths of this file and of all that include it. */
  readonly chain: readonly string[];
  /** What plain `include` lines of this file follow from now on. */
  rule: IncludeRule;
}

const REFUSALS: Readonly<Record<FileRefusal, string>> = {
  missing: "no such file",
  unreadable: "permission to read it is missing",
  directory: "it is a directory",
  notRegular: "it is not a regular file",
  executable: "it is executable, and keepalived skips such files",
  tooLarge: "it is too large for a configuration",
};

export class FileOpener {
  readonly #files: FileAccess;
  readonly #sink: DiagnosticSink;
  #opened = 0;
  #characters = 0;

  constructor(files: FileAccess, sink: DiagnosticSink) {
    this.#files = files;
    this.#sink = sink;
  }

  /** Opens the main file, or all files that match it as a pattern. */
  openMain(
    path: string,
  ): { readonly main: SourceText; readonly frames: readonly FileFrame[] } {
    const here = this.#files.absolute(".");
    const matches = this.#files.exists(this.#files.absolute(path))
      ? [path]
      : glob(this.#files, here, path).paths;
    const frames: FileFrame[] = [];
    for (const name of matches.length === 0 ? [path] : matches) {
      const opened = this.#open(name, this.#files.absolute(name), undefined);
      if (typeof opened !== "string") frames.push(opened);
      else {
        this.#sink.error(
          "HK0001",
          wholeFile(name),
          `cannot read \`${name}\`: ${REFUSALS[opened]}`,
          { help: remedy(opened, name) },
        );
      }
    }
    const main = frames[0]?.origin.source ?? wholeFile(path).source;
    if (frames.length > 1) {
      this.#sink.warning(
        "HK0408",
        { source: main, start: 0, end: 0 },
        `\`${path}\` matches ${frames.length} files; all are read as one configuration`,
      );
    }
    return { main, frames };
  }

  /** Opens what `pattern` of an include line at `at` in the file of `parent` matches. */
  openIncluded(
    pattern: string,
    rule: IncludeRule,
    parent: FileFrame,
    at: Span,
  ): readonly FileFrame[] {
    const found = glob(this.#files, parent.directory, pattern);
    if (found.isTooWide) {
      this.#sink.error("HK0421", at, `\`${pattern}\` matches too much`, {
        label: "nothing of it is read",
        help: "name the directory that holds the files",
      });
      return [];
    }
    this.#reportMissing(pattern, found, rule, at);
    const frames: FileFrame[] = [];
    for (const path of found.paths) {
      const absolute = resolvePath(this.#files, parent.directory, path);
      if (!this.#mayOpen(absolute, parent, at)) break;
      const name = path.startsWith("/")
        ? path
        : besides(parent.origin.source.name, path);
      const opened = this.#open(name, absolute, { parent, at });
      if (typeof opened !== "string") frames.push(opened);
      else this.#reportRefused(name, opened, rule, at);
    }
    return frames;
  }

  #open(
    name: string,
    path: string,
    from: { readonly parent: FileFrame; readonly at: Span } | undefined,
  ): FileFrame | FileRefusal {
    const content = this.#files.read(path);
    if (content.kind === "refused") return content.reason;
    this.#opened++;
    this.#characters += content.text.length;
    const source = { name, text: content.text, includedFrom: from?.at };
    return {
      origin: new FileOrigin(source),
      path,
      directory: directoryOf(path),
      chain: [...from?.parent.chain ?? [], path],
      rule: from?.parent.rule ?? LENIENT,
    };
  }

  #mayOpen(path: string, parent: FileFrame, at: Span): boolean {
    if (parent.chain.includes(path)) {
      this.#sink.error(
        "HK0409",
        at,
        `\`${path}\` includes itself`,
        {
          label: "this leads back to a file that is being read",
          notes: [`the way here: ${[...parent.chain, path].join(" → ")}`],
          help: "remove one of the includes",
        },
      );
      return false;
    }
    const problem = parent.chain.length >= DEPTH_MAX
      ? `includes are more than ${DEPTH_MAX} deep`
      : this.#opened >= FILES_MAX
      ? `more than ${FILES_MAX} files are included`
      : this.#characters >= CHARACTERS_MAX
      ? `the files together are larger than ${CHARACTERS_MAX >> 20} MiB`
      : undefined;
    if (problem === undefined) return true;
    this.#sink.error("HK0421", at, problem, { label: "not read any further" });
    return false;
  }

  #reportMissing(
    pattern: string,
    found: GlobResult,
    rule: IncludeRule,
    at: Span,
  ) {
    const listed = found.missingAlternatives;
    if (found.paths.length > 0 || listed.length > 0) {
      for (const missing of listed) {
        this.#missing(missing, rule.brace, at);
      }
      return;
    }
    if (!found.hasWildcard) this.#missing(pattern, rule.match, at);
    else if (rule.wildcard) {
      this.#sink.error("HK0413", at, `\`${pattern}\` matches no file`, {
        scope: "host",
        label: "this include must match at least one",
      });
    } else {
      this.#sink.advice("HK0408", at, `\`${pattern}\` matches no file`, {
        scope: "host",
        label: "nothing is included",
      });
    }
  }

  #missing(name: string, isFatal: boolean, at: Span) {
    const message = `included file \`${name}\` does not exist`;
    if (isFatal) this.#sink.error("HK0413", at, message, { scope: "host" });
    else {
      this.#sink.warning("HK0408", at, message, {
        scope: "host",
        label: "nothing is included",
      });
    }
  }

  #reportRefused(
    name: string,
    reason: FileRefusal,
    rule: IncludeRule,
    at: Span,
  ) {
    const message = `cannot read \`${name}\`: ${REFUSALS[reason]}`;
    const details = { scope: "host", help: remedy(reason, name) } as const;
    if (rule.read) this.#sink.error("HK0413", at, message, details);
    else this.#sink.warning("HK0408", at, message, details);
  }
}

function remedy(reason: FileRefusal, name: string): string | undefined {
  return reason === "executable" ? `run \`chmod -x ${name}\`` : undefined;
}

/** `path` as seen from where the operator stands, when the file `name` names it. */
function besides(name: string, path: string): string {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? path : name.slice(0, slash + 1) + path;
}
