/**
 * What keepalived corrects in virtual servers when all files are read, with its complaints.
 * @module
 */
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import { didYouMean } from "../../diag/suggest.ts";
import type { LvsConfig, VirtualServer } from "../lvs_model.ts";
import { reviewVirtualServer } from "../lvs_review.ts";
import type { GlobalDraft } from "./global_defs.ts";
import type { LvsDraft } from "./virtual_server.ts";

/** What is run of it: mistakes are corrected, and what keepalived drops is left out. */
export function correctLvs(
  { ssl, groups, virtualServers }: LvsDraft,
  sink: DiagnosticSink,
): LvsConfig {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const corrected = virtualServers.map((server) => {
    const reviewed = reviewVirtualServer(server, byName, (mistake) => {
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
