/**
 * The status document for people: a table, and under it what needs an explanation.
 * @module
 */
import type { InstanceStatus, StatusDocument } from "./snapshot.ts";

const HEAD = [
  "INSTANCE",
  "STATE",
  "INTERFACE",
  "VRID",
  "PRIORITY",
  "MASTER",
  "ADDRESSES",
] as const;

/** The whole output of `hakeep status`; ends with a newline. */
export function statusText(status: StatusDocument): string {
  const lines = [
    `hakeep ${status.version}, pid ${status.pid}, ${status.daemon} since ${status.started_at}, ${status.config.file}`,
  ];
  if (status.config.last_reload_error !== null) {
    lines.push(`last reload: ${status.config.last_reload_error}`);
  }
  if (!status.engine.alive) lines.push("the VRRP engine does not run");
  if (status.engine.restarts > 0) {
    lines.push(`the VRRP engine was restarted ${status.engine.restarts} times`);
  }
  lines.push("", ...table([HEAD, ...status.instances.map(row)]));
  for (const instance of status.instances) lines.push(...details(instance));
  return `${lines.join("\n")}\n`;
}

function row(instance: InstanceStatus): readonly string[] {
  const { priority, effective_priority: effective, master } = instance;
  return [
    instance.name,
    instance.state,
    instance.interface,
    String(instance.vrid),
    priority === effective ? String(priority) : `${effective} (of ${priority})`,
    master === null
      ? "-"
      : instance.state === "MASTER"
      ? "this host"
      : `${master.address} (${master.priority})`,
    instance.addresses.map(({ address, held }) =>
      held ? `+${address}` : address
    ).join(" ") || "-",
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? "").length))
  );
  return rows.map((cells) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")
      .trimEnd()
  );
}

function details(instance: InstanceStatus): string[] {
  const lines: string[] = [];
  if (instance.reason !== null) {
    lines.push(
      `  ${instance.name} ${instance.state.toLowerCase()}: ${instance.reason}`,
    );
  }
  const { rejected, tolerated, sendErrors, addressesRestored } =
    instance.counters;
  const counts = [...Object.entries(rejected), ...Object.entries(tolerated)]
    .filter(([, count]) => count > 0);
  if (counts.length > 0) {
    lines.push(
      `  ${instance.name} adverts: ${
        counts.map(([reason, count]) => `${reason} ${count}`).join(", ")
      }`,
    );
  }
  if (sendErrors > 0) {
    lines.push(`  ${instance.name} send errors: ${sendErrors}`);
  }
  if (addressesRestored > 0) {
    lines.push(`  ${instance.name} addresses put back: ${addressesRestored}`);
  }
  return lines;
}
