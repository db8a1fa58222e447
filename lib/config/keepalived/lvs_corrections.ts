/**
 * What keepalived corrects in virtual servers when all files are read, with its complaints.
 * @module
 */
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import { didYouMean } from "../../diag/suggest.ts";
import { type BfdInstance, isForChecker } from "../bfd_model.ts";
import type { BfdCheck } from "../checker_model.ts";
import type { LvsConfig, VirtualServer } from "../lvs_model.ts";
import { reviewVirtualServer } from "../lvs_review.ts";
import type { GlobalDraft } from "./global_defs.ts";
import type { ReadContext } from "./read_context.ts";
import type { LvsDraft } from "./virtual_server.ts";
import type { InstanceDraft } from "./vrrp_instance.ts";

/** What is run of it: mistakes are corrected, and what keepalived drops is left out. */
export function correctLvs(
  { ssl, groups, virtualServers }: LvsDraft,
  bfdInstances: readonly BfdInstance[],
  sink: DiagnosticSink,
): LvsConfig {
  const sessions = new Set(
    bfdInstances.filter(isForChecker).map(({ name }) => name),
  );
  const byName = new Map(groups.map((group) => [group.name, group]));
  const corrected = virtualServers.map((server) => {
    const followed = withSessions(server, sessions, sink);
    const reviewed = reviewVirtualServer(followed, byName, (mistake) => {
      const { code, at, message, used, help, related, isSilent } = mistake;
      sink.report(isSilent ? "advice" : "warning", code, at, message, {
        label: used,
        help,
        related,
      });
    });
    if (reviewed !== undefined) tellDefaults(reviewed, sink);
    return reviewed;
  });
  return {
    ssl,
    groups,
    virtualServers: corrected.filter((server) => server !== undefined),
  };
}

/** A BFD_CHECK cannot follow a session that is for instances alone. */
function withSessions(
  service: VirtualServer,
  sessions: ReadonlySet<string>,
  sink: DiagnosticSink,
): VirtualServer {
  const isLost = ({ name }: BfdCheck) =>
    name !== undefined && !sessions.has(name);
  const isTouched = service.realServers.some(({ bfdChecks }) =>
    bfdChecks?.some(isLost)
  );
  if (!isTouched) return service;
  const realServers = service.realServers.map((server) => {
    const { bfdChecks } = server;
    if (bfdChecks === undefined) return server;
    const kept = bfdChecks.filter((check) => !isLost(check));
    for (const { name, at } of bfdChecks.filter(isLost)) {
      sink.warning(
        "HK0616",
        at.of.name ?? at.self,
        `the session \`${name}\` is for instances alone`,
        {
          label: "the checker is dropped",
          help: "write `checker` into the `bfd_instance`",
        },
      );
    }
    return { ...server, bfdChecks: kept.length === 0 ? undefined : kept };
  });
  return { ...service, realServers };
}

/** keepalived complains about defaults that it takes. */
function tellDefaults(
  { scheduler, method, realServers, at }: VirtualServer,
  sink: DiagnosticSink,
) {
  const tell = (keyword: string, used: string) =>
    sink.warning(
      "HK0610",
      at.self,
      `the virtual server has no \`${keyword}\``,
      { label: `\`${used}\` is used`, help: `write \`${keyword} ${used}\`` },
    );
  if (scheduler === undefined) tell("lb_algo", "wlc");
  const isNeeded = realServers.some((one) => one.method === undefined);
  if (method === undefined && isNeeded) tell("lb_kind", "NAT");
}

/**
 * `lvs_sync_daemon_interface` of an instance is `lvs_sync_daemon` with its name; the first of them counts, and one of
 * `global_defs` before all.
 */
export function takeSyncInterfaces(
  globals: GlobalDraft,
  instances: readonly InstanceDraft[],
  context: ReadContext,
): void {
  for (const { name: instance, syncInterfaces } of instances) {
    for (const { name, line } of syncInterfaces) {
      const before = globals.spanOf("lvsSyncDaemon");
      if (before === undefined) {
        const daemon = { ...NO_SYNC_OPTIONS, interface: name, instance };
        globals.set("lvsSyncDaemon", daemon, line.wordSpan(1));
        continue;
      }
      context.warn(
        "HK0440",
        line,
        line.wordSpan(0),
        "there is a sync daemon already",
        {
          label: "this one is ignored",
          related: [{ span: before, message: "the first one" }],
        },
      );
    }
  }
}

const NO_SYNC_OPTIONS = {
  id: undefined,
  maxLength: undefined,
  port: undefined,
  ttl: undefined,
  group: undefined,
} as const;

/** keepalived runs no sync daemon for an instance that does not exist. */
export function correctSyncDaemon(
  globals: GlobalDraft,
  instances: ReadonlySet<string>,
  sink: DiagnosticSink,
) {
  const daemon = globals.get("lvsSyncDaemon");
  const at = globals.spanOf("lvsSyncDaemon");
  if (daemon?.instance === undefined || at === undefined) return;
  if (instances.has(daemon.instance)) return;
  sink.warning(
    "HK0618",
    at,
    `no \`vrrp_instance ${daemon.instance}\` is run`,
    {
      label: "the sync daemon is ignored",
      help: didYouMean(daemon.instance, instances),
    },
  );
  globals.clear("lvsSyncDaemon");
}
