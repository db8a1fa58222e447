/**
 * Figures of hakeep beside Debian's keepalived, taken in one run on one machine.
 *
 * Wire times are the kernel's (a capture with nanoseconds on a third host); nothing is read from a daemon's log.
 * @module
 */
import { defined } from "../lib/assert.ts";
import { Capture, type Sighting } from "../tests/e2e/capture.ts";
import {
  type DaemonKind,
  HAKEEP,
  killTree,
  startDaemon,
} from "../tests/e2e/daemons.ts";
import { eventually, Lab, runCommand } from "../tests/e2e/topology.ts";
import {
  cpuSeconds,
  KINDS,
  median,
  print,
  residentMb,
  settled,
} from "./bench_measure.ts";
import {
  benchLoad,
  benchReload,
  benchScale,
  benchThousand,
} from "./bench_scale.ts";

interface Setup {
  readonly version: 2 | 3;
  readonly intervalS: number;
  readonly instances: number;
}

function config(priority: number, setup: Setup, state = "BACKUP"): string {
  let text = "global_defs {\n}\n";
  for (let i = 1; i <= setup.instances; i++) {
    text += `vrrp_instance VI_${i} {
  state ${state}
  interface eth0
  virtual_router_id ${i}
  version ${setup.version}
  priority ${priority}
  advert_int ${setup.intervalS}
  virtual_ipaddress {
    10.77.${1 + (i >> 8)}.${i & 0xff}/32
  }
}
`;
  }
  return text;
}

function address(instance: number): string {
  return `10.77.${1 + (instance >> 8)}.${instance & 0xff}`;
}

function limitMs({ version, intervalS }: Setup, priority: number): number {
  const skewUnitS = version === 2 ? 1 : intervalS;
  return (3 * intervalS + ((256 - priority) / 256) * skewUnitS) * 1000;
}

/** Milliseconds beyond the protocol's limit, an element for each instance. */
async function failoverOverheads(
  kind: DaemonKind,
  setup: Setup,
): Promise<number[]> {
  await using lab = await Lab.create({ hosts: ["a", "b", "w"] });
  const master = startDaemon(lab, "a", kind, config(200, setup));
  const backup = startDaemon(lab, "b", kind, config(100, setup));
  const deadlineMs = 20_000 + 8 * setup.intervalS * 1000;
  const count = setup.instances;
  await eventually(`a holds ${count} addresses`, deadlineMs, async () => {
    const held = (await lab.addresses("a")).filter((one) =>
      one.endsWith("/32") && one.startsWith("10.77.")
    );
    const others = (await lab.addresses("b")).filter((one) =>
      one.endsWith("/32") && one.startsWith("10.77.")
    );
    return held.length === count && others.length === 0;
  });
  // The second block of announcements, 5 s after becoming MASTER, is over before the capture begins.
  await settled(lab, 7000);
  const capture = await Capture.start(lab, "w");
  await eventually(
    "adverts are seen",
    deadlineMs,
    async () =>
      new Set(
        (await capture.sightings()).map((one) =>
          one.kind === "advert" ? one.vrid : 0
        ),
      ).size >= count,
  );
  await killTree(master.pid);
  const sightings = await eventually(
    `b announces all\n${backup.log().slice(-2000)}`,
    deadlineMs,
    async () => {
      const all = await capture.sightings();
      const announced = new Set(
        all.map((one) => one.kind === "announcement" ? one.address : ""),
      );
      for (let i = 1; i <= count; i++) {
        if (!announced.has(address(i))) {
          return undefined;
        }
      }
      return all;
    },
  );
  const limit = limitMs(setup, 100);
  return Array.from(
    { length: count },
    (_, i) => overhead(sightings, i + 1, limit),
  );
}

function overhead(
  sightings: readonly Sighting[],
  instance: number,
  limit: number,
): number {
  const arp = defined(
    sightings.find((one) =>
      one.kind === "announcement" && one.address === address(instance)
    ),
    `the announcement of ${address(instance)}`,
  );
  const advert = defined(
    sightings.findLast((one) =>
      one.kind === "advert" && one.vrid === instance && one.priority === 200 &&
      one.atNs < arp.atNs
    ),
    `the last advert of ${instance}`,
  );
  return (arp.atNs - advert.atNs) / 1e6 - limit;
}

async function benchFailover(runs: number): Promise<void> {
  const setups: readonly Setup[] = [
    { version: 2, intervalS: 1, instances: 1 },
    { version: 3, intervalS: 0.1, instances: 1 },
    { version: 3, intervalS: 0.01, instances: 1 },
  ];
  for (const setup of setups) {
    const found: Record<DaemonKind, number[]> = { hakeep: [], keepalived: [] };
    for (let run = 0; run < runs; run++) {
      for (const kind of KINDS) {
        found[kind].push(...await failoverOverheads(kind, setup));
      }
    }
    const name = `failover, 1 instance, ${setup.intervalS} s`;
    print(
      `${name}, median of ${runs}`,
      "ms",
      "ratio <= 1",
      median(found.hakeep),
      median(found.keepalived),
    );
    print(
      `${name}, worst`,
      "ms",
      "-",
      Math.max(...found.hakeep),
      Math.max(...found.keepalived),
    );
  }
}

async function benchHundred(runs: number): Promise<void> {
  const setup: Setup = { version: 3, intervalS: 0.1, instances: 100 };
  const worst: Record<DaemonKind, number[]> = { hakeep: [], keepalived: [] };
  const middle: Record<DaemonKind, number[]> = { hakeep: [], keepalived: [] };
  for (let run = 0; run < runs; run++) {
    for (const kind of KINDS) {
      const found = await failoverOverheads(kind, setup);
      worst[kind].push(Math.max(...found));
      middle[kind].push(median(found));
    }
  }
  print(
    `failover, 100 instances, worst (median of ${runs} runs)`,
    "ms",
    "<= 5 ms",
    median(worst.hakeep),
    median(worst.keepalived),
  );
  print(
    "failover, 100 instances, median",
    "ms",
    "-",
    median(middle.hakeep),
    median(middle.keepalived),
  );
}

async function benchCpu(seconds: number): Promise<void> {
  const setup: Setup = { version: 3, intervalS: 0.1, instances: 100 };
  const used: Record<DaemonKind, number> = { hakeep: 0, keepalived: 0 };
  for (const kind of KINDS) {
    await using lab = await Lab.create({ hosts: ["a", "w"] });
    const daemon = startDaemon(lab, "a", kind, config(200, setup));
    await eventually(
      "all are MASTER",
      20_000,
      async () =>
        (await lab.addresses("a")).filter((one) =>
          one.endsWith("/32") && one.startsWith("10.77.")
        ).length === 100,
    );
    await settled(lab, 7000);
    const before = await cpuSeconds(daemon);
    await settled(lab, seconds * 1000);
    used[kind] = ((await cpuSeconds(daemon)) - before) / seconds * 100;
  }
  print(
    `CPU of a master, 100 instances at 0.1 s, ${seconds} s`,
    "%",
    "ratio <= 1",
    used.hakeep,
    used.keepalived,
  );
}

async function benchMemory(): Promise<void> {
  const used: Record<DaemonKind, number> = { hakeep: 0, keepalived: 0 };
  for (const kind of KINDS) {
    await using lab = await Lab.create({ hosts: ["a", "w"] });
    const daemon = startDaemon(
      lab,
      "a",
      kind,
      config(200, { version: 2, intervalS: 1, instances: 1 }),
    );
    await eventually(
      "it is MASTER",
      20_000,
      () => lab.holds("a", `${address(1)}/32`),
    );
    await settled(lab, 10_000);
    used[kind] = await residentMb(daemon);
  }
  print(
    "resident memory, 1 instance, 10 s as MASTER",
    "MB",
    "<= 85 MB",
    used.hakeep,
    used.keepalived,
  );
}

async function benchStart(runs: number): Promise<void> {
  const took: Record<DaemonKind, number[]> = { hakeep: [], keepalived: [] };
  for (let run = 0; run < runs; run++) {
    for (const kind of KINDS) {
      await using lab = await Lab.create({ hosts: ["a", "w"] });
      const capture = await Capture.start(lab, "w");
      const text = config(
        255,
        { version: 2, intervalS: 1, instances: 1 },
        "MASTER",
      );
      const startMs = Date.now();
      startDaemon(lab, "a", kind, text);
      const advert = await eventually(
        "an advert is seen",
        10_000,
        async () =>
          (await capture.sightings()).find((one) => one.kind === "advert"),
      );
      took[kind].push(advert.atNs / 1e6 - startMs);
    }
  }
  print(
    `exec to first advert, priority 255, median of ${runs}`,
    "ms",
    "<= 150 ms",
    median(took.hakeep),
    median(took.keepalived),
  );
}

async function benchCheck(runs: number): Promise<void> {
  const path = Deno.makeTempFileSync({ suffix: ".conf" });
  Deno.writeTextFileSync(
    path,
    config(100, { version: 2, intervalS: 1, instances: 1 }).replaceAll(
      "eth0",
      "lo",
    ),
  );
  const took: Record<DaemonKind, number[]> = { hakeep: [], keepalived: [] };
  for (let run = 0; run < runs; run++) {
    for (const kind of KINDS) {
      const startMs = performance.now();
      if (kind === "hakeep") await runCommand(HAKEEP, ["check", path]);
      else await runCommand("keepalived", ["-t", "-f", path]);
      took[kind].push(performance.now() - startMs);
    }
  }
  Deno.removeSync(path);
  print(
    `check of a ten-line file, median of ${runs}`,
    "ms",
    "<= 60 ms",
    median(took.hakeep),
    median(took.keepalived),
  );
}

const isQuick = Deno.args.includes("--quick");
const wanted = Deno.args.filter((word) => !word.startsWith("--"));
const runs = isQuick ? 2 : 7;
const figures: Readonly<Record<string, () => Promise<void>>> = {
  check: () => benchCheck(isQuick ? 5 : 20),
  start: () => benchStart(runs),
  memory: () => benchMemory(),
  cpu: () => benchCpu(isQuick ? 5 : 20),
  failover: () => benchFailover(runs),
  hundred: () => benchHundred(isQuick ? 1 : 5),
  scale: () => benchScale(isQuick ? 15 : 60),
  thousand: () => benchThousand(),
  load: () => benchLoad(isQuick ? 15 : 60),
  reload: () => benchReload(isQuick ? 2 : 5),
};
for (const [name, bench] of Object.entries(figures)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
