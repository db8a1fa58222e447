/**
 * `encap` of a route or a next hop: a type, and pairs of words that belong to it.
 *
 * Errors:  a pair that cannot be ends the list; what follows is read as words of the route, as in keepalived.
 * @module
 */
import { familyOf, type IpAddress } from "../../addr/ip_address.ts";
import {
  type Encapsulation,
  type IpEncapsulation,
  parseLabels,
  parseLocator,
} from "../../vrrp/encapsulation.ts";
import type { PolicyWords } from "./policy_words.ts";

/** Reads from the word behind `encap` on, and stands on its last word then; undefined when the line is dropped. */
export function readEncapsulation(
  words: PolicyWords,
): Encapsulation | undefined {
  if (!toNext(words, "the type of the encapsulation")) return undefined;
  switch (words.word) {
    case "ip":
    case "ip6":
      return readTunnel(words, words.word);
    case "mpls":
      return readOnly(
        words,
        "a list of MPLS labels such as `100/200`",
        (text) => {
          const labels = parseLabels(text);
          return labels && { kind: "mpls", labels };
        },
      );
    case "ila":
      return readOnly(words, "a locator such as `1:2:3:4`", (text) => {
        const locator = parseLocator(text);
        return locator && { kind: "ila", locator };
      });
    default:
      words.drop(
        "HK0107",
        `unknown encapsulation \`${words.word}\``,
        "write `ip`, `ip6`, `mpls` or `ila`",
      );
      return undefined;
  }
}

/** Goes to the next word; where there is none the line is dropped, with which keepalived is content here. */
function toNext(words: PolicyWords, what: string): boolean {
  if (words.at + 1 < words.line.count) return words.toValue();
  words.drop("HK0424", `\`${words.word}\` lacks ${what}`);
  return false;
}

function readOnly(
  words: PolicyWords,
  what: string,
  parse: (text: string) => Encapsulation | undefined,
): Encapsulation | undefined {
  if (!toNext(words, what)) return undefined;
  const parsed = parse(words.word);
  if (parsed !== undefined) return parsed;
  words.drop("HK0107", `\`${words.word}\` is not ${what}`);
  return undefined;
}

type Draft = { -readonly [K in keyof IpEncapsulation]: IpEncapsulation[K] };

function readTunnel(
  words: PolicyWords,
  kind: IpEncapsulation["kind"],
): IpEncapsulation | undefined {
  const draft: Draft = {
    kind,
    id: undefined,
    destination: undefined,
    source: undefined,
    hopLimit: undefined,
    trafficClass: undefined,
    flags: undefined,
  };
  while (readPair(words, draft));
  if (words.isDropped) return undefined;
  if (draft.id !== undefined || draft.destination !== undefined) return draft;
  words.drop("HK0424", `\`encap ${kind}\` needs \`id\` or \`dst\``);
  return undefined;
}

/** Reads the next pair if it belongs to the tunnel. */
function readPair(words: PolicyWords, draft: Draft): boolean {
  const name = words.line.word(words.at + 1);
  const isIpv6 = draft.kind === "ip6";
  if (words.isDropped || words.at + 2 >= words.line.count) return false;
  words.at++;
  switch (name) {
    case "id":
      draft.id = words.number(0, Number.MAX_SAFE_INTEGER);
      return true;
    case "dst":
      draft.destination = addressOf(words, isIpv6 ? 6 : 4);
      return true;
    case "src":
      draft.source = addressOf(words, isIpv6 ? 6 : 4);
      return true;
    case "flags":
      draft.flags = words.number(0, 65_535);
      return true;
    case isIpv6 ? "hoplimit" : "ttl":
      draft.hopLimit = words.number(0, 255);
      return true;
    case isIpv6 ? "tc" : "tos":
      draft.trafficClass = words.dsField();
      return true;
    default:
      words.at--;
      return false;
  }
}

function addressOf(words: PolicyWords, family: 4 | 6): IpAddress | undefined {
  const address = words.address(undefined);
  if (address === undefined || familyOf(address) === family) return address;
  words.drop("HK0110", `\`${address}\` is not IPv${family}`);
  return undefined;
}
