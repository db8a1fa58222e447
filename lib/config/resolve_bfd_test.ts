import { assertEquals } from "@std/assert";
import { parseIpAddress } from "../addr/ip_address.ts";
import type { BfdInstance } from "./bfd_model.ts";
import { resolveBfd } from "./resolve_bfd.ts";

const NOWHERE = {
  self: {
    source: { name: "", text: "", includedFrom: undefined },
    start: 0,
    end: 0,
  },
  of: {},
};

function block(
  neighbor: string | undefined,
  changes: Partial<BfdInstance> = {},
): BfdInstance {
  return {
    name: "gw",
    neighborIp: neighbor === undefined ? undefined : parseIpAddress(neighbor),
    sourceIp: undefined,
    minRxNs: undefined,
    minTxNs: undefined,
    idleTxNs: undefined,
    multiplier: undefined,
    passive: undefined,
    hopLimit: undefined,
    hopsMax: undefined,
    multihop: undefined,
    weight: undefined,
    reverse: undefined,
    vrrp: undefined,
    checker: undefined,
    at: NOWHERE,
    ...changes,
  };
}

Deno.test("resolveBfd() has keepalived's defaults", () => {
  assertEquals(resolveBfd([block("192.0.2.1"), block(undefined)]), [{
    name: "gw",
    family: 4,
    neighbor: parseIpAddress("192.0.2.1"),
    source: undefined,
    isMultihop: false,
    isPassive: false,
    minRxNs: 10e6,
    minTxNs: 10e6,
    idleTxNs: 1e9,
    multiplier: 5,
    hopLimit: 255,
    hopLimitMin: 255,
  }]);
});

Deno.test("what hop limits are sent and taken", () => {
  const limits = (neighbor: string, changes: Partial<BfdInstance>) =>
    resolveBfd([block(neighbor, changes)]).map((
      { hopLimit, hopLimitMin },
    ) => [hopLimit, hopLimitMin])[0];
  assertEquals(limits("192.0.2.1", { hopsMax: 3 }), [255, 252]);
  assertEquals(limits("192.0.2.1", { hopLimit: 10, hopsMax: 10 }), [10, 0]);
  assertEquals(limits("192.0.2.1", { hopsMax: -1 }), [255, 0]);
  assertEquals(limits("2001:db8::1", {}), [255, 64]);
  assertEquals(limits("2001:db8::1", { hopLimit: 255 }), [255, 255]);
  assertEquals(limits("2001:db8::1", { hopsMax: 4 }), [255, 60]);
});
