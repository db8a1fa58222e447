/**
 * How the benchmark measures processes, and how it prints.
 * @module
 */
import type { DaemonKind, RunningDaemon } from "../tests/e2e/daemons.ts";
import { type Lab, runCommand } from "../tests/e2e/topology.ts";

export const KINDS: readonly DaemonKind[] = ["hakeep", "keepalived"];
const CLOCK_TICKS_PER_S = 100;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/** The value below which a part `share` (0..1) of all is; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[
    Math.min(sorted.length - 1, Math.floor(sorted.length * share))
  ] ??
    NaN;
}

/** The benchmark's own patience; nothing is asserted on it. */
export async function settled(lab: Lab, ms: number): Promise<void> {
  await lab.inside("w", "sleep", String(ms / 1000));
}

async function processIds(daemon: RunningDaemon): Promise<number[]> {
  const children = await runCommand("ps", [
    "-o",
    "pid=",
    "--ppid",
    String(daemon.pid),
  ]);
  return [
    daemon.pid,
    ...children.stdout.split("\n").map(Number).filter((pid) => pid > 0),
  ];
}

/** CPU seconds of a daemon's processes so far. */
export async function cpuSeconds(daemon: RunningDaemon): Promise<number> {
  let ticks = 0;
  for (const pid of await processIds(daemon)) {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / CLOCK_TICKS_PER_S;
}

export async function residentMb(daemon: RunningDaemon): Promise<number> {
  let kb = 0;
  for (const pid of await processIds(daemon)) {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    kb += Number(/VmRSS:\s+([0-9]+)/.exec(status)?.[1] ?? 0);
  }
  return kb / 1024;
}

export function print(
  what: string,
  unit: string,
  target: string,
  hakeep: number,
  keepalived: number,
): void {
  console.log(
    `${what.padEnd(56)} hakeep ${
      hakeep.toFixed(2).padStart(8)
    } ${unit}   keepalived ${
      keepalived.toFixed(2).padStart(8)
    } ${unit}   ratio ${
      (hakeep / keepalived).toFixed(2)
    }   (target: ${target})`,
  );
}
