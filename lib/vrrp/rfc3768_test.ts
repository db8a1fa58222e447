/**
 * RFC 3768 §6.4 (version 2), one test for each thing that it asks of the state machine and RFC 9568 asks otherwise or
 * of other numbers, in its order and in our words. What both ask alike is in rfc9568_test.ts.
 * @module
 */
import { assertEquals } from "@std/assert";
import { prepareReceive } from "./receive.ts";
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
import type { RouterEffect, RouterEvent } from "./router_io.ts";
import type { RouterConfig } from "./router_config.ts";
import type { RouterState } from "./router_state.ts";

const CONFIG = exampleRouter({ version: 2, advertIntervalNs: 2e9 });
const NOW_NS = 1_000e9;
/** (256 - 100) / 256 of a second, whatever the interval. */
const SKEW_NS = 609_375_000;
const DOWN_NS = 3 * 2e9 + SKEW_NS;

/** When the master-down timer fires after `event`, from now on; undefined if it was not touched. */
function patience(
  config: RouterConfig,
  state: RouterState,
  event: RouterEvent,
): number | undefined {
  const { effects } = stepRouter(config, state, event, NOW_NS);
  const timer = effects.find((effect) =>
    effect.kind === "setTimer" && effect.timer === "masterDown"
  );
  return timer?.kind === "setTimer" ? timer.atNs - NOW_NS : undefined;
}

function onWire(effects: readonly RouterEffect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "sendAdvert") return [`advert ${effect.priority}`];
    return effect.kind === "announce" ? ["announcements"] : [];
  });
}

Deno.test("RFC 3768 §6.4.1: at startup an owner says 255 and announces its addresses; any other waits for three intervals of its own and a skew below a second", () => {
  const owner = exampleRouter({ version: 2, priority: 255 });
  const opened: RouterEvent = { kind: "gateOpened", source: EXAMPLE_SOURCE };
  const step = stepRouter(owner, INITIAL_STATE, opened, NOW_NS);
  assertEquals(stateName(step.state), "MASTER");
  assertEquals(onWire(step.effects), ["advert 255", "announcements"]);
  assertEquals(patience(CONFIG, INITIAL_STATE, opened), DOWN_NS);
});

Deno.test("RFC 3768 §6.4.2: when the master-down timer fires, an advert and announcements go out and the advert timer starts", () => {
  const { state, effects } = stepRouter(CONFIG, exampleBackup(CONFIG), {
    kind: "timer",
    timer: "masterDown",
  }, NOW_NS);
  assertEquals(stateName(state), "MASTER");
  assertEquals(onWire(effects), ["advert 100", "announcements"]);
  assertEquals(
    effects.filter(({ kind }) => kind === "setTimer")[0],
    { kind: "setTimer", timer: "advert", atNs: NOW_NS + 2e9 },
  );
});

Deno.test("RFC 3768 §6.4.2: a priority of 0 leaves the skew time, which does not depend on the interval", () => {
  for (const advertIntervalNs of [1e9, 2e9, 255e9]) {
    const config = exampleRouter({ version: 2, advertIntervalNs });
    assertEquals(
      patience(config, exampleBackup(config), exampleAdvert(0)),
      SKEW_NS,
    );
  }
});

Deno.test("RFC 3768 §6.4.2: an advert of our priority or higher restarts the master-down timer with our own interval", () => {
  for (const priority of [100, 101, 255]) {
    assertEquals(
      patience(CONFIG, exampleBackup(CONFIG), exampleAdvert(priority)),
      DOWN_NS,
    );
  }
});

Deno.test("RFC 3768 §6.4.2: a lower priority is discarded if Preempt_Mode is true, and restarts the timer if it is false", () => {
  const lower = exampleAdvert(99);
  assertEquals(patience(CONFIG, exampleBackup(CONFIG), lower), undefined);
  const config = { ...CONFIG, preempt: false };
  assertEquals(patience(config, exampleBackup(config), lower), DOWN_NS);
});

Deno.test("RFC 3768 §6.4.3: a MASTER that is shut down says priority 0", () => {
  const { state, effects } = stepRouter(CONFIG, exampleMaster(CONFIG), {
    kind: "stop",
  }, NOW_NS);
  assertEquals(stateName(state), "STOPPED");
  assertEquals(onWire(effects), ["advert 0"]);
});

Deno.test("RFC 3768 §6.4.3: when the advert timer fires, and when a priority of 0 is heard, an advert goes out and the timer starts again", () => {
  const events: readonly RouterEvent[] = [
    { kind: "timer", timer: "advert" },
    exampleAdvert(0),
  ];
  for (const event of events) {
    const master = exampleMaster(CONFIG, NOW_NS - 2e9);
    const { state, effects } = stepRouter(CONFIG, master, event, NOW_NS);
    assertEquals(stateName(state), "MASTER");
    assertEquals(effects, [
      { kind: "sendAdvert", priority: 100 },
      { kind: "setTimer", timer: "advert", atNs: NOW_NS + 2e9 },
    ]);
  }
});

Deno.test("RFC 3768 §6.4.3: a higher priority, or ours from a higher address, makes a BACKUP with a whole master-down interval", () => {
  for (
    const [priority, source] of [[101, "192.0.2.1"], [
      100,
      "192.0.2.20",
    ]] as const
  ) {
    const event = exampleAdvert(priority, source);
    const master = exampleMaster(CONFIG);
    const { state } = stepRouter(CONFIG, master, event, NOW_NS);
    assertEquals(stateName(state), "BACKUP");
    assertEquals(patience(CONFIG, master, event), DOWN_NS);
  }
});

Deno.test("RFC 3768 §6.4.3: a lower priority, or ours from a lower address, leaves a MASTER what it is; with lower_prio_no_advert without an answer", () => {
  const config = { ...CONFIG, lowerPriorityNoAdvert: true };
  for (
    const [priority, source] of [[99, "192.0.2.20"], [
      100,
      "192.0.2.9",
    ]] as const
  ) {
    const event = exampleAdvert(priority, source);
    for (
      const [one, sent] of [[CONFIG, ["advert 100", "announcements"]], [
        config,
        ["announcements"],
      ]] as const
    ) {
      const { state, effects } = stepRouter(
        one,
        exampleMaster(one),
        event,
        NOW_NS,
      );
      assertEquals(stateName(state), "MASTER");
      assertEquals(onWire(effects), sent);
    }
  }
});

Deno.test("RFC 3768 §5.3.4: an owner preempts whatever Preempt_Mode says, for it is MASTER at once and yields to no lower priority", () => {
  const owner = exampleRouter({ version: 2, priority: 255, preempt: false });
  const { state } = stepRouter(owner, INITIAL_STATE, {
    kind: "gateOpened",
    source: exampleIp("192.0.2.1"),
  }, NOW_NS);
  assertEquals(stateName(state), "MASTER");
  const heard = stepRouter(owner, state, exampleAdvert(254), NOW_NS);
  assertEquals(stateName(heard.state), "MASTER");
});

Deno.test("RFC 3768 §5.3.7: the interval on the wire is in seconds", () => {
  assertEquals(prepareReceive(CONFIG).interval, 2);
});
