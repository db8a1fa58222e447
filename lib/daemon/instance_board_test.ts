import { assertEquals } from "@std/assert";
import type { EngineNotice } from "../engine/port.ts";
import { exampleRouter } from "../vrrp/example_router.ts";
import type { GateReason, RouterStateName } from "../vrrp/router_io.ts";
import { InstanceBoard } from "./instance_board.ts";

const DOWN: GateReason = { kind: "interfaceDown", interface: "eth0" };

function transition(
  to: RouterStateName,
  reasons: readonly GateReason[] = [],
): EngineNotice {
  return {
    kind: "transition",
    transition: {
      router: "VI_1",
      vrid: 51,
      interface: "eth0",
      from: "WAITING",
      to,
      cause: "gateOpened",
      reasons,
      master: undefined,
      priority: 100,
      atNs: 0,
    },
  };
}

function gate(router: string, reasons: readonly GateReason[]): EngineNotice {
  return { kind: "gate", router, reasons };
}

Deno.test("InstanceBoard begins with every instance waiting", () => {
  const board = new InstanceBoard([
    exampleRouter(),
    exampleRouter({ name: "VI_2", vrid: 52 }),
  ]);
  assertEquals(board.summary, "WAITING: VI_1, VI_2");
  assertEquals(board.facts("VI_2"), {
    vrid: 52,
    interface: "eth0",
    state: "WAITING",
  });
  assertEquals(board.facts("VI_3"), undefined);
});

Deno.test("InstanceBoard follows transitions and gates, and says what was news", () => {
  const board = new InstanceBoard([exampleRouter()]);
  assertEquals(board.hear(gate("VI_1", [DOWN])), true);
  assertEquals(board.summary, "WAITING: VI_1 (interface eth0 is down)");
  assertEquals(board.hear(gate("VI_1", [DOWN])), false);
  assertEquals(board.hear(transition("MASTER")), true);
  assertEquals(board.summary, "MASTER: VI_1");
  assertEquals(board.hear(transition("FAULT", [DOWN])), true);
  assertEquals(board.hear(gate("VI_1", [DOWN])), false);
  assertEquals(board.summary, "FAULT: VI_1 (interface eth0 is down)");
});

Deno.test("InstanceBoard has no ear for instances it does not know and notices of other kinds", () => {
  const board = new InstanceBoard([exampleRouter()]);
  assertEquals(board.hear(gate("VI_9", [DOWN])), false);
  assertEquals(board.hear({ kind: "started" }), false);
  assertEquals(board.summary, "WAITING: VI_1");
});
