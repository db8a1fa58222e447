/**
 * RFC 9568 §6.4, one test for each thing that it asks of the state machine, in its order and in our words.
 *
 * The RFC's Active is MASTER here, Initialize is WAITING before and STOPPED after a router's life, Active_Down_Timer
 * is `masterDown`, Adver_Timer is `advert`. Receive checks (§7.1) are in receive_test.ts.
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  EXAMPLE_SOURCE,
  exampleAdvert,
  exampleBackup,
  exampleIp,
  exampleMaster,
  exampleRouter,
} from "./example_router.ts";
import { stepRouter } from "./machine.ts";
import { INITIAL_STATE, stateName } from "./router_state.ts";
import type { RouterEffect } from "./router_io.ts";

const CONFIG = exampleRouter({ version: 3 });
const OWNER = exampleRouter({ version: 3, priority: 255 });
const NOW_NS = 1_000e9;
const BECOMING_MASTER_TIMERS: readonly RouterEffect[] = [
  { kind: "clearTimer", timer: "masterDown" },
  { kind: "setTimer", timer: "advert", atNs: NOW_NS + 1e9 },
  { kind: "setTimer", timer: "garpDelay", atNs: NOW_NS + 5e9 },
];
const LEAVING_MASTER_TIMERS: readonly RouterEffect[] = [
  { kind: "clearTimer", timer: "advert" },
  { kind: "clearTimer", timer: "garpDelay" },
  { kind: "clearTimer", timer: "garpRefresh" },
  { kind: "clearTimer", timer: "garpExtra" },
  { kind: "clearTimer", timer: "garpLowerPriority" },
  { kind: "clearTimer", timer: "rogueOwner" },
];

Deno.test("§6.4.1: at startup an owner sends an advert, announces its addresses, sets the advert timer and is MASTER", () => {
  const { state, effects } = stepRouter(
    OWNER,
    INITIAL_STATE,
    { kind: "gateOpened", source: EXAMPLE_SOURCE },
    NOW_NS,
  );
  assertEquals(stateName(state), "MASTER");
  assertEquals(effects, [
    { kind: "transition", from: "WAITING", to: "MASTER", cause: "owner" },
    { kind: "sendAdvert", priority: 255 },
    { kind: "holdAddresses", held: true },
    { kind: "announce", rounds: 5 },
    ...BECOMING_MASTER_TIMERS,
  ]);
});

Deno.test("§6.4.1: at startup any other router takes its own interval for the master's and is BACKUP for a master-down interval", () => {
  const { state, effects } = stepRouter(
    CONFIG,
    INITIAL_STATE,
    { kind: "gateOpened", source: EXAMPLE_SOURCE },
    NOW_NS,
  );
  assertEquals(state, {
    kind: "backup",
    source: EXAMPLE_SOURCE,
    effectivePriority: 100,
    master: undefined,
    masterAdvertIntervalNs: 1e9,
    preemptAtNs: undefined,
    wantsMaster: false,
  });
  assertEquals(effects, [
    { kind: "transition", from: "WAITING", to: "BACKUP", cause: "gateOpened" },
    { kind: "setTimer", timer: "masterDown", atNs: NOW_NS + 3_609_375_000 },
  ]);
});

Deno.test("§6.4.2: a BACKUP that is shut down cancels its timer and says nothing", () => {
  const { state, effects } = stepRouter(
    CONFIG,
    exampleBackup(CONFIG),
    { kind: "stop" },
    NOW_NS,
  );
  assertEquals(state, { kind: "stopped" });
  assertEquals(effects, [
    { kind: "transition", from: "BACKUP", to: "STOPPED", cause: "stop" },
    // Whatever a killed predecessor left.
    { kind: "holdAddresses", held: false },
    { kind: "clearTimer", timer: "masterDown" },
  ]);
});

Deno.test("§6.4.2: when the master-down timer fires, the advert precedes the addresses and they precede the announcements", () => {
  const { state, effects } = stepRouter(
    CONFIG,
    exampleBackup(CONFIG),
    { kind: "timer", timer: "masterDown" },
    NOW_NS,
  );
  assertEquals(stateName(state), "MASTER");
  assertEquals(effects, [
    {
      kind: "transition",
      from: "BACKUP",
      to: "MASTER",
      cause: "masterDownTimer",
    },
    { kind: "sendAdvert", priority: 100 },
    { kind: "holdAddresses", held: true },
    { kind: "announce", rounds: 5 },
    ...BECOMING_MASTER_TIMERS,
  ]);
});

Deno.test("§6.4.2: a priority of 0 leaves the skew time, reckoned from the master's interval", () => {
  const following = stepRouter(
    CONFIG,
    exampleBackup(CONFIG),
    exampleAdvert(200, "192.0.2.20", 100e6),
    NOW_NS,
  );
  const { state, effects } = stepRouter(
    CONFIG,
    following.state,
    exampleAdvert(0, "192.0.2.20", 100e6),
    NOW_NS,
  );
  assertEquals(state, following.state);
  assertEquals(effects, [
    // (256 - 100) × 100 ms / 256.
    { kind: "setTimer", timer: "masterDown", atNs: NOW_NS + 60_937_500 },
    {
      kind: "observe",
      observation: { kind: "masterResigned", source: exampleIp("192.0.2.20") },
    },
  ]);
});

Deno.test("§6.4.2: an advert of our priority or higher teaches its interval and restarts the master-down timer with it", () => {
  for (const priority of [100, 101, 255]) {
    const { state, effects } = stepRouter(
      CONFIG,
      exampleBackup(CONFIG),
      exampleAdvert(priority, "192.0.2.20", 2e9),
      NOW_NS,
    );
    assertEquals(state, {
      kind: "backup",
      source: EXAMPLE_SOURCE,
      effectivePriority: 100,
      master: { address: exampleIp("192.0.2.20"), priority },
      masterAdvertIntervalNs: 2e9,
      preemptAtNs: undefined,
      wantsMaster: false,
    });
    assertEquals(effects[0], {
      kind: "setTimer",
      timer: "masterDown",
      // 3 × 2 s + (256 - 100) × 2 s / 256.
      atNs: NOW_NS + 7_218_750_000,
    });
  }
});

Deno.test("§6.4.2: with Preempt_Mode off an advert of any priority restarts the master-down timer", () => {
  const config = exampleRouter({ version: 3, preempt: false });
  const { effects } = stepRouter(
    config,
    exampleBackup(config),
    exampleAdvert(1),
    NOW_NS,
  );
  assertEquals(effects[0], {
    kind: "setTimer",
    timer: "masterDown",
    atNs: NOW_NS + 3_609_375_000,
  });
});

Deno.test("§6.4.2: an advert of lower priority is discarded, and the master-down timer goes on", () => {
  const before = exampleBackup(CONFIG);
  const { state, effects } = stepRouter(
    CONFIG,
    before,
    exampleAdvert(99, "192.0.2.20", 2e9),
    NOW_NS,
  );
  assertEquals(state, {
    ...before,
    master: { address: exampleIp("192.0.2.20"), priority: 99 },
  });
  assertEquals(effects.map(({ kind }) => kind), ["holdAddresses", "observe"]);
});

Deno.test("§6.4.3: a MASTER that is shut down cancels its timers and sends priority 0", () => {
  const { state, effects } = stepRouter(
    CONFIG,
    exampleMaster(CONFIG),
    { kind: "stop" },
    NOW_NS,
  );
  assertEquals(state, { kind: "stopped" });
  assertEquals(effects, [
    { kind: "sendAdvert", priority: 0 },
    { kind: "transition", from: "MASTER", to: "STOPPED", cause: "stop" },
    { kind: "holdAddresses", held: false },
    ...LEAVING_MASTER_TIMERS,
  ]);
});

Deno.test("§6.4.3: when the advert timer fires, an advert goes out and the timer starts again", () => {
  const master = exampleMaster(CONFIG, NOW_NS);
  const { state, effects } = stepRouter(
    CONFIG,
    master,
    { kind: "timer", timer: "advert" },
    NOW_NS + 1e9,
  );
  assertEquals(stateName(state), "MASTER");
  assertEquals(effects, [
    { kind: "sendAdvert", priority: 100 },
    { kind: "setTimer", timer: "advert", atNs: NOW_NS + 2e9 },
  ]);
});

Deno.test("§6.4.3: a priority of 0 is answered with an advert, and the advert timer starts again", () => {
  const { state, effects } = stepRouter(
    CONFIG,
    exampleMaster(CONFIG, NOW_NS),
    exampleAdvert(0),
    NOW_NS + 0.3e9,
  );
  assertEquals(stateName(state), "MASTER");
  assertEquals(effects, [
    { kind: "sendAdvert", priority: 100 },
    { kind: "setTimer", timer: "advert", atNs: NOW_NS + 1.3e9 },
  ]);
});

Deno.test("§6.4.3: a higher priority, or ours from a higher address, makes a BACKUP that follows the sender's interval", () => {
  for (
    const [priority, source, cause] of [
      [101, "192.0.2.1", "higherPriorityAdvert"],
      [101, "192.0.2.20", "higherPriorityAdvert"],
      [100, "192.0.2.20", "tieBreak"],
      // Higher as a number, lower as a text.
      [100, "192.0.2.100", "tieBreak"],
    ] as const
  ) {
    const { state, effects } = stepRouter(
      CONFIG,
      exampleMaster(CONFIG),
      exampleAdvert(priority, source, 2e9),
      NOW_NS,
    );
    assertEquals(state, {
      kind: "backup",
      source: EXAMPLE_SOURCE,
      effectivePriority: 100,
      master: { address: exampleIp(source), priority },
      masterAdvertIntervalNs: 2e9,
      preemptAtNs: undefined,
      wantsMaster: false,
    });
    assertEquals(effects, [
      { kind: "transition", from: "MASTER", to: "BACKUP", cause },
      { kind: "holdAddresses", held: false },
      ...LEAVING_MASTER_TIMERS,
      { kind: "setTimer", timer: "masterDown", atNs: NOW_NS + 7_218_750_000 },
    ]);
  }
});

Deno.test("§6.4.3: a lower priority, or ours from a lower address, is answered with an advert at once", () => {
  for (
    const [priority, source] of [
      [99, "192.0.2.20"],
      [100, "192.0.2.9"],
    ] as const
  ) {
    const { state, effects } = stepRouter(
      CONFIG,
      exampleMaster(CONFIG),
      exampleAdvert(priority, source),
      NOW_NS,
    );
    assertEquals(stateName(state), "MASTER");
    assertEquals(effects, [
      {
        kind: "observe",
        observation: {
          kind: "lowerPriorityAdvert",
          source: exampleIp(source),
          priority,
        },
      },
      { kind: "sendAdvert", priority: 100 },
      { kind: "setTimer", timer: "advert", atNs: NOW_NS + 1e9 },
      // keepalived's addition: the switches are told too, now and once more.
      { kind: "announce", rounds: 5 },
      { kind: "setTimer", timer: "garpLowerPriority", atNs: NOW_NS + 5e9 },
    ]);
  }
});

Deno.test("§6.4.3: the tie-break compares IPv6 addresses as numbers", () => {
  const config = exampleRouter({ family: 6 });
  const master = { ...exampleMaster(config), source: exampleIp("fe80::b") };
  const judge = (source: string) =>
    stateName(
      stepRouter(config, master, exampleAdvert(100, source), NOW_NS).state,
    );
  assertEquals(judge("fe80::1:0"), "BACKUP");
  assertEquals(judge("fe80::a"), "MASTER");
});
