/**
 * What the kernel had to tell and could not: more changes of links and addresses than the daemon's socket has room for.
 */
import { assertEquals } from "@std/assert";
import { Capture } from "./capture.ts";
import { instanceText, VIP } from "./configurations.ts";
import { startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
/** The socket has room for some 11,000 changes. */
const PAIRS = 10_000;

Deno.test("a flood of changes that the daemon could not read is no transition; what went in it is put back and announced", async () => {
  await using lab = await Lab.create({ hosts: ["a", "watcher"] });
  const config = instanceText({
    priority: 255,
    // Long enough to be stopped for some seconds without a take-over that was missed.
    state: "MASTER",
    lines: ["version 3", "advert_int 5"],
  });
  const daemon = startDaemon(lab, "a", "hakeep", config);
  const isHeld = () =>
    eventually(
      `the address is there\n${daemon.log()}`,
      READY_MS,
      () => lab.holds("a", `${VIP}/16`),
    );
  await isHeld();
  const capture = await Capture.start(lab, "watcher");
  const lines: string[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const address = `10.99.${i >> 8}.${i & 255}/32`;
    lines.push(`addr add ${address} dev lo`, `addr del ${address} dev lo`);
    if (i === PAIRS / 2) lines.push(`addr del ${VIP}/16 dev eth0`);
  }
  const batch = `${lab.directory}/flood`;
  Deno.writeTextFileSync(batch, lines.join("\n"));
  daemon.kill("SIGSTOP");
  await lab.ip("a", "-batch", batch);
  daemon.kill("SIGCONT");
  await eventually(
    `the address is announced again\n${daemon.log()}`,
    READY_MS,
    async () =>
      (await capture.sightings()).some((one) =>
        one.kind === "announcement" && one.address === VIP
      ),
  );
  await isHeld();
  const status = await eventually(
    `it is counted\n${daemon.log()}`,
    READY_MS,
    async () => {
      const status = await statusOf(daemon);
      return status?.instances[0]?.counters.addressesRestored === 1 && status;
    },
  );
  assertEquals(status.instances[0]?.counters.becameMaster, 1);
  assertEquals(status.instances[0]?.counters.releasedMaster, 0);
  assertEquals(
    daemon.log().split("read anew").length - 1,
    1,
    daemon.log(),
  );
  assertEquals(
    (await lab.addresses("a")).filter((one) => one.startsWith("10.99.")),
    [],
  );
});
