/**
 * One line of `virtual_rules`.
 *
 * Says:    selectors, one action and options, in any order.
 * Errors:  as policy_words.ts.
 * @module
 */
import { familyOf, parseIpAddress } from "../../addr/ip_address.ts";
import { closestOf } from "../../diag/suggest.ts";
import {
  RULE_ACTIONS,
  type RuleAction,
  type RuleEntry,
} from "../route_model.ts";
import { Draft } from "./draft.ts";
import { checkRule } from "./entry_checks.ts";
import type { LogicalLine } from "./logical_line.ts";
import { familyOfLine, PolicyWords, UINT32_MAX } from "./policy_words.ts";
import type { ReadContext } from "./read_context.ts";
import { TRACK_GROUP, type TrackGroupWord } from "./track_group.ts";

const WORDS = [
  "from",
  "to",
  "table",
  "lookup",
  "not",
  "preference",
  "order",
  "priority",
  "tos",
  "dsfield",
  "fwmark",
  "suppress_prefixlength",
  "suppress_ifgroup",
  "dev",
  "iif",
  "oif",
  "tunnel-id",
  "uidrange",
  "l3mdev",
  "protocol",
  "ipproto",
  "sport",
  "dport",
  "no_track",
  "goto",
  "realms",
  ...Object.keys(RULE_ACTIONS),
];

/** Protocols that people name; others have numbers. */
const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  "ipv6-icmp": 58,
  ospf: 89,
  vrrp: 112,
};

/** Reads the line; undefined when it is dropped. A static one may name a group, which goes into `trackGroup`. */
export function readRuleLine(
  line: LogicalLine,
  context: ReadContext,
  trackGroup?: TrackGroupWord,
): RuleEntry | undefined {
  checkRule(line, context);
  return new RuleReader(line, context, trackGroup).read();
}

class RuleReader {
  readonly #words: PolicyWords;
  readonly #family: 4 | 6;
  readonly #draft: Draft<RuleEntry>;

  constructor(
    line: LogicalLine,
    context: ReadContext,
    readonly trackGroup: TrackGroupWord | undefined,
  ) {
    this.#words = new PolicyWords(line, context);
    this.#family = familyOfLine(line);
    this.#draft = new Draft<RuleEntry>(line.span());
  }

  read(): RuleEntry | undefined {
    const words = this.#words;
    while (words.hasMore) {
      this.#readWord(words.word);
      words.at++;
    }
    if (words.isDropped) return undefined;
    const problem = this.#problem();
    if (problem === undefined) return this.#finish();
    words.drop("HK0424", problem);
    return undefined;
  }

  /** What is missing or too much. */
  #problem(): string | undefined {
    const draft = this.#draft;
    const gotoPriority = draft.get("gotoPriority");
    const actions = [
      draft.get("table"),
      draft.get("action"),
      gotoPriority,
      draft.get("isForVrf"),
    ].filter((one) => one !== undefined).length;
    if (actions === 0) return "the rule says nothing to do";
    if (actions > 1) return "the rule has two actions";
    if (gotoPriority !== undefined) {
      const priority = draft.get("priority");
      if (priority === undefined || priority >= gotoPriority) {
        return "`goto` needs a `preference` that is lower than where it leads";
      }
    }
    const isSuppressing = draft.get("suppressPrefixLength") !== undefined ||
      draft.get("suppressInterfaceGroup") !== undefined;
    if (draft.get("table") === undefined) {
      if (draft.get("realms") !== undefined) {
        return "only a rule with a table has realms";
      }
      if (isSuppressing) return "only a rule with a table can suppress routes";
    }
    const family = draft.get("family");
    return this.#hasAddress() && family !== undefined && family !== this.#family
      ? `the rule has addresses of IPv${this.#family}, and says \`${
        family === 4 ? "inet" : "inet6"
      }\``
      : undefined;
  }

  #readWord(word: string): void {
    if (this.#readFlag(word) || this.#readSelector(word)) return;
    if (this.#readNumber(word)) return;
    const words = this.#words;
    if (word === "realms") {
      if (this.#family === 6) words.drop("HK0110", "IPv6 rules have no realms");
      else this.#set("realms", words.realms());
      return;
    }
    if (word === TRACK_GROUP && this.trackGroup !== undefined) {
      words.trackGroup(this.trackGroup);
      return;
    }
    if (word === "inet" || word === "inet6") {
      // keepalived skips the word behind it unread.
      this.#draft.set(
        "family",
        word === "inet" ? 4 : 6,
        words.line.wordSpan(words.at),
      );
      words.at++;
      return;
    }
    if (word === "type") {
      // A mark before the action, which must be there.
      if (words.toValue()) words.at--;
      return;
    }
    const near = closestOf(
      word,
      this.trackGroup === undefined ? WORDS : [...WORDS, TRACK_GROUP],
    );
    words.drop(
      "HK0101",
      `unknown word \`${word}\` in a rule`,
      near === undefined ? undefined : `did you mean \`${near}\`?`,
    );
  }

  #readFlag(word: string): boolean {
    const words = this.#words;
    const span = words.line.wordSpan(words.at);
    if (word === "not") this.#draft.set("isInverted", true, span);
    else if (word === "no_track") this.#draft.set("noTrack", true, span);
    else if (word === "l3mdev") this.#draft.set("isForVrf", true, span);
    else if (isAction(word)) {
      if (this.#draft.get("action") === undefined) {
        this.#draft.set("action", word, span);
      } else words.drop("HK0424", "the rule has two actions");
    } else return false;
    return true;
  }

  #readSelector(word: string): boolean {
    const words = this.#words;
    switch (word) {
      case "from":
      case "to":
        this.#readPrefix(word);
        return true;
      case "dev":
      case "iif":
        this.#set("inputInterface", words.interface());
        return true;
      case "oif":
        this.#set("outputInterface", words.interface());
        return true;
      case "uidrange":
        this.#set("userIds", words.range(UINT32_MAX));
        if (this.#draft.get("userIds") === undefined) words.isDropped = true;
        return true;
      case "sport":
        this.#set("sourcePorts", words.range(65535));
        return true;
      case "dport":
        this.#set("destinationPorts", words.range(65535));
        return true;
      case "fwmark":
        this.#readMark();
        return true;
      case "ipproto":
        this.#readIpProtocol();
        return true;
      default:
        return false;
    }
  }

  #readNumber(word: string): boolean {
    const words = this.#words;
    switch (word) {
      case "table":
      case "lookup":
        if (this.#draft.get("table") === undefined) {
          this.#set("table", words.table(1));
        } else words.drop("HK0424", "the rule has two actions");
        return true;
      case "preference":
      case "order":
      case "priority":
        this.#set("priority", words.number(0, UINT32_MAX));
        return true;
      case "tos":
      case "dsfield":
        this.#set("tos", words.dsField());
        return true;
      case "suppress_prefixlength":
      case "sup_pl":
        this.#set("suppressPrefixLength", words.number(0, 2_147_483_647));
        return true;
      case "suppress_ifgroup":
      case "sup_group":
        this.#set("suppressInterfaceGroup", words.group());
        return true;
      case "tunnel-id":
        this.#set("tunnelId", words.number(0, Number.MAX_SAFE_INTEGER));
        return true;
      case "goto":
        this.#set("gotoPriority", words.number(0, UINT32_MAX));
        return true;
      case "protocol":
        this.#set("protocol", words.protocol("a rule"));
        return true;
      default:
        return false;
    }
  }

  #set<K extends Exclude<keyof RuleEntry & string, "at">>(
    key: K,
    value: RuleEntry[K] | undefined,
  ): void {
    if (value === undefined) return;
    this.#draft.set(key, value, this.#words.line.wordSpan(this.#words.at));
  }

  #readPrefix(key: "from" | "to"): void {
    const words = this.#words;
    if (!words.toValue()) return;
    const prefix = words.prefixHere(this.#family);
    if (prefix === undefined) return;
    if (familyOf(prefix.address) !== this.#family) {
      words.drop("HK0110", "the rule's addresses are of two families");
    } else this.#set(key, prefix);
  }

  #readMark(): void {
    const words = this.#words;
    if (!words.toValue()) return;
    const match =
      /^(0[xX][0-9a-fA-F]+|[0-9]+)(?:\/(0[xX][0-9a-fA-F]+|[0-9]+))?$/
        .exec(words.word);
    const mark = Number(match?.[1]);
    const mask = match?.[2] === undefined ? undefined : Number(match[2]);
    if (match === null || mark > UINT32_MAX || (mask ?? 0) > UINT32_MAX) {
      words.drop("HK0104", `\`fwmark\` cannot be \`${words.word}\``);
      return;
    }
    this.#set("firewallMark", mark);
    this.#set("firewallMask", mask);
  }

  #readIpProtocol(): void {
    const words = this.#words;
    if (!words.toValue()) return;
    const named = IP_PROTOCOLS[words.word];
    this.#set("ipProtocol", named ?? words.numberHere("ipproto", 0, 127));
  }

  #hasAddress(): boolean {
    return this.#words.line.words().some((word) =>
      parseIpAddress(word.split("/")[0] ?? "") !== undefined
    );
  }

  #finish(): RuleEntry {
    const draft = this.#draft;
    return {
      from: draft.get("from"),
      to: draft.get("to"),
      table: draft.get("table"),
      action: draft.get("action"),
      gotoPriority: draft.get("gotoPriority"),
      isForVrf: draft.get("isForVrf") ?? false,
      priority: draft.get("priority"),
      isInverted: draft.get("isInverted") ?? false,
      inputInterface: draft.get("inputInterface"),
      outputInterface: draft.get("outputInterface"),
      firewallMark: draft.get("firewallMark"),
      firewallMask: draft.get("firewallMask"),
      tos: draft.get("tos"),
      suppressPrefixLength: draft.get("suppressPrefixLength"),
      suppressInterfaceGroup: draft.get("suppressInterfaceGroup"),
      tunnelId: draft.get("tunnelId"),
      userIds: draft.get("userIds"),
      ipProtocol: draft.get("ipProtocol"),
      sourcePorts: draft.get("sourcePorts"),
      destinationPorts: draft.get("destinationPorts"),
      protocol: draft.get("protocol"),
      realms: draft.get("realms"),
      family: this.#hasAddress() ? undefined : draft.get("family"),
      noTrack: draft.get("noTrack") ?? false,
      at: draft.at,
    };
  }
}

function isAction(word: string): word is RuleAction {
  return Object.hasOwn(RULE_ACTIONS, word);
}
