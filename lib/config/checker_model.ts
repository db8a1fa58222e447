/**
 * Health checkers as a configuration says them; a part of the model (lvs_model.ts).
 *
 * A value that the file does not set is `undefined` here: the real server's counts then, the virtual server's after it,
 * and `resolve_lvs.ts` has what holds when nobody says anything.
 *
 * Units:   `…Ns` nanoseconds.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { Positions } from "./model.ts";
import type { ScriptUser } from "./tracking_model.ts";

/** How often a checker runs, and when it believes what it finds. */
export interface CheckTiming {
  /** Failed attempts that are tolerated; 0 or more. */
  readonly retry: number | undefined;
  readonly delayBeforeRetryNs: number | undefined;
  /** Upper bound of the random delay before the first run; 0 is none. */
  readonly warmupNs: number | undefined;
  readonly delayLoopNs: number | undefined;
  /** The server counts as down until the first success. */
  readonly alpha: boolean | undefined;
  readonly logAllFailures: boolean | undefined;
}

/** Where a checker connects to, and from where. */
export interface CheckConnection extends CheckTiming {
  /** The real server's address unless given. */
  readonly connectIp: IpAddress | undefined;
  /** 1..65535; the real server's port unless given. */
  readonly connectPort: number | undefined;
  readonly bindTo: IpAddress | undefined;
  /** 1..65535; without `bindto` it means nothing. */
  readonly bindPort: number | undefined;
  /** At most 15 bytes. */
  readonly bindInterface: string | undefined;
  readonly connectTimeoutNs: number | undefined;
  /** Put on outgoing packets; 0 is none. */
  readonly firewallMark: number | undefined;
}

/** `TCP_CHECK`. */
export interface TcpCheck extends CheckConnection {
  readonly at: Positions<keyof TcpCheck & string>;
}

/** `PING_CHECK`. */
export interface PingCheck extends CheckConnection {
  readonly at: Positions<keyof PingCheck & string>;
}

/** `UDP_CHECK`. */
export interface UdpCheck extends CheckConnection {
  /** Bytes to send, in hexadecimal digits; none unless given. */
  readonly payload: string | undefined;
  /** An answer is waited for: hexadecimal digits it begins with, `x` for any; "" for any answer. */
  readonly requireReply: string | undefined;
  /** 0..65535 bytes. */
  readonly minReplyLength: number | undefined;
  /** 0..65535 bytes. */
  readonly maxReplyLength: number | undefined;
  readonly at: Positions<keyof UdpCheck & string>;
}

/** Records that DNS_CHECK can ask for. */
export const DNS_TYPES = [
  "A",
  "NS",
  "CNAME",
  "SOA",
  "MX",
  "TXT",
  "AAAA",
  "RRSIG",
  "DNSKEY",
] as const;

export type DnsType = typeof DNS_TYPES[number];

/** `DNS_CHECK`. */
export interface DnsCheck extends CheckConnection {
  readonly type: DnsType | undefined;
  /** The domain to ask for; the root unless given. */
  readonly name: string | undefined;
  readonly at: Positions<keyof DnsCheck & string>;
}

/** `SMTP_CHECK`. */
export interface SmtpCheck extends CheckConnection {
  readonly heloName: string | undefined;
  readonly at: Positions<keyof SmtpCheck & string>;
}

/** `1.0C` closes the connection by a header; keepalived takes `1.0c` for it too. */
export const HTTP_PROTOCOLS = ["1.0", "1.0C", "1.1"] as const;

export type HttpProtocol = typeof HTTP_PROTOCOLS[number];

/** `HTTP_GET` and `SSL_GET`. */
export interface HttpCheck extends CheckConnection {
  /** Host header and name of TLS; the real server's unless given. */
  readonly virtualHost: string | undefined;
  readonly httpProtocol: HttpProtocol | undefined;
  readonly enableSni: boolean | undefined;
  /** Name of TLS; switches `enable_sni` on. */
  readonly sniName: string | undefined;
  readonly fastRecovery: boolean | undefined;
  /** SSL_GET only: end a connection with a close_notify. */
  readonly tlsCompliant: boolean | undefined;
  readonly urls: readonly CheckedUrl[];
  readonly at: Positions<keyof HttpCheck & string>;
}

/** `url` of HTTP_GET and SSL_GET. */
export interface CheckedUrl {
  readonly path: string | undefined;
  /** MD5 of the body in 32 hexadecimal digits, lower case. */
  readonly digest: string | undefined;
  /** 200 to 299 unless given. */
  readonly statusCodes: readonly StatusCodes[] | undefined;
  /** The checker's unless given. */
  readonly virtualHost: string | undefined;
  /** A PCRE2 pattern that the body must match. */
  readonly regex: string | undefined;
  readonly regexNoMatch: boolean | undefined;
  readonly regexOptions: readonly RegexOption[] | undefined;
  readonly regexMinOffset: number | undefined;
  readonly regexMaxOffset: number | undefined;
  readonly regexStack: RegexStack | undefined;
  readonly tlsCompliant: boolean | undefined;
  readonly at: Positions<keyof CheckedUrl & string>;
}

/** One status code, or all from `first` to `last`; 100..599. */
export interface StatusCodes {
  readonly first: number;
  readonly last: number;
}

/** `regex_stack START MAX`, in bytes. */
export interface RegexStack {
  readonly start: number;
  readonly max: number;
}

/** Options of PCRE2 by their names in `regex_options`. */
export const REGEX_OPTIONS = [
  "allow_empty_class",
  "alt_bsux",
  "alt_circumflex",
  "alt_verbnames",
  "auto_callout",
  "caseless",
  "dollar_endonly",
  "dotall",
  "dupnames",
  "extended",
  "firstline",
  "match_unset_backref",
  "multiline",
  "never_backslash_c",
  "never_ucp",
  "never_utf",
  "no_auto_capture",
  "no_auto_possess",
  "no_dotstar_anchor",
  "no_start_optimize",
  "ucp",
  "ungreedy",
  "use_offset_limit",
  "utf",
] as const;

export type RegexOption = typeof REGEX_OPTIONS[number];

/** `MISC_CHECK`. */
export interface MiscCheck extends CheckTiming {
  /** The command line, in one string as the file has it. */
  readonly command: string | undefined;
  /** Whole seconds; the time between two runs unless given. */
  readonly timeoutNs: number | undefined;
  /** Exit codes from 2 set the weight to the code less 2. */
  readonly isDynamic: boolean | undefined;
  /** `script_user` unless given. */
  readonly user: ScriptUser | undefined;
  readonly at: Positions<keyof MiscCheck & string>;
}

/** `FILE_CHECK`. */
export interface FileCheck {
  /** Name of a `track_file`. */
  readonly trackFile: string | undefined;
  /** ±2147483647; that of the `track_file` unless given. */
  readonly weight: number | undefined;
  readonly reverse: boolean | undefined;
  readonly at: Positions<keyof FileCheck & string>;
}

/** `BFD_CHECK`. */
export interface BfdCheck {
  /** Name of a `bfd_instance`. */
  readonly name: string | undefined;
  readonly alpha: boolean | undefined;
  readonly at: Positions<keyof BfdCheck & string>;
}

/** The checkers of a real server by kind, each kind in the order of the file; the server is up while all are. */
export interface Checkers {
  readonly tcpChecks: readonly TcpCheck[] | undefined;
  readonly httpChecks: readonly HttpCheck[] | undefined;
  readonly sslChecks: readonly HttpCheck[] | undefined;
  readonly smtpChecks: readonly SmtpCheck[] | undefined;
  readonly dnsChecks: readonly DnsCheck[] | undefined;
  readonly udpChecks: readonly UdpCheck[] | undefined;
  readonly pingChecks: readonly PingCheck[] | undefined;
  readonly miscChecks: readonly MiscCheck[] | undefined;
  readonly fileChecks: readonly FileCheck[] | undefined;
  readonly bfdChecks: readonly BfdCheck[] | undefined;
}
