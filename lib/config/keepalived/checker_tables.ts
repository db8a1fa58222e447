/**
 * `virtual_server` and what belongs to it. This version does not act on any of it yet; the keywords are known so
 * that a misspelt one is told from a right one.
 * @module
 */
import { parseIpAddress } from "../../addr/ip_address.ts";
import { address, notAnAddress } from "./addresses.ts";
import {
  anyWords,
  type Argument,
  flag,
  may,
  needs,
  needsEach,
  needsScript,
  oneOf,
  optionalBoolean,
  textUpTo,
  wants,
  wantsEach,
  wantsScript,
  word,
  type WordReader,
} from "./argument.ts";
import {
  deprecated,
  inactiveBlock,
  inactiveEntries,
  KeywordBlock,
  known,
  knownBlock,
  notActedOn,
  type Row,
  type Table,
  table,
} from "./block.ts";
import { seconds, whole } from "./numbers.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";

type Rows = Readonly<Record<string, Row<unknown>>>;

const UINT_MAX = 4_294_967_295;
const SECONDS_MAX = 4_294_967_295;

const port = whole(1, 65_535, { takesLeadingDigits: false });
const portOrZero = whole(0, 65_535, { takesLeadingDigits: false });
const delay = known(needs(seconds(0, SECONDS_MAX)));
const loop = known(needs(seconds(0.000001, SECONDS_MAX)));
const timeout = known(needs(seconds(0.000001, 4294.967295)));

/** What every checker knows. */
const anyChecker: Rows = {
  retry: known(needs(whole(0, UINT_MAX))),
  delay_before_retry: delay,
  warmup: delay,
  delay_loop: loop,
  alpha: known(optionalBoolean),
  log_all_failures: known(optionalBoolean),
};

/** What every checker that connects knows. */
const connection: Rows = {
  connect_ip: known(needs(address)),
  connect_port: known(needs(port)),
  bindto: known(needs(address)),
  bind_port: known(needs(port)),
  bind_if: known(needs(textUpTo(15))),
  connect_timeout: timeout,
  fwmark: known(needs(whole(0, UINT_MAX))),
  ...anyChecker,
};

const statusCode: WordReader<string> = (line, index, context) => {
  const text = line.word(index);
  const match = /^([0-9]{3})(?:-([0-9]{3}))?$/.exec(text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? from);
  if (match !== null && from >= 100 && to <= 599 && from <= to) return text;
  context.warn(
    "HK0104",
    line,
    line.wordSpan(index),
    `\`${text}\` is not a status code`,
    { label: "must be 100 to 599, or a range such as `200-299`; ignored" },
  );
  return undefined;
};

const digest: WordReader<string> = (line, index, context) => {
  const text = line.word(index);
  if (/^[0-9a-fA-F]{32}$/.test(text)) return text;
  context.warn(
    "HK0103",
    line,
    line.wordSpan(index),
    "this is not an MD5 digest",
    {
      label:
        `must be 32 hexadecimal digits, not ${text.length} characters; the line is ignored`,
    },
  );
  return undefined;
};

const url: Rows = {
  path: known(needs(word)),
  digest: known(needs(digest)),
  status_code: known(wantsEach(statusCode)),
  virtualhost: known(wants(word)),
  regex: known(wants(word)),
  regex_no_match: known(flag),
  regex_options: known(anyWords),
  regex_min_offset: known(anyWords),
  regex_max_offset: known(anyWords),
  regex_stack: known(anyWords),
};

const webChecker: Rows = {
  ...connection,
  nb_get_retry: deprecated(
    "use `retry`",
    known(needs(whole(0, UINT_MAX))),
  ),
  virtualhost: known(wants(word)),
  http_protocol: known(wants(oneOf(["1.0", "1.0C", "1.0c", "1.1"]))),
  enable_sni: known(optionalBoolean),
  sni_name: known(may(undefined, word)),
  fast_recovery: known(optionalBoolean),
};

const DNS_TYPES = [
  "A",
  "NS",
  "CNAME",
  "SOA",
  "MX",
  "TXT",
  "AAAA",
  "RRSIG",
  "DNSKEY",
];

const checkers: Rows = {
  TCP_CHECK: knownBlock(table(connection)),
  PING_CHECK: knownBlock(table(connection)),
  UDP_CHECK: knownBlock(table({
    ...connection,
    payload: known(wantsEach(word)),
    require_reply: known(anyWords),
    min_reply_length: known(needs(whole(0, 65_535))),
    max_reply_length: known(needs(whole(0, 65_535))),
  })),
  DNS_CHECK: knownBlock(table({
    ...connection,
    type: known(needs(oneOfAnyCase(DNS_TYPES))),
    name: known(needs(word)),
  })),
  MISC_CHECK: knownBlock(
    table({
      ...anyChecker,
      misc_path: known(wantsScript),
      misc_timeout: known(needs(whole(0, 4294))),
      misc_dynamic: known(flag),
      user: known(wantsEach(word)),
    }),
    { requires: ["misc_path"] },
  ),
  FILE_CHECK: knownBlock(
    table({
      track_file: known(needs(word)),
      weight: known(wantsEach(word)),
    }),
    { requires: ["track_file"] },
  ),
  BFD_CHECK: knownBlock(table({
    name: known(wants(textUpTo(31))),
    alpha: known(optionalBoolean),
  })),
  SMTP_CHECK: knownBlock(table({
    ...connection,
    helo_name: known(wants(word)),
    host: knownBlock(table(connection)),
  })),
  HTTP_GET: knownBlock(
    table({
      ...webChecker,
      url: knownBlock(table(url), { requires: ["path"] }),
    }),
    { requires: ["url"] },
  ),
  SSL_GET: knownBlock(
    table({
      ...webChecker,
      tls_compliant: known(optionalBoolean),
      url: knownBlock(
        table({ ...url, tls_compliant: known(optionalBoolean) }),
        { requires: ["path"] },
      ),
    }),
    { requires: ["url"] },
  ),
};

const forwardingMethod: Argument<unknown> = (line, context) =>
  line.count < 2
    ? needs(word)(line, context)
    : oneOf(["NAT", "DR", "TUN"])(line, 1, context);

const scheduler = known(needs(oneOf([
  "rr",
  "wrr",
  "lc",
  "wlc",
  "lblc",
  "sh",
  "mh",
  "dh",
  "fo",
  "ovf",
  "lblcr",
  "sed",
  "nq",
  "twos",
])));

/** What virtual and real servers both know. */
const anyServer: Rows = {
  retry: known(needs(whole(1, UINT_MAX, { takesLeadingDigits: false }))),
  delay_before_retry: delay,
  warmup: delay,
  connect_timeout: timeout,
  delay_loop: loop,
  lvs_method: known(forwardingMethod),
  smtp_alert: known(optionalBoolean),
  virtualhost: known(wants(word)),
  snmp_name: known(wants(word)),
};

/** What a quorum is measured by. */
class WeightDraft {
  /** Its own; the virtual server's unless given. */
  weight: number | undefined;
}

class QuorumDraft extends WeightDraft {
  readonly realServers: WeightDraft[] = [];
  quorum: { readonly value: number; readonly line: LogicalLine } | undefined;
}

const weightMax = 2_147_483_647;

function weightRow(min: number): Row<WeightDraft> {
  return {
    status: "inactive",
    read: (draft, line, context) => {
      draft.weight = needs(whole(min, weightMax))(line, context) ??
        draft.weight;
      return undefined;
    },
  };
}

/** keepalived lowers a quorum that cannot be reached. */
function checkQuorum(
  { quorum, weight = 1, realServers }: QuorumDraft,
  _end: LogicalLine,
  context: ReadContext,
) {
  const sum = realServers.reduce((all, one) => all + (one.weight ?? weight), 0);
  if (quorum === undefined || quorum.value <= sum) return;
  // Without real servers all of it is dropped.
  if (realServers.length === 0) return;
  context.warn(
    "HK0435",
    quorum.line,
    quorum.line.wordSpan(1),
    `the real servers weigh ${sum} together`,
    {
      label: `${sum} is used`,
      help: "lower the quorum, or raise the weights",
    },
  );
}

const realServerTable: Table<WeightDraft> = table<WeightDraft>({
  ...anyServer,
  weight: weightRow(0),
  uthreshold: known(needs(whole(0, UINT_MAX))),
  lthreshold: known(needs(whole(0, UINT_MAX))),
  inhibit_on_failure: known(optionalBoolean),
  notify_up: known(needsScript),
  notify_down: known(needsScript),
  alpha: known(optionalBoolean),
  ...checkers,
});

const virtualServerTable: Table<QuorumDraft> = table<QuorumDraft>({
  ...anyServer,
  ip_family: known(needs(oneOf(["inet", "inet6"]))),
  inhibit_on_failure: known(flag),
  lb_algo: scheduler,
  lvs_sched: scheduler,
  hashed: known(flag),
  ops: known(flag),
  "flag-1": known(flag),
  "flag-2": known(flag),
  "flag-3": known(flag),
  "sh-port": known(flag),
  "sh-fallback": known(flag),
  "mh-port": known(flag),
  "mh-fallback": known(flag),
  lb_kind: known(forwardingMethod),
  persistence_engine: known(needs(textUpTo(16))),
  persistence_timeout: known(
    may(undefined, whole(1, 2_678_400, { takesLeadingDigits: false })),
  ),
  persistence_granularity: known(needs(word)),
  protocol: known(needs(oneOfAnyCase(["TCP", "UDP", "SCTP"]))),
  ha_suspend: known(flag),
  alpha: known(flag),
  omega: known(flag),
  quorum_up: known(needsScript),
  quorum_down: known(needsScript),
  quorum: {
    status: "inactive",
    read: (draft, line, context) => {
      const value = needs(whole(1, UINT_MAX, { otherwise: 1 }))(line, context);
      if (value !== undefined) draft.quorum = { value, line };
      return undefined;
    },
  },
  hysteresis: known(needs(whole(0, UINT_MAX))),
  weight: weightRow(1),
  sorry_server: known((line, context) => readServerAddress(line, 1, context)),
  sorry_server_inhibit: known(flag),
  sorry_server_lvs_method: known(forwardingMethod),
  real_server: {
    status: "inactive",
    block: realServerTable,
    read: (draft, line, context) => {
      if (line.count < 2) needs(word)(line, context);
      if (!readServerAddress(line, 1, context)) return "skip";
      const realServer = new WeightDraft();
      draft.realServers.push(realServer);
      return new KeywordBlock(line, realServerTable, realServer);
    },
  },
});

/** Top-level keywords of the checker process. */
export const checkerTop: Rows = {
  virtual_server: {
    status: "inactive",
    block: virtualServerTable,
    read: (_draft, line, context) => {
      notActedOn(line, context, "block");
      if (openVirtualServer(line, context) === "skip") return "skip";
      const draft = new QuorumDraft();
      return new KeywordBlock(line, virtualServerTable, draft, checkQuorum);
    },
  },
  virtual_server_group: inactiveEntries(
    readGroupEntry,
    2,
    "keepalived drops the group",
  ),
  SSL: inactiveBlock(table({
    password: known(wants(word)),
    ca: known(wants(word)),
    certificate: known(wants(word)),
    key: known(wants(word)),
  })),
};

function openVirtualServer(
  line: LogicalLine,
  context: ReadContext,
): void | "skip" {
  const selector = line.word(1);
  if (selector === "group" || selector === "fwmark") {
    if (line.count < 3) {
      needsEach(word)(line, context);
      return undefined;
    }
    const mark = selector === "fwmark" ? whole(0, UINT_MAX) : word;
    return mark(line, 2, context) === undefined ? "skip" : undefined;
  }
  if (line.count < 2) needs(word)(line, context);
  return readServerAddress(line, 1, context) ? undefined : "skip";
}

/** `IP [PORT]`; false when it cannot be used. */
function readServerAddress(
  line: LogicalLine,
  index: number,
  context: ReadContext,
): boolean {
  if (index >= line.count) return false;
  if (parseIpAddress(line.word(index)) === undefined) {
    notAnAddress(line, index, context, "ignored");
    return false;
  }
  if (index + 1 >= line.count) return true;
  return portOrZero(line, index + 1, context) !== undefined;
}

/** A line of `virtual_server_group`. */
function readGroupEntry(line: LogicalLine, context: ReadContext) {
  if (line.word(0) === "fwmark") {
    needsEach(word)(line, context);
    return;
  }
  const first = line.word(0).replace(/[/-].*$/, "");
  if (parseIpAddress(first) === undefined) {
    notAnAddress(line, 0, context, "the line is ignored");
  } else if (line.count > 1) portOrZero(line, 1, context);
}

function oneOfAnyCase(words: readonly string[]): WordReader<string> {
  return (line, index, context) => {
    const upper = line.word(index).toUpperCase();
    return words.includes(upper) ? upper : oneOf(words)(line, index, context);
  };
}
