/**
 * What is wrong with virtual servers, real servers and checkers, whichever language they were written in.
 *
 * Of what the keepalived front end has corrected nothing is found here, so that the errors are those of TOML; warnings
 * and advice are for both.
 * @module
 */
import { familyOf, type IpAddress } from "../addr/ip_address.ts";
import type { Span } from "../diag/diagnostic.ts";
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import { didYouMean } from "../diag/suggest.ts";
import { isForChecker } from "./bfd_model.ts";
import type { CheckConnection, HttpCheck } from "./checker_model.ts";
import type {
  RealServer,
  VirtualServer,
  VirtualServerGroup,
} from "./lvs_model.ts";
import { isUnreachable, reviewVirtualServer } from "./lvs_review.ts";
import type { Config, Positions } from "./model.ts";
import { serverWeight, serviceFamily } from "./resolve_lvs.ts";
import { tunnelProblem } from "./tunnel.ts";

/** Checks all of it. */
export function checkLvs(config: Config, sink: DiagnosticSink) {
  const { lvs, files, bfdInstances } = config;
  const sessions = bfdInstances.filter(isForChecker).map(({ name }) => name);
  const { groups, virtualServers } = lvs;
  checkSyncDaemon(config, sink);
  const byName = new Map(groups.map((group) => [group.name, group]));
  for (const server of virtualServers) {
    checkSelector(server, sink);
    checkOptions(server, sink);
    checkTunnels(server, sink);
    reviewVirtualServer(server, byName, (mistake) => {
      const { code, at, message, wanted, help, related } = mistake;
      sink.error(code, at, message, { label: wanted, help, related });
    });
    checkWeights(server, sink);
    for (const one of server.realServers) {
      checkRealServer(one, sink);
      checkFiles(one, files, sink);
      checkSessions(one, sessions, sink);
    }
  }
  checkSameService(virtualServers, sink);
  checkGroups(groups, virtualServers, sink);
}

function checkSyncDaemon(
  { globals, instances }: Config,
  sink: DiagnosticSink,
) {
  const name = globals.lvsSyncDaemon?.instance;
  if (name === undefined || instances.some((one) => one.name === name)) return;
  sink.error(
    "HK0618",
    globals.at.of.lvsSyncDaemon ?? globals.at.self,
    `no \`vrrp_instance.${name}\``,
    {
      label: "`inst` must be the name of one",
      help: didYouMean(name, instances.map((one) => one.name)),
    },
  );
}

function spanOf(
  server: VirtualServer,
  key: keyof VirtualServer & string,
): Span {
  return server.at.of[key] ?? server.at.self;
}

/** An address, a mark or a group: one of them, and real servers. */
function checkSelector(server: VirtualServer, sink: DiagnosticSink) {
  const given = (["address", "firewallMark", "group"] as const)
    .filter((key) => server.at.of[key] !== undefined);
  const [first, second] = given;
  if (first === undefined) {
    sink.error(
      "HK0601",
      server.at.self,
      "the virtual server has no address",
      { label: "needs one of `address`, `fwmark` and `group`" },
    );
  } else if (second !== undefined) {
    sink.error(
      "HK0601",
      spanOf(server, second),
      "a virtual server has one address, one fwmark or one group",
      {
        label: "only one of them can be given",
        related: [{ span: spanOf(server, first), message: "given here too" }],
      },
    );
  } else if (first !== "address" && server.at.of.port !== undefined) {
    sink.error("HK0601", spanOf(server, "port"), "a port without an address", {
      label: "must not be given",
    });
  }
  if (server.realServers.length === 0) {
    sink.error(
      "HK0602",
      spanOf(server, "realServers"),
      "the virtual server has no real server",
      { label: "needs at least one" },
    );
  }
}

/** Settings that need another one. */
function checkOptions(server: VirtualServer, sink: DiagnosticSink) {
  const tell = (key: keyof VirtualServer & string, message: string) =>
    sink.error("HK0609", spanOf(server, key), message, {
      label: "has no effect",
    });
  if (
    server.sorryServer === undefined && server.at.of.sorryServer === undefined
  ) {
    if (server.sorryServerInhibit !== undefined) {
      tell(
        "sorryServerInhibit",
        "`sorry_server_inhibit` without a sorry server",
      );
    }
    if (server.sorryServerMethod !== undefined) {
      tell(
        "sorryServerMethod",
        "`sorry_server_lvs_method` without a sorry server",
      );
    }
  }
  for (
    const [key, keyword, scheduler] of [
      ["shPort", "sh-port", "sh"],
      ["shFallback", "sh-fallback", "sh"],
      ["mhPort", "mh-port", "mh"],
      ["mhFallback", "mh-fallback", "mh"],
    ] as const
  ) {
    if (server[key] === undefined || server.scheduler === scheduler) continue;
    tell(key, `\`${keyword}\` goes with \`lb_algo = "${scheduler}"\``);
  }
  if (server.ipFamily !== undefined && server.address !== undefined) {
    tell("ipFamily", "an address says the family itself");
  }
  const { persistenceGranularity: granularity } = server;
  const family = serviceFamily(server);
  if (granularity === undefined || family === undefined) return;
  const isFor6 = typeof granularity === "number";
  if (isFor6 === (family === 6)) return;
  sink.error(
    "HK0604",
    spanOf(server, "persistenceGranularity"),
    `the virtual server is IPv${family}`,
    {
      label: family === 4
        ? "must be a netmask such as 255.255.255.0"
        : "must be the length of a prefix, 1 to 128",
    },
  );
}

function checkTunnels(server: VirtualServer, sink: DiagnosticSink) {
  const check = (
    method: VirtualServer["method"],
    at: Span,
  ) => {
    const problem = method?.tunnel && tunnelProblem(method.tunnel);
    if (problem !== undefined) sink.error("HK0611", at, problem, {});
  };
  check(server.method, spanOf(server, "method"));
  check(server.sorryServerMethod, spanOf(server, "sorryServerMethod"));
  for (const { method, at } of server.realServers) {
    check(method, at.of.method ?? at.self);
  }
  const { sorryServer, sorryServerMethod, method } = server;
  const family = serviceFamily(server);
  if (
    sorryServer === undefined || family === undefined ||
    (sorryServerMethod ?? method)?.kind === "TUN" ||
    familyOf(sorryServer.address) === family
  ) return;
  sink.error(
    "HK0604",
    spanOf(server, "sorryServer"),
    `\`${sorryServer.address}\` is not IPv${family}`,
    { label: "must be of the virtual server's family, unless by TUN" },
  );
}

function checkWeights(server: VirtualServer, sink: DiagnosticSink) {
  const { realServers } = server;
  if (
    realServers.length === 0 ||
    realServers.some((one) => serverWeight(one, server) > 0)
  ) return;
  sink.warning(
    "HK0608",
    spanOf(server, "quorum"),
    "all real servers have weight 0",
    { label: "nobody gets new connections, and the quorum cannot be lost" },
  );
}

/** The kinds of checker that connect. */
const CONNECTING = [
  "tcpChecks",
  "httpChecks",
  "sslChecks",
  "smtpChecks",
  "dnsChecks",
  "udpChecks",
  "pingChecks",
] as const;

function checkRealServer(server: RealServer, sink: DiagnosticSink) {
  if (server.address === undefined && server.at.of.address === undefined) {
    sink.error("HK0108", server.at.self, "the real server has no `address`", {
      label: "needs one",
    });
  }
  for (const kind of CONNECTING) {
    const checks = server[kind];
    if (checks === undefined) continue;
    for (const check of checks) checkConnection(check, server.address, sink);
  }
  for (const check of server.httpChecks ?? []) {
    checkUrls("HTTP_GET", check, sink);
  }
  for (const check of server.sslChecks ?? []) checkUrls("SSL_GET", check, sink);
  for (const { command, at } of server.miscChecks ?? []) {
    if (command === undefined) {
      needs("MISC_CHECK", "misc_path", at, "command", sink);
    }
  }
  for (const { trackFile, at } of server.fileChecks ?? []) {
    if (trackFile === undefined) {
      needs("FILE_CHECK", "track_file", at, "trackFile", sink);
    }
  }
  for (const { name, at } of server.bfdChecks ?? []) {
    if (name === undefined) needs("BFD_CHECK", "name", at, "name", sink);
  }
  for (const check of server.udpChecks ?? []) {
    const { minReplyLength: min = 0, maxReplyLength: max = 255, at } = check;
    if (min <= max) continue;
    sink.warning(
      "HK0613",
      at.of.minReplyLength ?? at.of.maxReplyLength ?? at.self,
      `min_reply_length ${min} is above max_reply_length ${max}`,
      { label: "the check always fails" },
    );
  }
}

/** A FILE_CHECK follows a file that is defined. */
function checkFiles(
  { fileChecks }: RealServer,
  files: Config["files"],
  sink: DiagnosticSink,
) {
  for (const { trackFile, at } of fileChecks ?? []) {
    if (trackFile === undefined) continue;
    if (files.some(({ name }) => name === trackFile)) continue;
    sink.error(
      "HK0616",
      at.of.trackFile ?? at.self,
      `no \`track_file ${trackFile}\``,
      {
        label: "must be the name of one",
        help: didYouMean(trackFile, files.map(({ name }) => name)),
      },
    );
  }
}

/** A BFD_CHECK follows a session that checkers can see, and each once. */
function checkSessions(
  { bfdChecks }: RealServer,
  sessions: readonly string[],
  sink: DiagnosticSink,
) {
  if (bfdChecks === undefined) return;
  const seen = new Map<string, Span>();
  for (const { name, at } of bfdChecks) {
    if (name === undefined) continue;
    const own = at.of.name ?? at.self;
    const before = seen.get(name);
    if (before !== undefined) {
      sink.error("HK0241", own, `\`${name}\` is followed already`, {
        label: "must be followed once",
        related: [{ span: before, message: "the first one" }],
      });
    } else if (!sessions.includes(name)) {
      sink.error("HK0616", own, `no \`bfd_instance ${name}\` for checkers`, {
        label: "must be the name of one",
        help: didYouMean(name, sessions),
      });
    }
    seen.set(name, own);
  }
}

/** A value that was given and refused has been told already. */
function needs<K extends string>(
  checker: string,
  keyword: string,
  at: Positions<K>,
  key: K,
  sink: DiagnosticSink,
) {
  if (at.of[key] !== undefined) return;
  sink.error("HK0108", at.self, `\`${checker}\` has no \`${keyword}\``, {
    label: "needs one",
  });
}

function checkUrls(
  checker: string,
  { urls, at }: HttpCheck,
  sink: DiagnosticSink,
) {
  if (urls.length === 0) needs(checker, "url", at, "urls", sink);
  for (const url of urls) {
    if (url.path === undefined) needs("url", "path", url.at, "path", sink);
    const { regexMinOffset: min = 0, regexMaxOffset: max } = url;
    if (max !== undefined && min > max) {
      sink.advice(
        "HK0609",
        url.at.of.regexMinOffset ?? url.at.self,
        `regex_min_offset ${min} is above regex_max_offset ${max}`,
        { label: "both have no effect" },
      );
    }
    if (url.regex !== undefined) continue;
    const key = ([
      "regexNoMatch",
      "regexOptions",
      "regexMinOffset",
      "regexMaxOffset",
      "regexStack",
    ] as const).find((one) => url[one] !== undefined);
    if (key === undefined) continue;
    sink.advice(
      "HK0609",
      url.at.of[key] ?? url.at.self,
      "there is no `regex` that it could be for",
      { label: "has no effect" },
    );
  }
}

function checkConnection(
  check: CheckConnection & {
    readonly at: Positions<keyof CheckConnection & string>;
  },
  server: IpAddress | undefined,
  sink: DiagnosticSink,
) {
  const { connectIp, bindTo, bindPort, bindInterface, at } = check;
  const target = connectIp ?? server;
  if (isUnreachable(target, bindInterface)) {
    sink.error(
      "HK0612",
      at.of.connectIp ?? at.self,
      `\`${target}\` is link-local, and there is no \`bind_if\``,
      { label: "nobody knows on which interface" },
    );
  }
  if (
    target !== undefined && bindTo !== undefined &&
    familyOf(target) !== familyOf(bindTo)
  ) {
    sink.error(
      "HK0604",
      at.of.bindTo ?? at.self,
      `\`${bindTo}\` is not IPv${familyOf(target)}`,
      { label: `must be of the family of \`${target}\`, which is checked` },
    );
  }
  if (bindPort !== undefined && bindTo === undefined) {
    sink.advice(
      "HK0609",
      at.of.bindPort ?? at.self,
      "`bind_port` without `bindto`",
      { label: "has no effect" },
    );
  }
}

/** Two of them would be one service in the kernel. */
function checkSameService(
  servers: readonly VirtualServer[],
  sink: DiagnosticSink,
) {
  const seen = new Map<string, VirtualServer>();
  for (const server of servers) {
    const { address, firewallMark, port, protocol } = server;
    const key = address !== undefined
      ? `${address} ${port ?? 0} ${protocol}`
      : firewallMark !== undefined
      ? `${firewallMark} ${serviceFamily(server)}`
      : undefined;
    if (key === undefined) continue;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, server);
    else {
      sink.advice(
        "HK0615",
        server.at.self,
        "there is such a virtual server already",
        {
          label: "both change the same service of the kernel",
          related: [{ span: before.at.self, message: "the first one" }],
          help: "merge them",
        },
      );
    }
  }
}

function checkGroups(
  groups: readonly VirtualServerGroup[],
  servers: readonly VirtualServer[],
  sink: DiagnosticSink,
) {
  const used = new Set(servers.map(({ group }) => group));
  for (const { name, entries, at } of groups) {
    if (entries.length === 0 && at.of.entries === undefined) {
      sink.error("HK0108", at.self, `the group \`${name}\` has no entries`, {
        label: "needs at least one",
      });
    }
    if (isAmbiguous(entries)) {
      sink.error(
        "HK0614",
        at.of.entries ?? at.self,
        `\`${name}\` has IPv4, IPv6 and a fwmark of no family`,
        { label: "the fwmark must have a `family`" },
      );
    }
    if (!used.has(name)) {
      sink.advice(
        "HK0617",
        at.of.name ?? at.self,
        `no virtual server uses the group \`${name}\``,
        { label: "it has no effect" },
      );
    }
  }
}

/** Both families, and a mark that could be of either. */
export function isAmbiguous(
  entries: VirtualServerGroup["entries"],
): boolean {
  const has = (family: 4 | 6) =>
    entries.some((entry) =>
      (entry.kind === "addresses" ? familyOf(entry.first) : entry.family) ===
        family
    );
  return has(4) && has(6) &&
    entries.some((entry) =>
      entry.kind === "firewallMark" && entry.family === undefined
    );
}
