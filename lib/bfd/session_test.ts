import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { assert, defined } from "../assert.ts";
import { type BfdPacket, type BfdState, DIAGNOSTIC } from "./packet.ts";
import {
  type BfdEffect,
  type BfdSession,
  detectionTime,
  newSession,
  stepBfd,
  transmitInterval,
} from "./session.ts";
import type { BfdSessionConfig } from "./session_config.ts";
import {
  BfdEnd,
  BfdLine,
  exampleBfd,
  examplePacket,
  MS,
} from "./session_lab.ts";

const CONFIG = exampleBfd();
const half = () => 0.5;

function hearing(
  session: BfdSession,
  packet: Partial<BfdPacket>,
  nowNs = 0,
  config: BfdSessionConfig = CONFIG,
) {
  return stepBfd(
    config,
    session,
    { kind: "packet", packet: examplePacket(packet) },
    nowNs,
    half,
  );
}

/** A session that is up, both ends settled. */
function upSession(config: BfdSessionConfig = CONFIG): BfdSession {
  let { session } = hearing(
    newSession(config, 1),
    { state: "down", yourDiscriminator: 0 },
    0,
    config,
  );
  ({ session } = hearing(session, { state: "init" }, 0, config));
  ({ session } = hearing(session, { isFinal: true }, 0, config));
  assertEquals([session.state, session.isPolling], ["up", false]);
  return session;
}

function sent(effects: readonly BfdEffect[]): readonly BfdPacket[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" ? [effect.packet] : []
  );
}

/** RFC 5880 §6.8.6: our state, what the neighbour says, what becomes of it, with which diagnostic. */
const TABLE: readonly (readonly [BfdState, BfdState, BfdState, number])[] = [
  ["down", "adminDown", "down", DIAGNOSTIC.none],
  ["down", "down", "init", DIAGNOSTIC.none],
  ["down", "init", "up", DIAGNOSTIC.none],
  ["down", "up", "down", DIAGNOSTIC.none],
  ["init", "adminDown", "down", DIAGNOSTIC.neighborDown],
  ["init", "down", "init", DIAGNOSTIC.none],
  ["init", "init", "up", DIAGNOSTIC.none],
  ["init", "up", "up", DIAGNOSTIC.none],
  ["up", "adminDown", "down", DIAGNOSTIC.neighborDown],
  ["up", "down", "down", DIAGNOSTIC.neighborDown],
  ["up", "init", "up", DIAGNOSTIC.none],
  ["up", "up", "up", DIAGNOSTIC.none],
  ["adminDown", "adminDown", "adminDown", DIAGNOSTIC.none],
  ["adminDown", "down", "adminDown", DIAGNOSTIC.none],
  ["adminDown", "init", "adminDown", DIAGNOSTIC.none],
  ["adminDown", "up", "adminDown", DIAGNOSTIC.none],
];

for (const [ours, theirs, next, diagnostic] of TABLE) {
  Deno.test(`stepBfd() in ${ours} that hears ${theirs} is ${next}`, () => {
    const session = { ...newSession(CONFIG, 1), state: ours };
    const step = hearing(session, { state: theirs });
    assertEquals([step.session.state, step.session.diagnostic], [
      next,
      diagnostic,
    ]);
    // What is new is told at once, and to nobody else's surprise only then.
    const told = sent(step.effects);
    assertEquals(told.length, next === ours ? 0 : 1);
    const changes = step.effects.filter(({ kind }) => kind === "changed");
    assertEquals(changes.length, next === ours ? 0 : 1);
  });
}

Deno.test("a session that begins sends Down with its own discriminator, once in a second at most", () => {
  const end = new BfdEnd(CONFIG, 7);
  end.step({ kind: "start" }, 5);
  assertEquals(end.timers, { transmit: 5, detect: Infinity });
  end.fire(5);
  assertEquals(end.outbox, [
    examplePacket({
      state: "down",
      myDiscriminator: 7,
      yourDiscriminator: 0,
      desiredMinTxNs: 1000 * MS,
    }),
  ]);
  // 0.5 of the jitter of up to a quarter.
  assertEquals(end.timers.transmit, 5 + 875 * MS);
});

Deno.test("jitter shortens intervals by up to a quarter, with a multiplier of 1 by a tenth at least", () => {
  for (
    const [multiplier, random, share] of [
      [3, 0, 0.75],
      [3, 1, 1],
      [1, 0, 0.75],
      [1, 1, 0.9],
    ] as const
  ) {
    const end = new BfdEnd(exampleBfd({ multiplier }), 1, () => random);
    end.step({ kind: "start" }, 0);
    end.fire(0);
    assertEquals(end.timers.transmit, share * 1000 * MS);
  }
});

Deno.test("a session that comes up polls until the neighbour knows its intervals", () => {
  const init = hearing(newSession(CONFIG, 1), {
    state: "down",
    yourDiscriminator: 0,
  }).session;
  const { session, effects } = hearing(init, { state: "up" });
  const [first] = sent(effects);
  assertEquals([first?.isPoll, first?.desiredMinTxNs], [true, 50 * MS]);
  const again = stepBfd(
    CONFIG,
    session,
    { kind: "timer", timer: "transmit" },
    50 * MS,
    half,
  );
  assertEquals(sent(again.effects)[0]?.isPoll, true);
  const settled = hearing(again.session, { isFinal: true }, 51 * MS);
  assertEquals(settled.session.isPolling, false);
  assertEquals(
    settled.effects.some(({ kind }) => kind === "settled"),
    true,
  );
});

Deno.test("a poll is answered at once with F, and the rhythm goes on", () => {
  const { effects } = hearing(upSession(), { isPoll: true }, 10 * MS);
  assertEquals(sent(effects).map(({ isPoll, isFinal }) => [isPoll, isFinal]), [
    [false, true],
  ]);
  assertEquals(
    effects.filter((one) =>
      one.kind === "setTimer" && one.timer === "transmit"
    ),
    [],
  );
});

Deno.test("intervals are the slower of what one end wants and the other takes", () => {
  const session = hearing(upSession(), {
    desiredMinTxNs: 300 * MS,
    requiredMinRxNs: 200 * MS,
    multiplier: 4,
  }).session;
  assertEquals(transmitInterval(CONFIG, session), 200 * MS);
  assertEquals(detectionTime(CONFIG, session), 4 * 300 * MS);
});

Deno.test("nothing is sent periodically to a neighbour that takes nothing, or asks for demand mode while both are up", () => {
  const zero = hearing(upSession(), { requiredMinRxNs: 0 });
  assertEquals(transmitInterval(CONFIG, zero.session), Infinity);
  const demand = hearing(upSession(), { isDemand: true });
  assertEquals(transmitInterval(CONFIG, demand.session), Infinity);
  assertEquals(demand.effects.at(-1), {
    kind: "setTimer",
    timer: "transmit",
    atNs: Infinity,
  });
  const polled = hearing(demand.session, { isDemand: true, isPoll: true });
  assertEquals(sent(polled.effects).map(({ isFinal }) => isFinal), [true]);
});

Deno.test("silence for the detection time brings it down, and the neighbour's discriminator is forgotten", () => {
  const end = new BfdEnd(CONFIG, 1);
  end.session = upSession();
  end.step({ kind: "packet", packet: examplePacket() }, 1000 * MS);
  assertEquals(end.timers.detect, 1150 * MS);
  end.fire(1150 * MS);
  assertEquals(end.session.state, "down");
  assertEquals(end.session.diagnostic, DIAGNOSTIC.timeExpired);
  assertEquals(end.session.isForwarding, false);
  assertEquals(end.outbox.at(-1)?.yourDiscriminator, 0);
  assertEquals(end.outbox.at(-1)?.diagnostic, DIAGNOSTIC.timeExpired);
  assertEquals(transmitInterval(CONFIG, end.session), 1000 * MS);
});

Deno.test("the neighbour's AdminDown ends the session and does not fail the path; any other end does", () => {
  const admin = hearing(upSession(), {
    state: "adminDown",
    diagnostic: DIAGNOSTIC.administrativelyDown,
  }).session;
  assertEquals([admin.state, admin.isForwarding], ["down", true]);
  const back = hearing(admin, { state: "down", yourDiscriminator: 0 }).session;
  assertEquals([back.state, back.isForwarding], ["init", true]);
  const silent = stepBfd(
    CONFIG,
    back,
    { kind: "timer", timer: "detect" },
    0,
    half,
  ).session;
  assertEquals([silent.state, silent.isForwarding], ["down", false]);
  const down = hearing(upSession(), { state: "down" }).session;
  assertEquals([down.state, down.isForwarding], ["down", false]);
});

Deno.test("a passive session is silent until the neighbour speaks, and again when it is gone", () => {
  const end = new BfdEnd(exampleBfd({ isPassive: true }), 1);
  end.step({ kind: "start" }, 0);
  assertEquals(end.deadlineNs, Infinity);
  end.step({
    kind: "packet",
    packet: examplePacket({ state: "down", yourDiscriminator: 0 }),
  }, 10);
  assertEquals(end.outbox.map(({ state }) => state), ["init"]);
  end.fire(end.timers.detect);
  assertEquals([end.session.state, end.outbox.length], ["down", 1]);
  assertEquals(end.deadlineNs, Infinity);
});

Deno.test("a session that stops says AdminDown once, and hears nothing any more", () => {
  const { session, effects } = stepBfd(
    CONFIG,
    upSession(),
    { kind: "stop" },
    0,
    half,
  );
  assertEquals(
    sent(effects).map(({ state, diagnostic }) => [state, diagnostic]),
    [["adminDown", DIAGNOSTIC.administrativelyDown]],
  );
  assertEquals(
    effects.filter((one) => one.kind === "setTimer").slice(-2),
    [
      { kind: "setTimer", timer: "transmit", atNs: Infinity },
      { kind: "setTimer", timer: "detect", atNs: Infinity },
    ],
  );
  assertEquals(hearing(session, { state: "down" }).session.state, "adminDown");
  assertEquals(
    stepBfd(CONFIG, session, { kind: "stop" }, 0, half).effects,
    [],
  );
});

Deno.test("a slower interval counts when the neighbour has confirmed it, a faster one at once", () => {
  const before = exampleBfd({ minTxNs: 50 * MS, minRxNs: 50 * MS });
  const slow = exampleBfd({ minTxNs: 500 * MS, minRxNs: 10 * MS });
  const heard = { requiredMinRxNs: 20 * MS, desiredMinTxNs: 20 * MS };
  const up = hearing(upSession(before), heard, 0, before).session;
  const { session, effects } = stepBfd(
    slow,
    up,
    { kind: "reconfigured", before },
    0,
    half,
  );
  const [told] = sent(effects);
  assertEquals([told?.isPoll, told?.desiredMinTxNs, told?.requiredMinRxNs], [
    true,
    500 * MS,
    10 * MS,
  ]);
  assertEquals(transmitInterval(slow, session), 50 * MS);
  assertEquals(detectionTime(slow, session), 3 * 50 * MS);
  const settled =
    hearing(session, { ...heard, isFinal: true }, 0, slow).session;
  assertEquals(transmitInterval(slow, settled), 500 * MS);
  assertEquals(detectionTime(slow, settled), 3 * 20 * MS);
});

Deno.test("a session of an engine that died goes on where it was", () => {
  const end = new BfdEnd(CONFIG, 1);
  end.session = { ...upSession(), sentAtNs: 0 };
  end.step({ kind: "resume" }, 100 * MS);
  assertEquals(end.outbox.map(({ state }) => state), ["up"]);
  assertEquals(end.timers.detect, 250 * MS);
});

/** Two ends on a line, up and settled. */
function line(
  a: BfdSessionConfig,
  b: BfdSessionConfig,
  random?: () => number,
): { line: BfdLine; ends: [BfdEnd, BfdEnd] } {
  const ends: [BfdEnd, BfdEnd] = [
    new BfdEnd(a, 1, random),
    new BfdEnd(b, 2, random),
  ];
  return { line: new BfdLine(...ends), ends };
}

Deno.test("two sessions that begin together are up within the second", () => {
  const { line: between, ends } = line(
    CONFIG,
    exampleBfd({ minTxNs: 10 * MS }),
  );
  between.start();
  between.runUntil(100 * MS);
  for (const { session } of ends) {
    assertEquals([session.state, session.isPolling, session.isForwarding], [
      "up",
      false,
      true,
    ]);
  }
  assertEquals(transmitInterval(ends[1].config, ends[1].session), 50 * MS);
});

Deno.test("a line that is cut is noticed within the detection time of the last packet, by both", () => {
  const { line: between, ends } = line(CONFIG, CONFIG);
  between.start();
  between.runUntil(2000 * MS);
  between.isLost = () => true;
  between.runUntil(3000 * MS);
  for (const { became } of ends) {
    const last = defined(became.at(-1), "a change");
    assertEquals(last.state, "down");
    // From the cut: at most the detection time and the packet on its way, at least the one interval less.
    assert(last.atNs <= 2151 * MS, `late: ${last.atNs}`);
    assert(last.atNs >= 2101 * MS, `early: ${last.atNs}`);
  }
});

Deno.test("a line that is cut one way brings both ends down", () => {
  const { line: between, ends } = line(CONFIG, CONFIG);
  between.start();
  between.runUntil(2000 * MS);
  between.isLost = (from) => from === 0;
  between.runUntil(2160 * MS);
  assertEquals(ends.map(({ session }) => session.state), ["down", "down"]);
  assertEquals(ends[0].session.diagnostic, DIAGNOSTIC.neighborDown);
  assertEquals(ends[1].session.diagnostic, DIAGNOSTIC.timeExpired);
});

const INTERVAL = fc.integer({ min: 1, max: 3000 }).map((ms) => ms * MS);

const ANY_CONFIG: fc.Arbitrary<BfdSessionConfig> = fc.record({
  minRxNs: INTERVAL,
  minTxNs: INTERVAL,
  idleTxNs: fc.integer({ min: 1000, max: 3000 }).map((ms) => ms * MS),
  multiplier: fc.integer({ min: 2, max: 10 }),
}).map((changes) => exampleBfd(changes));

Deno.test("two sessions come up over any line that loses packets for a while, and stay up when it does not", () => {
  fc.assert(
    fc.property(
      ANY_CONFIG,
      ANY_CONFIG,
      fc.boolean(),
      fc.infiniteStream(
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      ),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (a, b, isPassive, stream, loss) => {
        const random = (): number => stream.next().value ?? 0;
        const { line: between, ends } = line(a, { ...b, isPassive }, random);
        between.isLost = () => random() < loss;
        between.start();
        between.runUntil(20_000 * MS);
        between.isLost = () => false;
        // The longest silence of either end, and two handshakes.
        const patienceNs = 10 * 3000 * MS + 12 * 3000 * MS;
        between.runUntil(20_000 * MS + patienceNs);
        const downs = ends.map(({ became }) => became.length);
        between.runUntil(20_000 * MS + 2 * patienceNs);
        for (const [i, { session, became, config }] of ends.entries()) {
          assertEquals([session.state, session.isPolling], ["up", false]);
          assertEquals(became.length, downs[i]);
          const other = defined(ends[1 - i], "the other end");
          assertEquals(
            transmitInterval(config, session),
            Math.max(config.minTxNs, other.config.minRxNs),
          );
          assertEquals(
            detectionTime(config, session),
            other.config.multiplier *
              Math.max(config.minRxNs, other.config.minTxNs),
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("no session sends faster than the neighbour takes, or once a second while it is not up", () => {
  fc.assert(
    fc.property(ANY_CONFIG, ANY_CONFIG, fc.nat(), (a, b, seed) => {
      let state = seed >>> 0;
      const random = () =>
        (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
      const { line: between, ends } = line(a, b, random);
      between.start();
      between.runUntil(10_000 * MS);
      for (const [i, { sentAtNs, became, config }] of ends.entries()) {
        const upAtNs = became.find((one) => one.state === "up")?.atNs;
        assert(upAtNs !== undefined, "it came up");
        const other = defined(ends[1 - i], "the other end");
        const leastNs = Math.max(config.minTxNs, other.config.minRxNs) * 0.75;
        const settled = sentAtNs.filter((at) => at > upAtNs + 9000 * MS);
        for (let k = 1; k < settled.length; k++) {
          const gap = (settled[k] ?? 0) - (settled[k - 1] ?? 0);
          assert(gap >= leastNs - 1, `${gap} is below ${leastNs}`);
        }
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("stepBfd() takes any packet in any state, and is up only with a neighbour that answers", () => {
  const packet: fc.Arbitrary<Partial<BfdPacket>> = fc.record({
    state: fc.constantFrom<BfdState>("adminDown", "down", "init", "up"),
    isPoll: fc.boolean(),
    isFinal: fc.boolean(),
    isDemand: fc.boolean(),
    multiplier: fc.integer({ min: 1, max: 255 }),
    requiredMinRxNs: fc.constantFrom(0, 1000, 50 * MS, 4e12),
    desiredMinTxNs: fc.constantFrom(0, 1000, 50 * MS, 4e12),
  });
  fc.assert(fc.property(fc.array(packet), (packets) => {
    let session = newSession(CONFIG, 1);
    for (const [i, one] of packets.entries()) {
      const before = session;
      const step = hearing(session, one, i * MS);
      session = step.session;
      if (session.state === "up" && before.state !== "up") {
        assert(
          one.state === "init" || one.state === "up",
          "the neighbour answers",
        );
      }
      assertEquals(session.isForwarding || session.state !== "up", true);
      for (const effect of step.effects) {
        if (effect.kind !== "setTimer") continue;
        assert(effect.atNs >= i * MS, "no timer is in the past");
      }
    }
  }));
});
