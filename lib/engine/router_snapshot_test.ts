import { assertEquals } from "@std/assert";
import { byPlace } from "../route/observed_link.ts";
import {
  EXAMPLE_SOURCE,
  exampleAddress,
  exampleBackup,
  exampleIp,
  exampleMaster,
  exampleRouter,
} from "../vrrp/example_router.ts";
import type { RouterState } from "../vrrp/router_state.ts";
import type { GateReason } from "../vrrp/router_io.ts";
import { snapshotRouter } from "./router_snapshot.ts";
import { RouterRuntime } from "./router_runtime.ts";

const CONFIG = exampleRouter({
  excludedAddresses: [exampleAddress("192.0.2.200")],
});
const REASONS: readonly GateReason[] = [
  { kind: "interfaceMissing", interface: "eth0" },
];
const PEER = { address: exampleIp("192.0.2.20"), priority: 150 };

const CASES: readonly {
  readonly state: RouterState;
  readonly name: string;
  readonly reasons: readonly GateReason[];
  readonly source: string | undefined;
  readonly master:
    | { readonly address: string; readonly priority: number }
    | undefined;
}[] = [
  {
    state: { kind: "waiting", reasons: REASONS },
    name: "WAITING",
    reasons: REASONS,
    source: undefined,
    master: undefined,
  },
  {
    state: { kind: "fault", reasons: REASONS },
    name: "FAULT",
    reasons: REASONS,
    source: undefined,
    master: undefined,
  },
  {
    state: exampleBackup(CONFIG),
    name: "BACKUP",
    reasons: [],
    source: EXAMPLE_SOURCE,
    master: undefined,
  },
  {
    state: { ...exampleBackup(CONFIG), master: PEER },
    name: "BACKUP",
    reasons: [],
    source: EXAMPLE_SOURCE,
    master: PEER,
  },
  {
    state: exampleMaster(CONFIG),
    name: "MASTER",
    reasons: [],
    source: EXAMPLE_SOURCE,
    master: { address: EXAMPLE_SOURCE, priority: 100 },
  },
  {
    state: { kind: "stopped" },
    name: "STOPPED",
    reasons: [],
    source: undefined,
    master: undefined,
  },
];

for (const { state, name, reasons, source, master } of CASES) {
  Deno.test(`snapshotRouter() tells ${name} ${master === undefined ? "without" : "with"} a master`, () => {
    const router = new RouterRuntime(CONFIG, 0);
    router.state = state;
    const snapshot = snapshotRouter(router, () => undefined);
    assertEquals(
      [snapshot.state, snapshot.reasons, snapshot.source, snapshot.master],
      [name, reasons, source, master],
    );
    assertEquals(
      snapshot.addresses.map(({ excluded, held }) => [excluded, held]),
      [[false, false], [true, false]],
    );
  });
}

Deno.test("snapshotRouter() tells a held address by what the kernel reports", () => {
  const router = new RouterRuntime(CONFIG, 0);
  const { addresses } = snapshotRouter(router, (name) => ({
    index: 1,
    name,
    flags: 0x41,
    mac: undefined,
    mtu: 1500,
    addresses: byPlace([{
      address: exampleIp("192.0.2.200"),
      family: 4,
      prefixLength: 32,
      scope: 0,
      flags: 0,
    }]),
  }));
  assertEquals(addresses.map(({ held }) => held), [false, true]);
});
