/**
 * Two routers on one switch, of which one leads.
 * @module
 */
import { instanceText, VIP } from "./configurations.ts";
import { type RunningDaemon, startDaemon, statusOf } from "./daemons.ts";
import { eventually, type Lab } from "./topology.ts";

const DEADLINE_MS = 20_000;

/** Exactly `holder` has `address`. */
export async function holdsAlone(
  lab: Lab,
  holder: "a" | "b",
  address: string,
  deadlineMs: number,
  logs: () => string,
): Promise<void> {
  const other = holder === "a" ? "b" : "a";
  await eventually(
    () => `${holder} alone holds ${address}\n${logs()}`,
    deadlineMs,
    async () =>
      await lab.holds(holder, address) && !await lab.holds(other, address),
  );
}

/** Two of hakeep with the same `lines`: a leads with priority 150, and then b follows with 100. */
export async function startPair(
  lab: Lab,
  lines: readonly string[],
): Promise<readonly [RunningDaemon, RunningDaemon]> {
  const start = (host: string, priority: number) =>
    startDaemon(lab, host, "hakeep", instanceText({ priority, lines }));
  const a = start("a", 150);
  await eventually(
    () => `a leads\n${a.log()}`,
    DEADLINE_MS,
    () => lab.holds("a", `${VIP}/16`),
  );
  const b = start("b", 100);
  await eventually(
    () => `b follows a\n${b.log()}`,
    DEADLINE_MS,
    async () => (await statusOf(b))?.instances[0]?.master?.priority === 150,
  );
  return [a, b];
}
