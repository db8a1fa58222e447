/**
 * A process that was stopped and goes on: it hears what waited for it before it believes that time has passed.
 */
import { assertEquals } from "@std/assert";
import { Capture } from "./capture.ts";
import { VIP } from "./configurations.ts";
import { instanceOf, type RunningDaemon, statusOf } from "./daemons.ts";
import { startPair } from "./pair.ts";
import { eventually, Lab } from "./topology.ts";

const DEADLINE_MS = 20_000;
const STOPPED_MS = 5_000;

/** SIGSTOP, and SIGCONT after {@linkcode STOPPED_MS}: how long a process was away is what is tested. */
async function holdUp(daemon: RunningDaemon): Promise<void> {
  daemon.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
  daemon.kill("SIGCONT");
}

for (const version of [2, 3]) {
  Deno.test(`a BACKUP that was stopped for 5 s beside a live MASTER changes nothing: version ${version}`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "b", "w"] });
    const [a, b] = await startPair(lab, [
      `version ${version}`,
      "advert_int 1",
    ]);
    const before = await instanceOf(b);
    const capture = await Capture.start(lab, "w");
    await holdUp(b);
    const { advertsReceived } = before.counters;
    const after = await eventually(
      `b goes on\n${b.log()}`,
      DEADLINE_MS,
      async () => {
        const now = (await statusOf(b))?.instances[0];
        return now !== undefined &&
          now.counters.advertsReceived > advertsReceived + 6 && now;
      },
    );
    assertEquals(after.state, "BACKUP", b.log());
    assertEquals(after.last_transition, before.last_transition, b.log());
    assertEquals(
      after.counters.becameMaster,
      before.counters.becameMaster,
      b.log(),
    );
    assertEquals((await instanceOf(a)).counters.releasedMaster, 0, a.log());
    // a's second block of announcements may fall into this time; b has nothing to say at all.
    const mac = (await lab.ip("b", "-o", "link", "show", "eth0"))
      .match(/link\/ether ([0-9a-f:]+)/)?.[1];
    const mine = (await capture.sightings()).filter((one) =>
      one.sourceMac === mac &&
      (one.kind === "advert" || one.address === VIP)
    );
    assertEquals(mine, [], b.log());
  });
}

Deno.test("a MASTER of timer_expired_backup that was stopped until another took over leaves it the addresses", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const [a, b] = await startPair(lab, [
    "version 3",
    "advert_int 0.5",
    "nopreempt",
    "timer_expired_backup 100",
  ]);
  await holdUp(a);
  await eventually(
    `b alone holds the address\n${a.log()}\n---\n${b.log()}`,
    DEADLINE_MS,
    async () =>
      await lab.holds("b", `${VIP}/16`) && !await lab.holds("a", `${VIP}/16`),
  );
  const { counters, state } = await instanceOf(b);
  assertEquals(state, "MASTER", b.log());
  assertEquals(counters.releasedMaster, 0, b.log());
  assertEquals((await instanceOf(a)).counters.priorityZeroSent, 0, a.log());
  assertEquals(a.log().includes("it was held up for so long"), true, a.log());
});
