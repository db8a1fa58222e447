import { assertEquals } from "@std/assert";
import type { IpAddress } from "../addr/ip_address.ts";
import { parseMacAddress } from "../addr/mac_address.ts";
import { assert, defined } from "../assert.ts";
import { exampleIp, exampleRouter } from "../vrrp/example_router.ts";
import type { RouterObservation } from "../vrrp/router_io.ts";
import type { SocketHandle } from "../world/engine_world.ts";
import { MemoryWorld } from "./memory_world.ts";
import { Reporter } from "./reporter.ts";

const CONFIG = exampleRouter();
const PEER = exampleIp("192.0.2.20");
const MAC = defined(parseMacAddress("02:00:00:00:00:99"), "a MAC address");
const MINUTE_NS = 60e9;

interface Stage {
  readonly world: MemoryWorld;
  readonly reporter: Reporter;
  readonly receiver: SocketHandle;
}

function stage(): Stage {
  const world = new MemoryWorld();
  const ifIndex = world.kernel.addLink("eth0");
  const receiver = world.openReceiver({
    protocol: 112,
    family: 4,
    interface: "eth0",
    ifIndex,
    address: CONFIG.multicastGroup,
    isMulticast: true,
  });
  return { world, reporter: new Reporter(world), receiver };
}

function reject(
  { reporter, receiver }: Stage,
  nowNs: number,
  source: IpAddress = PEER,
): void {
  reporter.rejected(CONFIG, receiver, source, "ttlInvalid", "255", "1", nowNs);
}

Deno.test("Reporter.rejected() tells all of a rejection at once when the hardware address is known", () => {
  const at = stage();
  at.world.macs.set(PEER, MAC);
  reject(at, 0);
  assertEquals(at.world.takeNotices(), [{
    kind: "rejected",
    rejected: {
      router: "VI_1",
      vrid: 51,
      interface: "eth0",
      source: PEER,
      mac: MAC,
      reason: "ttlInvalid",
      ours: "255",
      theirs: "1",
      suppressed: 0,
    },
  }]);
  assertEquals(at.reporter.deadlineNs, Infinity);
});

Deno.test("Reporter asks again for a hardware address when the report's patience ends", () => {
  const at = stage();
  reject(at, 100);
  assertEquals(at.reporter.deadlineNs, 100 + 2.5e9);
  at.reporter.expire(2.5e9);
  assertEquals(at.world.takeNotices(), []);
  at.world.macs.set(PEER, MAC);
  at.reporter.expire(100 + 2.5e9);
  const [notice] = at.world.takeNotices();
  assert(notice?.kind === "rejected", "the report comes when it must");
  assertEquals(notice.rejected.mac, MAC);
  assertEquals(at.reporter.deadlineNs, Infinity);
});

Deno.test("Reporter lets no more than sixteen reports wait", () => {
  const at = stage();
  for (let i = 1; i <= 20; i++) reject(at, i, exampleIp(`192.0.2.${i}`));
  assertEquals(at.world.takeNotices().length, 4);
  at.reporter.expire(MINUTE_NS);
  assertEquals(at.world.takeNotices().length, 16);
});

Deno.test("Reporter tells each sender and reason once a minute, and counts what it kept", () => {
  const at = stage();
  at.world.macs.set(PEER, MAC);
  for (const nowNs of [0, 1, 2, MINUTE_NS]) reject(at, nowNs);
  assertEquals(
    at.world.takeNotices().map((notice) =>
      notice.kind === "rejected" ? notice.rejected.suppressed : undefined
    ),
    [0, 2],
  );
});

Deno.test("Reporter.rearm() makes the complaints of one router news again", () => {
  const at = stage();
  at.world.macs.set(PEER, MAC);
  reject(at, 0);
  at.reporter.rearm("VI_10");
  reject(at, 1);
  at.reporter.rearm("VI_1");
  reject(at, 2);
  assertEquals(at.world.takeNotices().length, 2);
});

Deno.test("Reporter.differs() tells both sides", () => {
  const at = stage();
  at.world.macs.set(PEER, MAC);
  const difference = {
    kind: "intervalMismatch",
    ours: "1s",
    theirs: "2s",
  } as const;
  at.reporter.differs(CONFIG, at.receiver, PEER, difference, 0);
  at.reporter.differs(CONFIG, at.receiver, PEER, difference, 1);
  assertEquals(at.world.takeNotices(), [{
    kind: "differs",
    differs: {
      router: "VI_1",
      vrid: 51,
      interface: "eth0",
      source: PEER,
      mac: MAC,
      difference: "intervalMismatch",
      ours: "1s",
      theirs: "2s",
      suppressed: 0,
    },
  }]);
});

const OBSERVATIONS: readonly (readonly [RouterObservation, boolean])[] = [
  [{ kind: "lowerPriorityAdvert", source: PEER, priority: 1 }, true],
  [{ kind: "ownAddressAdvert", source: PEER, priority: 1 }, true],
  [{ kind: "rogueOwner", source: PEER }, true],
  [{ kind: "lowerPriorityDiscarded", source: PEER, priority: 1 }, false],
  [{ kind: "masterChanged", source: PEER, priority: 1 }, false],
  [{ kind: "masterResigned", source: PEER }, false],
];

for (const [observation, isHunted] of OBSERVATIONS) {
  Deno.test(
    `Reporter.observed() tells ${observation.kind} ${
      isHunted ? "with" : "without"
    } a hardware address`,
    () => {
      const at = stage();
      at.world.macs.set(PEER, MAC);
      at.reporter.observed(CONFIG, at.receiver, observation, 0);
      at.reporter.observed(CONFIG, at.receiver, observation, 1);
      const notices = at.world.takeNotices();
      assertEquals(notices.filter(({ kind }) => kind === "observed"), [{
        kind: "observed",
        router: "VI_1",
        interface: "eth0",
        mac: isHunted ? MAC : undefined,
        observation,
        suppressed: 0,
      }]);
    },
  );
}

Deno.test("Reporter.observed() tells of lower priorities ten times a second for scripts, and once a minute for people", () => {
  const at = stage();
  at.world.macs.set(PEER, MAC);
  const observation = {
    kind: "lowerPriorityAdvert",
    source: PEER,
    priority: 1,
  } as const;
  for (let ms = 0; ms < 1000; ms += 10) {
    at.reporter.observed(CONFIG, at.receiver, observation, ms * 1e6);
  }
  const kinds = at.world.takeNotices().map(({ kind }) => kind);
  assertEquals(kinds.filter((kind) => kind === "observed").length, 1);
  assertEquals(
    kinds.filter((kind) => kind === "lowerPriorityHeard").length,
    10,
  );
});

Deno.test("Reporter.observed() waits for nothing when there is no receiver", () => {
  const at = stage();
  at.reporter.observed(
    CONFIG,
    undefined,
    { kind: "rogueOwner", source: PEER },
    0,
  );
  assertEquals(at.world.takeNotices().length, 1);
});

Deno.test("Reporter.systemError() tells each kind once a minute, router by router", () => {
  const at = stage();
  const failure = { doing: "x", call: "sendmmsg", errno: 1, name: "EPERM" };
  at.reporter.systemError("VI_1", failure, 0);
  at.reporter.systemError("VI_1", failure, 1);
  at.reporter.systemError("VI_1", { ...failure, errno: 2 }, 2);
  at.reporter.systemError(undefined, failure, 3);
  at.reporter.systemError("VI_1", failure, MINUTE_NS);
  assertEquals(
    at.world.takeNotices().map((notice) =>
      notice.kind === "systemError"
        ? [notice.router, notice.errno, notice.suppressed]
        : notice
    ),
    [["VI_1", 1, 0], ["VI_1", 2, 0], [undefined, 1, 0], ["VI_1", 1, 1]],
  );
});
