/**
 * Two daemons in one network namespace that want the same things.
 */
import { assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import { type RunningDaemon, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const OTHER_VIP = "10.77.1.2";
const READY_MS = 30_000;
const VMAC = instanceText({
  priority: 150,
  lines: ["version 3", "advert_int 0.1", "use_vmac"],
});

async function instanceOf(daemon: RunningDaemon) {
  return (await statusOf(daemon))?.instances[0];
}

async function isIn(daemon: RunningDaemon, state: string): Promise<void> {
  await eventually(
    () => `it is ${state}\n${daemon.log()}`,
    READY_MS,
    async () => (await instanceOf(daemon))?.state === state,
  );
}

Deno.test("a daemon whose link another one has waits, says whose it is, and takes it over after a kill", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const first = startDaemon(lab, "a", "hakeep", VMAC);
  await isIn(first, "MASTER");
  const links = await lab.ip("a", "-o", "link", "show");
  const before = await instanceOf(first);

  const second = startDaemon(lab, "a", "hakeep", VMAC);
  await isIn(second, "WAITING");
  const reason =
    `link vrrp.51 belongs to another hakeep daemon (process ${first.pid})`;
  // It is WAITING without a reason until its engine says so for the first time.
  await eventually(
    () => `it says so\n${second.log()}`,
    READY_MS,
    async () =>
      (await instanceOf(second))?.reason === reason &&
      second.log().includes(`VI_1: waiting: ${reason}`),
  );
  second.kill("SIGHUP");
  await eventually(
    () => `it has reloaded\n${second.log()}`,
    READY_MS,
    () => Promise.resolve(second.log().includes("reload:")),
  );
  assertEquals((await instanceOf(second))?.state, "WAITING");
  second.kill("SIGTERM");
  assertEquals(await second.ended, 0);
  assertEquals(await lab.ip("a", "-o", "link", "show"), links);

  const third = startDaemon(lab, "a", "hakeep", VMAC);
  await isIn(third, "WAITING");
  const after = await instanceOf(first);
  assertEquals(
    [after?.state, after?.last_transition, after?.counters.addressesRestored],
    ["MASTER", before?.last_transition, 0],
  );
  first.kill("SIGKILL");
  await first.ended;
  await isIn(third, "MASTER");
  // The link is the one that was there, and not another of that name.
  assertEquals(await lab.ip("a", "-o", "link", "show"), links);
  assertEquals(await lab.holds("a", `${VIP}/16`), true);
  third.kill("SIGTERM");
  assertEquals(await third.ended, 0);
  assertEquals(
    (await lab.ip("a", "-o", "link", "show")).includes("vrrp.51"),
    false,
  );
});

Deno.test("daemons whose configurations name the same nftables table have one each", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const closed = (vrid: number, address: string) =>
    startDaemon(
      lab,
      "a",
      "hakeep",
      instanceText({
        priority: 150,
        vrid,
        lines: ["version 3", "advert_int 0.1", "no_accept"],
        addresses: [`${address}/16`],
      }),
    );
  const tables = async () =>
    (await lab.inside("a", "nft", "list", "ruleset")).stdout
      .split(/^(?=table)/m).toSorted();
  const first = closed(51, VIP);
  await isIn(first, "MASTER");
  const second = closed(52, OTHER_VIP);
  await isIn(second, "MASTER");
  const areBoth = async () => {
    const [one = "", other = ""] = await tables();
    return one.startsWith("table inet hakeep {") && one.includes(VIP) &&
      other.startsWith("table inet hakeep_2 {") && other.includes(OTHER_VIP);
  };
  await eventually("each has its table", READY_MS, areBoth);
  await lab.inside("a", "nft", "flush", "ruleset");
  await eventually("each has its table again", READY_MS, areBoth);
  for (const daemon of [first, second]) {
    const repairs = () =>
      daemon.log().split("as it should be again").length - 1;
    // The table is there a moment before it is told.
    await eventually(
      () => `it says so\n${daemon.log()}`,
      READY_MS,
      () => Promise.resolve(repairs() > 0),
    );
    assertEquals(repairs(), 1, daemon.log());
    daemon.kill("SIGTERM");
    await daemon.ended;
  }
  assertEquals(await tables(), [""]);
});
