/**
 * Numbers by the names that iproute2 gives them: routing tables, protocols, scopes, DS fields, realms, link groups.
 *
 * Says:    a file in the local directory stands for the vendor's of the same name; files of NAME.d come on top.
 * Errors:  none: a file that is not there, or a line that makes no sense, names nothing.
 * Cost:    a table is read when the first name of it is asked for.
 * @module
 */
import type { FileAccess } from "./file_access.ts";

/** The files' own names. */
export type NameTable =
  | "rt_tables"
  | "rt_protos"
  | "rt_scopes"
  | "rt_dsfield"
  | "rt_realms"
  | "group";

/** What has a name everywhere. */
const BUILT_IN: Readonly<Record<NameTable, Readonly<Record<string, number>>>> =
  {
    rt_tables: { unspec: 0, default: 253, main: 254, local: 255 },
    rt_protos: { kernel: 2, boot: 3, static: 4, keepalived: 18 },
    rt_scopes: { global: 0, site: 200, link: 253, host: 254, nowhere: 255 },
    rt_dsfield: {},
    rt_realms: {},
    group: { default: 0 },
  };

/** Where iproute2 has them, unless `iproute_usr_dir` and `iproute_etc_dir` say otherwise. */
const VENDOR_DIRECTORY = "/usr/share/iproute2";
const LOCAL_DIRECTORY = "/etc/iproute2";

export class NameTables {
  readonly #files: FileAccess | undefined;
  #vendor = VENDOR_DIRECTORY;
  #local = LOCAL_DIRECTORY;
  readonly #read = new Map<NameTable, ReadonlyMap<string, number>>();

  /** Without `files` only what has a name everywhere has one. */
  constructor(files: FileAccess | undefined) {
    this.#files = files;
  }

  /** `iproute_usr_dir` */
  setVendorDirectory(path: string): void {
    this.#vendor = path;
    this.#read.clear();
  }

  /** `iproute_etc_dir` */
  setLocalDirectory(path: string): void {
    this.#local = path;
    this.#read.clear();
  }

  /** The number that `name` stands for. */
  number(table: NameTable, name: string): number | undefined {
    let names = this.#read.get(table);
    if (names === undefined) this.#read.set(table, names = this.#load(table));
    return names.get(name);
  }

  #load(table: NameTable): ReadonlyMap<string, number> {
    const names = new Map(Object.entries(BUILT_IN[table]));
    const main = this.#text(`${this.#local}/${table}`) ??
      this.#text(`${this.#vendor}/${table}`);
    const more = [this.#vendor, this.#local].flatMap((directory) =>
      this.#textsOf(`${directory}/${table}.d`)
    );
    for (const text of [main ?? "", ...more]) addNames(text, names);
    return names;
  }

  #text(path: string): string | undefined {
    const content = this.#files?.read(path);
    return content?.kind === "text" ? content.text : undefined;
  }

  #textsOf(directory: string): readonly string[] {
    return (this.#files?.list(directory) ?? [])
      .filter((name) => name.endsWith(".conf")).toSorted()
      .map((name) => this.#text(`${directory}/${name}`) ?? "");
  }
}

/** Lines of a number, decimal or hexadecimal, and a name; `#` begins a comment. */
function addNames(text: string, names: Map<string, number>): void {
  for (const line of text.split("\n")) {
    const match = /^\s*(0[xX][0-9a-fA-F]+|[0-9]+)\s+([^\s#]+)/.exec(line);
    const [, number = "", name = ""] = match ?? [];
    if (name !== "") names.set(name, Number(number));
  }
}
