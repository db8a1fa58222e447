import { assertEquals } from "@std/assert";
import { familyOf } from "../addr/ip_address.ts";
import { defined } from "../assert.ts";
import { parseMacAddress } from "../addr/mac_address.ts";
import {
  ADDRESS_DAD_FAILED,
  ADDRESS_TENTATIVE,
  byPlace,
  LINK_MULTICAST,
  LINK_RUNNING,
  LINK_UP,
  type ObservedAddress,
  type ObservedLink,
} from "../route/observed_link.ts";
import { exampleAddress, exampleIp, exampleRouter } from "./example_router.ts";
import {
  equalReasons,
  type Gate,
  judgeGate,
  trackedInterfaces,
} from "./gate.ts";
import type { RouterConfig } from "./router_config.ts";
import type { GateReason } from "./router_io.ts";

const MAC = defined(parseMacAddress("02:00:00:00:00:01"), "the MAC");

function observed(text: string, flags = 0): ObservedAddress {
  const address = exampleIp(text);
  return {
    address,
    family: familyOf(address),
    prefixLength: 24,
    scope: 0,
    flags,
  };
}

function link(
  name: string,
  addresses: readonly (string | ObservedAddress)[],
  flags = LINK_UP | LINK_RUNNING,
  canMulticast = true,
): ObservedLink {
  return {
    index: 2,
    name,
    flags: canMulticast ? flags | LINK_MULTICAST : flags,
    mac: MAC,
    mtu: 1500,
    addresses: byPlace(
      addresses.map((address) =>
        typeof address === "string" ? observed(address) : address
      ),
    ),
  };
}

function judge(config: RouterConfig, ...links: readonly ObservedLink[]): Gate {
  return judgeGate(config, (name) => links.find((l) => l.name === name));
}

function open(text: string): Gate {
  return { kind: "open", source: exampleIp(text) };
}

function closed(...reasons: readonly GateReason[]): Gate {
  return { kind: "closed", reasons };
}

const V4 = exampleRouter();
const V6 = exampleRouter({ family: 6 });

Deno.test("judgeGate() opens with the interface's first address of the family", () => {
  const eth0 = link("eth0", ["fe80::1", "192.0.2.1", "192.0.2.2"]);
  assertEquals(judge(V4, eth0), open("192.0.2.1"));
  assertEquals(judge(V6, eth0), open("fe80::1"));
});

Deno.test("judgeGate() never takes a virtual address of the router as its source", () => {
  const config = exampleRouter({
    excludedAddresses: [exampleAddress("192.0.2.101")],
  });
  assertEquals(
    judge(config, link("eth0", ["192.0.2.100", "192.0.2.101", "192.0.2.7"])),
    open("192.0.2.7"),
  );
  assertEquals(
    judge(config, link("eth0", ["192.0.2.100", "192.0.2.101"])),
    closed({ kind: "noAddress", interface: "eth0", family: 4 }),
  );
});

Deno.test("judgeGate() never takes a virtual address of another router either", () => {
  const eth0 = link("eth0", ["10.0.0.9", "192.0.2.1"]);
  const gate = judgeGate(
    V4,
    () => eth0,
    (address) => address === exampleIp("10.0.0.9"),
  );
  assertEquals(gate, open("192.0.2.1"));
});

Deno.test("judgeGate() wants a link-local source for IPv6, by multicast and by unicast", () => {
  const eth0 = link("eth0", ["2001:db8::1"]);
  const unicast = exampleRouter({
    family: 6,
    unicastPeers: [{
      address: exampleIp("2001:db8::2"),
      ttlMin: undefined,
      ttlMax: undefined,
    }],
  });
  for (const config of [V6, unicast]) {
    assertEquals(
      judge(config, eth0),
      closed({ kind: "noAddress", interface: "eth0", family: 6 }),
    );
  }
});

Deno.test("judgeGate() waits for the configured source address whatever else is there", () => {
  const config = exampleRouter({ sourceAddress: exampleIp("192.0.2.7") });
  assertEquals(
    judge(config, link("eth0", ["192.0.2.1"])),
    closed({
      kind: "sourceAddressMissing",
      address: exampleIp("192.0.2.7"),
      interface: "eth0",
    }),
  );
  assertEquals(
    judge(config, link("eth0", ["192.0.2.1", "192.0.2.7"])),
    open("192.0.2.7"),
  );
});

Deno.test("judgeGate() takes a configured source from whichever interface has it", () => {
  const config = exampleRouter({ sourceAddress: exampleIp("192.0.2.7") });
  const eth0 = link("eth0", ["192.0.2.1"]);
  const lo = link("lo", ["192.0.2.7"]);
  const gate = judgeGate(config, () => eth0, () => false, () => [lo]);
  assertEquals(gate, open("192.0.2.7"));
});

Deno.test("judgeGate() tells an address in use by another host from one that is still being tried", () => {
  const source = exampleIp("2001:db8::1");
  const config = exampleRouter({ family: 6, sourceAddress: source });
  const failed = { ...observed("2001:db8::1"), flags: ADDRESS_DAD_FAILED };
  assertEquals(
    judge(config, link("eth0", [failed])),
    closed({ kind: "addressDuplicate", address: source, interface: "eth0" }),
  );
});

Deno.test("judgeGate() takes a configured IPv6 source that is not link-local", () => {
  const config = exampleRouter({
    family: 6,
    sourceAddress: exampleIp("2001:db8::1"),
  });
  assertEquals(
    judge(config, link("eth0", ["fe80::1", "2001:db8::1"])),
    open("2001:db8::1"),
  );
});

Deno.test("judgeGate() waits until duplicate address detection has let the address pass", () => {
  const kinds = [
    [ADDRESS_TENTATIVE, "addressTentative"],
    [ADDRESS_DAD_FAILED, "addressDuplicate"],
  ] as const;
  for (const [flag, kind] of kinds) {
    const address = observed("fe80::1", flag);
    const tentative = closed({
      kind,
      address: exampleIp("fe80::1"),
      interface: "eth0",
    });
    assertEquals(judge(V6, link("eth0", [address])), tentative);
    const configured = { ...V6, sourceAddress: exampleIp("fe80::1") };
    assertEquals(judge(configured, link("eth0", [address])), tentative);
    assertEquals(
      judge(V6, link("eth0", [address, "fe80::2"])),
      open("fe80::2"),
    );
  }
});

Deno.test("judgeGate() names the interface that is missing, down or without carrier", () => {
  const addresses = ["192.0.2.1"];
  assertEquals(
    judge(V4),
    closed({ kind: "interfaceMissing", interface: "eth0" }),
  );
  assertEquals(
    judge(V4, link("eth0", addresses, LINK_RUNNING)),
    closed({ kind: "interfaceDown", interface: "eth0" }),
  );
  assertEquals(
    judge(V4, link("eth0", addresses, LINK_UP)),
    closed({ kind: "noCarrier", interface: "eth0" }),
  );
});

Deno.test("judgeGate() names everything that is missing at once", () => {
  assertEquals(
    judge(V4, link("eth0", [], 0)),
    closed(
      { kind: "interfaceDown", interface: "eth0" },
      { kind: "noAddress", interface: "eth0", family: 4 },
    ),
  );
});

Deno.test("dont_track_primary forgives the own interface to be down, not to be missing or without address", () => {
  const config = exampleRouter({ trackPrimary: false });
  assertEquals(
    judge(config, link("eth0", ["192.0.2.1"], 0)),
    open("192.0.2.1"),
  );
  assertEquals(
    judge(config, link("eth0", [], 0)),
    closed({ kind: "noAddress", interface: "eth0", family: 4 }),
  );
  assertEquals(
    judge(config),
    closed({ kind: "interfaceMissing", interface: "eth0" }),
  );
});

Deno.test("judgeGate() also watches the interfaces of virtual addresses, unless they say no_track", () => {
  const on = (name: string, noTrack: boolean) =>
    exampleAddress("2.2.2.2", { interface: name, noTrack });
  const eth0 = link("eth0", ["192.0.2.1"]);
  const tracked = exampleRouter({ virtualAddresses: [on("eth4", false)] });
  assertEquals(trackedInterfaces(tracked), ["eth4"]);
  assertEquals(
    judge(tracked, eth0),
    closed({ kind: "interfaceMissing", interface: "eth4" }),
  );
  assertEquals(
    judge(tracked, eth0, link("eth4", [], LINK_UP)),
    closed({ kind: "noCarrier", interface: "eth4" }),
  );
  assertEquals(judge(tracked, eth0, link("eth4", [])), open("192.0.2.1"));

  const excluded = exampleRouter({ excludedAddresses: [on("eth4", false)] });
  assertEquals(judge(excluded, eth0).kind, "closed");

  const untracked = exampleRouter({ virtualAddresses: [on("eth4", true)] });
  assertEquals(trackedInterfaces(untracked), []);
  assertEquals(judge(untracked, eth0), open("192.0.2.1"));
});

Deno.test("equalReasons() compares what the reasons say", () => {
  const down: GateReason = { kind: "interfaceDown", interface: "eth0" };
  assertEquals(equalReasons([down], [{ ...down }]), true);
  assertEquals(equalReasons([down], []), false);
  assertEquals(equalReasons([down], [{ ...down, interface: "eth1" }]), false);
  assertEquals(
    equalReasons([down], [{ kind: "noCarrier", interface: "eth0" }]),
    false,
  );
});

Deno.test("judgeGate() waits for an interface that can multicast, unless there are unicast peers", () => {
  const tunnel = link("eth0", ["192.0.2.1"], LINK_UP | LINK_RUNNING, false);
  assertEquals(
    judge(V4, tunnel),
    closed({ kind: "noMulticast", interface: "eth0" }),
  );
  const unicast = exampleRouter({
    unicastPeers: [{
      address: exampleIp("192.0.2.2"),
      ttlMin: undefined,
      ttlMax: undefined,
    }],
  });
  assertEquals(judge(unicast, tunnel), open("192.0.2.1"));
});
