/**
 * The status document for people: a table, and under it what needs an explanation.
 * @module
 */
import type { RouterCounters } from "../vrrp/counters.ts";
import { bfdTable } from "./bfd_status.ts";
import { ageText } from "./age_text.ts";
import type { InstanceStatus, StatusDocument } from "./snapshot.ts";
import { textTable } from "./text_table.ts";
import { trackerTable } from "./tracker_text.ts";

const HEAD = [
  "INSTANCE",
  "STATE",
  "SINCE",
  "INTERFACE",
  "VRID",
  "PRIORITY",
  "MASTER",
  "ADDRESSES",
] as const;

/** The whole output of `hakeep status`; ends with a newline. Held addresses carry a `+`. */
export function statusText(status: StatusDocument): string {
  const { version, pid, daemon, config, engine, instances } = status;
  const nowMs = Date.parse(status.started_at) + status.uptime_s * 1000;
  const lines = [
    `hakeep ${version}, pid ${pid}, ${daemon} for ${
      ageText(status.uptime_s)
    }, ${config.file}`,
  ];
  if (config.last_reload_error !== null) {
    lines.push(`last reload: ${config.last_reload_error}`);
  }
  if (!engine.alive) lines.push("the VRRP engine does not answer");
  if (engine.restarts > 0) {
    lines.push(
      `the VRRP engine was started again ${engine.restarts} time${
        engine.restarts === 1 ? "" : "s"
      }`,
    );
  }
  const rows = instances.map((instance) => row(instance, nowMs));
  lines.push("", ...textTable([HEAD, ...rows]), "");
  if (status.trackers.length > 0) {
    lines.push(...trackerTable(status.trackers, nowMs), "");
  }
  if (status.bfd_sessions.length > 0) {
    lines.push(...bfdTable(status.bfd_sessions, nowMs), "");
    const rejected = nonZero(status.bfd_rejected);
    if (rejected !== "") {
      lines.push(`BFD packets of no session dropped: ${rejected}`);
    }
  }
  for (const { name, state, members } of status.sync_groups) {
    lines.push(`sync group ${name}: ${state} (${members.join(", ")})`);
  }
  for (const instance of instances) lines.push(...details(instance));
  return `${lines.join("\n").trimEnd()}\n`;
}

function row(instance: InstanceStatus, nowMs: number): readonly string[] {
  const { priority, effective_priority: effective } = instance;
  const { last_transition: since } = instance;
  return [
    instance.name,
    instance.state,
    since === null ? "-" : ageText((nowMs - Date.parse(since)) / 1000),
    instance.interface,
    String(instance.vrid),
    priority === effective ? String(priority) : `${effective} (of ${priority})`,
    masterText(instance),
    instance.addresses.map(({ address, held }) =>
      held ? `+${address}` : address
    ).join(" ") || "-",
  ];
}

function masterText({ state, master }: InstanceStatus): string {
  if (state === "MASTER") return "this host";
  return master === null ? "-" : `${master.address} (${master.priority})`;
}

const PLAIN_COUNTERS = [
  ["advertsSent", "adverts sent"],
  ["advertsReceived", "adverts heard"],
  ["becameMaster", "became MASTER"],
  ["releasedMaster", "left MASTER"],
  ["priorityZeroSent", "resignations sent"],
  ["priorityZeroReceived", "resignations heard"],
  ["announcementsSent", "announcements"],
  ["addressesRestored", "addresses put back"],
  ["routesRestored", "routes and rules put back"],
  ["sendErrors", "send errors"],
] as const satisfies readonly (readonly [keyof RouterCounters, string])[];

function details(instance: InstanceStatus): string[] {
  const { name, state, reason, counters } = instance;
  const counts = PLAIN_COUNTERS
    .filter(([key]) => counters[key] > 0)
    .map(([key, text]) => `${text} ${counters[key]}`);
  const lines = reason === null
    ? []
    : [`${name}: ${state.toLowerCase()}: ${reason}`];
  if (counts.length > 0) lines.push(`${name}: ${counts.join(", ")}`);
  const rejected = nonZero(counters.rejected);
  if (rejected !== "") lines.push(`${name}: adverts dropped: ${rejected}`);
  const tolerated = nonZero(counters.tolerated);
  if (tolerated !== "") {
    lines.push(`${name}: adverts accepted that differ: ${tolerated}`);
  }
  return lines;
}

function nonZero(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).filter(([, count]) => count > 0)
    .map(([key, count]) => `${key} ${count}`).join(", ");
}
