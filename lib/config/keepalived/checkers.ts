/**
 * Checkers of a `real_server`: their keywords, and what becomes of them.
 *
 * Says:    keepalived's checker blocks; one that lacks what it is for is dropped at its end, with a message.
 * @module
 */
import { familyOf, type IpAddress } from "../../addr/ip_address.ts";
import {
  type BfdCheck,
  type CheckConnection,
  type CheckedUrl,
  type Checkers,
  type CheckTiming,
  DNS_TYPES,
  type DnsCheck,
  type FileCheck,
  type HttpCheck,
  type MiscCheck,
  type PingCheck,
  type SmtpCheck,
  type TcpCheck,
  type UdpCheck,
} from "../checker_model.ts";
import type { Span } from "../../diag/diagnostic.ts";
import type { RealServer } from "../lvs_model.ts";
import { isUnreachable } from "../lvs_review.ts";
import type { Positions } from "../model.ts";
import { address } from "./addresses.ts";
import {
  type Argument,
  flag,
  needs,
  oneOf,
  optionalBoolean,
  scriptUser,
  wants,
  wantsScript,
  word,
  type WordReader,
} from "./argument.ts";
import {
  block,
  custom,
  deprecated,
  KeywordBlock,
  lacks,
  modelledTable,
  type Row,
  setting,
  type Table,
} from "./block.ts";
import { definedAbove } from "./defined_above.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { seconds, whole, wholeSeconds } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";
import { firstCounts, lastCounts } from "./repeated.ts";
import { laterInterface, onlyWord, readHex } from "./server_words.ts";
import { urlTable } from "./checked_url.ts";
import {
  NO_BFD_CHECK,
  NO_DNS_CHECK,
  NO_FILE_CHECK,
  NO_HTTP_CHECK,
  NO_MISC_CHECK,
  NO_PING_CHECK,
  NO_SMTP_CHECK,
  NO_TCP_CHECK,
  NO_UDP_CHECK,
  NO_URL,
} from "../nothing_set.ts";

type At<T> = T & { readonly at: Positions<keyof T & string> };

const UINT_MAX = 4_294_967_295;
/** Longer than 136 years is as long. */
const SECONDS_MAX = 4_294_967_295;
/** What keepalived's counter of microseconds holds. */
const SECONDS_READ_MAX = 18_446_744_073_709;

const port = needs(whole(1, 65_535, { takesLeadingDigits: false }));

/** Seconds that may be 0. */
export const delay = needs(longSeconds(0));
/** Seconds between two runs. */
export const loop = needs(longSeconds(0.000001));
/** Seconds that a connection may take. */
export const timeout = needs(seconds(0.000001, 4294.967295));

type Rows<T extends { readonly at: unknown }> = Readonly<
  Record<string, Row<Draft<T>>>
>;

const timing: Rows<At<CheckTiming>> = {
  retry: setting("retry", needs(whole(0, UINT_MAX))),
  delay_before_retry: setting("delayBeforeRetryNs", delay),
  warmup: setting("warmupNs", delay),
  delay_loop: setting("delayLoopNs", loop),
  alpha: setting("alpha", optionalBoolean),
  log_all_failures: setting("logAllFailures", optionalBoolean),
};

/** A checker that connects, to the real server unless it says otherwise. */
class ConnectionDraft<T extends At<CheckConnection>> extends Draft<T> {
  constructor(head: LogicalLine, readonly server: IpAddress | undefined) {
    super(head.span());
  }
}

type ConnectionRow = Row<ConnectionDraft<At<CheckConnection>>>;

const connection: Readonly<Record<string, ConnectionRow>> = {
  connect_ip: ownAddress("connectIp", "bindTo"),
  connect_port: setting("connectPort", port),
  bindto: ownAddress("bindTo", "connectIp"),
  bind_port: setting("bindPort", port),
  bind_if: setting("bindInterface", needs(laterInterface)),
  connect_timeout: setting("connectTimeoutNs", timeout),
  fwmark: setting("firewallMark", needs(whole(0, UINT_MAX))),
  ...timing,
};

/** An address that must be of the family of `other`, as far as that is known. */
function ownAddress(
  key: "connectIp" | "bindTo",
  other: "connectIp" | "bindTo",
): ConnectionRow {
  const read: Argument<IpAddress> = needs(address);
  return custom((draft, line, context) => {
    const found = read(line, context);
    if (found === undefined) return;
    const before = draft.get(other) ??
      (other === "connectIp" ? draft.server : undefined);
    if (before === undefined || familyOf(before) === familyOf(found)) {
      draft.set(key, found, line.wordSpan(1));
      return;
    }
    context.warn(
      "HK0604",
      line,
      line.wordSpan(1),
      `\`${found}\` is not IPv${familyOf(before)}`,
      { label: `\`${before}\` is; \`bindto\` is ignored` },
    );
    draft.clear("bindTo");
    if (key === "connectIp") draft.set(key, found, line.wordSpan(1));
  });
}

const httpTable: Table<HttpDraft> = modelledTable(webRows(false));
const sslTable: Table<HttpDraft> = modelledTable(webRows(true));

class HttpDraft extends ConnectionDraft<HttpCheck> {
  readonly urls: CheckedUrl[] = [];
}

function webRows(
  isTls: boolean,
): Readonly<Record<string, Row<HttpDraft>>> {
  const rows: Readonly<Record<string, Row<HttpDraft>>> = {
    ...connection,
    nb_get_retry: deprecated("use `retry`", {
      ...setting("retry", needs(whole(0, UINT_MAX))),
      tomlKey: "retry",
    }),
    virtualhost: lastCounts(
      "virtualHost",
      setting("virtualHost", wants(word)),
    ),
    http_protocol: custom((draft, line, context) => {
      const found = wants(oneOf(["1.0", "1.0C", "1.0c", "1.1"]))(line, context);
      if (found === undefined) return;
      const protocol = found === "1.0c" ? "1.0C" : found;
      draft.set("httpProtocol", protocol, line.wordSpan(1));
    }),
    enable_sni: setting("enableSni", optionalBoolean),
    sni_name: custom(readSniName),
    fast_recovery: setting("fastRecovery", optionalBoolean),
    ...(isTls
      ? { tls_compliant: setting("tlsCompliant", optionalBoolean) }
      : {}),
  };
  const rowsOfUrl = urlTable(isTls);
  return {
    ...rows,
    url: {
      status: "modelled",
      block: rowsOfUrl,
      read: (draft: HttpDraft, head: LogicalLine) => {
        draft.mark("urls", head.wordSpan(0));
        const url = new Draft<CheckedUrl>(head.span());
        return new KeywordBlock(head, rowsOfUrl, url, (_, end, context) => {
          if (url.get("path") === undefined) {
            lacks(head, end, ["path"], context);
          } else draft.urls.push({ ...NO_URL, ...url.values, at: url.at });
        });
      },
    },
  };
}

const sniName = lastCounts<HttpCheck>(
  "sniName",
  setting("sniName", wants(word)),
);

function readSniName(
  draft: Draft<HttpCheck>,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 2) {
    draft.set("enableSni", true, line.wordSpan(0));
    return;
  }
  sniName.read(draft, line, context);
  if (draft.get("enableSni") === false) {
    draft.set("enableSni", true, line.wordSpan(0));
  }
}

const dnsTable = modelledTable<ConnectionDraft<DnsCheck>>({
  ...connection,
  type: setting("type", needs(oneOfAnyCase(DNS_TYPES))),
  name: firstCounts("name", setting("name", needs(domain))),
});

const miscTable = modelledTable<Draft<MiscCheck>>({
  ...timing,
  misc_path: custom((draft, line, context) => {
    const found = wantsScript(line, context);
    if (found !== undefined) {
      draft.set("command", found.command, line.wordSpan(1));
    }
  }),
  misc_timeout: setting("timeoutNs", needs(wholeSeconds(0, 4294))),
  misc_dynamic: setting("isDynamic", flag),
  user: setting("user", scriptUser),
});

const udpTable = modelledTable<ConnectionDraft<UdpCheck>>({
  ...connection,
  payload: custom((draft, line, context) => {
    if (line.count < 2) {
      wants(word)(line, context);
      return;
    }
    const bytes = readHex(line, context, "");
    if (bytes === undefined) draft.clear("payload");
    else draft.set("payload", bytes, line.wordsSpan(1, line.count - 1));
  }),
  require_reply: custom((draft, line, context) => {
    const bytes = readHex(line, context, "xX") ?? "";
    draft.set("requireReply", bytes, line.wordsSpan(0, line.count - 1));
  }),
  min_reply_length: setting("minReplyLength", needs(whole(0, 65_535))),
  max_reply_length: setting("maxReplyLength", needs(whole(0, 65_535))),
});

class SmtpDraft extends ConnectionDraft<SmtpCheck> {
  /** Headlines of `host` blocks: each is one more check of the real server. */
  readonly hosts: LogicalLine[] = [];
}

const connectionTable = modelledTable<SmtpDraft>(connection);

const smtpTable: Table<SmtpDraft> = modelledTable<SmtpDraft>({
  ...connection,
  helo_name: lastCounts("heloName", setting("heloName", wants(word))),
  host: {
    ...block(connectionTable, (draft: SmtpDraft, line, context) => {
      draft.hosts.push(line);
      context.advise("HK0426", line, line.wordSpan(0), "`host` is deprecated", {
        label: "its words count for the SMTP_CHECK around it",
        help: "write an SMTP_CHECK of its own",
      });
      return draft;
    }),
    // One more check.
    tomlKey: "SMTP_CHECK",
  },
});

const fileTable = modelledTable<Draft<FileCheck>>({
  track_file: custom((draft, line, context) => {
    const name = needs(word)(line, context);
    if (name === undefined || !definedAbove("track_file", line, context)) {
      return;
    }
    draft.set("trackFile", name, line.wordSpan(1));
  }),
  weight: custom(readFileWeight),
});

function readFileWeight(
  draft: Draft<FileCheck>,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 2) {
    wants(word)(line, context);
    return;
  }
  const reverse = line.count < 3
    ? false
    : { reverse: true, noreverse: false }[line.word(2)];
  if (reverse === undefined) {
    oneOf(["reverse", "noreverse"])(line, 2, context);
    return;
  }
  const weight = whole(-2_147_483_647, 2_147_483_647)(line, 1, context);
  if (weight === undefined) return;
  draft.set("weight", weight, line.wordSpan(1));
  if (line.count > 2) draft.set("reverse", reverse, line.wordSpan(2));
}

const bfdTable = modelledTable<Draft<BfdCheck>>({
  name: custom((draft, line, context) => {
    const name = onlyWord(line, context);
    if (name === undefined || !definedAbove("bfd_instance", line, context)) {
      return;
    }
    draft.set("name", name, line.wordSpan(1));
  }),
  alpha: setting("alpha", optionalBoolean),
});

const tcpTable = modelledTable<ConnectionDraft<TcpCheck>>(connection);
const pingTable = modelledTable<ConnectionDraft<PingCheck>>(connection);

/** A real server, as far as its checkers see it. */
export interface CheckerHost {
  get<K extends keyof Checkers | "address">(
    key: K,
  ): RealServer[K] | undefined;
  set<K extends keyof Checkers>(
    key: K,
    value: Checkers[K],
    span: Span,
  ): void;
  spanOf(key: keyof Checkers): Span | undefined;
}

/** The checkers that a real server can have. */
export const checkerRows: Readonly<Record<string, Row<CheckerHost>>> = {
  TCP_CHECK: connecting(
    tcpTable,
    connectionDraft<TcpCheck>,
    (host, draft, head) => {
      const check = { ...NO_TCP_CHECK, ...draft.values, at: draft.at };
      add(host, "tcpChecks", [...host.get("tcpChecks") ?? [], check], head);
    },
  ),
  PING_CHECK: connecting(
    pingTable,
    connectionDraft<PingCheck>,
    (host, draft, head) => {
      const check = { ...NO_PING_CHECK, ...draft.values, at: draft.at };
      add(host, "pingChecks", [...host.get("pingChecks") ?? [], check], head);
    },
  ),
  UDP_CHECK: connecting(
    udpTable,
    connectionDraft<UdpCheck>,
    (host, draft, head) => {
      const check = { ...NO_UDP_CHECK, ...draft.values, at: draft.at };
      add(host, "udpChecks", [...host.get("udpChecks") ?? [], check], head);
    },
  ),
  DNS_CHECK: connecting(
    dnsTable,
    connectionDraft<DnsCheck>,
    (host, draft, head) => {
      const check = { ...NO_DNS_CHECK, ...draft.values, at: draft.at };
      add(host, "dnsChecks", [...host.get("dnsChecks") ?? [], check], head);
    },
  ),
  MISC_CHECK: checker(
    miscTable,
    newDraft<MiscCheck>,
    (host, draft, head, end, context) => {
      if (draft.get("command") === undefined) {
        lacks(head, end, ["misc_path"], context);
        return;
      }
      const check = { ...NO_MISC_CHECK, ...draft.values, at: draft.at };
      add(host, "miscChecks", [...host.get("miscChecks") ?? [], check], head);
    },
  ),
  FILE_CHECK: checker(
    fileTable,
    newDraft<FileCheck>,
    (host, draft, head, end, context) => {
      if (draft.get("trackFile") === undefined) {
        lacks(head, end, ["track_file"], context);
        return;
      }
      const check = { ...NO_FILE_CHECK, ...draft.values, at: draft.at };
      add(host, "fileChecks", [...host.get("fileChecks") ?? [], check], head);
    },
  ),
  BFD_CHECK: checker(
    bfdTable,
    newDraft<BfdCheck>,
    (host, draft, head, end, context) => {
      const name = draft.get("name");
      if (name === undefined) {
        lacks(head, end, ["name"], context);
        return;
      }
      const before = host.get("bfdChecks")?.find((one) => one.name === name);
      if (before !== undefined) {
        context.sink.warning(
          "HK0241",
          draft.spanOf("name") ?? head.span(),
          `\`${name}\` is followed already`,
          {
            label: "the checker is dropped",
            related: [{
              span: before.at.of.name ?? before.at.self,
              message: "the first one",
            }],
          },
        );
        return;
      }
      const check = { ...NO_BFD_CHECK, ...draft.values, at: draft.at };
      add(host, "bfdChecks", [...host.get("bfdChecks") ?? [], check], head);
    },
  ),
  SMTP_CHECK: connecting(
    smtpTable,
    (head, server) => new SmtpDraft(head, server),
    (host, draft, head) => {
      const check = { ...NO_SMTP_CHECK, ...draft.values, at: draft.at };
      // They go to the real server itself, if that can be.
      const hosts = isUnreachable(draft.server, undefined) ? [] : draft.hosts;
      const more = hosts.map((line) => ({
        ...NO_SMTP_CHECK,
        at: { self: line.span(), of: {} },
      }));
      const before = host.get("smtpChecks") ?? [];
      add(host, "smtpChecks", [...before, check, ...more], head);
    },
  ),
  HTTP_GET: connecting(
    httpTable,
    (head, server) => new HttpDraft(head, server),
    (host, draft, head, end, context) => {
      const check = finishHttp(draft, head, end, context);
      if (check === undefined) return;
      add(host, "httpChecks", [...host.get("httpChecks") ?? [], check], head);
    },
  ),
  SSL_GET: connecting(
    sslTable,
    (head, server) => new HttpDraft(head, server),
    (host, draft, head, end, context) => {
      const check = finishHttp(draft, head, end, context);
      if (check === undefined) return;
      add(host, "sslChecks", [...host.get("sslChecks") ?? [], check], head);
    },
  ),
};

function newDraft<T extends { readonly at: unknown }>(
  head: LogicalLine,
): Draft<T> {
  return new Draft<T>(head.span());
}

function connectionDraft<T extends At<CheckConnection>>(
  head: LogicalLine,
  server: IpAddress | undefined,
): ConnectionDraft<T> {
  return new ConnectionDraft<T>(head, server);
}

/** Where the first of a kind stands is where the kind stands. */
function add<K extends keyof Checkers>(
  host: CheckerHost,
  key: K,
  checks: Checkers[K],
  head: LogicalLine,
) {
  host.set(key, checks, host.spanOf(key) ?? head.span());
}

/** Makes a checker of what was read, when its block ends. */
type Finish<D> = (
  host: CheckerHost,
  draft: D,
  head: LogicalLine,
  end: LogicalLine,
  context: ReadContext,
) => void;

/** A block whose content becomes a checker that connects, unless its address rules that out. */
function connecting<D extends ConnectionDraft<At<CheckConnection>>>(
  rows: Table<D>,
  open: (head: LogicalLine, server: IpAddress | undefined) => D,
  finish: Finish<D>,
): Row<CheckerHost> {
  return checker(rows, open, (host, draft, head, end, context) => {
    if (needsInterface(draft, head, end, context)) return;
    finish(host, draft, head, end, context);
  });
}

/** A block whose content becomes a checker. */
function checker<D>(
  rows: Table<D>,
  open: (head: LogicalLine, server: IpAddress | undefined) => D,
  finish: Finish<D>,
): Row<CheckerHost> {
  return {
    status: "modelled",
    block: rows,
    read: (host, head) => {
      const draft = open(head, host.get("address"));
      return new KeywordBlock(
        head,
        rows,
        draft,
        (_, end, context) => finish(host, draft, head, end, context),
      );
    },
  };
}

/** A link-local address means nothing without an interface. */
function needsInterface(
  draft: ConnectionDraft<At<CheckConnection>>,
  head: LogicalLine,
  end: LogicalLine,
  context: ReadContext,
): boolean {
  const target = draft.get("connectIp") ?? draft.server;
  if (!isUnreachable(target, draft.get("bindInterface"))) return false;
  context.warn(
    "HK0612",
    end,
    end.span(),
    `\`${target}\` is link-local, and there is no \`bind_if\``,
    {
      label: "the checker is dropped",
      related: [{ span: head.wordSpan(0), message: "it begins here" }],
    },
  );
  return true;
}

function finishHttp(
  draft: HttpDraft,
  head: LogicalLine,
  end: LogicalLine,
  context: ReadContext,
): HttpCheck | undefined {
  if (draft.urls.length === 0) {
    lacks(head, end, ["url"], context);
    return undefined;
  }
  const { urls, at } = draft;
  return { ...NO_HTTP_CHECK, ...draft.values, urls, at };
}

/** A domain; two dots in a row make it none. */
function domain(
  ...[line, index, context]: Parameters<WordReader<string>>
): string | undefined {
  const name = line.word(index);
  if (name === "." || !/^\.|\.\./.test(name)) return name;
  context.warn(
    "HK0109",
    line,
    line.wordSpan(index),
    `\`${name}\` has an empty label`,
    { label: "the line is ignored" },
  );
  return undefined;
}

/** Seconds without a bound that anybody would meet. */
function longSeconds(min: number): WordReader<number> {
  const read = seconds(min, SECONDS_READ_MAX);
  return (line, index, context) => {
    const found = read(line, index, context);
    return found === undefined ? undefined : Math.min(found, SECONDS_MAX * 1e9);
  };
}

/** One of `words`, in upper or lower case. */
export function oneOfAnyCase<const T extends string>(
  words: readonly T[],
): WordReader<T> {
  return (line, index, context) => {
    const upper = line.word(index).toUpperCase();
    return words.find((one) => one === upper) ??
      oneOf(words)(line, index, context);
  };
}
