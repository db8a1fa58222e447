/**
 * From checkers as a configuration says them to those that are run: their defaults.
 *
 * Says:    keepalived's: a checker's own setting counts, then the real server's, then the virtual server's, then the
 *          kind's. A link-local or missing reference was reported before; such a checker is left out.
 * Units:   nanoseconds.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type {
  CheckConnection,
  CheckedUrl,
  CheckTiming,
  DnsType,
  HttpCheck,
  HttpProtocol,
  RegexOption,
  RegexStack,
  StatusCodes,
} from "./checker_model.ts";
import type { RealServer, ServerSettings, VirtualServer } from "./lvs_model.ts";
import type { GlobalDefs } from "./model.ts";
import type { ScriptUser } from "./tracking_model.ts";

const NS_PER_SECOND = 1e9;
const DELAY_LOOP_NS = 60 * NS_PER_SECOND;
const CONNECT_TIMEOUT_NS = 5 * NS_PER_SECOND;
const HELO_NAME = "smtpchecker.keepalived.org";
const REPLY_LENGTH_MAX = 255;
const SUCCESS: StatusCodes = { first: 200, last: 299 };

/** When a checker runs, and when it believes what it finds. */
export interface TimingPlan {
  readonly delayLoopNs: number;
  /** Failed attempts that are tolerated. */
  readonly retry: number;
  readonly delayBeforeRetryNs: number;
  readonly warmupNs: number;
  /** The server counts as down until the first success. */
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
}

/** Where it connects to, and from where. */
export interface ConnectionPlan {
  readonly address: IpAddress;
  readonly port: number;
  readonly bindTo: IpAddress | undefined;
  /** 0: any. */
  readonly bindPort: number;
  readonly bindInterface: string | undefined;
  readonly timeoutNs: number;
  /** 0: none. */
  readonly firewallMark: number;
}

interface Timed {
  readonly timing: TimingPlan;
}

interface Connecting extends Timed {
  readonly connection: ConnectionPlan;
}

/** One request of a web checker. */
export interface UrlPlan {
  readonly path: string;
  readonly digest: string | undefined;
  readonly statusCodes: readonly StatusCodes[];
  /** Host header and name of TLS; the address if undefined. */
  readonly virtualHost: string | undefined;
  readonly regex: RegexPlan | undefined;
  readonly tlsCompliant: boolean;
}

/** A pattern that the body must match, or must not. */
export interface RegexPlan {
  readonly pattern: string;
  readonly mustMatch: boolean;
  readonly options: readonly RegexOption[];
  readonly minOffset: number;
  /** undefined: no bound. */
  readonly maxOffset: number | undefined;
  readonly stack: RegexStack | undefined;
}

/** HTTP_GET and SSL_GET. */
export interface WebPlan extends Connecting {
  readonly kind: "http" | "ssl";
  readonly protocol: HttpProtocol;
  /** Name of TLS: undefined sends none, "" the virtual host. */
  readonly sniName: string | undefined;
  readonly fastRecovery: boolean;
  readonly urls: readonly UrlPlan[];
}

/** One checker to run. */
export type CheckerPlan =
  | (Connecting & { readonly kind: "tcp" | "ping" })
  | WebPlan
  | (Connecting & { readonly kind: "smtp"; readonly heloName: string })
  | (Connecting & {
    readonly kind: "dns";
    readonly type: DnsType;
    readonly name: string;
  })
  | (Connecting & {
    readonly kind: "udp";
    /** undefined: filler. */
    readonly payload: string | undefined;
    /** undefined: silence is a success. */
    readonly requireReply: string | undefined;
    readonly minReplyLength: number;
    readonly maxReplyLength: number;
  })
  | (Timed & {
    readonly kind: "misc";
    readonly command: string;
    readonly timeoutNs: number;
    readonly isDynamic: boolean;
    readonly user: ScriptUser | undefined;
  })
  | {
    readonly kind: "file";
    readonly trackFile: string;
    /** That of the file if undefined. */
    readonly weight: number | undefined;
    readonly reverse: boolean | undefined;
  }
  | { readonly kind: "bfd"; readonly name: string; readonly alpha: boolean };

/** The real server's own address and port. */
interface Target {
  readonly address: IpAddress;
  readonly port: number;
}

/** The checkers of `server`, kind by kind. */
export function resolveCheckers(
  server: RealServer,
  service: VirtualServer,
  target: Target,
  globals: GlobalDefs,
): readonly CheckerPlan[] {
  const own = new ServerDefaults(server, service, target, globals);
  return [
    ...(server.tcpChecks ?? []).map((check) => ({
      kind: "tcp" as const,
      ...own.connecting(check, {}),
    })),
    ...(server.pingChecks ?? []).map((check) => ({
      kind: "ping" as const,
      ...own.connecting(check, {}),
    })),
    ...(server.httpChecks ?? []).map((check) => own.web("http", check)),
    ...(server.sslChecks ?? []).map((check) => own.web("ssl", check)),
    ...(server.smtpChecks ?? []).map((check) => ({
      kind: "smtp" as const,
      heloName: check.heloName ?? HELO_NAME,
      ...own.connecting(check, {}),
    })),
    ...(server.dnsChecks ?? []).map((check) => ({
      kind: "dns" as const,
      type: check.type ?? "SOA",
      name: check.name ?? ".",
      ...own.connecting(check, { retry: 3, delayNs: "delayLoop" }),
    })),
    ...(server.udpChecks ?? []).map((check) => ({
      kind: "udp" as const,
      payload: check.payload,
      requireReply: check.requireReply,
      minReplyLength: check.minReplyLength ?? 0,
      maxReplyLength: check.maxReplyLength ?? REPLY_LENGTH_MAX,
      ...own.connecting(check, {}),
    })),
    ...(server.miscChecks ?? []).flatMap((check) => {
      const { command, timeoutNs, isDynamic = false, user } = check;
      if (command === undefined) return [];
      const timing = own.timing(check, { retry: 0 });
      return [{
        kind: "misc" as const,
        command,
        timeoutNs: timeoutNs === undefined || timeoutNs === 0
          ? timing.delayLoopNs
          : timeoutNs,
        isDynamic,
        user,
        timing,
      }];
    }),
    ...(server.fileChecks ?? []).flatMap(({ trackFile, weight, reverse }) =>
      trackFile === undefined
        ? []
        : [{ kind: "file" as const, trackFile, weight, reverse }]
    ),
    ...(server.bfdChecks ?? []).flatMap(({ name, alpha }) =>
      name === undefined
        ? []
        : [{ kind: "bfd" as const, name, alpha: alpha ?? own.alpha }]
    ),
  ];
}

/** What a kind of checker has when nobody says anything. */
interface KindDefaults {
  readonly retry?: number;
  readonly delayNs?: number | "delayLoop";
}

class ServerDefaults {
  readonly #server: RealServer;
  readonly #service: VirtualServer;
  readonly #target: Target;
  readonly #globals: GlobalDefs;

  constructor(
    server: RealServer,
    service: VirtualServer,
    target: Target,
    globals: GlobalDefs,
  ) {
    this.#server = server;
    this.#service = service;
    this.#target = target;
    this.#globals = globals;
  }

  get alpha(): boolean {
    return this.#inherited("alpha") ?? false;
  }

  #inherited<K extends keyof ServerSettings>(
    key: K,
  ): ServerSettings[K] | undefined {
    return this.#server[key] ?? this.#service[key];
  }

  timing(check: CheckTiming, kind: KindDefaults): TimingPlan {
    const delayLoopNs = check.delayLoopNs ?? this.#inherited("delayLoopNs") ??
      DELAY_LOOP_NS;
    const { retry = 1, delayNs = NS_PER_SECOND } = kind;
    return {
      delayLoopNs,
      retry: check.retry ?? this.#inherited("retry") ?? retry,
      delayBeforeRetryNs: check.delayBeforeRetryNs ??
        this.#inherited("delayBeforeRetryNs") ??
        (delayNs === "delayLoop" ? delayLoopNs : delayNs),
      warmupNs: check.warmupNs ?? this.#inherited("warmupNs") ?? delayLoopNs,
      alpha: check.alpha ?? this.alpha,
      logAllFailures: check.logAllFailures ??
        this.#globals.checkerLogAllFailures ?? false,
    };
  }

  connecting(check: CheckConnection, kind: KindDefaults): Connecting {
    return {
      timing: this.timing(check, kind),
      connection: {
        address: check.connectIp ?? this.#target.address,
        // The port written for the server counts even where packets keep theirs.
        port: check.connectPort ?? this.#server.port ?? this.#target.port,
        bindTo: check.bindTo,
        bindPort: check.bindTo === undefined ? 0 : check.bindPort ?? 0,
        bindInterface: check.bindInterface,
        timeoutNs: check.connectTimeoutNs ??
          this.#inherited("connectTimeoutNs") ?? CONNECT_TIMEOUT_NS,
        firewallMark: check.firewallMark ?? 0,
      },
    };
  }

  web(kind: WebPlan["kind"], check: HttpCheck): WebPlan {
    const isSni = check.enableSni ?? check.sniName !== undefined;
    const virtualHost = check.virtualHost ?? this.#inherited("virtualHost");
    return {
      kind,
      protocol: check.httpProtocol ?? "1.0",
      sniName: kind === "ssl" && isSni ? check.sniName ?? "" : undefined,
      fastRecovery: check.fastRecovery ?? false,
      urls: check.urls.flatMap((url) =>
        resolveUrl(url, virtualHost, check.tlsCompliant ?? false) ?? []
      ),
      ...this.connecting(check, { delayNs: 3 * NS_PER_SECOND }),
    };
  }
}

function resolveUrl(
  url: CheckedUrl,
  virtualHost: string | undefined,
  tlsCompliant: boolean,
): UrlPlan | undefined {
  const { path, digest, statusCodes } = url;
  if (path === undefined) return undefined;
  return {
    path,
    digest,
    statusCodes: statusCodes === undefined || statusCodes.length === 0
      ? [SUCCESS]
      : statusCodes,
    virtualHost: url.virtualHost ?? virtualHost,
    regex: resolveRegex(url),
    // Either of the two is enough.
    tlsCompliant: tlsCompliant || url.tlsCompliant === true,
  };
}

function resolveRegex(url: CheckedUrl): RegexPlan | undefined {
  const { regex, regexMinOffset = 0, regexMaxOffset } = url;
  if (regex === undefined) return undefined;
  const isEmpty = regexMaxOffset !== undefined &&
    regexMinOffset > regexMaxOffset;
  return {
    pattern: regex,
    mustMatch: url.regexNoMatch !== true,
    options: url.regexOptions ?? [],
    minOffset: isEmpty ? 0 : regexMinOffset,
    maxOffset: isEmpty ? undefined : regexMaxOffset,
    stack: url.regexStack,
  };
}
