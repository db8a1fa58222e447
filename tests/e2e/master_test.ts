/**
 * What a MASTER does to its host: addresses as configured, kept against interference, gone afterwards.
 */
import { assert, assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import { defined } from "../../lib/assert.ts";
import { AddressWatch } from "./address_watch.ts";
import { Capture } from "./capture.ts";
import { hasState, killTree, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

interface ShownAddress {
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  readonly label?: string;
  readonly broadcast?: string;
}

async function shown(
  lab: Lab,
  host: string,
  address: string,
): Promise<ShownAddress | undefined> {
  const links: { addr_info: ShownAddress[] }[] = JSON.parse(
    await lab.ip(host, "-j", "addr", "show"),
  );
  return links.flatMap(({ addr_info }) => addr_info).find(({ local }) =>
    local === address
  );
}

Deno.test("addresses carry the label, scope, mask and broadcast of the configuration", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({
      priority: 150,
      addresses: [
        "10.77.1.1/24 dev eth0 label eth0:1",
        "10.77.2.1/25 scope link",
        "10.77.3.1/24 brd +",
        "10.77.4.1",
      ],
    }),
  );
  await hasState(daemon, "MASTER");
  const labelled = await shown(lab, "a", "10.77.1.1");
  assertEquals([labelled?.label, labelled?.prefixlen, labelled?.scope], [
    "eth0:1",
    24,
    "global",
  ]);
  const scoped = await shown(lab, "a", "10.77.2.1");
  assertEquals([scoped?.prefixlen, scoped?.scope], [25, "link"]);
  assertEquals((await shown(lab, "a", "10.77.3.1"))?.broadcast, "10.77.3.255");
  assertEquals((await shown(lab, "a", "10.77.4.1"))?.prefixlen, 32);
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  assertEquals(
    await lab.addresses("a").then((all) =>
      all.filter((one) => one.startsWith("10.77.") && one !== "10.77.0.1/16")
    ),
    [],
  );
});

Deno.test("an address that something else removes is back within 100 ms and announced", async () => {
  await using lab = await Lab.create({ hosts: ["a", "w"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({ priority: 150, addresses: [`${VIP}/24`] }),
  );
  await hasState(daemon, "MASTER");
  const capture = await Capture.start(lab, "w");
  await lab.ip("a", "addr", "del", `${VIP}/24`, "dev", "eth0");
  const deletedMs = performance.now();
  await eventually(
    "the address is back",
    5000,
    () => lab.holds("a", `${VIP}/24`),
  );
  const tookMs = performance.now() - deletedMs;
  assert(tookMs < 100, `it took ${tookMs} ms`);
  const status = await statusOf(daemon);
  assertEquals(status?.instances[0]?.counters.addressesRestored, 1);
  assertEquals(status?.instances[0]?.state, "MASTER");
  await eventually(
    "it is announced again",
    3000,
    async () =>
      (await capture.sightings()).some((one) =>
        one.kind === "announcement" && one.address === VIP
      ),
  );
});

Deno.test("a priority of 0 is sent on a stop, and the backup takes over after its skew time", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b", "w"] });
  const a = startDaemon(lab, "a", "hakeep", instanceText({ priority: 150 }));
  const b = startDaemon(lab, "b", "hakeep", instanceText({ priority: 100 }));
  await eventually(
    "a is master and b follows it",
    15_000,
    async () =>
      (await statusOf(a))?.instances[0]?.state === "MASTER" &&
      (await statusOf(b))?.instances[0]?.master?.address === "10.77.0.1",
  );
  const capture = await Capture.start(lab, "w");
  a.kill("SIGTERM");
  assertEquals(await a.ended, 0);
  await eventually(
    "b is master",
    10_000,
    async () => (await statusOf(b))?.instances[0]?.state === "MASTER",
  );
  const adverts = (await capture.sightings()).filter((one) =>
    one.kind === "advert"
  );
  const farewell = defined(
    adverts.find((one) => one.kind === "advert" && one.priority === 0),
    "a farewell",
  );
  const first = defined(
    adverts.find((one) => one.kind === "advert" && one.priority === 100),
    "the first advert of b",
  );
  // Skew time of priority 100: 156/256 s.
  const skewMs = (first.atNs - farewell.atNs) / 1e6;
  assert(skewMs > 605 && skewMs < 800, `took over after ${skewMs} ms`);
});

Deno.test("of two masters of equal priority the one with the higher address stays", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  // Whoever is master first is left alone by an equal, so both have to become it out of each other's hearing.
  await lab.setCutOff("b", true);
  const a = startDaemon(lab, "a", "hakeep", instanceText({ priority: 100 }));
  const b = startDaemon(lab, "b", "hakeep", instanceText({ priority: 100 }));
  for (const daemon of [a, b]) await hasState(daemon, "MASTER");
  await lab.setCutOff("b", false);
  await hasState(a, "BACKUP");
  await hasState(b, "MASTER");
});

Deno.test("nopreempt leaves a master of lower priority alone", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const b = startDaemon(
    lab,
    "b",
    "hakeep",
    instanceText({ priority: 100, lines: ["nopreempt"] }),
  );
  await hasState(b, "MASTER");
  const a = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({ priority: 150, lines: ["nopreempt"] }),
  );
  await eventually(
    "a follows b",
    10_000,
    async () =>
      (await statusOf(a))?.instances[0]?.master?.address === "10.77.0.2",
  );
  // More adverts than a master down interval holds, and still a backup.
  const heard = (await statusOf(a))?.instances[0]?.counters.advertsReceived ??
    0;
  await eventually(
    "five more adverts",
    10_000,
    async () =>
      ((await statusOf(a))?.instances[0]?.counters.advertsReceived ?? 0) >=
        heard + 5,
  );
  assertEquals((await statusOf(a))?.instances[0]?.state, "BACKUP");
  assertEquals((await statusOf(b))?.instances[0]?.state, "MASTER");
});

Deno.test("what a killed daemon left in the kernel serves on until the next one is MASTER", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const text = instanceText({ priority: 150 });
  const first = startDaemon(lab, "a", "hakeep", text);
  await hasState(first, "MASTER");
  const watch = await AddressWatch.start(lab, "a");
  await killTree(first.pid);
  await first.ended;
  const second = startDaemon(lab, "a", "hakeep", text);
  await hasState(second, "BACKUP");
  assert(await lab.holds("a", `${VIP}/16`));
  await hasState(second, "MASTER");
  assert(await lab.holds("a", `${VIP}/16`));
  assertEquals(await watch.removals(VIP), 0);
});

Deno.test("what a killed daemon left in the kernel goes when another router is found to be MASTER", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const text = instanceText({ priority: 150, lines: ["nopreempt"] });
  const first = startDaemon(lab, "a", "hakeep", text);
  await hasState(first, "MASTER");
  await killTree(first.pid);
  await first.ended;
  const b = startDaemon(lab, "b", "hakeep", instanceText({ priority: 100 }));
  await hasState(b, "MASTER");
  const second = startDaemon(lab, "a", "hakeep", text);
  await eventually(
    "the address is gone",
    5000,
    async () => !await lab.holds("a", `${VIP}/16`),
  );
  assertEquals((await statusOf(second))?.instances[0]?.state, "BACKUP");
});
