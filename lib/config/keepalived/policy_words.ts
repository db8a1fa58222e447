/**
 * Words of routes and rules: a cursor over a line, and the values that both kinds of line have.
 *
 * Errors:  a value that cannot be drops the whole line, as in keepalived; where one is missing keepalived stops
 *          reading, and so it is refused.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  parseIpAddress,
} from "../../addr/ip_address.ts";
import { defined } from "../../assert.ts";
import type { DiagnosticCode } from "../../diag/codes.ts";
import {
  type NumberRange,
  OUR_ROUTE_PROTOCOL,
  type Realms,
} from "../../vrrp/virtual_route.ts";
import type { AddressScope } from "../model.ts";
import type { PrefixEntry } from "../route_model.ts";
import { addressWithPrefix } from "./addresses.ts";
import { stop } from "./argument.ts";
import type { LogicalLine } from "./logical_line.ts";
import { interfaceName } from "./names.ts";
import type { NameTable } from "./name_tables.ts";
import type { ReadContext } from "./read_context.ts";
import type { TrackGroupWord } from "./track_group.ts";

/** The highest number of 32 bits. */
export const UINT32_MAX = 4_294_967_295;

const ANY4 = defined(parseIpAddress("0.0.0.0"), "the address 0.0.0.0");
const ANY6 = defined(parseIpAddress("::"), "the address ::");
const ANY_WORDS = ["default", "any", "all"];
const SCOPES = ["global", "site", "link", "host"] as const;
const REALM_MAX = 65_535;

/** What messages call the numbers of a table. */
const NAMED: Readonly<Record<NameTable, string>> = {
  rt_tables: "routing table",
  rt_protos: "protocol",
  rt_scopes: "scope",
  rt_dsfield: "type of service",
  rt_realms: "realm",
  group: "interface group",
};

export class PolicyWords {
  /** Index of the current word. */
  at = 0;
  /** The line is to be dropped; it was said why. */
  isDropped = false;
  /** What is lost by an error. */
  consequence = "the whole line is ignored";

  constructor(readonly line: LogicalLine, readonly context: ReadContext) {}

  /** More words are there, and the line still counts. */
  get hasMore(): boolean {
    return !this.isDropped && this.at < this.line.count;
  }

  get word(): string {
    return this.line.word(this.at);
  }

  /** Goes to the value of the current word; false (and it was refused) when there is none. */
  toValue(): boolean {
    if (this.at + 1 >= this.line.count) {
      this.isDropped = true;
      stop(this.line, this.context, this.at);
      return false;
    }
    this.at++;
    return true;
  }

  drop(code: DiagnosticCode, message: string, help?: string): undefined {
    this.isDropped = true;
    this.context.warn(
      code,
      this.line,
      this.line.wordSpan(Math.min(this.at, this.line.count - 1)),
      message,
      { label: this.consequence, help },
    );
  }

  /** The word at hand is known and means nothing; its value is skipped. */
  skipMeaningless(why: string): void {
    this.context.advise(
      "HK0423",
      this.line,
      this.line.wordSpan(this.at),
      `\`${this.word}\` means nothing in hakeep`,
      { label: why },
    );
    this.toValue();
  }

  /** The value of `track_group`; false when the line has one before: then nothing behind it is read. */
  trackGroup(word: TrackGroupWord): boolean {
    if (!this.toValue()) return true;
    const isRead = word.read(this.line, this.at, this.context);
    if (!isRead) this.at = this.line.count;
    return isRead;
  }

  /** Complains of the word at hand; the line still counts. */
  warnHere(code: DiagnosticCode, message: string, label: string): void {
    const span = this.line.wordSpan(this.at);
    this.context.warn(code, this.line, span, message, { label });
  }

  /** The value of `protocol`; what keepalived is to keep, `what`, has its own and no other. */
  protocol(what: "a route" | "a rule"): number | undefined {
    // Names are for routes alone.
    const value = what === "a route"
      ? this.#named("rt_protos", 0, 255)
      : this.number(0, 255, true);
    const isFree = this.line.words().includes("no_track");
    if (value === undefined || value === OUR_ROUTE_PROTOCOL || isFree) {
      return value;
    }
    this.context.warn(
      "HK0110",
      this.line,
      this.line.wordSpan(this.at),
      `${what} that is tracked has protocol ${OUR_ROUTE_PROTOCOL}`,
      {
        label: `${OUR_ROUTE_PROTOCOL} is used`,
        help: "add `no_track` to have another protocol",
      },
    );
    return undefined;
  }

  /** The value of the current word, a decimal number; where `isC` one that may begin with 0x, or 0 if octal. */
  number(min: number, max: number, isC = false): number | undefined {
    const name = this.word;
    if (!this.toValue()) return undefined;
    return this.numberHere(name, min, max, isC);
  }

  /** The current word as a number of what is called `name`. */
  numberHere(
    name: string,
    min: number,
    max: number,
    isC = false,
  ): number | undefined {
    const value = isC ? parseNumber(this.word) : parseDecimal(this.word);
    if (value !== undefined && value >= min && value <= max) return value;
    return this.drop(
      value === undefined ? "HK0410" : "HK0104",
      `\`${name}\` cannot be \`${this.word}\``,
      `write a number from ${min} to ${max}`,
    );
  }

  table(min: number): number | undefined {
    return this.#named("rt_tables", min, UINT32_MAX);
  }

  /** The scope of a route. */
  scope(): AddressScope | undefined {
    const name = this.line.word(this.at + 1);
    const number = this.#named("rt_scopes", 0, 255);
    return SCOPES.find((one) => one === name) ?? number;
  }

  /** A type of service. */
  dsField(): number | undefined {
    return this.#named("rt_dsfield", 0, 255);
  }

  /** A group of interfaces. */
  group(): number | undefined {
    return this.#named("group", 0, UINT32_MAX);
  }

  /** `[FROM/]TO` */
  realms(): Realms | undefined {
    if (!this.toValue()) return undefined;
    const words = this.word.split("/");
    const [to, from] = words.toReversed().map((word) =>
      parseNumber(word) ?? this.context.names.number("rt_realms", word)
    );
    const isFitting = words.length <= 2 && to !== undefined &&
      to <= REALM_MAX &&
      (words.length === 1 || (from ?? Infinity) <= REALM_MAX);
    if (isFitting) return { from: from ?? 0, to };
    this.dropUnknown(
      "realms",
      "write `TO` or `FROM/TO`, names of rt_realms or numbers up to 65535",
    );
    return undefined;
  }

  /** A number, or a name that iproute2 knows on this machine. */
  #named(table: NameTable, min: number, max: number): number | undefined {
    if (!this.toValue()) return undefined;
    const value = parseNumber(this.word) ??
      this.context.names.number(table, this.word);
    if (value !== undefined && value >= min && value <= max) return value;
    this.dropUnknown(
      NAMED[table],
      `write a number from ${min} to ${max}, or a name of iproute2's \`${table}\``,
    );
    return undefined;
  }

  /** What names mean is a matter of the machine. */
  dropUnknown(what: string, help: string): void {
    this.isDropped = true;
    this.context.warn(
      "HK0107",
      this.line,
      this.line.wordSpan(this.at),
      `unknown ${what} \`${this.word}\``,
      {
        label: this.consequence,
        help,
        ...(/^[A-Za-z_]/.test(this.word) ? { scope: "host" } : {}),
      },
    );
  }

  address(family: 4 | 6 | undefined): IpAddress | undefined {
    const name = this.word;
    if (!this.toValue()) return undefined;
    if (this.word === "inet" || this.word === "inet6") {
      if (!this.toValue()) return undefined;
    }
    const parsed = parseIpAddress(this.word);
    if (parsed === undefined) {
      return this.drop("HK0105", `\`${this.word}\` is not an IP address`);
    }
    if (family === undefined || familyOf(parsed) === family) return parsed;
    return this.drop(
      "HK0110",
      `\`${name} ${parsed}\` is of another address family`,
    );
  }

  interface(): string | undefined {
    if (!this.toValue()) return undefined;
    const name = interfaceName(this.line, this.at, this.context);
    if (name === undefined) this.isDropped = true;
    return name;
  }

  /** `ADDRESS[/LENGTH]`, `default`, `any` or `all`; those are of `family`. */
  prefixHere(family: 4 | 6): PrefixEntry | undefined {
    if (ANY_WORDS.includes(this.word)) {
      return { address: family === 4 ? ANY4 : ANY6, prefixLength: 0 };
    }
    if (this.word === "default6") return { address: ANY6, prefixLength: 0 };
    const parsed = addressWithPrefix(this.line, this.at, this.context);
    if (parsed === undefined) this.isDropped = true;
    return parsed;
  }

  /** `FIRST-LAST` */
  range(max: number): NumberRange | undefined {
    const name = this.word;
    if (!this.toValue()) return undefined;
    const match = /^([0-9]+)-([0-9]+)$/.exec(this.word);
    const first = Number(match?.[1]);
    const last = Number(match?.[2]);
    if (match !== null && first <= max && last <= max) return { first, last };
    this.context.warn(
      "HK0104",
      this.line,
      this.line.wordSpan(this.at),
      `\`${name}\` cannot be \`${this.word}\``,
      { label: "ignored", help: `write a range such as \`10-20\`` },
    );
    return undefined;
  }
}

/** A decimal number; nothing between quotes is 0, and a sign does no harm, as in keepalived. */
function parseDecimal(word: string): number | undefined {
  if (word === "") return 0;
  return /^\+?[0-9]+$/.test(word) ? Number(word) : undefined;
}

/** A number as C writes it: decimal, or with 0x, or octal with a leading 0. */
function parseNumber(word: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(word)) return parseInt(word.slice(2), 16);
  if (/^0[0-7]+$/.test(word)) return parseInt(word, 8);
  return /^[0-9]+$/.test(word) ? Number(word) : undefined;
}

/** The family of the addresses in a line; IPv4 where there is none. */
export function familyOfLine(line: LogicalLine): 4 | 6 {
  for (const word of line.words()) {
    if (word === "inet6" || word === "default6") return 6;
    const address = parseIpAddress(word.split("/")[0] ?? "");
    if (address !== undefined) return familyOf(address);
  }
  return 4;
}
