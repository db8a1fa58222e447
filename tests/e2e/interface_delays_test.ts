/**
 * `interface_up_down_delays` and `linkbeat_interfaces` on the real kernel, beside Debian's keepalived.
 */
import { assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import { type DaemonKind, type RunningDaemon, startDaemon } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;

function delaysText(delays: string): string {
  return `interface_up_down_delays {
  ${delays}
}
${instanceText({ priority: 150, lines: ["version 3", "advert_int 1"] })}`;
}

async function isHeld(
  lab: Lab,
  daemon: RunningDaemon,
  isHeldThere: boolean,
): Promise<number> {
  await eventually(
    `the address is ${isHeldThere ? "there" : "gone"}\n${daemon.log()}`,
    READY_MS,
    async () => await lab.holds("a", `${VIP}/16`) === isHeldThere,
  );
  return performance.now();
}

Deno.test("a cable that is out for a moment is no fault, and a longer loss is one after the delay, as in keepalived", async () => {
  const outcome = async (kind: DaemonKind) => {
    await using lab = await Lab.create({ hosts: ["a"] });
    const daemon = startDaemon(lab, "a", kind, delaysText("eth0 1 1.5"));
    await isHeld(lab, daemon, true);
    await lab.setCable("a", "down");
    await lab.setCable("a", "up");
    const outMs = performance.now();
    await lab.setCable("a", "down");
    const lostMs = await isHeld(lab, daemon, false) - outMs;
    const backMs = performance.now();
    await lab.setCable("a", "up");
    const gainedMs = await isHeld(lab, daemon, true) - backMs;
    const faults = daemon.log().split("\n")
      .filter((line) => /entering FAULT|Entering FAULT STATE/.test(line));
    return {
      faults: faults.length,
      // The delay down, with the time that a busy machine takes; the delay up with the time to take over.
      lost: lostMs > 950 && lostMs < 2500,
      gained: gainedMs > 1500 + 3000,
    };
  };
  const [ours, theirs] = await Promise.all([
    outcome("hakeep"),
    outcome("keepalived"),
  ]);
  assertEquals(ours, { faults: 1, lost: true, gained: true });
  assertEquals(theirs, ours);
});

Deno.test("an interface that is asked for its carrier is down when its driver says so, and up again", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const config = `linkbeat_interfaces {
  eth0 ETHTOOL
}
${instanceText({ priority: 150, lines: ["version 3", "advert_int 0.1"] })}`;
  const daemon = startDaemon(lab, "a", "hakeep", config);
  await isHeld(lab, daemon, true);
  assertEquals(
    daemon.log().includes(
      "eth0: its carrier is asked for every second by ETHTOOL",
    ),
    true,
  );
  await lab.setCable("a", "down");
  await isHeld(lab, daemon, false);
  await eventually(
    "the driver is heard",
    READY_MS,
    () =>
      Promise.resolve(
        daemon.log().includes("eth0: its driver says that it has no carrier"),
      ),
  );
  await lab.setCable("a", "up");
  await isHeld(lab, daemon, true);
});
