import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { NetlinkBatch, NetlinkReader } from "../lib/wire/netlink.ts";
import {
  ADDRESS_FLAG,
  type AddressSpec,
  decodeRouteMessage,
  encodeAddressDump,
  encodeDeleteAddress,
  encodeLinkDump,
  encodeNewAddress,
  NETLINK_ROUTE,
  ROUTE_GROUP,
  type RouteMessage,
} from "../lib/wire/rtnetlink.ts";
import { libc } from "./libc.ts";
import { libnl } from "./libnl.ts";
import { NetlinkSocket } from "./netlink_socket.ts";
import { enterNewNetworkNamespace } from "./network_namespace.ts";
import { SysError } from "./sys_error.ts";
import { loadWholeLibc } from "./libc_lab.ts";

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

const LIBNL = "libnl-3.so.200";
// Loaded once for the isolate's life: no test's leak.
libnl(LIBNL);
libc();
const EEXIST = 17;
const EADDRNOTAVAIL = 99;
const ENODEV = 19;

function openRoute(groups: readonly number[]): NetlinkSocket {
  return new NetlinkSocket({
    libnlPath: LIBNL,
    protocol: NETLINK_ROUTE,
    groups,
    receiveBufferBytes: 1 << 20,
  });
}

interface Received {
  readonly message: RouteMessage;
  readonly sequence: number;
  readonly portId: number;
}

/** Everything that waits on the socket. The kernel answers before `send` returns, so nothing has to be awaited. */
function receive(socket: NetlinkSocket): Received[] {
  const buffer = new Uint8Array(65536);
  const reader = new NetlinkReader();
  const received: Received[] = [];
  for (;;) {
    const length = libc().recv(socket.fd, buffer, BigInt(buffer.length), 0);
    if (length <= 0) return received;
    reader.reset(buffer, length);
    while (reader.next()) {
      received.push({
        message: decodeRouteMessage(reader),
        sequence: reader.sequence,
        portId: reader.portId,
      });
    }
    assertEquals(reader.problem, undefined);
  }
}

function ip(...args: string[]): void {
  const { success, stderr } = new Deno.Command("ip", { args }).outputSync();
  assert(success, new TextDecoder().decode(stderr));
}

function linkIndex(name: string): number {
  const socket = openRoute([]);
  const batch = new NetlinkBatch(4096);
  encodeLinkDump(batch, 1);
  socket.send(batch.bytes, batch.length);
  const links = receive(socket);
  socket.close();
  for (const { message } of links) {
    if (message.kind === "link" && message.link.name === name) {
      return message.link.index;
    }
  }
  throw new Error(`No link ${name}`);
}

function spec4(ifIndex: number, last: number): AddressSpec {
  return {
    family: 4,
    ifIndex,
    local: new Uint8Array([192, 0, 2, last]),
    prefixLength: 24,
    peer: undefined,
    scope: 0,
    broadcast: undefined,
    label: undefined,
    flags: 0,
    preferredSeconds: undefined,
    protocol: undefined,
  };
}

function spec6(ifIndex: number, last: number): AddressSpec {
  const local = new Uint8Array(16);
  local.set([0x20, 0x01, 0x0d, 0xb8]);
  local[15] = last;
  return { ...spec4(ifIndex, 0), family: 6, local, prefixLength: 128 };
}

Deno.test("NetlinkSocket has a descriptor, a port, and closes twice without harm", () => {
  const socket = openRoute([]);
  assertGreater(socket.fd, 2);
  assertGreater(socket.portId, 0);
  socket.close();
  socket.close();
  const error = assertThrows(
    () => socket.send(new Uint8Array(16), 16),
    SysError,
  );
  assertEquals(error.errnoName, "EBADF");
});

Deno.test("NetlinkSocket says which call failed when the protocol does not exist", () => {
  const error = assertThrows(
    () =>
      new NetlinkSocket({
        libnlPath: LIBNL,
        protocol: 31,
        groups: [],
        receiveBufferBytes: 4096,
      }),
    SysError,
  );
  assertEquals(error.call, "nl_connect");
  assertEquals(error.errnoName, "EPROTONOSUPPORT");
});

Deno.test("a dump of a new namespace's links is lo and a done", () => {
  using _namespace = enterNewNetworkNamespace();
  const socket = openRoute([]);
  const batch = new NetlinkBatch(4096);
  assert(encodeLinkDump(batch, 77));
  assert(socket.send(batch.bytes, batch.length));
  const [lo, done, ...rest] = receive(socket);
  socket.close();
  assertEquals(rest, []);
  const told = lo?.message;
  if (told?.kind !== "link") throw new Error("no link was told");
  assertEquals(told.link.name, "lo");
  assertEquals(told.link.mtu, 65536);
  assertEquals(told.link.index, 1);
  assertEquals(lo?.sequence, 77);
  assertEquals(done?.message, {
    kind: "done",
    answer: { errno: 0, message: undefined, offset: undefined },
    isInterrupted: false,
  });
});

Deno.test("one batch adds IPv4 and IPv6 addresses, and the notifications of IPv4 carry our port", () => {
  using _namespace = enterNewNetworkNamespace();
  ip("link", "add", "nlt0", "type", "veth", "peer", "name", "nlt1");
  ip("link", "set", "nlt0", "up");
  const index = linkIndex("nlt0");
  const socket = openRoute([ROUTE_GROUP.ipv4Address, ROUTE_GROUP.ipv6Address]);
  const batch = new NetlinkBatch(4096);
  const four: AddressSpec = {
    ...spec4(index, 10),
    label: "nlt0:vip",
    broadcast: new Uint8Array([192, 0, 2, 255]),
    scope: 253,
    protocol: 18,
  };
  const six: AddressSpec = {
    ...spec6(index, 1),
    flags: ADDRESS_FLAG.noDad | ADDRESS_FLAG.noPrefixRoute,
    preferredSeconds: 0,
  };
  assert(encodeNewAddress(batch, 1, four, "fail"));
  assert(encodeNewAddress(batch, 2, six, "fail"));
  assert(encodeNewAddress(batch, 3, four, "fail"));
  socket.send(batch.bytes, batch.length);
  const received = receive(socket);

  const answers = new Map<number, number>();
  const seen = [];
  for (const { message, sequence, portId } of received) {
    if (message.kind === "answer") answers.set(sequence, message.answer.errno);
    if (message.kind === "address") {
      // The kernel names the cause of IPv4 changes only: inet6_ifa_notify() tells everybody's as its own.
      assertEquals(portId, message.address.family === 4 ? socket.portId : 0);
      seen.push(message.address);
    }
  }
  assertEquals([...answers], [[1, 0], [2, 0], [3, EEXIST]]);
  const [seen4, seen6] = seen;
  assertEquals(seen4?.local, four.local);
  assertEquals(seen4?.label, "nlt0:vip");
  assertEquals(seen4?.scope, 253);
  assertEquals(seen4?.broadcast, four.broadcast);
  assertEquals(seen4?.peer, undefined);
  assertEquals(seen6?.local, six.local);
  assertEquals(seen6?.preferredSeconds, 0);
  assertEquals(
    (seen6?.flags ?? 0) &
      (ADDRESS_FLAG.noDad | ADDRESS_FLAG.noPrefixRoute |
        ADDRESS_FLAG.deprecated),
    ADDRESS_FLAG.noDad | ADDRESS_FLAG.noPrefixRoute | ADDRESS_FLAG.deprecated,
  );

  batch.clear();
  encodeDeleteAddress(batch, 4, four);
  encodeDeleteAddress(batch, 5, six);
  encodeDeleteAddress(batch, 6, six);
  socket.send(batch.bytes, batch.length);
  const gone = receive(socket);
  socket.close();
  assertEquals(
    gone.filter(({ message }) => message.kind === "addressGone").length,
    2,
  );
  const last = gone.find(({ message, sequence }) =>
    message.kind === "answer" && sequence === 6
  );
  assertEquals(
    last?.message.kind === "answer" ? last.message.answer.errno : undefined,
    EADDRNOTAVAIL,
  );
});

Deno.test("a peer address comes back as ours and the far end", () => {
  using _namespace = enterNewNetworkNamespace();
  ip("link", "add", "nlt0", "type", "veth", "peer", "name", "nlt1");
  const index = linkIndex("nlt0");
  const socket = openRoute([]);
  const batch = new NetlinkBatch(4096);
  const peer = new Uint8Array([198, 51, 100, 1]);
  const four = { ...spec4(index, 10), peer, prefixLength: 32 };
  encodeNewAddress(batch, 1, four, "replace");
  encodeAddressDump(batch, 2, 4);
  socket.send(batch.bytes, batch.length);
  const received = receive(socket);
  socket.close();
  const addresses = received.flatMap(({ message }) =>
    message.kind === "address" ? [message.address] : []
  );
  assertEquals(addresses.length, 1);
  assertEquals(addresses[0]?.local, four.local);
  assertEquals(addresses[0]?.peer, peer);
  assertEquals(addresses[0]?.prefixLength, 32);
});

Deno.test("the kernel's refusal says why", () => {
  using _namespace = enterNewNetworkNamespace();
  const socket = openRoute([]);
  const batch = new NetlinkBatch(4096);
  encodeNewAddress(batch, 1, spec4(4711, 1), "fail");
  encodeNewAddress(batch, 2, { ...spec6(1, 1), prefixLength: 129 }, "fail");
  socket.send(batch.bytes, batch.length);
  const [first, second] = receive(socket);
  socket.close();
  const refusals = [first, second].map((one) =>
    one?.message.kind === "answer" ? one.message.answer : undefined
  );
  assertEquals(refusals[0]?.errno, ENODEV);
  assertGreater(refusals[1]?.errno, 0);
  assertEquals(refusals[1]?.message, "ipv6: Invalid prefix length");
});

Deno.test("links that come, change and go are told as they do", () => {
  using _namespace = enterNewNetworkNamespace();
  const socket = openRoute([ROUTE_GROUP.link]);
  ip("link", "add", "nltm", "type", "bridge");
  ip("link", "add", "nlt0", "mtu", "1400", "type", "veth", "peer", "nlt1");
  ip("link", "set", "nlt0", "master", "nltm", "up");
  ip("link", "set", "nlt0", "nomaster");
  const before = receive(socket);
  const bridgeTalk = before.filter(({ message }) => message.kind === "other");
  assertGreater(bridgeTalk.length, 0);
  assertEquals(
    before.filter(({ message }) => message.kind === "linkGone"),
    [],
  );
  const seen = before.flatMap(({ message }) =>
    message.kind === "link" && message.link.name === "nlt0"
      ? [message.link]
      : []
  );
  const last = seen.at(-1);
  assertEquals(last?.mtu, 1400);
  assertEquals(last?.linkKind, "veth");
  assertEquals(last?.hardwareAddress?.length, 6);
  assertEquals(last?.hardwareType, 1);
  assert(seen.some((link) => link.masterIndex !== undefined));
  ip("link", "del", "nlt0");
  const after = receive(socket);
  socket.close();
  assert(
    after.some(({ message }) =>
      message.kind === "linkGone" && message.link.name === "nlt0"
    ),
  );
});

Deno.test("a thousand addresses go into few sends and all are acknowledged", () => {
  using _namespace = enterNewNetworkNamespace();
  const socket = openRoute([]);
  const batch = new NetlinkBatch(32768);
  let acknowledged = 0;
  const flush = () => {
    socket.send(batch.bytes, batch.length);
    for (const { message } of receive(socket)) {
      assert(message.kind === "answer" && message.answer.errno === 0);
      acknowledged += 1;
    }
    batch.clear();
  };
  for (let at = 0; at < 1000; at += 1) {
    const spec = {
      ...spec4(1, at & 0xff),
      local: new Uint8Array([10, 9, at >> 8, at & 0xff]),
      prefixLength: 32,
    };
    if (encodeNewAddress(batch, at + 1, spec, "fail")) continue;
    flush();
    assert(encodeNewAddress(batch, at + 1, spec, "fail"));
  }
  flush();
  socket.close();
  assertEquals(acknowledged, 1000);
});
