/**
 * What is wrong with BFD sessions, in both languages.
 *
 * The keepalived front end drops what keepalived drops before this sees it.
 *
 * Says:    keepalived's checks after reading; RFC 5881 §3 (one session between two addresses).
 * Checks:  nothing of this machine.
 * @module
 */
import { familyOf, isLinkLocal } from "../addr/ip_address.ts";
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import { type BfdInstance, isForVrrp } from "./bfd_model.ts";
import type { Config } from "./model.ts";
import type { TrackEntry } from "./tracking_model.ts";

/** Reports what is wrong with each session, and which of them are the same. */
export function checkBfd(
  { bfdInstances }: Pick<Config, "bfdInstances">,
  sink: DiagnosticSink,
): void {
  const seen = new Map<string, BfdInstance>();
  for (const one of bfdInstances) {
    checkOne(one, sink);
    const key = endsOf(one);
    const first = seen.get(key);
    if (first === undefined || one.neighborIp === undefined) {
      seen.set(key, one);
      continue;
    }
    sink.error(
      "HK0270",
      one.at.of.neighborIp ?? one.at.self,
      `\`${first.name}\` is a session with \`${one.neighborIp}\` already`,
      {
        label: "the neighbour could not tell them apart",
        related: [{
          span: first.at.of.neighborIp ?? first.at.self,
          message: "the first one",
        }],
        help: "track the first one, or give one of them another `source_ip`",
      },
    );
  }
}

/** Reports entries of `track_bfd` that name a session for checkers alone. */
export function checkBfdUse(
  entries: readonly TrackEntry[],
  bfdInstances: readonly BfdInstance[],
  sink: DiagnosticSink,
): void {
  for (const { name, at } of entries) {
    const session = bfdInstances.find((one) => one.name === name);
    if (session === undefined || isForVrrp(session)) continue;
    sink.warning(
      "HK0273",
      at.of.name ?? at.self,
      `\`${name}\` is for checkers alone`,
      {
        label: "ignored: it is not tracked",
        related: [{
          span: session.at.of.checker ?? session.at.self,
          message: "as it says here",
        }],
        help: "give the session `vrrp` too",
      },
    );
  }
}

/** Two sessions with the same of this are one. */
export function endsOf({ neighborIp, sourceIp, multihop }: BfdInstance) {
  return `${neighborIp} ${sourceIp} ${multihop === true}`;
}

function checkOne(one: BfdInstance, sink: DiagnosticSink): void {
  const { name, neighborIp, sourceIp, hopLimit = 255, hopsMax = 0, at } = one;
  if (neighborIp === undefined) {
    // A value that was given and refused has been told already.
    if (at.of.neighborIp !== undefined) return;
    sink.error(
      "HK0108",
      at.of.name ?? at.self,
      `\`${name}\` has no \`neighbor_ip\``,
      { label: "it must be given" },
    );
    return;
  }
  if (sourceIp !== undefined && familyOf(sourceIp) !== familyOf(neighborIp)) {
    sink.error(
      "HK0271",
      at.of.sourceIp ?? at.self,
      `\`source_ip\` is IPv${familyOf(sourceIp)}, \`neighbor_ip\` is not`,
      { label: "both must be of one family" },
    );
  }
  if (hopsMax > hopLimit) {
    sink.error(
      "HK0104",
      at.of.hopsMax ?? at.self,
      `\`max_hops\` ${hopsMax} is above the hop limit ${hopLimit}`,
      { label: "-1 accepts any hop limit" },
    );
  }
  if (familyOf(neighborIp) === 6 && isLinkLocal(neighborIp)) {
    sink.warning(
      "HK0272",
      at.of.neighborIp ?? at.self,
      "a link-local address means nothing without an interface",
      {
        label: "the session cannot come up",
        help: "use a global address of the neighbour",
      },
    );
  }
}
