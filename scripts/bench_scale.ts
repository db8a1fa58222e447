/**
 * Figures of many instances beside Debian's keepalived: 510 on one interface, 1,000 over four, a machine without a
 * free processor, a reload that changes nothing.
 *
 * Wire times are the kernel's, as in bench.ts.
 * @module
 */
import { defined } from "../lib/assert.ts";
import { Capture, type Sighting } from "../tests/e2e/capture.ts";
import {
  type DaemonKind,
  HAKEEP,
  killTree,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "../tests/e2e/daemons.ts";
import { eventually, Lab, mustRun } from "../tests/e2e/topology.ts";
import {
  cpuSeconds,
  median,
  print,
  quantile,
  settled,
} from "./bench_measure.ts";

type Advert = Extract<Sighting, { kind: "advert" }>;

/** One virtual router of the benchmark. */
interface Instance {
  readonly family: 4 | 6;
  readonly vrid: number;
  readonly link: string;
  /** Canonical text. */
  readonly address: string;
}

/** keepalived takes more than a minute to hold 510 addresses on a machine that is busy otherwise. */
const DEADLINE_MS = 240_000;
const PRIORITY = { a: 200, b: 100 } as const;

/** `count` instances of both families on one interface. */
function bothFamilies(count: number): readonly Instance[] {
  return ([4, 6] as const).flatMap((family) =>
    Array.from({ length: count }, (_, i) => ({
      family,
      vrid: i + 1,
      link: "eth0",
      address: family === 4
        ? `10.77.1.${i + 1}`
        : `fe80::4d:${(i + 1).toString(16)}`,
    }))
  );
}

function config(
  instances: readonly Instance[],
  priority: number,
  intervalS = 1,
): string {
  const blocks = instances.map(({ family, vrid, link, address }) =>
    `vrrp_instance ${link}_V${family}_${vrid} {
  state BACKUP
  interface ${link}
  virtual_router_id ${vrid}
  version 3
  priority ${priority}
  advert_int ${intervalS}
  virtual_ipaddress {
    ${address}/${family === 4 ? 32 : 128}
  }
}
`
  );
  return `global_defs {\n}\n${blocks.join("")}`;
}

function masterDownMs(priority: number, intervalS: number): number {
  return (3 + (256 - priority) / 256) * intervalS * 1000;
}

function keyOf(advert: Advert): string {
  return `${advert.family}/${advert.vrid}`;
}

/** The capture writes addresses without `::`. */
function announcedText({ family, address }: Instance): string {
  return family === 4 ? address : address.replace("::", ":0:0:0:0:0:");
}

async function holdsAll(
  lab: Lab,
  host: string,
  instances: readonly Instance[],
): Promise<boolean> {
  const held = new Set(await lab.addresses(host));
  return instances.every(({ family, address }) =>
    held.has(`${address}/${family === 4 ? 32 : 128}`)
  );
}

/** Adverts of a priority by instance, in the order of their times. */
function advertsOf(
  sightings: readonly Sighting[],
  priority: number,
): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (const one of sightings) {
    if (one.kind !== "advert" || one.priority !== priority) continue;
    const key = keyOf(one);
    const list = times.get(key);
    if (list === undefined) times.set(key, [one.atNs]);
    else list.push(one.atNs);
  }
  return times;
}

/** By how many milliseconds each advert was off its interval. */
function gapErrorsMs(
  times: ReadonlyMap<string, readonly number[]>,
  intervalS: number,
): number[] {
  const errors: number[] = [];
  for (const list of times.values()) {
    for (const [i, atNs] of list.entries()) {
      const before = list[i - 1];
      if (before !== undefined) {
        errors.push((atNs - before) / 1e6 - intervalS * 1e3);
      }
    }
  }
  return errors;
}

/** Milliseconds beyond the protocol's limit from the last advert of the dead to the first announcement. */
function takeOversMs(
  sightings: readonly Sighting[],
  instances: readonly Instance[],
): number[] {
  const last = advertsOf(sightings, PRIORITY.a);
  const announced = new Map<string, number>();
  for (const one of sightings) {
    if (one.kind !== "announcement" || announced.has(one.address)) continue;
    announced.set(one.address, one.atNs);
  }
  return instances.map((instance) => {
    const { family, vrid } = instance;
    const diedNs = defined(
      last.get(`${family}/${vrid}`)?.at(-1),
      `the last advert of ${family}/${vrid}`,
    );
    const tookNs = defined(
      announced.get(announcedText(instance)),
      `the announcement of ${instance.address}`,
    ) - diedNs;
    return tookNs / 1e6 - masterDownMs(PRIORITY.b, 1);
  });
}

interface ScaleFigures {
  readonly masterCpu: number;
  readonly backupCpu: number;
  readonly jitterMs: number;
  readonly worstTakeOverMs: number;
  readonly medianTakeOverMs: number;
}

async function measureScale(
  kind: DaemonKind,
  seconds: number,
): Promise<ScaleFigures> {
  await using lab = await Lab.create({ hosts: ["a", "b", "w"] });
  const instances = bothFamilies(255);
  const master = startDaemon(lab, "a", kind, config(instances, PRIORITY.a));
  const backup = startDaemon(lab, "b", kind, config(instances, PRIORITY.b));
  await eventually(
    `a holds all addresses\n${master.log().slice(-1000)}`,
    DEADLINE_MS,
    () => holdsAll(lab, "a", instances),
  );
  // The second block of announcements, 5 s after becoming MASTER, is over before anything counts.
  await settled(lab, 10_000);
  const capture = await Capture.start(lab, "w");
  const before = [await cpuSeconds(master), await cpuSeconds(backup)] as const;
  await settled(lab, seconds * 1000);
  const masterCpu = (await cpuSeconds(master)) - before[0];
  const backupCpu = (await cpuSeconds(backup)) - before[1];
  const errors = gapErrorsMs(
    advertsOf(await capture.sightings(), PRIORITY.a),
    1,
  );
  await killTree(master.pid);
  const wanted = instances.map(announcedText);
  const sightings = await eventually(
    `b announces all\n${backup.log().slice(-1000)}`,
    DEADLINE_MS,
    async () => {
      const all = await capture.sightings();
      const seen = new Set(
        all.map((one) => one.kind === "announcement" ? one.address : ""),
      );
      return wanted.every((address) => seen.has(address)) ? all : undefined;
    },
  );
  const takeOvers = takeOversMs(sightings, instances);
  return {
    masterCpu: masterCpu / seconds * 100,
    backupCpu: backupCpu / seconds * 100,
    jitterMs: quantile(errors.map(Math.abs), 0.999),
    worstTakeOverMs: Math.max(...takeOvers),
    medianTakeOverMs: median(takeOvers),
  };
}

/** 255 IPv4 and 255 IPv6 instances on one interface, an advert a second each. */
export async function benchScale(seconds: number): Promise<void> {
  const hakeep = await measureScale("hakeep", seconds);
  const keepalived = await measureScale("keepalived", seconds);
  const row = (
    what: string,
    unit: string,
    target: string,
    of: (figures: ScaleFigures) => number,
  ) =>
    print(`510 instances, ${what}`, unit, target, of(hakeep), of(keepalived));
  row(
    `CPU of the master, ${seconds} s`,
    "%",
    "ratio <= 1",
    (one) => one.masterCpu,
  );
  row(
    `CPU of the backup, ${seconds} s`,
    "%",
    "ratio <= 1",
    (one) => one.backupCpu,
  );
  row("jitter p99.9", "ms", "< 2 ms", (one) => one.jitterMs);
  row("failover, worst", "ms", "<= 15 ms", (one) => one.worstTakeOverMs);
  row("failover, median", "ms", "-", (one) => one.medianTakeOverMs);
}

const THOUSAND_LINKS = ["eth0", "eth1", "eth2", "eth3"] as const;

/** More interfaces for two hosts, each pair on a bridge of its own. */
async function addSegments(lab: Lab): Promise<void> {
  for (const [i, link] of THOUSAND_LINKS.entries()) {
    if (i === 0) continue;
    await lab.ip(
      "sw",
      "link",
      "add",
      `br${i}`,
      "type",
      "bridge",
      "mcast_snooping",
      "0",
    );
    await lab.ip("sw", "link", "set", `br${i}`, "up");
    for (const host of ["a", "w"]) {
      const port = `${host}${i}`;
      await lab.ip(
        "sw",
        "link",
        "add",
        port,
        "type",
        "veth",
        "peer",
        "name",
        link,
        "netns",
        lab.namespace(host),
      );
      await lab.ip("sw", "link", "set", port, "master", `br${i}`, "up");
      await lab.ip(host, "link", "set", link, "up");
      await lab.ip(
        host,
        "addr",
        "add",
        `10.${77 + i}.0.${host === "a" ? 1 : 2}/16`,
        "dev",
        link,
      );
    }
  }
}

/** Milliseconds from exec to the last of the first announcements of 1,000 addresses. */
async function startThousand(kind: DaemonKind): Promise<number> {
  await using lab = await Lab.create({ hosts: ["a", "w"] });
  await addSegments(lab);
  const instances = THOUSAND_LINKS.flatMap((link, i) =>
    Array.from({ length: 250 }, (_, n): Instance => ({
      family: 4,
      vrid: n + 1,
      link,
      address: `10.${77 + i}.1.${n + 1}`,
    }))
  );
  const captures: Capture[] = [];
  for (const link of THOUSAND_LINKS) {
    captures.push(await Capture.start(lab, "w", undefined, link));
  }
  const startedMs = Date.now();
  const daemon = startDaemon(lab, "a", kind, config(instances, PRIORITY.a));
  const firstNs = await eventually(
    `all 1,000 are announced\n${daemon.log().slice(-1000)}`,
    DEADLINE_MS,
    async () => {
      const first = new Map<string, number>();
      for (const capture of captures) {
        for (const one of await capture.sightings()) {
          if (one.kind !== "announcement" || first.has(one.address)) continue;
          first.set(one.address, one.atNs);
        }
      }
      const times = instances.map(({ address }) => first.get(address));
      return times.every((atNs) => atNs !== undefined)
        ? Math.max(...times)
        : undefined;
    },
  );
  return firstNs / 1e6 - startedMs;
}

/** 1,000 instances over four interfaces start. */
export async function benchThousand(): Promise<void> {
  const limitMs = masterDownMs(PRIORITY.a, 1);
  print(
    `1,000 instances, exec to the last first ARP, less ${
      limitMs.toFixed(0)
    } ms`,
    "ms",
    "<= 1000 ms",
    await startThousand("hakeep") - limitMs,
    await startThousand("keepalived") - limitMs,
  );
}

/** How often a backup spoke up although its master was alive, beside busy loops. */
async function takeOversUnderLoad(
  kind: DaemonKind,
  seconds: number,
): Promise<number> {
  await using lab = await Lab.create({ hosts: ["a", "b", "w"] });
  const instances = bothFamilies(1);
  startDaemon(lab, "a", kind, config(instances, PRIORITY.a, 0.01));
  await eventually(
    "a holds all addresses",
    DEADLINE_MS,
    () => holdsAll(lab, "a", instances),
  );
  startDaemon(lab, "b", kind, config(instances, PRIORITY.b, 0.01));
  await settled(lab, 3000);
  const loops = Array.from(
    { length: 2 * navigator.hardwareConcurrency },
    () => lab.command("w", "sh", "-c", "while :; do :; done").spawn(),
  );
  lab.defer(async () => {
    for (const loop of loops) {
      loop.kill("SIGKILL");
      await loop.status;
      await Promise.all([loop.stdout.cancel(), loop.stderr.cancel()]);
    }
  });
  const capture = await Capture.start(lab, "w");
  await settled(lab, seconds * 1000);
  const adverts = (await capture.sightings()).filter((one) =>
    one.kind === "advert"
  ).toSorted((one, other) => one.atNs - other.atNs);
  let changes = 0;
  const speakers = new Map<string, number>();
  for (const advert of adverts) {
    const key = keyOf(advert);
    const before = speakers.get(key) ?? PRIORITY.a;
    if (before !== advert.priority) changes++;
    speakers.set(key, advert.priority);
  }
  return changes;
}

/** Two busy loops on every processor, and adverts every 10 ms of one IPv4 and one IPv6 instance. */
export async function benchLoad(seconds: number): Promise<void> {
  print(
    `changes of the speaker beside busy loops, 10 ms, ${seconds} s`,
    "  ",
    "0",
    await takeOversUnderLoad("hakeep", seconds),
    await takeOversUnderLoad("keepalived", seconds),
  );
}

interface ReloadFigures {
  /** Of `hakeep reload`; NaN for a keepalived, which does not say when it is done. */
  readonly tookMs: number;
  readonly transitions: number;
  readonly netlinkLines: number;
  readonly lateAdverts: number;
  readonly worstLateMs: number;
}

async function askForReload(daemon: RunningDaemon): Promise<number> {
  if (daemon.kind === "keepalived") {
    daemon.kill("SIGHUP");
    return NaN;
  }
  const beganMs = performance.now();
  await mustRun(HAKEEP, "reload", "--runtime-dir", daemon.runtimeDir);
  return performance.now() - beganMs;
}

async function transitionsOf(daemon: RunningDaemon): Promise<number> {
  if (daemon.kind === "keepalived") {
    return daemon.log().split("\n").filter((line) => /Entering/.test(line))
      .length;
  }
  const status = defined(await statusOf(daemon), "a status");
  return status.instances.reduce(
    (sum, { counters }) =>
      sum + counters.becameMaster + counters.releasedMaster,
    0,
  );
}

async function measureReload(
  kind: DaemonKind,
  reloads: number,
): Promise<ReloadFigures> {
  await using lab = await Lab.create({ hosts: ["a", "w"] });
  const instances = bothFamilies(250);
  const daemon = startDaemon(lab, "a", kind, config(instances, PRIORITY.a));
  await eventually(
    "a holds all addresses",
    DEADLINE_MS,
    () => holdsAll(lab, "a", instances),
  );
  await settled(lab, 10_000);
  const before = await transitionsOf(daemon);
  const monitor = lab.command(
    "a",
    "ip",
    "monitor",
    "address",
    "route",
    "rule",
    "link",
  ).spawn();
  lab.defer(async () => {
    await monitor.status;
  });
  const told = new Response(monitor.stdout).text();
  const complained = new Response(monitor.stderr).text();
  const capture = await Capture.start(lab, "w");
  await settled(lab, 3000);
  const took: number[] = [];
  for (let i = 0; i < reloads; i++) {
    took.push(await askForReload(daemon));
    await settled(lab, 3500);
  }
  monitor.kill("SIGTERM");
  await complained;
  const errors = gapErrorsMs(
    advertsOf(await capture.sightings(), PRIORITY.a),
    1,
  );
  return {
    tookMs: median(took),
    transitions: (await transitionsOf(daemon)) - before,
    netlinkLines: (await told).split("\n").filter((line) => line !== "").length,
    lateAdverts: errors.filter((error) => error > 2).length,
    worstLateMs: Math.max(...errors),
  };
}

/** A reload of 500 instances that changes nothing. */
export async function benchReload(reloads: number): Promise<void> {
  const hakeep = await measureReload("hakeep", reloads);
  const keepalived = await measureReload("keepalived", reloads);
  const row = (
    what: string,
    unit: string,
    target: string,
    of: (figures: ReloadFigures) => number,
  ) =>
    print(
      `no-op reload of 500, ${what}`,
      unit,
      target,
      of(hakeep),
      of(keepalived),
    );
  row(`median of ${reloads}`, "ms", "< 300 ms", (one) => one.tookMs);
  row("transitions", "  ", "0", (one) => one.transitions);
  row("lines of netlink", "  ", "0", (one) => one.netlinkLines);
  row("adverts late by more than 2 ms", "  ", "0", (one) => one.lateAdverts);
  row("the latest advert", "ms", "<= 2 ms", (one) => one.worstLateMs);
}
