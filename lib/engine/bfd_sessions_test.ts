/** BFD sessions on the engine's loop: whose packets they are, what they do to routers, what outlives a reload and a crash. */
import { assertEquals } from "@std/assert";
import { defined } from "../assert.ts";
import { type BfdPacket, decodeBfd, encodeBfd } from "../bfd/packet.ts";
import type { BfdSessionConfig } from "../bfd/session_config.ts";
import { exampleBfd, examplePacket, MS } from "../bfd/session_lab.ts";
import { exampleIp, exampleRouter } from "../vrrp/example_router.ts";
import { Engine } from "./engine.ts";
import { readyHost, runUntil, SECOND_NS, story } from "./engine_lab.ts";
import type { MemoryWorld } from "./memory_world.ts";
import type {
  BfdSnapshot,
  EngineNotice,
  EnginePlan,
  KnownBfd,
  ReplanCommand,
} from "./port.ts";

const NEIGHBOR = exampleIp("192.0.2.2");
const CONFIG = exampleBfd();
const FOLLOWER = exampleRouter({
  links: [{ kind: "bfd", tracker: "peer", weight: 0, reverse: false }],
});

function start(
  world: MemoryWorld,
  plan: Partial<EnginePlan> = {},
  known: readonly KnownBfd[] = [],
): Engine {
  const engine = new Engine(
    world,
    { routers: [], bfdSessions: [CONFIG], ...plan },
    [],
    known,
  );
  engine.start();
  return engine;
}

interface Arrival {
  readonly source?: string;
  readonly destination?: string;
  readonly hopLimit?: number;
  readonly isMultihop?: boolean;
  /** Of the datagram; that of a packet unless given. */
  readonly length?: number;
}

/** The neighbour says something, and the engine hears it. */
function say(
  world: MemoryWorld,
  engine: Engine,
  packet: Partial<BfdPacket>,
  arrival: Arrival = {},
): void {
  const bytes = new Uint8Array(64);
  encodeBfd(examplePacket(packet), bytes, 8);
  world.arriveBfd({
    bytes,
    start: 8,
    length: arrival.length ?? 24,
    source: exampleIp(arrival.source ?? "192.0.2.2"),
    destination: exampleIp(arrival.destination ?? "192.0.2.10"),
    hopLimit: arrival.hopLimit ?? 255,
    isMultihop: arrival.isMultihop ?? false,
  });
  engine.turn();
}

/** What was sent since this was last asked for. */
function takeSent(world: MemoryWorld): BfdPacket[] {
  return world.sentBfd.splice(0).map(({ bytes }) => {
    const decoded = decodeBfd(bytes, 0, bytes.length);
    if (decoded.kind === "rejected") throw new Error(decoded.reason);
    return decoded.packet;
  });
}

/** Lets the handshake happen; returns our discriminator. */
function bringUp(world: MemoryWorld, engine: Engine): number {
  say(world, engine, { state: "down", yourDiscriminator: 0 });
  const ours = takeSent(world).at(-1)?.myDiscriminator ?? 0;
  say(world, engine, { state: "up", yourDiscriminator: ours });
  say(world, engine, { isFinal: true, yourDiscriminator: ours });
  return ours;
}

function sessions(world: MemoryWorld, engine: Engine): readonly BfdSnapshot[] {
  const kept = world.takeNotices();
  world.command({ kind: "snapshot", id: 1 });
  engine.turn();
  const notices = [...kept, ...world.takeNotices()];
  for (const notice of notices) {
    if (notice.kind !== "snapshot") world.post(notice);
  }
  const answer = notices.find((notice) => notice.kind === "snapshot");
  return answer?.kind === "snapshot" ? answer.bfd : [];
}

function only(world: MemoryWorld, engine: Engine): BfdSnapshot {
  return defined(sessions(world, engine)[0], "the session");
}

function replan(
  world: MemoryWorld,
  engine: Engine,
  bfdSessions: readonly BfdSessionConfig[],
  change: Partial<ReplanCommand> = {},
): void {
  world.command({
    kind: "replan",
    id: 1,
    remove: [],
    put: [],
    bfdSessions,
    ...change,
  });
  engine.turn();
}

function bfdNotices(
  notices: readonly EngineNotice[],
): readonly Extract<EngineNotice, { kind: "bfd" }>[] {
  return notices.filter((notice) => notice.kind === "bfd");
}

Deno.test("a router that tracks a session waits until it is up, and is FAULT when nothing is heard for the detection time", () => {
  const world = readyHost();
  const engine = start(world, { routers: [FOLLOWER] });
  assertEquals(story(world.takeNotices()), [
    "VI_1 WAITING -> FAULT: gateClosed",
    "VI_1 trackerFailed",
  ]);
  bringUp(world, engine);
  assertEquals(story(world.takeNotices()), [
    "VI_1 opens",
    "VI_1 FAULT -> BACKUP: gateOpened",
  ]);
  const heardNs = world.clockNs;
  runUntil(world, engine, heardNs + 150 * MS - 1);
  assertEquals(only(world, engine).session.state, "up");
  runUntil(world, engine, heardNs + 150 * MS);
  assertEquals(story(world.takeNotices()), [
    "VI_1 BACKUP -> FAULT: gateClosed",
    "VI_1 trackerFailed",
  ]);
  assertEquals(takeSent(world).at(-1)?.state, "down");
  assertEquals(only(world, engine).counters.wentDown, 1);
});

Deno.test("packets that waited while the engine was held up count before its timers", () => {
  const world = readyHost();
  const engine = start(world);
  const yourDiscriminator = bringUp(world, engine);
  world.clockNs += 10 * SECOND_NS;
  say(world, engine, { yourDiscriminator });
  assertEquals(only(world, engine).session.state, "up");
});

Deno.test("a packet belongs to the session of its discriminator, of its addresses while there is none, and to no other", () => {
  const world = readyHost();
  const source = exampleIp("192.0.2.10");
  const engine = start(world, {
    bfdSessions: [
      { ...CONFIG, name: "far", isMultihop: true },
      { ...CONFIG, name: "one", source: exampleIp("192.0.2.11") },
      { ...CONFIG, name: "two", source },
    ],
  });
  const heard = () =>
    sessions(world, engine).map(({ counters }) => counters.received);
  say(world, engine, { state: "down", yourDiscriminator: 0 });
  assertEquals(heard(), [0, 0, 1]);
  say(world, engine, { state: "down", yourDiscriminator: 0 }, {
    destination: "192.0.2.11",
  });
  assertEquals(heard(), [0, 1, 1]);
  say(world, engine, { state: "down", yourDiscriminator: 0 }, {
    isMultihop: true,
  });
  assertEquals(heard(), [1, 1, 1]);
  const ours = sessions(world, engine).map(({ session }) =>
    session.discriminator
  );
  assertEquals(new Set(ours).size, 3);
  say(world, engine, { state: "init", yourDiscriminator: ours[1] ?? 0 });
  assertEquals(heard(), [1, 2, 1]);
  world.takeNotices();
  say(world, engine, { yourDiscriminator: ours[0] ?? 0 });
  say(world, engine, { yourDiscriminator: 77 });
  say(world, engine, { state: "down", yourDiscriminator: 0 }, {
    source: "192.0.2.3",
  });
  assertEquals(heard(), [1, 2, 1]);
});

Deno.test("what is dropped is counted by reason, and told once a minute", () => {
  const world = readyHost();
  const engine = start(world);
  world.takeNotices();
  const down = { state: "down", yourDiscriminator: 0 } as const;
  for (let i = 0; i < 3; i++) say(world, engine, down, { hopLimit: 254 });
  say(world, engine, down, { length: 23 });
  say(world, engine, down, { source: "192.0.2.3" });
  const told = () =>
    world.takeNotices().flatMap((notice) =>
      notice.kind === "bfdRejected"
        ? [`${notice.name} ${notice.reason} ${notice.suppressed}`]
        : []
    );
  const { rejected } = only(world, engine).counters;
  assertEquals([rejected.hopLimit, rejected.tooShort], [3, 1]);
  world.command({ kind: "snapshot", id: 2 });
  engine.turn();
  const kept = world.takeNotices();
  for (const notice of kept) {
    if (notice.kind !== "snapshot") world.post(notice);
    else assertEquals(notice.bfdRejected.unknownSession, 1);
  }
  assertEquals(told(), [
    "peer hopLimit 0",
    "peer tooShort 0",
    "undefined unknownSession 0",
  ]);
  world.clockNs += 61 * SECOND_NS;
  say(world, engine, down, { hopLimit: 1 });
  assertEquals(told(), ["peer hopLimit 2"]);
});

Deno.test("a reload leaves sessions alone that stay, polls for new intervals, ends what is gone, begins what is new", () => {
  const world = readyHost();
  const engine = start(world);
  const ours = bringUp(world, engine);
  takeSent(world);
  world.takeTrace();
  replan(world, engine, [CONFIG]);
  assertEquals([world.takeTrace(), takeSent(world)], [[], []]);
  const slower = { ...CONFIG, minTxNs: 200 * MS };
  replan(world, engine, [slower]);
  assertEquals(
    takeSent(world).map(({ isPoll, desiredMinTxNs }) => [
      isPoll,
      desiredMinTxNs,
    ]),
    [[true, 200 * MS]],
  );
  assertEquals(only(world, engine).session.discriminator, ours);
  const other = { ...CONFIG, neighbor: exampleIp("192.0.2.3") };
  replan(world, engine, [other]);
  const [farewell] = takeSent(world);
  assertEquals([farewell?.state, farewell?.diagnostic], ["adminDown", 7]);
  assertEquals(world.takeTrace(), [
    `close BFD to ${NEIGHBOR}`,
    `open BFD to ${other.neighbor}`,
  ]);
  assertEquals(only(world, engine).session.state, "down");
});

Deno.test("a router that a reload lets track a session finds it as it is", () => {
  const world = readyHost();
  const engine = start(world);
  bringUp(world, engine);
  replan(world, engine, [CONFIG], {
    put: [{ router: FOLLOWER, replaces: undefined }],
  });
  assertEquals(story(world.takeNotices()), [
    "VI_1 WAITING -> BACKUP: gateOpened",
  ]);
});

Deno.test("an engine that stops tells the neighbours so and closes what it opened", () => {
  const world = readyHost();
  const engine = start(world);
  bringUp(world, engine);
  takeSent(world);
  world.command({ kind: "stop" });
  engine.turn();
  assertEquals(takeSent(world).map(({ state }) => state), ["adminDown"]);
  assertEquals(world.takeTrace().at(-1), `close BFD to ${NEIGHBOR}`);
});

Deno.test("the engine after one that died goes on with its sessions: no router notices", () => {
  const before = readyHost();
  const died = start(before);
  bringUp(before, died);
  const last = defined(bfdNotices(before.takeNotices()).at(-1), "a notice");
  assertEquals([last.session.state, last.session.isPolling], ["up", false]);
  const world = readyHost();
  world.clockNs = before.clockNs + 80 * MS;
  const engine = start(world, { routers: [FOLLOWER] }, [last]);
  assertEquals(story(world.takeNotices()), [
    "VI_1 WAITING -> BACKUP: gateOpened",
  ]);
  assertEquals(
    takeSent(world).map(({ state, myDiscriminator }) => [
      state,
      myDiscriminator,
    ]),
    [["up", last.session.discriminator]],
  );
  const startedNs = world.clockNs;
  runUntil(world, engine, startedNs + 150 * MS);
  assertEquals(only(world, engine).session.state, "down");
});

Deno.test("a socket that is refused is tried again each second, and why stands in the status", () => {
  const world = readyHost();
  world.socketRefusal = "Cannot listen on UDP port 3784";
  const engine = start(world);
  assertEquals(only(world, engine).problem, "Cannot listen on UDP port 3784");
  world.socketRefusal = undefined;
  runUntil(world, engine, world.clockNs + 2.1 * SECOND_NS);
  assertEquals(only(world, engine).problem, undefined);
  assertEquals(takeSent(world)[0]?.state, "down");
});

Deno.test("packets that cannot leave are counted, and told when that begins", () => {
  const world = readyHost();
  const engine = start(world);
  world.takeNotices();
  world.bfdErrno = 101;
  runUntil(world, engine, world.clockNs + 5 * SECOND_NS);
  const errors = world.takeNotices().filter(({ kind }) =>
    kind === "systemError"
  );
  assertEquals(errors.length, 1);
  const { counters, problem } = only(world, engine);
  assertEquals(counters.sendErrors > 3, true);
  assertEquals(problem?.startsWith("Cannot send a BFD packet"), true);
});
