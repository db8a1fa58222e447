/**
 * BFD between hakeep and others: itself, Debian's keepalived and BIRD. Sessions come up, silence is noticed in the
 * time that was agreed, and VRRP follows.
 * @module
 */
import { assertEquals } from "@std/assert";
import type { BfdStatus } from "../../lib/status/bfd_status.ts";
import {
  type DaemonKind,
  hasState,
  killTree,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
const VIRTUAL = "10.77.9.1";

type PeerKind = DaemonKind | "bird";

/** 60 ms from us, 80 ms from the peer, which may miss 4 of ours; we may miss 3 of its. */
const OURS = { intervalMs: 60, multiplier: 4 } as const;
const THEIRS = { intervalMs: 80, multiplier: 3 } as const;
const DETECTION_MS = THEIRS.multiplier * 80;

interface Timing {
  readonly intervalMs: number;
  readonly multiplier: number;
}

function session(
  name: string,
  neighbor: string,
  { intervalMs, multiplier }: Timing,
  more = "",
): string {
  return `bfd_instance ${name} {
  neighbor_ip ${neighbor}
  min_rx ${intervalMs}
  min_tx ${intervalMs}
  multiplier ${multiplier}
  ${more}
}
`;
}

function instance(priority: number, lines: string): string {
  return `vrrp_instance VI_1 {
  interface eth0
  version 3
  advert_int 0.1
  virtual_router_id 51
  priority ${priority}
  ${lines}
  virtual_ipaddress {
    ${VIRTUAL}/16
  }
}
`;
}

/** The IPv6 address of a host, which {@linkcode twoHosts} adds. */
const ADDRESS6: Readonly<Record<string, string>> = {
  a: "fd77::1",
  b: "fd77::2",
};

async function twoHosts(): Promise<Lab> {
  const lab = await Lab.create({ hosts: ["a", "b"] });
  for (const [host, address] of Object.entries(ADDRESS6)) {
    const net = [`${address}/64`, "dev", "eth0", "nodad"];
    await lab.ip(host, "addr", "add", ...net);
  }
  return lab;
}

/** Starts what answers on host b: sessions over both families, single hop or over several. */
function startPeer(lab: Lab, kind: PeerKind, isMultihop = false): void {
  if (kind === "bird") startBird(lab, isMultihop);
  else {
    const more = isMultihop ? "multihop" : "";
    startDaemon(
      lab,
      "b",
      kind,
      session("four", lab.address("a"), THEIRS, more) +
        session("six", "fd77::1", THEIRS, more),
    );
  }
}

function startBird(lab: Lab, isMultihop: boolean): void {
  const path = `${lab.directory}/bird.conf`;
  const { intervalMs, multiplier } = THEIRS;
  const timing = `interval ${intervalMs} ms; multiplier ${multiplier};`;
  const where = isMultihop ? "multihop" : 'interface "eth0"';
  const to = (address: string, local: string) =>
    isMultihop
      ? `neighbor ${address} local ${local} multihop yes;`
      : `neighbor ${address} dev "eth0" local ${local};`;
  Deno.writeTextFileSync(
    path,
    `router id 10.77.0.2;
protocol device {}
protocol bfd {
  ${where} { ${timing} };
  ${to(lab.address("a"), lab.address("b"))}
  ${to("fd77::1", "fd77::2")}
}
`,
  );
  const bird = lab.command(
    "b",
    "bird",
    "-f",
    "-c",
    path,
    "-s",
    `${lab.directory}/bird.ctl`,
    "-P",
    `${lab.directory}/bird.pid`,
  ).spawn();
  lab.defer(async () => {
    bird.kill("SIGKILL");
    await bird.status;
    await bird.stdout.cancel();
    await bird.stderr.cancel();
  });
}

async function sessionsOf(
  daemon: RunningDaemon,
): Promise<readonly BfdStatus[]> {
  return (await statusOf(daemon))?.bfd_sessions ?? [];
}

/** Waits until all sessions of a hakeep are in `state`. */
function sessionsAre(
  daemon: RunningDaemon,
  state: BfdStatus["state"],
): Promise<readonly BfdStatus[]> {
  return eventually(
    `all sessions are ${state}; log:\n${daemon.log()}`,
    READY_MS,
    async () => {
      const sessions = await sessionsOf(daemon);
      return sessions.length > 0 &&
        sessions.every((one) => one.state === state) && sessions;
    },
  );
}

interface SeenPacket {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly source: string;
  readonly state: string;
}

const SEEN = /^([0-9.]+) IP ([0-9.]+)\.[0-9]+ > .* State ([A-Za-z]+),/;

/** BFD packets over IPv4 as they come to and leave a host. */
async function watchPackets(
  lab: Lab,
  host: string,
): Promise<readonly SeenPacket[]> {
  const child = lab.command(
    host,
    "tcpdump",
    "--immediate-mode",
    "-ttnlUi",
    "eth0",
    "udp dst port 3784",
  ).spawn();
  const seen: SeenPacket[] = [];
  const listens = Promise.withResolvers<void>();
  const read = async (stream: ReadableStream<Uint8Array>) => {
    let rest = "";
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("listening")) listens.resolve();
        const [, at, source = "", state = ""] = SEEN.exec(line) ?? [];
        if (at === undefined) continue;
        seen.push({ atMs: Number(at) * 1000, source, state });
      }
    }
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  lab.defer(async () => {
    child.kill("SIGKILL");
    await child.status;
    await reading;
  });
  await listens.promise;
  return seen;
}

for (const kind of ["hakeep", "keepalived", "bird"] as const) {
  Deno.test(`sessions with ${kind} come up over both families; silence is noticed in the agreed time, and FAULT follows`, async () => {
    await using lab = await twoHosts();
    const seen = await watchPackets(lab, "a");
    startPeer(lab, kind);
    const ours = startDaemon(
      lab,
      "a",
      "hakeep",
      session("four", lab.address("b"), OURS) +
        session("six", "fd77::2", OURS, "source_ip fd77::1") +
        instance(100, "track_bfd { four }"),
    );
    await sessionsAre(ours, "Up");
    await hasState(ours, "MASTER");
    const settled = await eventually(
      `intervals are settled; log:\n${ours.log()}`,
      READY_MS,
      async () => {
        const sessions = await sessionsOf(ours);
        return sessions.every((one) =>
          one.detection_time_s === DETECTION_MS / 1000
        ) && sessions;
      },
    );
    for (const one of settled) {
      assertEquals(one.transmit_interval_s, 0.08);
      assertEquals(one.remote_state, "Up");
      assertEquals(
        Object.values(one.counters.rejected).every((n) => n === 0),
        true,
      );
    }
    await lab.setCutOff("b", true);
    await hasState(ours, "FAULT");
    const heard = seen.findLast(({ source }) => source === lab.address("b"));
    const down = await eventually(
      "it says Down",
      READY_MS,
      () =>
        Promise.resolve(
          seen.find(({ atMs, source, state }) =>
            source === lab.address("a") && state === "Down" &&
            atMs > (heard?.atMs ?? Infinity)
          ),
        ),
    );
    const tookMs = down.atMs - (heard?.atMs ?? 0);
    assertEquals(
      tookMs > DETECTION_MS - 5 && tookMs < 2 * DETECTION_MS,
      true,
      `noticed after ${tookMs} ms instead of ${DETECTION_MS}`,
    );
    assertEquals(
      ours.log().includes(`nothing was heard for ${DETECTION_MS} ms`),
      true,
    );
    await lab.setCutOff("b", false);
    await sessionsAre(ours, "Up");
    await hasState(ours, "MASTER");
  });
}

for (const kind of ["hakeep", "bird"] as const) {
  // Debian's keepalived 2.2.7 does not know `multihop` yet.
  Deno.test(`multihop sessions with ${kind} come up`, async () => {
    await using lab = await twoHosts();
    startPeer(lab, kind, true);
    const ours = startDaemon(
      lab,
      "a",
      "hakeep",
      session(
        "four",
        lab.address("b"),
        OURS,
        `source_ip ${lab.address("a")}\n  multihop\n  max_hops -1`,
      ) +
        session(
          "six",
          "fd77::2",
          OURS,
          "source_ip fd77::1\n  multihop\n  max_hops -1",
        ),
    );
    await sessionsAre(ours, "Up");
  });
}

const PAIRS: readonly (readonly [DaemonKind, DaemonKind])[] = [
  ["hakeep", "hakeep"],
  ["hakeep", "keepalived"],
  ["keepalived", "hakeep"],
];

for (const [master, gateway] of PAIRS) {
  Deno.test(`a ${master} that is MASTER yields when its session with the ${gateway} of the gateway fails, and comes back`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "b", "gw"] });
    startDaemon(
      lab,
      "gw",
      gateway,
      session("a", lab.address("a"), THEIRS),
    );
    const a = startDaemon(
      lab,
      "a",
      master,
      session("gw", lab.address("gw"), OURS) +
        instance(150, "track_bfd { gw }"),
    );
    const b = startDaemon(lab, "b", "hakeep", instance(100, ""));
    const isAt = (host: string, other: string) =>
      eventually(
        `${host} has the address and ${other} has not\n${a.log()}\n${b.log()}`,
        READY_MS,
        async () =>
          await lab.holds(host, `${VIRTUAL}/16`) &&
          !(await lab.holds(other, `${VIRTUAL}/16`)),
      );
    await isAt("a", "b");
    await lab.setCutOff("gw", true);
    await isAt("b", "a");
    await lab.setCutOff("gw", false);
    await isAt("a", "b");
  });
}

Deno.test("a session's weight counts in the priority while it is up", async () => {
  await using lab = await twoHosts();
  const peer = startDaemon(
    lab,
    "b",
    "hakeep",
    session("four", lab.address("a"), THEIRS),
  );
  const ours = startDaemon(
    lab,
    "a",
    "hakeep",
    session("four", lab.address("b"), OURS, "weight 20") +
      instance(100, "track_bfd { four }"),
  );
  const shows = (priority: number) =>
    eventually(
      `the priority is ${priority}; log:\n${ours.log()}`,
      READY_MS,
      async () =>
        (await statusOf(ours))?.instances[0]?.effective_priority === priority,
    );
  await shows(120);
  await killTree(peer.pid);
  await shows(100);
  assertEquals((await hasState(ours, "MASTER")).instances.length, 1);
});

Deno.test("a daemon that stops says AdminDown: the neighbour's session ends, and its instances go on", async () => {
  await using lab = await twoHosts();
  const peer = startDaemon(
    lab,
    "b",
    "hakeep",
    session("four", lab.address("a"), THEIRS),
  );
  const ours = startDaemon(
    lab,
    "a",
    "hakeep",
    session("four", lab.address("b"), OURS) +
      instance(100, "track_bfd { four }"),
  );
  await sessionsAre(ours, "Up");
  await hasState(ours, "MASTER");
  peer.kill("SIGTERM");
  await peer.ended;
  const [ended] = await sessionsAre(ours, "Down");
  assertEquals(ended?.tracked_as_up, true);
  assertEquals(ended?.diagnostic, "the neighbour says the session is down");
  assertEquals(
    ours.log().includes("is down: the neighbour ended it"),
    true,
  );
  await hasState(ours, "MASTER");
});

Deno.test("a reload disturbs no session that stays, settles new intervals, and ends what is gone", async () => {
  await using lab = await twoHosts();
  const peer = startDaemon(
    lab,
    "b",
    "hakeep",
    session("four", lab.address("a"), THEIRS) +
      session("six", "fd77::1", THEIRS),
  );
  const before = session("four", lab.address("b"), OURS) +
    session("six", "fd77::2", OURS);
  const ours = startDaemon(lab, "a", "hakeep", before);
  const [fourBefore, sixBefore] = await sessionsAre(ours, "Up");
  const reload = async (text: string, part: string) => {
    Deno.writeTextFileSync(`${ours.runtimeDir}/config.conf`, text);
    ours.kill("SIGHUP");
    await eventually(
      `the reload is told: ${part}`,
      READY_MS,
      () => Promise.resolve(ours.log().includes(part)),
    );
  };
  const slower = { intervalMs: 200, multiplier: 3 };
  await reload(
    session("four", lab.address("b"), OURS) +
      session("six", "fd77::2", slower),
    "BFD sessions changed",
  );
  await eventually("the neighbour agreed", READY_MS, async () => {
    const [, six] = await sessionsOf(ours);
    const [, theirs] = await sessionsOf(peer);
    return six?.transmit_interval_s === 0.2 && six.detection_time_s === 0.6 &&
      theirs?.detection_time_s === 0.6;
  });
  const [four, six] = await sessionsOf(ours);
  for (const [now, was] of [[four, fourBefore], [six, sixBefore]] as const) {
    assertEquals(now?.local_discriminator, was?.local_discriminator);
    assertEquals(now?.last_change, was?.last_change);
    assertEquals(now?.counters.wentDown, 0);
  }
  const log = ours.log().length;
  await reload(session("four", lab.address("b"), OURS), "BFD sessions changed");
  await eventually(
    "the neighbour knows that one ended",
    READY_MS,
    async () => (await sessionsOf(peer))[1]?.remote_state === "AdminDown",
  );
  assertEquals((await sessionsOf(ours)).map(({ state }) => state), ["Up"]);
  assertEquals(ours.log().slice(log).includes("session four"), false);
});
