/**
 * The keys of checkers: keepalived's keywords.
 * @module
 */
import {
  type BfdCheck,
  type CheckConnection,
  type CheckedUrl,
  type CheckTiming,
  DNS_TYPES,
  type DnsCheck,
  type FileCheck,
  HTTP_PROTOCOLS,
  type HttpCheck,
  type MiscCheck,
  type PingCheck,
  REGEX_OPTIONS,
  type RegexStack,
  type SmtpCheck,
  type StatusCodes,
  type TcpCheck,
  type UdpCheck,
} from "../checker_model.ts";
import { SCRIPT_USER } from "./script_entry.ts";
import { PORT } from "./server_values.ts";
import {
  required,
  setting,
  type Settings,
  type SettingTable,
  tableList,
} from "./setting.ts";
import {
  ADDRESS,
  BOOLEAN,
  duration,
  inline,
  type InlineType,
  NAME,
  shortList,
  TEXT,
  textLike,
  textUpTo,
  whole,
  word,
} from "./value_type.ts";
import { readList, readWhole, reportKind } from "./value_readers.ts";

const NS_PER_SECOND = 1e9;
const NS_PER_MICROSECOND = 1e3;
const UINT_MAX = 4_294_967_295;

/** A wait that may be none. */
export const DELAY = duration(0, UINT_MAX * NS_PER_SECOND);
/** A time between two runs. */
export const LOOP = duration(NS_PER_MICROSECOND, UINT_MAX * NS_PER_SECOND);
/** A time that a connection may take. */
export const TIMEOUT = duration(NS_PER_MICROSECOND, 4_294_967_295_000);

const OF_SERVER = "the real server's";

/** Rows of what every checker that runs knows; defaults of the last resort differ. */
function timing(
  { retry = "1", delay = "1" }: {
    readonly retry?: string;
    readonly delay?: string;
  } = {},
): Settings<CheckTiming> {
  return {
    delayLoopNs: setting(
      "delay_loop",
      LOOP,
      "time between two runs",
      OF_SERVER,
    ),
    retry: setting(
      "retry",
      whole(0, UINT_MAX),
      "failed attempts that are tolerated",
      `${OF_SERVER}, else ${retry}`,
    ),
    delayBeforeRetryNs: setting(
      "delay_before_retry",
      DELAY,
      "wait before another attempt",
      `${OF_SERVER}, else ${delay}`,
    ),
    warmupNs: setting(
      "warmup",
      DELAY,
      "upper bound of the random delay before the first run",
      `${OF_SERVER}, else \`delay_loop\``,
    ),
    alpha: setting(
      "alpha",
      BOOLEAN,
      "the server counts as down until the first success",
      OF_SERVER,
    ),
    logAllFailures: setting(
      "log_all_failures",
      BOOLEAN,
      "log every failed attempt",
      "`checker_log_all_failures`",
    ),
  };
}

/** Rows of what every checker that connects knows. */
function connection(
  defaults: Parameters<typeof timing>[0] = {},
): Settings<CheckConnection> {
  return {
    connectIp: setting("connect_ip", ADDRESS, "address to check", OF_SERVER),
    connectPort: setting("connect_port", PORT, "port to check", OF_SERVER),
    bindTo: setting(
      "bindto",
      ADDRESS,
      "source address, of the family that is checked",
      "chosen by the kernel",
    ),
    bindPort: setting(
      "bind_port",
      PORT,
      "source port; only with `bindto`",
      "chosen by the kernel",
    ),
    bindInterface: setting(
      "bind_if",
      NAME,
      "interface to use; IPv6 link-local addresses need it",
      "chosen by the kernel",
    ),
    connectTimeoutNs: setting(
      "connect_timeout",
      TIMEOUT,
      "how long a connection, and an answer, may take",
      OF_SERVER,
    ),
    firewallMark: setting(
      "fwmark",
      whole(0, UINT_MAX),
      "mark on outgoing packets",
      "none",
    ),
    ...timing(defaults),
  };
}

export const TCP_TABLE: SettingTable<Omit<TcpCheck, "at">> = {
  name: "TCP_CHECK",
  settings: connection(),
};

export const PING_TABLE: SettingTable<Omit<PingCheck, "at">> = {
  name: "PING_CHECK",
  settings: connection(),
};

const HEX = inline(
  {
    kind: "pattern",
    pattern: "^([0-9a-fA-F]{2})*$",
    what: "bytes in hexadecimal digits",
  },
  (node, sink) =>
    textLike(/^([0-9a-fA-F]{2})*$/, "bytes in hexadecimal digits")
      .read(node, sink)?.toLowerCase(),
  TEXT.text,
);

const HEX_OR_ANY = inline(
  {
    kind: "pattern",
    pattern: "^([0-9a-fA-FxX]{2})*$",
    what: "bytes in hexadecimal digits, `x` for any digit",
  },
  (node, sink) =>
    textLike(
      /^([0-9a-fA-FxX]{2})*$/,
      "bytes in hexadecimal digits, `x` for any digit",
    ).read(node, sink)?.toLowerCase(),
  TEXT.text,
);

const REPLY_LENGTH = whole(0, 65_535);

export const UDP_TABLE: SettingTable<Omit<UdpCheck, "at">> = {
  name: "UDP_CHECK",
  settings: {
    payload: setting("payload", HEX, "bytes to send", "32 bytes of filler"),
    requireReply: setting(
      "require_reply",
      HEX_OR_ANY,
      'an answer must come and begin so; `""` is any answer',
      "silence is a success",
    ),
    minReplyLength: setting(
      "min_reply_length",
      REPLY_LENGTH,
      "bytes of the shortest valid answer",
      "0",
    ),
    maxReplyLength: setting(
      "max_reply_length",
      REPLY_LENGTH,
      "bytes of the longest valid answer",
      "255",
    ),
    ...connection(),
  },
};

export const DNS_TABLE: SettingTable<Omit<DnsCheck, "at">> = {
  name: "DNS_CHECK",
  settings: {
    type: setting("type", word(DNS_TYPES), "record to ask for", '"SOA"'),
    name: setting("name", TEXT, "domain to ask for", '"." (the root)'),
    ...connection({ retry: "3", delay: "`delay_loop`" }),
  },
};

export const SMTP_TABLE: SettingTable<Omit<SmtpCheck, "at">> = {
  name: "SMTP_CHECK",
  settings: {
    heloName: setting(
      "helo_name",
      TEXT,
      "name to greet with",
      '"smtpchecker.keepalived.org"',
    ),
    ...connection(),
  },
};

const CODE = whole(100, 599);
const CODES_PATTERN = /^[1-5][0-9]{2}-[1-5][0-9]{2}$/;
const CODES = textLike(
  CODES_PATTERN,
  'a range of status codes such as "200-299"',
);

/** `200` or `"200-299"`. */
const STATUS_CODES: InlineType<StatusCodes> = inline(
  { kind: "either", of: [CODE.shape, CODES.shape] },
  (node, sink) => {
    if (node.kind === "number") {
      const code = CODE.read(node, sink);
      return code === undefined ? undefined : { first: code, last: code };
    }
    const text = CODES.read(node, sink);
    if (text === undefined) return undefined;
    const [first = 0, last = 0] = text.split("-").map(Number);
    if (first <= last) return { first, last };
    sink.error("HK0104", node.span, `the range ends below ${first}`, {});
    return undefined;
  },
  ({ first, last }) =>
    first === last ? String(first) : CODES.text(`${first}-${last}`),
);

const STACK_SIZES = readList(readWhole(0, Number.MAX_SAFE_INTEGER));

/** `[START, MAX]`. */
const STACK: InlineType<RegexStack> = inline(
  {
    kind: "list",
    of: { kind: "whole", min: 0, max: Number.MAX_SAFE_INTEGER },
  },
  (node, sink) => {
    const sizes = STACK_SIZES(node, sink);
    if (sizes === undefined) return undefined;
    const [start, max, ...more] = sizes;
    if (
      start !== undefined && max !== undefined && more.length === 0 &&
      start <= max
    ) return { start, max };
    return reportKind(
      node,
      "two numbers, the second not below the first",
      sink,
    );
  },
  ({ start, max }) => `[${start}, ${max}]`,
);

const OFFSET = whole(0, Number.MAX_SAFE_INTEGER);
const TLS_COMPLIANT_ABOUT = "SSL_GET only: end connections with a close_notify";

function urlTable(checker: string): SettingTable<Omit<CheckedUrl, "at">> {
  return {
    name: `url of ${checker}`,
    settings: {
      path: required(setting("path", TEXT, "path to ask for")),
      digest: setting(
        "digest",
        inline(
          {
            kind: "pattern",
            pattern: "^[0-9a-fA-F]{32}$",
            what: "32 hexadecimal digits",
          },
          (node, sink) =>
            textLike(/^[0-9a-fA-F]{32}$/, "32 hexadecimal digits")
              .read(node, sink)?.toLowerCase(),
          TEXT.text,
        ),
        "MD5 of the body",
        "any body",
      ),
      statusCodes: setting(
        "status_code",
        shortList(STATUS_CODES),
        'status codes that are a success, such as `[200, "300-399"]`',
        '["200-299"]',
      ),
      virtualHost: setting(
        "virtualhost",
        TEXT,
        "Host header, and name of TLS",
        "the checker's",
      ),
      regex: setting("regex", TEXT, "pattern that the body must match", "none"),
      regexNoMatch: setting(
        "regex_no_match",
        BOOLEAN,
        "the body must not match `regex`",
        "false",
      ),
      regexOptions: setting(
        "regex_options",
        shortList(word(REGEX_OPTIONS)),
        "options of PCRE2",
        "none",
      ),
      regexMinOffset: setting(
        "regex_min_offset",
        OFFSET,
        "first byte at which a match may start",
        "0",
      ),
      regexMaxOffset: setting(
        "regex_max_offset",
        OFFSET,
        "last byte at which a match may start",
        "the body's end",
      ),
      regexStack: setting(
        "regex_stack",
        STACK,
        "bytes of stack for matching: at the start, and at most",
        "PCRE2's",
      ),
      tlsCompliant: setting(
        "tls_compliant",
        BOOLEAN,
        TLS_COMPLIANT_ABOUT,
        "the checker's",
      ),
    },
  };
}

/** HTTP_GET or SSL_GET. */
export function httpTable(
  name: "HTTP_GET" | "SSL_GET",
): SettingTable<Omit<HttpCheck, "at">> {
  return {
    name,
    settings: {
      urls: {
        ...required(setting(
          "url",
          tableList(urlTable(name), true),
          "requests, each of which must succeed",
        )),
        absent: [],
      },
      virtualHost: setting(
        "virtualhost",
        TEXT,
        "Host header, and name of TLS",
        `${OF_SERVER}, else the address`,
      ),
      httpProtocol: setting(
        "http_protocol",
        word(HTTP_PROTOCOLS),
        "version of requests; `1.0C` and `1.1` ask to close the connection",
        '"1.0"',
      ),
      enableSni: setting(
        "enable_sni",
        BOOLEAN,
        "SSL_GET only: send the name of TLS",
        "true with `sni_name`, else false",
      ),
      sniName: setting(
        "sni_name",
        TEXT,
        "SSL_GET only: name of TLS",
        "`virtualhost`",
      ),
      fastRecovery: setting(
        "fast_recovery",
        BOOLEAN,
        "ask for all urls without a pause, at the start and after a failure",
        "false",
      ),
      tlsCompliant: setting(
        "tls_compliant",
        BOOLEAN,
        TLS_COMPLIANT_ABOUT,
        "false",
      ),
      ...connection({ delay: "3" }),
    },
  };
}

export const MISC_TABLE: SettingTable<Omit<MiscCheck, "at">> = {
  name: "MISC_CHECK",
  settings: {
    command: required(
      setting("misc_path", TEXT, "the command line, program first"),
    ),
    timeoutNs: setting(
      "misc_timeout",
      duration(0, 4294e9),
      "how long it may run; whole seconds",
      "`delay_loop`",
    ),
    isDynamic: setting(
      "misc_dynamic",
      BOOLEAN,
      "exit codes from 2 to 255 set the weight to the code less 2",
      "false",
    ),
    user: setting("user", SCRIPT_USER, "whom it runs as", "`script_user`"),
    ...timing({ retry: "0" }),
  },
};

export const FILE_TABLE: SettingTable<Omit<FileCheck, "at">> = {
  name: "FILE_CHECK",
  settings: {
    trackFile: required(
      setting("track_file", TEXT, "name of the `track_file` to follow"),
    ),
    weight: setting(
      "weight",
      whole(-2_147_483_647, 2_147_483_647),
      "what the number in the file is multiplied by; 0: any number but 0 is a failure",
      "that of the `track_file`",
    ),
    reverse: setting(
      "reverse",
      BOOLEAN,
      "the other way round",
      "that of the `track_file`",
    ),
  },
};

export const BFD_TABLE: SettingTable<Omit<BfdCheck, "at">> = {
  name: "BFD_CHECK",
  settings: {
    name: required(
      setting("name", textUpTo(31), "name of the `bfd_instance` to follow"),
    ),
    alpha: setting(
      "alpha",
      BOOLEAN,
      "the server counts as down until the session is up",
      OF_SERVER,
    ),
  },
};
