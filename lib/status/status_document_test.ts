import { assertEquals } from "@std/assert";
import type { RouterSnapshot } from "../engine/port.ts";
import { emptyCounters } from "../vrrp/counters.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import { instanceStatus, summaryLine } from "./status_document.ts";

const SNAPSHOT: RouterSnapshot = {
  name: "VI_6",
  vrid: 6,
  interface: "eth0",
  family: 6,
  version: 3,
  state: "BACKUP",
  reasons: [],
  priority: 100,
  group: "VG_1",
  effectivePriority: 90,
  source: exampleIp("fe80::1"),
  master: { address: exampleIp("fe80::2"), priority: 200 },
  advertIntervalNs: 10_000_000,
  masterDownIntervalNs: 36_093_750,
  lastTransitionAtNs: 5e9,
  addresses: [{
    address: exampleIp("2001:db8::100"),
    prefixLength: 64,
    interface: "eth1",
    label: undefined,
    excluded: true,
    held: false,
  }],
  counters: emptyCounters(),
};

Deno.test("instanceStatus() gives seconds, prefixes and wall clock, and null for what is not there", () => {
  assertEquals(
    instanceStatus(SNAPSHOT, (ns) => `clock at ${ns}`),
    {
      name: "VI_6",
      state: "BACKUP",
      reason: null,
      interface: "eth0",
      vrid: 6,
      family: "ipv6",
      version: 3,
      priority: 100,
      sync_group: "VG_1",
      effective_priority: 90,
      source_address: "fe80::1",
      master: { address: exampleIp("fe80::2"), priority: 200 },
      addresses: [{
        address: "2001:db8::100/64",
        interface: "eth1",
        label: null,
        excluded: true,
        held: false,
      }],
      advert_interval_s: 0.01,
      master_down_interval_s: 0.03609375,
      last_transition: "clock at 5000000000",
      counters: emptyCounters(),
    },
  );
});

Deno.test("instanceStatus() of a waiting router says why", () => {
  const status = instanceStatus(
    {
      ...SNAPSHOT,
      state: "WAITING",
      reasons: [{ kind: "interfaceMissing", interface: "eth0" }],
      source: undefined,
      master: undefined,
      lastTransitionAtNs: undefined,
    },
    () => "",
  );
  assertEquals(
    [
      status.reason,
      status.source_address,
      status.master,
      status.last_transition,
    ],
    ["interface eth0 does not exist", null, null, null],
  );
});

Deno.test("summaryLine() names what is wrong first, with its reason", () => {
  assertEquals(
    summaryLine([
      { name: "VI_1", state: "MASTER", reason: null },
      {
        name: "VI_2",
        state: "WAITING",
        reason: "eth0 has no address 10.0.0.5",
      },
      { name: "VI_3", state: "MASTER", reason: null },
    ]),
    "WAITING: VI_2 (eth0 has no address 10.0.0.5); MASTER: VI_1, VI_3",
  );
});

Deno.test("summaryLine() cuts long lists short and has words for none", () => {
  const many = Array.from({ length: 100 }, (_, i) => ({
    name: `VI_${i}`,
    state: "BACKUP" as const,
    reason: null,
  }));
  assertEquals(
    summaryLine(many),
    "BACKUP: VI_0, VI_1, VI_2, VI_3, VI_4 and 95 more",
  );
  assertEquals(summaryLine([]), "no instances configured");
});
