/**
 * Reloads of the compiled daemon in namespaces: what changed changes, and nothing else stirs.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Capture, type Sighting } from "./capture.ts";
import {
  HAKEEP,
  hasState,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "./daemons.ts";
import { eventually, Lab, runCommand } from "./topology.ts";

const ADVERT_INTERVAL_MS = 500;
/** How late a loaded test machine may run a process; an advert that a reload swallows is later. */
const PATIENCE_MS = 400;

interface Instance {
  readonly vrid: number;
  readonly priority: number;
  readonly address: string;
}

const ONE: Instance = { vrid: 51, priority: 150, address: "10.77.1.1" };
const TWO: Instance = { vrid: 52, priority: 150, address: "10.77.1.2" };
const THREE: Instance = { vrid: 53, priority: 150, address: "10.77.1.3" };

function configuration(...instances: readonly Instance[]): string {
  return instances.map(({ vrid, priority, address }) =>
    `vrrp_instance VI_${vrid} {
  state BACKUP
  interface eth0
  virtual_router_id ${vrid}
  version 3
  priority ${priority}
  advert_int 0.5
  virtual_ipaddress {
    ${address}/32
  }
}
`
  ).join("");
}

async function rewrite(daemon: RunningDaemon, text: string): Promise<void> {
  await Deno.writeTextFile(`${daemon.runtimeDir}/config.conf`, text);
}

function reload(daemon: RunningDaemon) {
  return runCommand(HAKEEP, ["reload", "--runtime-dir", daemon.runtimeDir]);
}

async function areMasters(daemon: RunningDaemon, count: number) {
  await eventually(
    `${count} masters`,
    20_000,
    async () =>
      (await statusOf(daemon))?.instances.filter(({ state }) =>
        state === "MASTER"
      ).length === count,
  );
}

/** The longest silence of a virtual router, in milliseconds. */
function longestGapMs(sightings: readonly Sighting[], vrid: number): number {
  let last: number | undefined;
  let longest = 0;
  for (const one of sightings) {
    if (one.kind !== "advert" || one.vrid !== vrid) continue;
    if (last !== undefined) longest = Math.max(longest, one.atNs - last);
    last = one.atNs;
  }
  return longest / 1e6;
}

Deno.test("a reload changes, adds and removes instances without a stir in the others", async () => {
  await using lab = await Lab.create({ hosts: ["a", "w"] });
  const a = startDaemon(lab, "a", "hakeep", configuration(ONE, TWO));
  await areMasters(a, 2);
  // The second block of announcements, 5 s after becoming MASTER, is not the reload's.
  await eventually(
    "all announcements are out",
    15_000,
    async () =>
      (await statusOf(a))?.instances.every(({ counters }) =>
        counters.announcementsSent >= 10
      ) === true,
  );
  const before = await statusOf(a);
  const capture = await Capture.start(lab, "w");
  await eventually(
    "adverts of both",
    10_000,
    async () => {
      const vrids = (await capture.sightings()).map((one) =>
        one.kind === "advert" ? one.vrid : 0
      );
      return vrids.includes(51) && vrids.includes(52);
    },
  );
  await rewrite(
    a,
    configuration(ONE, { ...TWO, priority: 77, address: "10.77.1.22" }, THREE),
  );
  const first = await reload(a);
  assertEquals(first.code, 0, first.stderr);
  assertStringIncludes(
    first.stdout,
    "1 instance added (VI_53), 1 instance changed (VI_52); 1 instance untouched",
  );
  await areMasters(a, 3);
  assertEquals(
    (await lab.addresses("a")).filter((one) => one.startsWith("10.77.1."))
      .toSorted(),
    ["10.77.1.1/32", "10.77.1.22/32", "10.77.1.3/32"],
  );
  await rewrite(
    a,
    configuration(ONE, { ...TWO, priority: 77, address: "10.77.1.22" }),
  );
  a.kill("SIGHUP");
  await eventually(
    "the third is gone",
    10_000,
    async () => !await lab.holds("a", "10.77.1.3/32"),
  );
  await eventually(
    "its farewell",
    10_000,
    async () =>
      (await capture.sightings()).some((one) =>
        one.kind === "advert" && one.vrid === 53 && one.priority === 0
      ),
  );
  const seen = await capture.sightings();
  assertEquals(
    seen.filter((one) =>
      one.kind === "announcement" && one.address === ONE.address
    ),
    [],
  );
  assertEquals(
    new Set(
      seen.flatMap((one) =>
        one.kind === "advert" && one.vrid === 52 ? [one.priority] : []
      ),
    ),
    new Set([150, 77]),
  );
  for (const vrid of [51, 52]) {
    const gap = longestGapMs(seen, vrid);
    assert(gap < ADVERT_INTERVAL_MS + PATIENCE_MS, `silent for ${gap} ms`);
  }
  const after = await statusOf(a);
  assertEquals(
    after?.instances[0]?.last_transition,
    before?.instances[0]?.last_transition,
  );
});

for (
  const [what, broken, complaint] of [
    ["broken", "vrrp_instance VI_51 {\n  interface\n", "config.conf:"],
    [
      "incomplete",
      configuration(ONE).replace("virtual_router_id", "virtual_router"),
      "instance VI_51 is incomplete",
    ],
  ] as const
) {
  Deno.test(`a reload of a file that is ${what} leaves everything as it was and says why`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "w"] });
    const a = startDaemon(lab, "a", "hakeep", configuration(ONE));
    await hasState(a, "MASTER");
    const capture = await Capture.start(lab, "w");
    await rewrite(a, broken);
    const { code, stderr } = await reload(a);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "everything goes on as before");
    const status = await statusOf(a);
    assertStringIncludes(status?.config.last_reload_error ?? "", complaint);
    assertEquals(status?.instances[0]?.state, "MASTER");
    await eventually(
      "adverts after the reload",
      10_000,
      async () => (await capture.sightings()).length > 10,
    );
    const seen = await capture.sightings();
    assertEquals(
      seen.filter((one) => one.kind === "advert" && one.priority === 0),
      [],
    );
    assert(await lab.holds("a", "10.77.1.1/32"));
  });
}

Deno.test("a reload of fifty changed instances at once leaves all of them MASTER", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const instances = Array.from({ length: 50 }, (_, i): Instance => ({
    vrid: i + 1,
    priority: 150,
    address: `10.77.2.${i + 1}`,
  }));
  const a = startDaemon(lab, "a", "hakeep", configuration(...instances));
  await areMasters(a, 50);
  await rewrite(
    a,
    configuration(...instances.map((one) => ({
      ...one,
      priority: 120,
      address: one.address.replace("10.77.2.", "10.77.3."),
    }))),
  );
  const { code, stdout } = await reload(a);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "50 instances changed");
  assertEquals(
    (await statusOf(a))?.instances.filter(({ state }) => state === "MASTER")
      .length,
    50,
  );
  await eventually(
    "exactly the new addresses",
    10_000,
    async () => {
      const held = await lab.addresses("a");
      return held.filter((one) => one.startsWith("10.77.3.")).length === 50 &&
        held.filter((one) => one.startsWith("10.77.2.")).length === 0;
    },
  );
});
