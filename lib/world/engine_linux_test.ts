/**
 * The engine's Linux against a real kernel, in network namespaces of its own:
 *
 *   va 192.0.2.1/24 fe80::a ──veth── vb 192.0.2.2/24 fe80::b
 *
 * Both ends are in one namespace; adverts carry sources that are nobody's there, so the kernel takes them in.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreaterOrEqual,
  assertThrows,
} from "@std/assert";
import { type IpAddress, ipAddressBytes } from "../addr/ip_address.ts";
import { macAddressBytes, parseMacAddress } from "../addr/mac_address.ts";
import { defined } from "../assert.ts";
import {
  ADDRESS_DEPRECATED,
  ADDRESS_SECONDARY,
  isRunning,
  LINK_UP,
} from "../route/observed_link.ts";
import { exampleAddress, exampleIp } from "../vrrp/example_router.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import { encodeGratuitousArp, GRATUITOUS_ARP_LENGTH } from "../wire/arp.ts";
import {
  encodeIpv4Header,
  encodeVrrpIpv6Header,
  IPV4_HEADER_LENGTH,
  IPV6_HEADER_LENGTH,
} from "../wire/ip_header.ts";
import { ADDRESS_FLAG, NETLINK_ROUTE } from "../wire/rtnetlink.ts";
import { FrameCapture } from "../../ffi/frame_capture.ts";
import { closeFd, monotonicNs } from "../../ffi/libc.ts";
import { NetlinkSocket } from "../../ffi/netlink_socket.ts";
import { enterNewNetworkNamespace } from "../../ffi/network_namespace.ts";
import { openSocketPair, sendStream } from "../../ffi/unix_socket.ts";
import { LinuxEngineWorld } from "./engine_linux.ts";
import type {
  OutgoingPacket,
  ReceiverSpec,
  SocketHandle,
} from "./engine_world.ts";
import { RecordingSink } from "./recording_sink.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

const LIBNL = "libnl-3.so.200";
const PATIENCE_NS = 2e9;
const GROUP4 = exampleIp("224.0.0.18");
const GROUP6 = exampleIp("ff02::12");
const ENODEV = 19;
const EMSGSIZE = 90;
const ENETUNREACH = 101;
const MAC_A = defined(parseMacAddress("02:00:00:00:0a:0a"), "a MAC address");
const MAC_B = defined(parseMacAddress("02:00:00:00:0b:0b"), "a MAC address");

// libc and libnl stay loaded; the first test to use them would be called a leak.
new NetlinkSocket({
  libnlPath: LIBNL,
  protocol: NETLINK_ROUTE,
  groups: [],
  receiveBufferBytes: 65536,
}).close();

/** A world in a fresh namespace with the two links above. */
class Bench implements Disposable {
  readonly sink = new RecordingSink();
  readonly world: LinuxEngineWorld;
  readonly a: number;
  readonly b: number;
  /** The daemon's end of the command pipe. */
  readonly commands: number;
  readonly #namespace: Disposable;
  #isCommanding = true;

  constructor() {
    this.#namespace = enterNewNetworkNamespace();
    sysctl("ipv6/conf/default/dad_transmits", "0");
    sysctl("ipv4/conf/all/rp_filter", "0");
    sysctl("ipv4/conf/default/rp_filter", "0");
    const ends = [["va", MAC_A], ["vb", MAC_B]].map(([name, mac]) =>
      `${name} address ${mac} mtu 9000`.split(" ")
    );
    ip(
      "link",
      "add",
      ...ends[0] ?? [],
      "type",
      "veth",
      "peer",
      ...ends[1] ?? [],
    );
    for (const [name, last] of [["va", 1], ["vb", 2]]) {
      sysctl(`ipv6/conf/${name}/addr_gen_mode`, "1");
      ip("addr", "add", `192.0.2.${last}/24`, "dev", `${name}`);
      ip("link", "set", `${name}`, "up");
    }
    ip("addr", "add", "fe80::a/64", "dev", "va", "nodad");
    ip("addr", "add", "fe80::b/64", "dev", "vb", "nodad");
    const [ours, theirs] = openSocketPair();
    this.commands = ours;
    this.world = new LinuxEngineWorld(LIBNL, theirs, () => {});
    this.world.takeInventory(this.sink);
    this.a = this.indexOf("va");
    this.b = this.indexOf("vb");
  }

  indexOf(name: string): number {
    return defined(
      this.sink.links.find((link) => link.name === name),
      name,
    ).index;
  }

  /** Takes in what comes until `isThere`. */
  until(isThere: () => boolean, what: string): void {
    const endNs = monotonicNs() + PATIENCE_NS;
    while (!isThere()) {
      assert(monotonicNs() < endNs, `${what} within two seconds`);
      this.world.wait(endNs, this.sink);
    }
  }

  datagram(): RecordingSink["datagrams"][number] {
    this.until(() => this.sink.datagrams.length > 0, "a datagram");
    return defined(this.sink.datagrams.shift(), "a datagram");
  }

  change(present: boolean, ...addresses: VirtualAddress[]): void {
    for (const address of addresses) {
      this.world.queueAddress({ present, ifIndex: this.a, address });
    }
    this.world.flush(this.sink);
  }

  receiver(changes: Partial<ReceiverSpec> = {}): SocketHandle {
    return this.world.openReceiver({
      protocol: 112,
      family: 4,
      interface: "vb",
      ifIndex: this.b,
      address: changes.family === 6 ? GROUP6 : GROUP4,
      isMulticast: true,
      ...changes,
    });
  }

  sender(family: 4 | 6 = 4): SocketHandle {
    return this.world.openSender({
      family,
      interface: "va",
      ifIndex: this.a,
      isMulticast: true,
    });
  }

  /** A packet for `destination` out of va with `payload` behind its IP header. */
  packet(
    destination: IpAddress,
    source: IpAddress,
    payload: Uint8Array,
    hopLimit = 255,
  ): OutgoingPacket {
    const to = ipAddressBytes(destination);
    const start = to.length === 4 ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH;
    const encode = to.length === 4 ? encodeIpv4Header : encodeVrrpIpv6Header;
    const packet = this.world.makePacket(
      start + payload.length,
      destination,
      this.a,
    );
    encode(
      ipAddressBytes(source),
      to,
      hopLimit,
      payload.length,
      packet.bytes,
    );
    packet.bytes.set(payload, start);
    packet.length = packet.bytes.length;
    return packet;
  }

  send(sender: SocketHandle, ...packets: OutgoingPacket[]): void {
    for (const packet of packets) {
      this.world.queuePacket(sender, packet, this.sink);
    }
    this.world.flush(this.sink);
  }

  closeCommands(): void {
    if (this.#isCommanding) closeFd(this.commands);
    this.#isCommanding = false;
  }

  [Symbol.dispose](): void {
    this.world.dispose();
    this.closeCommands();
    this.#namespace[Symbol.dispose]();
  }
}

function run(program: string, args: readonly string[]): string {
  const { success, stdout, stderr } = new Deno.Command(program, {
    args: [...args],
  }).outputSync();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function ip(...args: string[]): string {
  return run("ip", args);
}

function sysctl(path: string, value: string): void {
  Deno.writeTextFileSync(`/proc/sys/net/${path}`, value);
}

/** What `ip -j addr` says of va's addresses. */
function shown(): Record<string, unknown>[] {
  const [link]: { addr_info: Record<string, unknown>[] }[] = JSON.parse(
    ip("-j", "addr", "show", "dev", "va"),
  );
  return defined(link, "va").addr_info;
}

function shownAddress(address: string): Record<string, unknown> {
  return defined(shown().find(({ local }) => local === address), address);
}

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i & 0xff);
}

function onVa(
  text: string,
  changes: Partial<VirtualAddress> = {},
): VirtualAddress {
  return exampleAddress(text, { interface: "va", ...changes });
}

function openDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

// Links and addresses.

Deno.test("LinuxEngineWorld.takeInventory() tells all links and their addresses", () => {
  using bench = new Bench();
  const { sink } = bench;
  assertEquals(sink.inventories, 1);
  assertEquals(sink.links.map(({ name }) => name).sort(), ["lo", "va", "vb"]);
  const va = defined(sink.links.find(({ name }) => name === "va"), "va");
  assertEquals(va.mac, MAC_A);
  assertEquals(va.mtu, 9000);
  assert(isRunning({ ...va, addresses: new Map() }));
  assertEquals(
    sink.addresses.filter(({ index }) => index === bench.a)
      .map(({ address, prefixLength, scope }) => [
        address,
        prefixLength,
        scope,
      ]),
    [["192.0.2.1", 24, 0], ["fe80::a", 64, 253]],
  );
});

Deno.test("LinuxEngineWorld adds addresses with all that belongs to them", () => {
  using bench = new Bench();
  bench.change(
    true,
    onVa("198.51.100.1"),
    onVa("198.51.100.2", {
      prefixLength: 24,
      label: "va:1",
      scope: 253,
      broadcast: exampleIp("198.51.100.255"),
    }),
    onVa("198.51.100.3", {
      peer: { address: exampleIp("203.0.113.9"), prefixLength: 30 },
    }),
    onVa("198.51.100.4", {
      prefixLength: 28,
      flags: ADDRESS_FLAG.noPrefixRoute,
    }),
    onVa("2001:db8::1", { preferredSeconds: 0 }),
    onVa("2001:db8::2", {
      prefixLength: 64,
      flags: ADDRESS_FLAG.noDad | ADDRESS_FLAG.noPrefixRoute,
    }),
  );
  assertEquals(bench.sink.failures, []);
  const first = shownAddress("198.51.100.1");
  assertEquals(
    [first.prefixlen, first.scope, first.label, first.broadcast],
    [32, "global", "va", undefined],
  );
  const second = shownAddress("198.51.100.2");
  assertEquals(
    [second.prefixlen, second.scope, second.label, second.broadcast],
    [24, "link", "va:1", "198.51.100.255"],
  );
  const third = shownAddress("198.51.100.3");
  assertEquals([third.address, third.prefixlen], ["203.0.113.9", 30]);
  assertEquals(shownAddress("198.51.100.4").noprefixroute, true);
  // A host address of IPv6 serves, but is nobody's source.
  const host = shownAddress("2001:db8::1");
  assertEquals(
    [host.prefixlen, host.nodad, host.deprecated, host.tentative],
    [128, true, true, undefined],
  );
  const other = shownAddress("2001:db8::2");
  assertEquals(
    [other.prefixlen, other.nodad, other.deprecated, other.noprefixroute],
    [64, true, undefined, true],
  );
  assert(!ip("route").includes("198.51.100.0/28"));
});

Deno.test("LinuxEngineWorld tells the addresses it added, with their flags", () => {
  using bench = new Bench();
  const { sink } = bench;
  sink.addresses.length = 0;
  bench.change(
    true,
    onVa("192.0.2.100", { prefixLength: 24 }),
    onVa("2001:db8::1", { preferredSeconds: 0 }),
  );
  // Link-local addresses of the bench itself may still become usable meanwhile.
  const added = () =>
    sink.addresses.filter(({ address }) => !address.startsWith("fe80"));
  bench.until(() => added().length >= 2, "both addresses");
  assertEquals(
    added().map(({ address, flags }) => [
      address,
      flags & (ADDRESS_SECONDARY | ADDRESS_DEPRECATED),
    ]),
    [["192.0.2.100", ADDRESS_SECONDARY], ["2001:db8::1", ADDRESS_DEPRECATED]],
  );
});

Deno.test("LinuxEngineWorld adds what is there and removes what is not without a failure", () => {
  using bench = new Bench();
  const addresses = [
    onVa("198.51.100.1"),
    onVa("2001:db8::1"),
    onVa("198.51.100.3", {
      peer: { address: exampleIp("203.0.113.9"), prefixLength: 30 },
    }),
  ];
  bench.change(true, ...addresses);
  bench.change(true, ...addresses);
  assertEquals(shown().length, 5);
  bench.change(false, ...addresses);
  bench.change(false, ...addresses);
  assertEquals(shown().length, 2);
  assertEquals(bench.sink.failures, []);
});

Deno.test("LinuxEngineWorld tells which address the kernel refused, and changes the others", () => {
  using bench = new Bench();
  const { world, sink } = bench;
  const missing = onVa("198.51.100.2", { interface: "gone0" });
  world.queueAddress({
    present: true,
    ifIndex: bench.a,
    address: onVa("198.51.100.1"),
  });
  world.queueAddress({ present: true, ifIndex: 4711, address: missing });
  world.queueAddress({
    present: true,
    ifIndex: bench.a,
    address: onVa("198.51.100.3"),
  });
  world.flush(sink);
  assertEquals(sink.failedAddresses, ["198.51.100.2"]);
  const [failure] = sink.failures;
  assertEquals(failure?.errno, ENODEV);
  assertEquals(failure?.call, "RTM_NEWADDR");
  assert(failure?.doing.startsWith("add 198.51.100.2/32 on gone0"));
  shownAddress("198.51.100.1");
  shownAddress("198.51.100.3");
});

Deno.test("LinuxEngineWorld changes two thousand addresses in one turn", () => {
  using bench = new Bench();
  const addresses = Array.from(
    { length: 2000 },
    (_, i) => onVa(`10.1.${i >> 8}.${i & 0xff}`),
  );
  bench.change(true, ...addresses);
  assertEquals(bench.sink.failures, []);
  assertEquals(shown().length, 2002);
  bench.change(false, ...addresses);
  assertEquals(bench.sink.failures, []);
  assertEquals(shown().length, 2);
});

Deno.test("LinuxEngineWorld tells its own deletions from those of others", () => {
  using bench = new Bench();
  const { sink } = bench;
  const addresses = [onVa("198.51.100.1"), onVa("2001:db8::1")];
  const goneAfter = (happen: () => void): string[] => {
    sink.addressesGone.length = 0;
    happen();
    bench.until(() => sink.addressesGone.length >= 2, "both deletions");
    return sink.addressesGone;
  };
  bench.change(true, ...addresses);
  assertEquals(
    goneAfter(() => bench.change(false, ...addresses)),
    ["198.51.100.1/32 by us", "2001:db8::1/128 by us"],
  );
  bench.change(true, ...addresses);
  assertEquals(
    goneAfter(() => {
      ip("addr", "del", "198.51.100.1/32", "dev", "va");
      ip("addr", "del", "2001:db8::1/128", "dev", "va");
    }),
    ["198.51.100.1/32 by others", "2001:db8::1/128 by others"],
  );
  bench.change(true, ...addresses);
  assertEquals(
    goneAfter(() => ip("addr", "flush", "dev", "va", "scope", "global")).sort(),
    [
      "192.0.2.1/24 by others",
      "198.51.100.1/32 by others",
      "2001:db8::1/128 by others",
    ],
  );
});

Deno.test("LinuxEngineWorld tells secondaries that its own deletion took along as its own", () => {
  using bench = new Bench();
  const { sink } = bench;
  sysctl("ipv4/conf/va/promote_secondaries", "0");
  sysctl("ipv4/conf/all/promote_secondaries", "0");
  const primary = onVa("198.51.100.1", { prefixLength: 24 });
  const secondary = onVa("198.51.100.2", { prefixLength: 24 });
  bench.change(true, primary, secondary);
  bench.change(false, primary);
  bench.until(() => sink.addressesGone.length >= 2, "both deletions");
  assertEquals(sink.addressesGone.toSorted(), [
    "198.51.100.1/24 by us",
    "198.51.100.2/24 by us",
  ]);
});

Deno.test("LinuxEngineWorld tells links that go down, are renamed and go", () => {
  using bench = new Bench();
  const { sink } = bench;
  const told = () => sink.links.findLast(({ index }) => index === bench.a);
  ip("link", "set", "va", "down");
  bench.until(() => ((told()?.flags ?? 0) & LINK_UP) === 0, "a link down");
  ip("link", "set", "va", "name", "vx");
  bench.until(() => told()?.name === "vx", "a renamed link");
  ip("link", "del", "vx");
  bench.until(() => sink.linksGone.length >= 2, "links that go");
  assertEquals(sink.linksGone.toSorted(), [bench.a, bench.b].toSorted());
});

// Adverts.

Deno.test("LinuxEngineWorld sends and hears an IPv4 multicast whole, with its addresses and TTL", () => {
  using bench = new Bench();
  const receiver = bench.receiver();
  // The sender's own interface hears nothing of it.
  bench.receiver({ interface: "va", ifIndex: bench.a });
  const source = exampleIp("192.0.2.77");
  const payload = bytesOf(20);
  bench.send(bench.sender(), bench.packet(GROUP4, source, payload));
  const heard = bench.datagram();
  assertEquals(heard.receiver, receiver);
  assertEquals(heard.source, source);
  assertEquals(heard.destination, GROUP4);
  assertEquals(heard.hopLimit, 255);
  assertEquals(heard.isTruncated, false);
  assertEquals(heard.bytes.length, 40);
  assertEquals(heard.bytes[1], 0xc0);
  assertEquals(heard.bytes.subarray(20), payload);
  bench.world.wait(monotonicNs(), bench.sink);
  assertEquals(bench.sink.datagrams, []);
});

Deno.test("LinuxEngineWorld sends and hears an IPv6 multicast, with its addresses and hop limit", () => {
  using bench = new Bench();
  bench.receiver({ family: 6 });
  const source = exampleIp("fe80::77");
  const payload = bytesOf(40);
  bench.send(
    bench.sender(6),
    bench.packet(GROUP6, source, payload),
    bench.packet(GROUP6, source, payload, 7),
  );
  const first = bench.datagram();
  assertEquals(first.source, source);
  assertEquals(first.destination, GROUP6);
  assertEquals(first.hopLimit, 255);
  assertEquals(first.bytes, payload);
  assertEquals(bench.datagram().hopLimit, 7);
});

Deno.test("LinuxEngineWorld tells a datagram that is larger than any advert as truncated", () => {
  using bench = new Bench();
  bench.receiver();
  bench.send(
    bench.sender(),
    bench.packet(GROUP4, exampleIp("192.0.2.77"), bytesOf(6000)),
    bench.packet(GROUP4, exampleIp("192.0.2.77"), bytesOf(4000)),
  );
  assertEquals(bench.datagram().isTruncated, true);
  const second = bench.datagram();
  assertEquals(second.isTruncated, false);
  assertEquals(second.bytes.length, 4020);
});

Deno.test("LinuxEngineWorld hears its own address before that is there, and no group", () => {
  using bench = new Bench();
  const address = exampleIp("192.0.2.50");
  const receiver = bench.receiver({ address, isMulticast: false });
  ip("addr", "add", "192.0.2.50/24", "dev", "vb");
  // Another receiver makes the kernel take the group in.
  const group = bench.receiver();
  // From this namespace va would not carry a packet to a local address, so it goes as a frame.
  const packet = bench.packet(address, exampleIp("192.0.2.77"), bytesOf(20));
  const bytes = packet.bytes;
  setChecksum(bytes);
  const frame = bench.world.makeFrame(14 + bytes.length, bench.a);
  frame.bytes.set(macAddressBytes(MAC_B), 0);
  frame.bytes.set(macAddressBytes(MAC_A), 6);
  frame.bytes.set([0x08, 0x00], 12);
  frame.bytes.set(bytes, 14);
  bench.send(
    bench.sender(),
    bench.packet(GROUP4, exampleIp("192.0.2.77"), bytesOf(20)),
  );
  bench.world.queueFrame(frame, bench.sink);
  bench.world.flush(bench.sink);
  bench.until(() => bench.sink.datagrams.length === 2, "both datagrams");
  const [first, second] = bench.sink.datagrams.toSorted((a, b) =>
    a.destination < b.destination ? -1 : 1
  );
  assertEquals([first?.receiver, first?.destination], [receiver, address]);
  assertEquals([second?.receiver, second?.destination], [group, GROUP4]);
});

function setChecksum(header: Uint8Array): void {
  let sum = 0;
  for (let i = 0; i < IPV4_HEADER_LENGTH; i += 2) {
    sum += (header[i] ?? 0) * 256 + (header[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  header[10] = (~sum >> 8) & 0xff;
  header[11] = ~sum & 0xff;
}

Deno.test("LinuxEngineWorld reports the packet that the kernel refuses, and sends those behind it", () => {
  using bench = new Bench();
  ip("link", "set", "va", "mtu", "1500");
  bench.receiver();
  const source = exampleIp("192.0.2.77");
  const packets = [20, 5000, 24].map((size) =>
    bench.packet(GROUP4, source, bytesOf(size))
  );
  bench.send(bench.sender(), ...packets);
  assertEquals(bench.sink.failedPackets, packets.slice(1, 2));
  assertEquals(bench.sink.failures, [{
    doing: "send an advert",
    call: "sendmmsg",
    errno: EMSGSIZE,
    name: "EMSGSIZE",
  }]);
  assertEquals(
    [bench.datagram(), bench.datagram()].map(({ bytes }) => bytes.length),
    [40, 44],
  );
  assertEquals(packets.map(({ isQueued }) => isQueued), [false, false, false]);
});

Deno.test("LinuxEngineWorld reports every packet when the interface is down", () => {
  using bench = new Bench();
  const sender = bench.sender();
  ip("link", "set", "va", "down");
  const source = exampleIp("192.0.2.77");
  const packets = [1, 2].map(() => bench.packet(GROUP4, source, bytesOf(20)));
  bench.send(sender, ...packets);
  assertEquals(bench.sink.failedPackets, packets);
  assertEquals(bench.sink.failures[0]?.errno, ENETUNREACH);
});

Deno.test("LinuxEngineWorld sends more packets in a turn than one call takes, in order", () => {
  using bench = new Bench();
  bench.receiver();
  const source = exampleIp("192.0.2.77");
  bench.send(
    bench.sender(),
    ...Array.from(
      { length: 150 },
      (_, i) => bench.packet(GROUP4, source, Uint8Array.of(i)),
    ),
  );
  bench.until(() => bench.sink.datagrams.length === 150, "all datagrams");
  assertEquals(
    bench.sink.datagrams.map(({ bytes }) => bytes[IPV4_HEADER_LENGTH]),
    [...bytesOf(150)],
  );
});

Deno.test("LinuxEngineWorld forgets a closed receiver, and what is queued on a closed sender", () => {
  using bench = new Bench();
  const receiver = bench.receiver();
  const sender = bench.sender();
  const packet = bench.packet(GROUP4, exampleIp("192.0.2.77"), bytesOf(20));
  bench.send(sender, packet);
  bench.world.close(receiver);
  bench.world.queuePacket(sender, packet, bench.sink);
  bench.world.close(sender);
  assertEquals(packet.isQueued, false);
  bench.world.flush(bench.sink);
  bench.world.wait(monotonicNs(), bench.sink);
  assertEquals(bench.sink.datagrams, []);
  assertEquals(bench.sink.failures, []);
});

Deno.test("LinuxEngineWorld refuses a socket on a link that is not there", () => {
  using bench = new Bench();
  const before = openDescriptors();
  const spec = { interface: "gone0", ifIndex: 4711 };
  assertThrows(() => bench.receiver(spec), Error, "gone0");
  assertThrows(() => bench.receiver({ family: 6, ...spec }), Error, "gone0");
  assertThrows(
    () => bench.world.openSender({ family: 4, isMulticast: true, ...spec }),
    Error,
    "gone0",
  );
  assertEquals(openDescriptors(), before);
});

Deno.test("LinuxEngineWorld.senderMac() knows who sent, from the first advert on, until trusted", () => {
  for (const family of [4, 6] as const) {
    using bench = new Bench();
    const receiver = bench.receiver({ family });
    const sender = bench.sender(family);
    const group = family === 4 ? GROUP4 : GROUP6;
    const known = exampleIp(family === 4 ? "192.0.2.77" : "fe80::77");
    const trusted = exampleIp(family === 4 ? "192.0.2.78" : "fe80::78");
    const hear = (source: IpAddress) => {
      bench.send(sender, bench.packet(group, source, bytesOf(20)));
      bench.datagram();
    };
    assertEquals(bench.world.senderMac(receiver, known), undefined);
    bench.world.trustSender(receiver, trusted);
    hear(known);
    hear(trusted);
    assertEquals(bench.world.senderMac(receiver, known), MAC_A);
    assertEquals(bench.world.senderMac(receiver, trusted), undefined);
    // Having been asked for, it is looked at.
    hear(trusted);
    assertEquals(bench.world.senderMac(receiver, trusted), MAC_A);
    bench.world.close(receiver);
    assertEquals(bench.world.senderMac(receiver, known), MAC_A);
  }
});

// Announcements.

Deno.test("LinuxEngineWorld sends frames byte for byte, more than one call takes, in order", () => {
  using bench = new Bench();
  using capture = new FrameCapture(bench.b);
  const frames = Array.from({ length: 300 }, (_, i) => {
    const frame = bench.world.makeFrame(GRATUITOUS_ARP_LENGTH, bench.a);
    encodeGratuitousArp(
      macAddressBytes(MAC_A),
      Uint8Array.of(10, 0, i >> 8, i & 0xff),
      frame.bytes,
    );
    return frame;
  });
  for (const frame of frames) bench.world.queueFrame(frame, bench.sink);
  bench.world.flush(bench.sink);
  for (const frame of frames) {
    const seen = capture.next((bytes) => bytes[12] === 0x08 && bytes[13] === 6);
    assertEquals(seen, frame.bytes);
  }
  assertEquals(bench.sink.failures, []);
});

Deno.test("LinuxEngineWorld reports frames that do not leave, and sends the others", () => {
  using bench = new Bench();
  using capture = new FrameCapture(bench.b);
  const make = (ifIndex: number) => {
    const frame = bench.world.makeFrame(GRATUITOUS_ARP_LENGTH, ifIndex);
    encodeGratuitousArp(
      macAddressBytes(MAC_A),
      Uint8Array.of(10, 0, 0, 1),
      frame.bytes,
    );
    bench.world.queueFrame(frame, bench.sink);
    return frame;
  };
  make(4711);
  const { bytes } = make(bench.a);
  bench.world.flush(bench.sink);
  assertEquals(bench.sink.failures.map(({ doing }) => doing), [
    "send an announcement",
  ]);
  assertEquals(
    capture.next((seen) => seen[12] === 0x08 && seen[13] === 6),
    bytes,
  );
});

Deno.test("LinuxEngineWorld lets adverts leave before announcements", () => {
  using bench = new Bench();
  using capture = new FrameCapture(bench.b);
  const frame = bench.world.makeFrame(GRATUITOUS_ARP_LENGTH, bench.a);
  encodeGratuitousArp(
    macAddressBytes(MAC_A),
    Uint8Array.of(10, 0, 0, 1),
    frame.bytes,
  );
  bench.world.queueFrame(frame, bench.sink);
  bench.send(
    bench.sender(),
    bench.packet(GROUP4, exampleIp("192.0.2.77"), bytesOf(20)),
  );
  const isOurs = (bytes: Uint8Array) =>
    bytes[12] === 0x08 && (bytes[13] === 6 || bytes[23] === 112);
  assertEquals(capture.next(isOurs)[13], 0);
  assertEquals(capture.next(isOurs)[13], 6);
});

Deno.test("LinuxEngineWorld.isIpv6Router() tells whether the host forwards on a link", () => {
  using bench = new Bench();
  sysctl("ipv6/conf/va/forwarding", "1");
  assertEquals(bench.world.isIpv6Router("va"), true);
  assertEquals(bench.world.isIpv6Router("vb"), false);
  assertEquals(bench.world.isIpv6Router("gone0"), false);
});

// Time and commands.

Deno.test("LinuxEngineWorld.wait() wakes at its deadline, and at once when that has passed", () => {
  using bench = new Bench();
  const { world, sink } = bench;
  const deadlineNs = world.nowNs() + 30e6;
  while (world.nowNs() < deadlineNs) world.wait(deadlineNs, sink);
  assertGreaterOrEqual(world.nowNs(), deadlineNs);
  // The machine may be busy.
  assertAlmostEquals(world.nowNs(), deadlineNs, 1e9);
  world.wait(deadlineNs, sink);
  world.wait(0, sink);
  world.wait(1, sink);
  assertAlmostEquals(world.nowNs(), deadlineNs, 1e9);
});

Deno.test("LinuxEngineWorld tells whole commands, however they are cut, and the daemon's end", () => {
  using bench = new Bench();
  const { sink } = bench;
  const encoder = new TextEncoder();
  const write = (text: string) => {
    sendStream(bench.commands, encoder.encode(text));
    bench.world.wait(monotonicNs() + PATIENCE_NS, sink);
  };
  write('{"kind":"pi');
  assertEquals(sink.commands, []);
  write('ng","id":1}\n{"kind":"snapshot","id":2}\n{"kind":');
  write('"stop"}\n');
  assertEquals(sink.commands, [
    { kind: "ping", id: 1 },
    { kind: "snapshot", id: 2 },
    { kind: "stop" },
  ]);
  bench.closeCommands();
  bench.until(() => sink.isAbandoned, "the end");
});

// Descriptors.

Deno.test("LinuxEngineWorld.dispose() closes every descriptor", () => {
  const before = openDescriptors();
  {
    using bench = new Bench();
    bench.receiver();
    bench.receiver({ family: 6 });
    bench.sender();
    bench.world.close(bench.sender(6));
    bench.world.close(bench.receiver({ interface: "va", ifIndex: bench.a }));
    assertGreaterOrEqual(openDescriptors(), before + 10);
  }
  assertEquals(openDescriptors(), before);
});

Deno.test("LinuxEngineWorld leaves no descriptor open when it cannot be made", () => {
  const [ours, theirs] = openSocketPair();
  closeFd(ours);
  const before = openDescriptors();
  assertThrows(() =>
    new LinuxEngineWorld("libhakeep-absent.so.9", theirs, () => {})
  );
  assertEquals(openDescriptors(), before - 1);
});
