import { assertEquals } from "@std/assert";
import { emptyCounters } from "../vrrp/counters.ts";
import { exampleInstance, exampleStatus } from "./example_status.ts";
import { statusText } from "./status_text.ts";

Deno.test("statusText() puts each instance on a line, and what needs explaining under the table", () => {
  const counters = emptyCounters();
  counters.advertsReceived = 12;
  counters.rejected.versionMismatch = 3;
  counters.tolerated.addressListMismatch = 4;
  const text = statusText(exampleStatus([
    exampleInstance(),
    exampleInstance({
      name: "long_name",
      state: "WAITING",
      reason: "eth1 has no address 10.0.1.5",
      interface: "eth1",
      vrid: 7,
      effective_priority: 60,
      master: null,
      addresses: [],
      last_transition: null,
    }),
    exampleInstance({
      name: "VI_3",
      state: "BACKUP",
      master: { address: "10.0.0.2", priority: 200 },
      counters,
    }),
  ]));
  assertEquals(
    text,
    `hakeep 0.1.0, pid 77, running for 3 min 30 s, /etc/hakeep.toml

INSTANCE   STATE    SINCE       INTERFACE  VRID  PRIORITY     MASTER          ADDRESSES
VI_1       MASTER   3 min 20 s  eth0       51    100          this host       +10.0.0.100/24
long_name  WAITING  -           eth1       7     60 (of 100)  -               -
VI_3       BACKUP   3 min 20 s  eth0       51    100          10.0.0.2 (200)  +10.0.0.100/24

TRACKER  KIND     STATE  SINCE  DETAILS
chk      script   down   9 s    last run 1 s ago, took 0.013 s, exited with status 1: no answer
load     file     -5     1 min  /run/load
ha       process  up     -      2 of haproxy, wanted: at least 1

BFD SESSION  STATE  SINCE  NEIGHBOR                DETAILS
uplink       Up     1 min  192.0.2.1               sends each 10 ms, detection time 50 ms
far          Down   9 s    2001:db8::1 (multihop)  detection time expired, sends each 1 s

BFD packets of no session dropped: unknownSession 2
long_name: waiting: eth1 has no address 10.0.1.5
VI_3: adverts heard 12
VI_3: adverts dropped: versionMismatch 3
VI_3: adverts accepted that differ: addressListMismatch 4
`,
  );
});

Deno.test("statusText() says what is wrong with the daemon itself first", () => {
  const text = statusText(exampleStatus([], {
    daemon: "stopping",
    config: {
      file: "a.conf",
      loaded_at: "2026-01-01T00:00:00.000Z",
      last_reload_error: "reload refused",
    },
    uptime_s: 93_784,
    engine: { restarts: 1, alive: false },
  }));
  assertEquals(text.split("\n").slice(0, 4), [
    "hakeep 0.1.0, pid 77, stopping for 1 d 2 h, a.conf",
    "last reload: reload refused",
    "the VRRP engine does not answer",
    "the VRRP engine was started again 1 time",
  ]);
});

for (
  const [seconds, expected] of [
    [0, "0 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [3_601, "1 h"],
    [3_661, "1 h 1 min"],
    [172_800, "2 d"],
  ] satisfies [number, string][]
) {
  Deno.test(`statusText() shows ${seconds} seconds as ${expected}`, () => {
    const [first] = statusText(exampleStatus([], { uptime_s: seconds })).split(
      "\n",
    );
    assertEquals(
      first,
      `hakeep 0.1.0, pid 77, running for ${expected}, /etc/hakeep.toml`,
    );
  });
}
