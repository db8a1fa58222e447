import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { assert } from "../assert.ts";
import {
  EXAMPLE_SOURCE,
  exampleAdvert,
  exampleBackup,
  exampleIp,
  exampleMaster,
  exampleRouter,
} from "./example_router.ts";
import { type RouterStep, stepRouter } from "./machine.ts";
import {
  type BackupState,
  effectivePriority,
  INITIAL_STATE,
  type MasterState,
  type RouterState,
  stateName,
} from "./router_state.ts";
import type { RouterConfig } from "./router_config.ts";
import type { GateReason, RouterEvent, RouterTimer } from "./router_io.ts";

const CONFIG = exampleRouter();
const V3 = exampleRouter({ version: 3 });
const OWNER = exampleRouter({ priority: 255 });
const NOW_NS = 1_000e9;
const OPEN: RouterEvent = { kind: "gateOpened", source: EXAMPLE_SOURCE };
const DOWN: readonly GateReason[] = [{
  kind: "interfaceDown",
  interface: "eth0",
}];
const CLOSED: RouterEvent = { kind: "gateClosed", reasons: DOWN };

function timer(name: RouterTimer): RouterEvent {
  return { kind: "timer", timer: name };
}

/** When the step sets the timer; undefined when it does not. */
function deadline(step: RouterStep, name: RouterTimer): number | undefined {
  for (const effect of step.effects) {
    if (effect.kind === "setTimer" && effect.timer === name) return effect.atNs;
  }
  return undefined;
}

function observations(step: RouterStep): readonly string[] {
  return step.effects.flatMap((effect) =>
    effect.kind === "observe" ? [effect.observation.kind] : []
  );
}

function backup(step: RouterStep): BackupState {
  assert(step.state.kind === "backup", "the router is in BACKUP");
  return step.state;
}

function master(step: RouterStep): MasterState {
  assert(step.state.kind === "master", "the router is in MASTER");
  return step.state;
}

Deno.test("a router waits while its gate is closed, knows what for, and holds nothing that a killed one left", () => {
  const { state, effects } = stepRouter(CONFIG, INITIAL_STATE, CLOSED, NOW_NS);
  assertEquals(state, { kind: "waiting", reasons: DOWN });
  assertEquals(effects, [{ kind: "holdAddresses", held: false }]);
  const other: readonly GateReason[] = [{
    kind: "noAddress",
    interface: "eth0",
    family: 4,
  }];
  const later = stepRouter(
    CONFIG,
    state,
    { kind: "gateClosed", reasons: other },
    NOW_NS,
  );
  assertEquals(later.state, { kind: "waiting", reasons: other });
});

Deno.test("a waiting router neither hears adverts nor minds timers", () => {
  const waiting: RouterState = { kind: "waiting", reasons: DOWN };
  for (const event of [exampleAdvert(1), exampleAdvert(0), timer("advert")]) {
    const step = stepRouter(CONFIG, waiting, event, NOW_NS);
    assertStrictEquals(step.state, waiting);
    assertEquals(step.effects, []);
  }
});

Deno.test("an owner with state BACKUP waits one master-down interval like anybody", () => {
  const config = exampleRouter({ priority: 255, initialState: "BACKUP" });
  const step = stepRouter(config, INITIAL_STATE, OPEN, NOW_NS);
  assertEquals(stateName(step.state), "BACKUP");
  assertEquals(deadline(step, "masterDown"), NOW_NS + 3_003_906_250);
});

Deno.test("state MASTER below priority 255 still waits one master-down interval", () => {
  const config = exampleRouter({ initialState: "MASTER" });
  assertEquals(
    stateName(stepRouter(config, INITIAL_STATE, OPEN, NOW_NS).state),
    "BACKUP",
  );
});

Deno.test("a BACKUP whose gate closes is in FAULT without a word to anybody", () => {
  const step = stepRouter(CONFIG, exampleBackup(CONFIG), CLOSED, NOW_NS);
  assertEquals(step.state, { kind: "fault", reasons: DOWN });
  assertEquals(step.effects, [
    { kind: "transition", from: "BACKUP", to: "FAULT", cause: "gateClosed" },
    // Whatever a killed predecessor left.
    { kind: "holdAddresses", held: false },
    { kind: "clearTimer", timer: "masterDown" },
  ]);
});

Deno.test("a MASTER whose gate closes says priority 0 once, before it lets the addresses go", () => {
  const step = stepRouter(CONFIG, exampleMaster(CONFIG), CLOSED, NOW_NS);
  assertEquals(step.state, { kind: "fault", reasons: DOWN });
  assertEquals(step.effects.slice(0, 3), [
    { kind: "sendAdvert", priority: 0 },
    { kind: "transition", from: "MASTER", to: "FAULT", cause: "gateClosed" },
    { kind: "holdAddresses", held: false },
  ]);
});

Deno.test("a router leaves FAULT for a full master-down interval of its own, whatever the last master's was", () => {
  const following = stepRouter(
    V3,
    exampleBackup(V3),
    exampleAdvert(200, "192.0.2.20", 40e9),
    0,
  );
  const fault = stepRouter(V3, following.state, CLOSED, 0);
  const step = stepRouter(V3, fault.state, OPEN, NOW_NS);
  assertEquals(backup(step).masterAdvertIntervalNs, 1e9);
  assertEquals(backup(step).master, undefined);
  assertEquals(deadline(step, "masterDown"), NOW_NS + 3_609_375_000);
});

Deno.test("an owner goes straight from FAULT to MASTER", () => {
  const fault: RouterState = { kind: "fault", reasons: DOWN };
  assertEquals(
    stateName(stepRouter(OWNER, fault, OPEN, NOW_NS).state),
    "MASTER",
  );
});

Deno.test("a unicast router that leaves FAULT announces its own source address, and no other does", () => {
  const unicast = exampleRouter({
    unicastPeers: [{
      address: exampleIp("192.0.2.20"),
      ttlMin: undefined,
      ttlMax: undefined,
    }],
  });
  const fault: RouterState = { kind: "fault", reasons: DOWN };
  const announces = (config: RouterConfig, state: RouterState) =>
    stepRouter(config, state, OPEN, NOW_NS).effects
      .some(({ kind }) => kind === "announceSource");
  assertEquals(announces(unicast, fault), true);
  assertEquals(announces(unicast, INITIAL_STATE), false);
  assertEquals(announces(CONFIG, fault), false);
});

Deno.test("a new source address changes the tie-break and nothing else", () => {
  const before = exampleMaster(CONFIG);
  const source = exampleIp("192.0.2.30");
  const moved = stepRouter(
    CONFIG,
    before,
    { kind: "sourceChanged", source },
    NOW_NS,
  );
  assertEquals(moved.state, { ...before, source });
  assertEquals(moved.effects, []);
  const heard = stepRouter(
    CONFIG,
    moved.state,
    exampleAdvert(100, "192.0.2.20"),
    NOW_NS,
  );
  assertEquals(stateName(heard.state), "MASTER");
  const same = stepRouter(
    CONFIG,
    moved.state,
    { kind: "sourceChanged", source },
    NOW_NS,
  );
  assertStrictEquals(same.state, moved.state);
});

Deno.test("nothing that happens after the stop has an effect", () => {
  const stopped: RouterState = { kind: "stopped" };
  const events: readonly RouterEvent[] = [
    OPEN,
    CLOSED,
    exampleAdvert(0),
    timer("masterDown"),
    { kind: "stop" },
  ];
  for (const event of events) {
    const step = stepRouter(CONFIG, stopped, event, NOW_NS);
    assertStrictEquals(step.state, stopped);
    assertEquals(step.effects, []);
  }
});

Deno.test("a router that never ran stops without saying anything on the wire", () => {
  for (const kind of ["waiting", "fault"] as const) {
    const step = stepRouter(
      CONFIG,
      { kind, reasons: DOWN },
      { kind: "stop" },
      NOW_NS,
    );
    assertEquals(stateName(step.state), "STOPPED");
    assertEquals(
      step.effects.some((effect) =>
        effect.kind === "sendAdvert" || effect.kind === "announce"
      ),
      false,
    );
  }
});

Deno.test("version 2 reckons with its own interval and a skew of up to one second", () => {
  const config = exampleRouter({ advertIntervalNs: 10e9 });
  const heard = stepRouter(
    config,
    exampleBackup(config),
    exampleAdvert(200, "192.0.2.20", 10e9),
    NOW_NS,
  );
  assertEquals(deadline(heard, "masterDown"), NOW_NS + 30_609_375_000);
  const resigned = stepRouter(config, heard.state, exampleAdvert(0), NOW_NS);
  assertEquals(deadline(resigned, "masterDown"), NOW_NS + 609_375_000);
});

Deno.test("a priority of 0 counts from any sender, and the known master stays known", () => {
  const following = stepRouter(
    CONFIG,
    exampleBackup(CONFIG),
    exampleAdvert(200),
    0,
  );
  const step = stepRouter(
    CONFIG,
    following.state,
    exampleAdvert(0, "192.0.2.99"),
    NOW_NS,
  );
  assertEquals(deadline(step, "masterDown"), NOW_NS + 609_375_000);
  assertEquals(backup(step).master, backup(following).master);
});

Deno.test("a BACKUP on its steady way keeps the very same state and only moves its timer", () => {
  const following = stepRouter(
    CONFIG,
    exampleBackup(CONFIG),
    exampleAdvert(200),
    0,
  );
  assertEquals(observations(following), ["masterChanged"]);
  const step = stepRouter(
    CONFIG,
    following.state,
    exampleAdvert(200),
    NOW_NS,
  );
  assertStrictEquals(step.state, following.state);
  assertEquals(step.effects, [
    { kind: "setTimer", timer: "masterDown", atNs: NOW_NS + 3_609_375_000 },
  ]);
});

Deno.test("a MASTER's adverts keep to their beat although each timer fires a little late", () => {
  let state: RouterState = exampleMaster(CONFIG, 0);
  for (let beat = 1; beat <= 100; beat++) {
    const step = stepRouter(CONFIG, state, timer("advert"), beat * 1e9 + 3e6);
    assertEquals(deadline(step, "advert"), (beat + 1) * 1e9);
    state = step.state;
  }
});

Deno.test("a MASTER that overslept sends one advert, not all it missed", () => {
  const step = stepRouter(
    CONFIG,
    exampleMaster(CONFIG, 0),
    timer("advert"),
    7.5e9,
  );
  assertEquals(step.effects, [
    { kind: "sendAdvert", priority: 100 },
    { kind: "setTimer", timer: "advert", atNs: 8.5e9 },
  ]);
});

Deno.test("a MASTER restarts its advert timer only when it sent an advert", () => {
  const quiet = exampleRouter({ lowerPriorityNoAdvert: true });
  const lower = stepRouter(
    quiet,
    exampleMaster(quiet),
    exampleAdvert(50),
    0.5e9,
  );
  assertEquals(deadline(lower, "advert"), undefined);
  assertEquals(
    lower.effects.some(({ kind }) => kind === "sendAdvert"),
    false,
  );
  const own = stepRouter(
    CONFIG,
    exampleMaster(CONFIG),
    exampleAdvert(100, EXAMPLE_SOURCE),
    0.5e9,
  );
  assertEquals(own.effects.map(({ kind }) => kind), ["observe"]);
});

Deno.test("a MASTER that hears its own priority from its own address stays and says so", () => {
  const before = exampleMaster(CONFIG);
  const step = stepRouter(
    CONFIG,
    before,
    exampleAdvert(100, EXAMPLE_SOURCE),
    NOW_NS,
  );
  assertStrictEquals(step.state, before);
  assertEquals(observations(step), ["ownAddressAdvert"]);
});

Deno.test("higher_prio_send_advert gives a last advert before yielding, without priority 0", () => {
  const config = exampleRouter({ higherPrioritySendAdvert: true });
  const step = stepRouter(
    config,
    exampleMaster(config),
    exampleAdvert(200),
    NOW_NS,
  );
  assertEquals(step.effects.slice(0, 2), [
    { kind: "sendAdvert", priority: 100 },
    {
      kind: "transition",
      from: "MASTER",
      to: "BACKUP",
      cause: "higherPriorityAdvert",
    },
  ]);
});

Deno.test("garp_lower_prio_repeat 0 announces nothing after a lower priority", () => {
  const config = exampleRouter({
    gratuitousArp: { ...CONFIG.gratuitousArp, lowerPriorityRepeat: 0 },
  });
  const step = stepRouter(
    config,
    exampleMaster(config),
    exampleAdvert(50),
    NOW_NS,
  );
  assertEquals(step.effects.map(({ kind }) => kind), [
    "observe",
    "sendAdvert",
    "setTimer",
  ]);
});

Deno.test("a MASTER announces again after garp_master_delay and after garp_lower_prio_delay", () => {
  const config = exampleRouter({
    gratuitousArp: {
      ...CONFIG.gratuitousArp,
      masterRepeat: 3,
      lowerPriorityRepeat: 2,
    },
  });
  const state = exampleMaster(config);
  assertEquals(
    stepRouter(config, state, timer("garpDelay"), NOW_NS).effects,
    [{ kind: "announce", rounds: 3 }],
  );
  assertEquals(
    stepRouter(config, state, timer("garpLowerPriority"), NOW_NS).effects,
    [{ kind: "announce", rounds: 2 }],
  );
});

Deno.test("garp_master_refresh has one timer, however often MASTER was entered", () => {
  const config = exampleRouter({
    gratuitousArp: {
      ...CONFIG.gratuitousArp,
      masterRefreshNs: 60e9,
      masterRefreshRepeat: 2,
    },
  });
  const entered = stepRouter(
    config,
    exampleBackup(config),
    timer("masterDown"),
    0,
  );
  assertEquals(deadline(entered, "garpRefresh"), 65e9);
  const left = stepRouter(config, entered.state, exampleAdvert(200), 1e9);
  assertEquals(
    left.effects.some((effect) =>
      effect.kind === "clearTimer" && effect.timer === "garpRefresh"
    ),
    true,
  );
  const again = stepRouter(config, left.state, timer("masterDown"), 10e9);
  const refreshed = stepRouter(config, again.state, timer("garpRefresh"), 75e9);
  assertEquals(refreshed.effects, [
    { kind: "announce", rounds: 2 },
    { kind: "setTimer", timer: "garpRefresh", atNs: 135e9 },
  ]);
});

Deno.test("garp_master_delay 0 sends no second block", () => {
  const config = exampleRouter({
    gratuitousArp: { ...CONFIG.gratuitousArp, masterDelayNs: 0 },
  });
  const step = stepRouter(
    config,
    exampleBackup(config),
    timer("masterDown"),
    0,
  );
  assertEquals(deadline(step, "garpDelay"), undefined);
});

Deno.test("a stray timer of another state does nothing", () => {
  const inBackup = exampleBackup(CONFIG);
  for (
    const name of [
      "advert",
      "garpDelay",
      "garpRefresh",
      "garpExtra",
      "garpLowerPriority",
      "rogueOwner",
    ] as const
  ) {
    const step = stepRouter(CONFIG, inBackup, timer(name), NOW_NS);
    assertStrictEquals(step.state, inBackup);
    assertEquals(step.effects, []);
  }
  const inMaster = exampleMaster(CONFIG);
  const step = stepRouter(CONFIG, inMaster, timer("masterDown"), NOW_NS);
  assertStrictEquals(step.state, inMaster);
  assertEquals(step.effects, []);
});

const DELAYED = exampleRouter({ preemptDelayNs: 30e9 });

Deno.test("preempt_delay begins with the first lower priority heard and keeps the peer MASTER until its end", () => {
  const first = stepRouter(
    DELAYED,
    exampleBackup(DELAYED),
    exampleAdvert(50),
    100e9,
  );
  assertEquals(backup(first).preemptAtNs, 130e9);
  assertEquals(deadline(first, "masterDown"), 103.609375e9);
  const during = stepRouter(DELAYED, first.state, exampleAdvert(50), 129e9);
  assertStrictEquals(during.state, first.state);
  assertEquals(deadline(during, "masterDown"), 132.609375e9);
  const after = stepRouter(DELAYED, during.state, exampleAdvert(50), 130e9);
  assertEquals(deadline(after, "masterDown"), undefined);
  assertEquals(observations(after), ["lowerPriorityDiscarded"]);
});

Deno.test("preempt_delay is void once an equal or higher priority is heard, and once MASTER was reached", () => {
  const running = stepRouter(
    DELAYED,
    exampleBackup(DELAYED),
    exampleAdvert(50),
    100e9,
  );
  for (const priority of [100, 200]) {
    const heard = stepRouter(
      DELAYED,
      running.state,
      exampleAdvert(priority),
      110e9,
    );
    assertEquals(backup(heard).preemptAtNs, undefined);
    const anew = stepRouter(DELAYED, heard.state, exampleAdvert(50), 120e9);
    assertEquals(backup(anew).preemptAtNs, 150e9);
  }
  const taken = stepRouter(DELAYED, running.state, timer("masterDown"), 110e9);
  const yielded = stepRouter(DELAYED, taken.state, exampleAdvert(200), 111e9);
  assertEquals(backup(yielded).preemptAtNs, undefined);
});

Deno.test("preempt_delay does not delay a takeover when the master resigns or falls silent", () => {
  const running = stepRouter(
    DELAYED,
    exampleBackup(DELAYED),
    exampleAdvert(50),
    100e9,
  );
  const resigned = stepRouter(DELAYED, running.state, exampleAdvert(0), 101e9);
  assertEquals(deadline(resigned, "masterDown"), 101.609375e9);
  assertEquals(backup(resigned).preemptAtNs, 130e9);
  const silent = stepRouter(DELAYED, running.state, timer("masterDown"), 104e9);
  assertEquals(stateName(silent.state), "MASTER");
});

Deno.test("nopreempt follows a lower priority, but a MASTER of higher priority still wins over it", () => {
  const config = exampleRouter({ preempt: false });
  const followed = stepRouter(
    config,
    exampleBackup(config),
    exampleAdvert(50),
    0,
  );
  assertEquals(deadline(followed, "masterDown"), 3.609375e9);
  const inMaster = stepRouter(
    config,
    exampleMaster(config),
    exampleAdvert(50),
    0,
  );
  assertEquals(stateName(inMaster.state), "MASTER");
});

Deno.test("of two owners the one with the lower address yields at once", () => {
  const step = stepRouter(
    OWNER,
    exampleMaster(OWNER),
    exampleAdvert(255, "192.0.2.20"),
    NOW_NS,
  );
  assertEquals(stateName(step.state), "BACKUP");
  assertEquals(backup(step).effectivePriority, 255);
  assertEquals(observations(step), ["rogueOwner"]);
});

Deno.test("an owner gives a second owner of lower address two adverts and 1.2 intervals, then calls itself 254 and yields", () => {
  const rival = (nowNs: number, state: RouterState) =>
    stepRouter(OWNER, state, exampleAdvert(255, "192.0.2.1"), nowNs);
  const heard = rival(0.1e9, exampleMaster(OWNER, 0));
  assertEquals(observations(heard), ["rogueOwner", "lowerPriorityAdvert"]);
  assertEquals(master(heard).rogue.kind, "counting");
  // Its answer at once does not count, only the beats do.
  const first = stepRouter(OWNER, heard.state, timer("advert"), 1.1e9);
  assertEquals(deadline(first, "rogueOwner"), undefined);
  const between = rival(1.5e9, first.state);
  const second = stepRouter(OWNER, between.state, timer("advert"), 2.5e9);
  assertEquals(deadline(second, "rogueOwner"), 3.7e9);
  const yielded = rival(3e9, second.state);
  assertEquals(backup(yielded).effectivePriority, 254);
  assertEquals(effectivePriority(OWNER, yielded.state), 254);

  const still = rival(4e9, yielded.state);
  assertEquals(backup(still).effectivePriority, 254);
  assertEquals(deadline(still, "masterDown"), 7.00390625e9);
});

Deno.test("an owner goes on as MASTER when the second owner falls silent in time", () => {
  const heard = stepRouter(
    OWNER,
    exampleMaster(OWNER, 0),
    exampleAdvert(255, "192.0.2.1", 2e9),
    0,
  );
  const first = stepRouter(OWNER, heard.state, timer("advert"), 1e9);
  const second = stepRouter(OWNER, first.state, timer("advert"), 2e9);
  // 1.2 of the longer interval.
  assertEquals(deadline(second, "rogueOwner"), 4.4e9);
  const quiet = stepRouter(OWNER, second.state, timer("rogueOwner"), 4.4e9);
  assertEquals(master(quiet).rogue, { kind: "none" });
  assertEquals(master(quiet).effectivePriority, 255);
});

Deno.test("an owner that stepped down is an owner again when its rival is gone or gives up", () => {
  const steppedDown: BackupState = {
    ...exampleBackup(OWNER),
    effectivePriority: 254,
    master: { address: exampleIp("192.0.2.1"), priority: 255 },
  };
  const gaveUp = stepRouter(
    OWNER,
    steppedDown,
    exampleAdvert(200, "192.0.2.1"),
    NOW_NS,
  );
  assertEquals(backup(gaveUp).effectivePriority, 255);
  assertEquals(observations(gaveUp), ["lowerPriorityDiscarded"]);
  const gone = stepRouter(OWNER, steppedDown, timer("masterDown"), NOW_NS);
  assertEquals(master(gone).effectivePriority, 255);
  assertEquals(gone.effects[1], { kind: "sendAdvert", priority: 255 });
});

// Properties: a router that lives through anything keeps these promises.

const anySource = fc.constantFrom(
  "192.0.2.1",
  "192.0.2.9",
  EXAMPLE_SOURCE,
  "192.0.2.20",
);

const anyEvent: fc.Arbitrary<RouterEvent> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(OPEN) },
  { weight: 8, arbitrary: fc.constant(CLOSED) },
  {
    weight: 8,
    arbitrary: anySource.map((source): RouterEvent => ({
      kind: "sourceChanged",
      source: exampleIp(source),
    })),
  },
  {
    weight: 48,
    arbitrary: fc.tuple(
      fc.constantFrom(0, 1, 99, 100, 101, 254, 255),
      anySource,
      fc.constantFrom(10e6, 1e9, 3e9),
    ).map(([priority, source, intervalNs]) =>
      exampleAdvert(priority, source, intervalNs)
    ),
  },
  // A router's own earliest timer; see Life.
  { weight: 64, arbitrary: fc.constant(timer("advert")) },
  { weight: 1, arbitrary: fc.constant<RouterEvent>({ kind: "stop" }) },
);

const anyConfig: fc.Arbitrary<RouterConfig> = fc.record({
  version: fc.constantFrom<2 | 3>(2, 3),
  priority: fc.constantFrom(1, 100, 254, 255),
  preempt: fc.boolean(),
  preemptDelayNs: fc.constantFrom(0, 5e9),
  lowerPriorityNoAdvert: fc.boolean(),
  higherPrioritySendAdvert: fc.boolean(),
  masterDelayNs: fc.constantFrom(0, 5e9),
  masterRefreshNs: fc.constantFrom(0, 7e9),
  extraIntervalNs: fc.constantFrom(0, 4e9),
  lowerPriorityDelayNs: fc.constantFrom(0, 2e9),
  lowerPriorityRepeat: fc.nat(2),
}).map((r) =>
  exampleRouter({
    version: r.version,
    priority: r.priority,
    preempt: r.preempt,
    preemptDelayNs: r.preemptDelayNs,
    lowerPriorityNoAdvert: r.lowerPriorityNoAdvert,
    higherPrioritySendAdvert: r.higherPrioritySendAdvert,
    gratuitousArp: {
      masterDelayNs: r.masterDelayNs,
      masterRepeat: 5,
      masterRefreshNs: r.masterRefreshNs,
      masterRefreshRepeat: 1,
      extraIntervalNs: r.extraIntervalNs,
      extraInterfaces: [],
      lowerPriorityDelayNs: r.lowerPriorityDelayNs,
      lowerPriorityRepeat: r.lowerPriorityRepeat,
    },
  })
);

const MASTER_TIMERS: ReadonlySet<RouterTimer> = new Set([
  "advert",
  "garpDelay",
  "garpRefresh",
  "garpExtra",
  "garpLowerPriority",
  "rogueOwner",
]);

/** Carries a router's effects out on plain variables and checks the promises after each step. */
class Life {
  state: RouterState = INITIAL_STATE;
  readonly #timers = new Map<RouterTimer, number>();
  #isHolding = false;
  #nowNs = 0;

  constructor(readonly config: RouterConfig) {}

  /** `delayNs` later `event` happens; a timer event stands for the router's own next timer. */
  meet(event: RouterEvent, delayNs: number): void {
    if (event.kind === "timer") this.#fireNext(delayNs);
    else {
      this.#nowNs += delayNs;
      this.#step(event);
    }
  }

  #fireNext(lateNs: number): void {
    const next = [...this.#timers].sort(([, a], [, b]) => a - b)[0];
    if (next === undefined) return;
    const [name, atNs] = next;
    this.#timers.delete(name);
    this.#nowNs = Math.max(this.#nowNs, atNs) + lateNs;
    this.#step(timer(name));
  }

  #step(event: RouterEvent): void {
    const before = this.state;
    const step = stepRouter(this.config, before, event, this.#nowNs);
    // The same question has the same answer: nothing is remembered outside the state.
    assertEquals(
      stepRouter(this.config, before, event, this.#nowNs),
      step,
    );
    this.state = step.state;
    let isResigned = false;
    for (const effect of step.effects) {
      switch (effect.kind) {
        case "setTimer":
          assertEquals(
            effect.atNs > this.#nowNs,
            true,
            "a deadline lies ahead",
          );
          this.#timers.set(effect.timer, effect.atNs);
          break;
        case "clearTimer":
          this.#timers.delete(effect.timer);
          break;
        case "holdAddresses":
          this.#isHolding = effect.held;
          break;
        case "sendAdvert":
          if (effect.priority === 0) isResigned = true;
          else {
            assertEquals(
              before.kind === "master" || this.state.kind === "master",
              true,
              "only a MASTER sends adverts",
            );
          }
          break;
        case "announce":
          assertEquals(effect.rounds >= 1, true);
          assertEquals(
            this.#isHolding,
            true,
            "only held addresses are announced",
          );
          break;
        case "transition":
          assertEquals(effect.from, stateName(before));
          assertEquals(effect.to, stateName(this.state));
          break;
        case "announceSource":
        case "observe":
          break;
      }
    }
    this.#check(before, step, isResigned);
  }

  #check(before: RouterState, step: RouterStep, isResigned: boolean): void {
    const { kind } = this.state;
    assertEquals(
      this.#isHolding,
      kind === "master",
      "held if and only if MASTER",
    );
    const transitions = step.effects.filter((e) => e.kind === "transition");
    assertEquals(transitions.length, before.kind === kind ? 0 : 1);
    const isLeavingForGood = before.kind === "master" &&
      (kind === "fault" || kind === "stopped");
    assertEquals(
      isResigned,
      isLeavingForGood,
      "priority 0 when it leaves for good, and only then",
    );
    assertEquals(this.#timers.has("masterDown"), kind === "backup");
    assertEquals(this.#timers.has("advert"), kind === "master");
    for (const name of this.#timers.keys()) {
      const isOfState = MASTER_TIMERS.has(name)
        ? kind === "master"
        : kind === "backup";
      assertEquals(isOfState, true, `${name} runs in ${kind}`);
    }
    if (this.state.kind === "master") {
      assertEquals(
        this.#timers.get("advert"),
        this.state.nextAdvertNs,
        "the state knows when its next advert is due",
      );
      assertEquals(
        this.state.nextAdvertNs - this.#nowNs <= this.config.advertIntervalNs,
        true,
        "an advert is never farther away than its interval",
      );
    }
    if (before.kind === "stopped") assertEquals(step.effects, []);
    const priority = effectivePriority(this.config, this.state);
    assertEquals(priority >= 1 && priority <= 255, true);
    assertEquals(JSON.parse(JSON.stringify(step.effects)), step.effects);
  }
}

Deno.test("whatever happens in whatever order, a router keeps its promises", () => {
  fc.assert(
    fc.property(
      anyConfig,
      fc.array(fc.tuple(anyEvent, fc.constantFrom(0, 1, 1e6, 0.4e9, 5e9)), {
        minLength: 1,
        maxLength: 60,
      }),
      (config, happenings) => {
        const life = new Life(config);
        life.meet(OPEN, 0);
        for (const [event, delayNs] of happenings) life.meet(event, delayNs);
      },
    ),
    { numRuns: 1000 },
  );
});
