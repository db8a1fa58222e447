/**
 * One line of `virtual_routes`.
 *
 * Says:    `[TYPE] [to] DESTINATION` and words with values in any order, then `nexthop` with words of its own; the
 *          first word that is no keyword is the destination.
 * Errors:  as policy_words.ts. A route that would go elsewhere without a word we do not act on is dropped.
 * @module
 */
import { familyOf, type IpAddress } from "../../addr/ip_address.ts";
import { closestOf } from "../../diag/suggest.ts";
import {
  type NextHopEntry,
  ROUTE_METRIC_MAX,
  ROUTE_METRICS,
  ROUTE_TYPES,
  type RouteEntry,
  type RouteMetricName,
  ROUTER_PREFERENCES,
  type RouterPreference,
  type RouteType,
} from "../route_model.ts";
import { Draft } from "./draft.ts";
import { checkRoute } from "./entry_checks.ts";
import type { LogicalLine } from "./logical_line.ts";
import { familyOfLine, PolicyWords, UINT32_MAX } from "./policy_words.ts";
import type { ReadContext } from "./read_context.ts";

/** Words with one value that have no effect in this version, and none on where packets go. */
const WITHOUT_EFFECT = [
  "rtt",
  "rttvar",
  "rto_min",
  "features",
  "congctl",
  "ttl-propagate",
  "expires",
  "track_group",
];

/** Words without which a route would lead elsewhere. */
const DECISIVE = ["encap", "vrf", "as", "or", "realms"];

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
  ...Object.keys(ROUTE_METRICS),
];

/** Reads the line; undefined when it is dropped. */
export function readRouteLine(
  line: LogicalLine,
  context: ReadContext,
): RouteEntry | undefined {
  checkRoute(line, context);
  const reader = new RouteReader(line, context);
  return reader.read();
}

class RouteReader {
  readonly #words: PolicyWords;
  readonly #family: 4 | 6;
  readonly #draft: Draft<RouteEntry>;
  readonly #hops: NextHopEntry[] = [];

  constructor(line: LogicalLine, context: ReadContext) {
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
    while (words.hasMore) this.#readNextHop();
    if (words.isDropped) return undefined;
    const destination = this.#draft.get("destination");
    if (destination !== undefined) return this.#finish(destination);
    words.drop("HK0424", "the route has no destination");
    return undefined;
  }

  #readWord(word: string): void {
    const words = this.#words;
    const metric = metricNamed(word);
    if (metric !== undefined) this.#readMetric(metric);
    else if (WITHOUT_EFFECT.includes(word)) {
      words.notActedOn();
      words.toValue();
      if (words.word === "lock") words.toValue();
    } else if (DECISIVE.includes(word)) words.dropNotActedOn();
    else if (!this.#readFlag(word) && !this.#readValue(word)) {
      this.#readDestination(word);
    }
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
        return true;
      case "metric":
      case "priority":
      case "preference":
        this.#set("priority", words.number(0, UINT32_MAX));
        return true;
      case "tos":
      case "dsfield":
        this.#set("tos", words.number(0, 255, true));
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

  #set<K extends Exclude<keyof RouteEntry & string, "at">>(
    key: K,
    value: RouteEntry[K] | undefined,
  ): void {
    if (value === undefined) return;
    this.#draft.set(key, value, this.#words.line.wordSpan(this.#words.at));
  }

  #readMetric(name: RouteMetricName): void {
    const words = this.#words;
    if (words.line.word(words.at + 1) === "lock") {
      if (name === "mtu") {
        this.#draft.set("mtuLock", true, words.line.wordSpan(words.at + 1));
      } else words.notActedOn(`${name} lock`);
      words.at++;
    }
    if (!words.toValue()) return;
    const max = ROUTE_METRIC_MAX[name] ?? UINT32_MAX;
    this.#set(name, words.numberHere(name, 0, max));
  }

  #readPreference(): void {
    const words = this.#words;
    if (!words.toValue()) return;
    const value = preferenceNamed(words.word);
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
    if (word === "to" && !words.toValue()) return;
    const type = typeNamed(words.word);
    if (type !== undefined) {
      this.#draft.set("type", type, words.line.wordSpan(words.at));
      if (!words.toValue()) return;
    }
    if (this.#draft.get("destination") !== undefined) {
      const near = closestOf(word, WORDS);
      words.drop(
        "HK0101",
        `unknown word \`${word}\` in a route`,
        near === undefined ? undefined : `did you mean \`${near}\`?`,
      );
      return;
    }
    this.#set("destination", words.prefixHere(this.#family));
  }

  #readNextHop(): void {
    const words = this.#words;
    let gateway: IpAddress | undefined;
    let interfaceName: string | undefined;
    let weight: number | undefined;
    let onlink = false;
    const self = words.line.wordSpan(words.at);
    words.at++;
    while (words.hasMore && words.word !== "nexthop") {
      switch (words.word) {
        case "via":
          gateway = words.address(this.#family);
          break;
        case "dev":
          interfaceName = words.interface();
          break;
        case "weight":
          weight = words.number(1, 256);
          break;
        case "onlink":
          onlink = true;
          break;
        case "encap":
        case "realms":
        case "as":
          words.dropNotActedOn();
          break;
        default:
          words.drop("HK0101", `unknown word \`${words.word}\` in a next hop`);
      }
      words.at++;
    }
    this.#hops.push({
      gateway,
      interface: interfaceName,
      weight,
      onlink,
      at: { self, of: {} },
    });
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
      priority: draft.get("priority"),
      protocol: draft.get("protocol"),
      tos: draft.get("tos"),
      onlink: draft.get("onlink") ?? false,
      mtu: metric("mtu"),
      mtuLock: draft.get("mtuLock") ?? false,
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

function typeNamed(word: string): RouteType | undefined {
  if (word === "brd") return "broadcast";
  return isKeyOf(word, ROUTE_TYPES) ? word : undefined;
}

function preferenceNamed(word: string): RouterPreference | undefined {
  return isKeyOf(word, ROUTER_PREFERENCES) ? word : undefined;
}
