/**
 * One line of `virtual_ipaddress` or `virtual_ipaddress_excluded`.
 *
 * Says:    `ADDRESS[/PREFIX] [dev IFNAME] [scope SCOPE] [label LABEL] [brd ADDRESS|+|-] [peer ADDRESS[/PREFIX]]`
 *          and flags, in any order.
 * Errors:  a word keepalived does not know loses that word; a word without its value loses the line.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  parseIpAddress,
} from "../../addr/ip_address.ts";
import { closestOf } from "../../diag/suggest.ts";
import { LIFETIME_FOREVER } from "../../wire/rtnetlink.ts";
import type { AddressEntry, AddressScope } from "../model.ts";
import { addressWithPrefix, notAnAddress } from "./addresses.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { NameTables } from "./name_tables.ts";
import { interfaceName } from "./names.ts";
import { whole } from "./numbers.ts";
import { Draft } from "./draft.ts";
import type { ReadContext } from "./read_context.ts";
import { TRACK_GROUP, type TrackGroupWord } from "./track_group.ts";

const LABEL_BYTES_MAX = 15;

/** Words without value, and the fields that they set. */
const FLAGS = {
  noprefixroute: "noPrefixRoute",
  no_track: "noTrack",
  home: "home",
  "-nodad": "detectsDuplicates",
  mngtmpaddr: "managesTemporary",
  autojoin: "autojoin",
  use_vmac: "useVmac",
} as const;

const WORDS = [
  "dev",
  "scope",
  "broadcast",
  "brd",
  "label",
  "peer",
  "preferred_lft",
  ...Object.keys(FLAGS),
];

const PREFERRED = whole(0, LIFETIME_FOREVER, {
  name: "preferred_lft",
  consequence: "it is ignored",
});

/** What a word did to its line. */
type Outcome = "read" | "dropLine" | "endLine";

/** Reads the line; undefined when keepalived drops it. A static one may name a group, which goes into `trackGroup`. */
export function readAddressLine(
  line: LogicalLine,
  context: ReadContext,
  trackGroup?: TrackGroupWord,
): AddressEntry | undefined {
  const parsed = addressWithPrefix(line, 0, context);
  if (parsed === undefined) return undefined;
  const draft = new AddressDraft(line, parsed.address, context, trackGroup);
  for (let index = 1; index < line.count;) {
    const used = draft.readWord(index);
    if (used === "dropLine") return undefined;
    if (used === "endLine") break;
    index += used;
  }
  return draft.finish(parsed.prefixLength);
}

class AddressDraft {
  readonly #words: readonly string[];
  readonly #line: LogicalLine;
  readonly #context: ReadContext;
  readonly #address: IpAddress;
  readonly #draft: Draft<AddressEntry>;
  readonly #trackGroup: TrackGroupWord | undefined;

  constructor(
    line: LogicalLine,
    address: IpAddress,
    context: ReadContext,
    trackGroup: TrackGroupWord | undefined,
  ) {
    this.#words = trackGroup === undefined ? WORDS : [...WORDS, TRACK_GROUP];
    this.#trackGroup = trackGroup;
    this.#line = line;
    this.#address = address;
    this.#context = context;
    this.#draft = new Draft<AddressEntry>(line.span());
    this.#draft.set("address", address, line.wordSpan(0));
  }

  /** Reads the word at `index` with its value. Returns how many words that took. */
  readWord(index: number): number | Exclude<Outcome, "read"> {
    const word = this.#line.word(index);
    const flag = this.#readFlag(word, index);
    if (flag) return 1;
    if (!this.#words.includes(word)) {
      this.#unknownWord(word, index);
      return 1;
    }
    if (index + 1 >= this.#line.count) {
      this.#drop(index, `\`${word}\` lacks its value`);
      return "dropLine";
    }
    const outcome = this.#readValue(word, index + 1);
    return outcome === "read" ? 2 : outcome;
  }

  #readFlag(word: string, index: number): boolean {
    if (!isFlag(word)) return false;
    this.#draft.set(FLAGS[word], true, this.#line.wordSpan(index));
    return true;
  }

  #readValue(word: string, index: number): Outcome {
    switch (word) {
      case "dev":
        return this.#readInterface(index);
      case "scope":
        return this.#readScope(index);
      case "broadcast":
      case "brd":
        return this.#readBroadcast(index);
      case "label":
        return this.#readLabel(index);
      case "peer":
        return this.#readPeer(index);
      case TRACK_GROUP:
        return this.#trackGroup?.read(this.#line, index, this.#context) ===
            false
          ? "endLine"
          : "read";
      default:
        this.#readPreferred(index);
        return "read";
    }
  }

  #readPreferred(index: number): void {
    const seconds = this.#line.word(index) === "forever"
      ? LIFETIME_FOREVER
      : PREFERRED(this.#line, index, this.#context);
    if (seconds === undefined) return;
    const span = this.#line.wordSpan(index);
    this.#draft.set("preferredSeconds", seconds, span);
  }

  #readInterface(index: number): Outcome {
    if (this.#draft.get("interface") !== undefined) {
      return this.#drop(index - 1, "`dev` is given twice");
    }
    const name = interfaceName(this.#line, index, this.#context);
    if (name === undefined) return "dropLine";
    this.#draft.set("interface", name, this.#line.wordSpan(index));
    return "read";
  }

  #readScope(index: number): Outcome {
    if (this.#isForIpv4("scope", index)) return "read";
    const scope = readScope(this.#line.word(index), this.#context.names);
    if (scope !== undefined) {
      this.#draft.set("scope", scope, this.#line.wordSpan(index));
      return "read";
    }
    this.#context.warn(
      "HK0107",
      this.#line,
      this.#line.wordSpan(index),
      `unknown scope \`${this.#line.word(index)}\``,
      {
        label:
          "must be `global`, `site`, `link`, `host`, `nowhere` or 0 to 255; ignored",
      },
    );
    return "read";
  }

  #readBroadcast(index: number): Outcome {
    const word = this.#line.word(index);
    const span = this.#line.wordSpan(index);
    if (familyOf(this.#address) === 6) {
      return this.#drop(index - 1, "IPv6 has no broadcast addresses", "HK0223");
    }
    if (word === "+" || word === "-") {
      this.#draft.set("broadcast", word, span);
      return "read";
    }
    const broadcast = parseIpAddress(word);
    if (broadcast === undefined || familyOf(broadcast) !== 4) {
      notAnAddress(
        this.#line,
        index,
        this.#context,
        "must be an IPv4 address, `+` or `-`; the whole line is ignored",
      );
      return "dropLine";
    }
    this.#draft.set("broadcast", broadcast, span);
    return "read";
  }

  #readLabel(index: number): Outcome {
    if (this.#isForIpv4("label", index)) return "read";
    const label = this.#line.word(index);
    if (new TextEncoder().encode(label).length > LABEL_BYTES_MAX) {
      return this.#drop(
        index,
        `label \`${label}\` is longer than ${LABEL_BYTES_MAX} bytes`,
        "HK0109",
      );
    }
    if (label !== "") {
      this.#draft.set("label", label, this.#line.wordSpan(index));
    }
    return "read";
  }

  #readPeer(index: number): Outcome {
    const line = this.#line;
    const peer = addressWithPrefix(line, index, this.#context);
    if (peer === undefined) return "read";
    const ignore = (message: string) => {
      this.#context.warn("HK0110", line, line.wordSpan(index), message, {
        label: "`peer` is ignored",
      });
    };
    if (familyOf(peer.address) !== familyOf(this.#address)) {
      ignore("the peer is of the other family");
    } else if (this.#draft.get("peer") !== undefined) {
      ignore("`peer` is given twice");
    } else {
      if (line.word(0).includes("/")) this.#reportOwnPrefix();
      const max = familyOf(peer.address) === 4 ? 32 : 128;
      this.#draft.set("peer", {
        address: peer.address,
        prefixLength: peer.prefixLength ?? max,
      }, line.wordSpan(index));
    }
    return "read";
  }

  #reportOwnPrefix(): void {
    this.#context.warn(
      "HK0110",
      this.#line,
      this.#line.wordSpan(0),
      "an address with a peer has its prefix length behind the peer",
      {
        label: "the prefix length is ignored",
        help: `write \`${this.#address} peer ADDRESS/LENGTH\``,
      },
    );
  }

  /** Whether the option exists for IPv4 alone and so means nothing here; then it is reported. */
  #isForIpv4(word: string, index: number): boolean {
    if (familyOf(this.#address) === 4) return false;
    this.#context.warn(
      "HK0223",
      this.#line,
      this.#line.wordsSpan(index - 1, index),
      `an IPv6 address has no \`${word}\``,
      { label: "ignored" },
    );
    return true;
  }

  #unknownWord(word: string, index: number) {
    const near = closestOf(word, this.#words);
    this.#context.warn(
      "HK0101",
      this.#line,
      this.#line.wordSpan(index),
      `unknown word \`${word}\` behind an address`,
      {
        label: "ignored",
        help: near === undefined ? undefined : `did you mean \`${near}\`?`,
      },
    );
  }

  #drop(
    index: number,
    message: string,
    code: "HK0109" | "HK0110" | "HK0223" | "HK0424" = "HK0424",
  ): "dropLine" {
    this.#context.warn(
      code,
      this.#line,
      this.#line.wordSpan(index),
      message,
      { label: "the whole line is ignored" },
    );
    return "dropLine";
  }

  #checkBroadcast(prefixLength: number) {
    const broadcast = this.#draft.get("broadcast");
    const at = this.#draft.spanOf("broadcast");
    if (broadcast === undefined || at === undefined) return;
    const problem = this.#draft.get("peer") !== undefined
      ? "an address with a peer has no broadcast address"
      : (broadcast === "+" || broadcast === "-") && prefixLength > 30
      ? `a /${prefixLength} network has no broadcast address`
      : undefined;
    if (problem === undefined) return;
    this.#context.warn("HK0110", this.#line, at, problem, { label: "ignored" });
    this.#draft.clear("broadcast");
  }

  finish(prefixLength: number | undefined): AddressEntry {
    const draft = this.#draft;
    this.#checkBroadcast(prefixLength ?? 32);
    return {
      address: this.#address,
      family: familyOf(this.#address),
      prefixLength: draft.get("peer") === undefined ? prefixLength : undefined,
      interface: draft.get("interface"),
      label: draft.get("label"),
      scope: draft.get("scope"),
      broadcast: draft.get("broadcast"),
      peer: draft.get("peer"),
      noTrack: draft.get("noTrack") ?? false,
      noPrefixRoute: draft.get("noPrefixRoute") ?? false,
      home: draft.get("home"),
      detectsDuplicates: draft.get("detectsDuplicates"),
      managesTemporary: draft.get("managesTemporary"),
      autojoin: draft.get("autojoin"),
      preferredSeconds: draft.get("preferredSeconds"),
      useVmac: draft.get("useVmac") ?? false,
      at: draft.at,
    };
  }
}

function isFlag(word: string): word is keyof typeof FLAGS {
  return Object.hasOwn(FLAGS, word);
}

function readScope(
  word: string,
  names: NameTables,
): AddressScope | undefined {
  switch (word) {
    case "global":
    case "site":
    case "link":
    case "host":
      return word;
    default: {
      const number = /^[0-9]{1,3}$/.test(word)
        ? Number(word)
        : names.number("rt_scopes", word);
      return number !== undefined && number <= 255 ? number : undefined;
    }
  }
}
