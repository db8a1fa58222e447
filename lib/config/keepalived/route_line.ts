/**
 * One line of `virtual_routes`.
 *
 * Says:    `[TYPE] [to] DESTINATION` and words with values in any order, then `nexthop` with words of its own; the
 *          first word that is no keyword is the destination.
 * Errors:  as policy_words.ts; an error in a next hop ends the list of them, and the route stays.
 * @module
 */
import { familyOf } from "../../addr/ip_address.ts";
import { closestOf } from "../../diag/suggest.ts";
import { MEANINGLESS_POLICY_WORDS } from "../no_meaning.ts";
import {
  LOCKABLE_METRICS,
  type LockableMetric,
  type NextHopEntry,
  ROUTE_METRIC_MAX,
  ROUTE_METRICS,
  ROUTE_TYPES,
  type RouteEntry,
  type RouteMetricName,
  ROUTER_PREFERENCES,
  type RouterPreference,
  type RouteType,
  TIME_METRIC_MAX_NS,
  TIME_METRIC_MIN_NS,
  TIME_METRICS,
  type TimeMetricName,
} from "../route_model.ts";
import { byteLength } from "./chars.ts";
import { Draft } from "./draft.ts";
import { readEncapsulation } from "./encap_words.ts";
import { checkRoute } from "./entry_checks.ts";
import type { LogicalLine } from "./logical_line.ts";
import { familyOfLine, PolicyWords, UINT32_MAX } from "./policy_words.ts";
import type { ReadContext } from "./read_context.ts";
import { TRACK_GROUP, type TrackGroupWord } from "./track_group.ts";

/** Types that keepalived has a word for, and Linux refuses. */
const REFUSED_TYPES = ["nat", "xresolve"];

const WORDS = [
  "to",
  "via",
  "dev",
  "src",
  "from",
  "scope",
  "table",
  "metric",
  "protocol",
  "tos",
  "onlink",
  "nexthop",
  "no_track",
  "encap",
  "realms",
  "expires",
  "features",
  "congctl",
  "vrf",
  ...Object.keys(ROUTE_METRICS),
  ...Object.keys(TIME_METRICS),
  ...Object.keys(MEANINGLESS_POLICY_WORDS),
];

type HopDraft = { -readonly [K in keyof NextHopEntry]: NextHopEntry[K] };

/** TCP_CA_NAME_MAX less its NUL, in bytes. */
const CONGCTL_MAX = 15;

const NO_HOP = {
  gateway: undefined,
  interface: undefined,
  weight: undefined,
  onlink: false,
  encapsulation: undefined,
  realms: undefined,
} as const;

/** Reads the line; undefined when it is dropped. A static one may name a group, which goes into `trackGroup`. */
export function readRouteLine(
  line: LogicalLine,
  context: ReadContext,
  trackGroup?: TrackGroupWord,
): RouteEntry | undefined {
  checkRoute(line, context);
  const reader = new RouteReader(line, context, trackGroup);
  return reader.read();
}

class RouteReader {
  readonly #words: PolicyWords;
  readonly #family: 4 | 6;
  readonly #draft: Draft<RouteEntry>;
  readonly #hops: NextHopEntry[] = [];
  readonly #locks = new Set<LockableMetric>();

  constructor(
    line: LogicalLine,
    context: ReadContext,
    readonly trackGroup: TrackGroupWord | undefined,
  ) {
    this.#words = new PolicyWords(line, context);
    this.#family = familyOfLine(line);
    this.#draft = new Draft<RouteEntry>(line.span());
  }

  read(): RouteEntry | undefined {
    const words = this.#words;
    while (words.hasMore && words.word !== "nexthop") {
      this.#readWord(words.word);
      words.at++;
    }
    if (words.isDropped) return undefined;
    this.#readNextHops();
    const destination = this.#draft.get("destination");
    if (destination !== undefined) return this.#finish(destination);
    words.drop("HK0424", "the route has no destination");
    return undefined;
  }

  #readWord(word: string): void {
    const words = this.#words;
    const metric = metricNamed(word);
    const why = MEANINGLESS_POLICY_WORDS[word];
    if (metric !== undefined) this.#readMetric(metric);
    else if (isTimeMetric(word)) this.#readTime(word);
    else if (why !== undefined) words.skipMeaningless(why);
    else if (word === TRACK_GROUP && this.trackGroup !== undefined) {
      if (!words.trackGroup(this.trackGroup)) words.isDropped = true;
    } else if (
      !this.#readFlag(word) && !this.#readValue(word) &&
      !this.#readOption(word)
    ) this.#readDestination(word);
  }

  #readFlag(word: string): boolean {
    const span = this.#words.line.wordSpan(this.#words.at);
    if (word === "onlink") this.#draft.set("onlink", true, span);
    else if (word === "no_track") this.#draft.set("noTrack", true, span);
    else if (word === "add" || word === "prepend" || word === "append") {
      this.#draft.set("mode", word, span);
    } else return false;
    return true;
  }

  #readValue(word: string): boolean {
    const words = this.#words;
    const family = this.#family;
    switch (word) {
      case "via":
      case "gw":
        this.#set("gateway", words.address(family));
        return true;
      case "src":
        this.#set("source", words.address(family));
        return true;
      case "dev":
      case "oif":
        this.#set("interface", words.interface());
        return true;
      case "scope":
        this.#set("scope", words.scope());
        return true;
      case "table":
        this.#set("table", words.table(0));
        this.#draft.clear("vrf");
        return true;
      case "metric":
      case "priority":
      case "preference":
        this.#set("priority", words.number(0, UINT32_MAX));
        return true;
      case "tos":
      case "dsfield":
        this.#set("tos", words.dsField());
        return true;
      case "protocol":
        this.#set("protocol", words.protocol("a route"));
        return true;
      case "pref":
        this.#readPreference();
        return true;
      case "from":
        this.#readFrom();
        return true;
      case "inet":
      case "inet6":
        this.#skipFamily(word === "inet" ? 4 : 6);
        return true;
      default:
        return false;
    }
  }

  /** Words that not every route has. */
  #readOption(word: string): boolean {
    const words = this.#words;
    switch (word) {
      case "encap":
        this.#set("encapsulation", readEncapsulation(words));
        return true;
      case "realms":
        if (this.#family === 6) {
          words.drop("HK0110", "IPv6 routes have no realms");
        } else this.#set("realms", words.realms());
        return true;
      case "expires":
        if (this.#family === 4) {
          words.drop("HK0110", "IPv4 routes do not expire");
        } else this.#set("expiresSeconds", words.number(0, UINT32_MAX));
        return true;
      case "features":
        this.#readFeatures();
        return true;
      case "congctl":
        this.#readCongestionControl();
        return true;
      case "vrf":
        this.#set("vrf", words.interface());
        this.#draft.clear("table");
        return true;
      case "or":
        this.#readSecondGateway();
        return true;
      case "as":
        words.warnHere(
          "HK0110",
          "an address behind `as` is for MPLS, which keepalived does not route",
          "it is ignored",
        );
        if (words.line.word(words.at + 1) === "to") words.at++;
        words.toValue();
        return true;
      default:
        return false;
    }
  }

  #readCongestionControl(): void {
    const words = this.#words;
    this.#readLock("congctl");
    if (!words.toValue()) return;
    const bytes = byteLength(words.word, 0, words.word.length);
    if (bytes <= CONGCTL_MAX) this.#set("congctl", words.word);
    else {
      words.warnHere(
        "HK0422",
        `no congestion control has a name of ${bytes} bytes`,
        `at most ${CONGCTL_MAX}; it is ignored`,
      );
    }
  }

  #readFeatures(): void {
    const words = this.#words;
    if (!words.toValue()) return;
    if (words.word === "ecn") this.#set("features", "ecn");
    else {
      words.warnHere(
        "HK0107",
        `unknown feature \`${words.word}\` of a route`,
        "must be `ecn`; it is ignored",
      );
    }
  }

  /** `or ADDRESS`: with `via` one of two equal ways. */
  #readSecondGateway(): void {
    const words = this.#words;
    const second = words.address(this.#family);
    const first = this.#draft.get("gateway");
    if (second === undefined) return;
    const self = words.line.wordSpan(words.at);
    if (this.#hops.length > 0) {
      words.warnHere("HK0110", "a route has one `or`", "it is ignored");
      return;
    }
    this.#hops.push(
      ...[first, second].filter((one) => one !== undefined)
        .map((gateway) => ({ ...NO_HOP, gateway, at: { self, of: {} } })),
    );
    this.#draft.clear("gateway");
  }

  #set<K extends Exclude<keyof RouteEntry & string, "at">>(
    key: K,
    value: RouteEntry[K] | undefined,
  ): void {
    if (value === undefined) return;
    this.#draft.set(key, value, this.#words.line.wordSpan(this.#words.at));
  }

  #readMetric(name: RouteMetricName): void {
    const words = this.#words;
    this.#readLock(name);
    if (!words.toValue()) return;
    const max = ROUTE_METRIC_MAX[name] ?? UINT32_MAX;
    this.#set(name, words.numberHere(name, 0, max));
  }

  /** `lock` before a metric's value. */
  #readLock(name: string): void {
    const words = this.#words;
    const lockable = LOCKABLE_METRICS.find((one) => one === name);
    if (words.line.word(words.at + 1) !== "lock" || lockable === undefined) {
      return;
    }
    words.at++;
    this.#locks.add(lockable);
    this.#draft.mark("locks", words.line.wordSpan(words.at));
  }

  #readTime(name: TimeMetricName): void {
    const words = this.#words;
    this.#readLock(name);
    if (!words.toValue()) return;
    const ns = parseTime(words.word, name);
    if (ns === undefined) {
      words.drop(
        "HK0410",
        `\`${name}\` cannot be \`${words.word}\``,
        "write a time such as `300ms` or `1s`",
      );
      return;
    }
    const used = Math.min(Math.max(ns, TIME_METRIC_MIN_NS), TIME_METRIC_MAX_NS);
    if (used !== ns) {
      words.context.advise(
        "HK0104",
        words.line,
        words.line.wordSpan(words.at),
        `\`${name}\` cannot be \`${words.word}\``,
        { label: `must be 200ms to 120s; ${used / 1e6}ms is used` },
      );
    }
    this.#set(name, used);
  }

  #readPreference(): void {
    const words = this.#words;
    if (!words.toValue()) return;
    const value = preferenceNamed(words.word) ??
      (/^[0-9]{1,3}$/.test(words.word)
        ? preferenceNumbered(words.word)
        : undefined);
    if (value === undefined) {
      words.drop(
        "HK0107",
        `unknown router preference \`${words.word}\``,
        "write `low`, `medium` or `high`",
      );
    } else if (this.#family === 4) {
      words.drop("HK0110", "IPv4 routes have no router preference");
    } else this.#set("routerPreference", value);
  }

  #readFrom(): void {
    const words = this.#words;
    if (!words.toValue()) return;
    if (this.#family === 4) {
      words.drop("HK0110", "`from` exists for IPv6 routes alone");
    } else this.#set("from", words.prefixHere(6));
  }

  /** `inet WORD`: keepalived leaves the word behind it unread. */
  #skipFamily(family: 4 | 6): void {
    const words = this.#words;
    if (!words.toValue() || family === this.#family) return;
    words.drop("HK0110", `the route's other addresses are IPv${this.#family}`);
  }

  #readDestination(word: string): void {
    const words = this.#words;
    // What stands behind `to` is the destination, whatever it says.
    if (word === "to" && !words.toValue()) return;
    const type = word === "to" ? undefined : typeNamed(words.word);
    if (REFUSED_TYPES.includes(words.word)) {
      words.drop("HK0110", `Linux has no routes of type \`${words.word}\``);
      return;
    }
    if (type !== undefined) {
      this.#draft.set("type", type, words.line.wordSpan(words.at));
      if (!words.toValue()) return;
    }
    if (this.#draft.get("destination") !== undefined) {
      const near = closestOf(
        word,
        this.trackGroup === undefined ? WORDS : [...WORDS, TRACK_GROUP],
      );
      words.drop(
        "HK0101",
        `unknown word \`${word}\` in a route`,
        near === undefined ? undefined : `did you mean \`${near}\`?`,
      );
      return;
    }
    this.#set("destination", words.prefixHere(this.#family));
  }

  #readNextHops(): void {
    const words = this.#words;
    if (words.hasMore && this.#hops.length > 0) {
      words.drop("HK0110", "a route with `or` cannot have `nexthop` too");
      return;
    }
    const whole = words.consequence;
    words.consequence = "this next hop and the rest of the line are ignored";
    while (words.hasMore) {
      const hop = this.#readNextHop();
      if (hop !== undefined) this.#hops.push(hop);
    }
    // keepalived keeps the route and what it read of the list.
    words.isDropped = false;
    words.consequence = whole;
  }

  /** Reads one next hop; undefined when it, and with it the rest of the line, is lost. */
  #readNextHop(): NextHopEntry | undefined {
    const words = this.#words;
    const self = words.line.wordSpan(words.at);
    const hop: HopDraft = { ...NO_HOP, at: { self, of: {} } };
    words.at++;
    while (words.hasMore && words.word !== "nexthop") {
      this.#readHopWord(hop);
      words.at++;
    }
    return words.isDropped ? undefined : hop;
  }

  #readHopWord(hop: HopDraft): void {
    const words = this.#words;
    switch (words.word) {
      case "via":
        hop.gateway = words.address(this.#family);
        break;
      case "dev":
        hop.interface = words.interface();
        break;
      case "weight":
        hop.weight = words.number(1, 256);
        break;
      case "onlink":
        hop.onlink = true;
        break;
      case "encap":
        hop.encapsulation = readEncapsulation(words);
        break;
      case "realms":
        if (this.#family === 6) {
          words.drop("HK0110", "IPv6 routes have no realms");
        } else hop.realms = words.realms();
        break;
      case "as":
        words.drop("HK0110", "keepalived does not route MPLS");
        break;
      default:
        words.drop("HK0101", `unknown word \`${words.word}\` in a next hop`);
    }
  }

  #finish(destination: RouteEntry["destination"]): RouteEntry | undefined {
    const draft = this.#draft;
    if (familyOf(destination.address) !== this.#family) {
      this.#words.drop("HK0110", "the route's addresses are of two families");
      return undefined;
    }
    const metric = (name: RouteMetricName) => draft.get(name);
    return {
      destination,
      type: draft.get("type"),
      gateway: draft.get("gateway"),
      interface: draft.get("interface"),
      source: draft.get("source"),
      from: draft.get("from"),
      scope: draft.get("scope"),
      table: draft.get("table"),
      vrf: draft.get("vrf"),
      priority: draft.get("priority"),
      protocol: draft.get("protocol"),
      tos: draft.get("tos"),
      onlink: draft.get("onlink") ?? false,
      mtu: metric("mtu"),
      rtt: draft.get("rtt"),
      rttvar: draft.get("rttvar"),
      rto_min: draft.get("rto_min"),
      locks: [...this.#locks],
      features: draft.get("features"),
      congctl: draft.get("congctl"),
      realms: draft.get("realms"),
      expiresSeconds: draft.get("expiresSeconds"),
      encapsulation: draft.get("encapsulation"),
      advmss: metric("advmss"),
      hoplimit: metric("hoplimit"),
      window: metric("window"),
      ssthresh: metric("ssthresh"),
      cwnd: metric("cwnd"),
      reordering: metric("reordering"),
      initcwnd: metric("initcwnd"),
      initrwnd: metric("initrwnd"),
      quickack: metric("quickack"),
      fastopen_no_cookie: metric("fastopen_no_cookie"),
      routerPreference: draft.get("routerPreference"),
      mode: draft.get("mode"),
      noTrack: draft.get("noTrack") ?? false,
      nextHops: this.#hops,
      at: draft.at,
    };
  }
}

function isKeyOf<T extends object>(
  word: string,
  of: T,
): word is keyof T & string {
  return Object.hasOwn(of, word);
}

function metricNamed(word: string): RouteMetricName | undefined {
  return isKeyOf(word, ROUTE_METRICS) ? word : undefined;
}

function isTimeMetric(word: string): word is TimeMetricName {
  return isKeyOf(word, TIME_METRICS);
}

/** The type that a word or number before the destination says. */
function typeNamed(word: string): RouteType | undefined {
  if (word === "brd") return "broadcast";
  if (isKeyOf(word, ROUTE_TYPES)) return word;
  const numbers = Object.entries(ROUTE_TYPES);
  const [named] = numbers.find(([, number]) => String(number) === word) ?? [];
  return named !== undefined && isKeyOf(named, ROUTE_TYPES) ? named : undefined;
}

const TIME_UNITS: Readonly<Record<string, number>> = {
  s: 1e9,
  sec: 1e9,
  secs: 1e9,
  ms: 1e6,
  msec: 1e6,
  msecs: 1e6,
};

/** A time in nanoseconds, whole milliseconds at least; a plain number counts the kernel's units of the metric. */
function parseTime(word: string, name: TimeMetricName): number | undefined {
  const [, number = "", unit = ""] = /^([0-9]+(?:\.[0-9]+)?)([a-z]*)$/
    .exec(word) ?? [];
  const unitNs = unit === ""
    ? 1e6 / TIME_METRICS[name].unitsPerMs
    : TIME_UNITS[unit];
  if (number === "" || unitNs === undefined) return undefined;
  return unit === ""
    ? Number(number) * unitNs
    : Math.ceil(Number(number) * unitNs / 1e6) * 1e6;
}

/** A number that is none of the three means the middle one, as in the kernel. */
function preferenceNumbered(word: string): RouterPreference {
  const numbers = Object.entries(ROUTER_PREFERENCES);
  const [named] = numbers.find(([, number]) => String(number) === word) ?? [];
  return named === undefined ? "medium" : preferenceNamed(named) ?? "medium";
}

function preferenceNamed(word: string): RouterPreference | undefined {
  return isKeyOf(word, ROUTER_PREFERENCES) ? word : undefined;
}
