import { assert, assertEquals } from "@std/assert";
import { addressOf, check, closeFd, libc } from "./libc.ts";
import { ReceiveRing, SendBatch, UNKNOWN_HOP_LIMIT } from "./message_batch.ts";
import { enterNewNetworkNamespace } from "./network_namespace.ts";
import { AF_INET, AF_INET6, sockaddrIn, sockaddrIn6 } from "./sockaddr.ts";

const SOCK_DGRAM = 2;
const LOOPBACK4 = Uint8Array.of(127, 0, 0, 1);
const LOOPBACK6 = new Uint8Array(16).with(15, 1);
const SOL_IPV6 = 41;
const IPV6_RECVPKTINFO = 49;
const IPV6_RECVHOPLIMIT = 51;
const EBADF = 9;
const EINVAL = 22;
const PORT = 20_000;
/** Nobody can send to it. */
const NO_PORT = 0;

// libc stays loaded; the first test to use it would be called a leak.
libc();

function withPort(
  name: Uint8Array<ArrayBuffer>,
  port: number,
): Uint8Array<ArrayBuffer> {
  new DataView(name.buffer).setUint16(2, port, false);
  return name;
}

/** Two UDP sockets on the loopback of a namespace of their own; `name` is the second's. */
class UdpPair implements Disposable {
  readonly from: number;
  readonly to: number;
  readonly name: Uint8Array<ArrayBuffer>;
  readonly #namespace: Disposable;

  constructor(family: 4 | 6) {
    this.#namespace = enterNewNetworkNamespace();
    const args = ["link", "set", "lo", "up"];
    const { success } = new Deno.Command("ip", { args }).outputSync();
    assert(success, "the loopback interface is up");
    const domain = family === 4 ? AF_INET : AF_INET6;
    const open = () =>
      check(libc().socket(domain, SOCK_DGRAM, 0), "socket", "open");
    this.from = open();
    this.to = open();
    this.name = withPort(
      family === 4 ? sockaddrIn(LOOPBACK4) : sockaddrIn6(LOOPBACK6, 0),
      PORT,
    );
    check(
      libc().bind(this.to, this.name, this.name.length),
      "bind",
      "listen on the loopback interface",
    );
  }

  [Symbol.dispose](): void {
    closeFd(this.from);
    closeFd(this.to);
    this.#namespace[Symbol.dispose]();
  }
}

Deno.test("SendBatch.send() sends all of a batch in order, and a ReceiveRing tells them apart", () => {
  using pair = new UdpPair(4);
  const batch = new SendBatch(4);
  const ring = new ReceiveRing(8, 16);
  const messages = [1, 2, 3, 4].map((n) => new Uint8Array(n * 2).fill(n));
  for (const message of messages) {
    assertEquals(batch.isFull, false);
    batch.add(addressOf(message), message.length, pair.name);
  }
  assertEquals([batch.count, batch.isFull], [4, true]);
  const failures: number[] = [];
  assertEquals(batch.send(pair.from, 0, (index) => failures.push(index)), 4);
  assertEquals(batch.count, 0);
  assertEquals(failures, []);
  assertEquals(ring.receive(pair.to), 4);
  messages.forEach((message, slot) => {
    const at = ring.offset(slot);
    assertEquals(ring.length(slot), message.length);
    assertEquals(ring.bytes.slice(at, at + message.length), message);
    assertEquals(ring.isTruncated(slot), false);
    const nameAt = ring.nameOffset(slot);
    assertEquals(ring.names.slice(nameAt + 4, nameAt + 8), LOOPBACK4);
    assertEquals(ring.hopLimit(slot), UNKNOWN_HOP_LIMIT);
    assertEquals(ring.ipv6DestinationOffset(slot), -1);
  });
  assertEquals(ring.receive(pair.to), 0);
});

Deno.test("SendBatch.send() reports what fails wherever it stands, and sends the rest", () => {
  for (const bad of [[0], [1], [3], [0, 1], [1, 2], [0, 3], [0, 1, 2, 3]]) {
    using pair = new UdpPair(4);
    const batch = new SendBatch(4);
    const nowhere = withPort(
      sockaddrIn(LOOPBACK4),
      NO_PORT,
    );
    const messages = [0, 1, 2, 3].map((n) => Uint8Array.of(n));
    messages.forEach((message, i) =>
      batch.add(addressOf(message), 1, bad.includes(i) ? nowhere : pair.name)
    );
    const failed: number[] = [];
    const sent = batch.send(pair.from, 0, (index, errno) => {
      assertEquals(errno, EINVAL);
      failed.push(index);
    });
    assertEquals([sent, failed], [4 - bad.length, bad]);
    const ring = new ReceiveRing(8, 16);
    const count = bad.length === 4 ? 0 : ring.receive(pair.to);
    assertEquals(
      Array.from({ length: count }, (_, slot) => ring.bytes[ring.offset(slot)]),
      [0, 1, 2, 3].filter((i) => !bad.includes(i)),
    );
  }
});

Deno.test("SendBatch.send() can be used again and again", () => {
  using pair = new UdpPair(4);
  const batch = new SendBatch(2);
  const ring = new ReceiveRing(2, 4);
  const message = new Uint8Array(1);
  for (let round = 0; round < 5; round++) {
    message[0] = round;
    batch.add(addressOf(message), 1, pair.name);
    batch.send(pair.from, 0, () => {});
    assertEquals(ring.receive(pair.to), 1);
    assertEquals(ring.bytes[0], round);
  }
});

Deno.test("ReceiveRing.receive() takes as many as it has slots, marks what is cut, and tells an error as a negative number", () => {
  using pair = new UdpPair(4);
  const batch = new SendBatch(3);
  const messages = [4, 5, 4].map((n) => new Uint8Array(n).fill(n));
  for (const message of messages) {
    batch.add(addressOf(message), message.length, pair.name);
  }
  batch.send(pair.from, 0, () => {});
  const ring = new ReceiveRing(2, 4);
  assertEquals(ring.slots, 2);
  assertEquals(ring.receive(pair.to), 2);
  assertEquals([ring.isTruncated(0), ring.isTruncated(1)], [false, true]);
  // The mark goes with the next datagram of the slot.
  assertEquals(ring.receive(pair.to), 1);
  assertEquals(ring.isTruncated(0), false);
  assertEquals(ring.receive(-1), -EBADF);
});

Deno.test("ReceiveRing tells an IPv6 datagram's source, destination and hop limit", () => {
  using pair = new UdpPair(6);
  const yes = Uint8Array.of(1, 0, 0, 0);
  for (const option of [IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT]) {
    check(
      libc().setsockopt(pair.to, SOL_IPV6, option, yes, 4),
      "setsockopt",
      "ask",
    );
  }
  const message = Uint8Array.of(9);
  const batch = new SendBatch(2);
  batch.add(addressOf(message), 1, pair.name);
  batch.add(addressOf(message), 1, pair.name);
  batch.send(pair.from, 0, () => {});
  const ring = new ReceiveRing(4, 16);
  assertEquals(ring.receive(pair.to), 2);
  for (const slot of [0, 1]) {
    const from = ring.ipv6SourceOffset(slot);
    assertEquals(ring.names.slice(from, from + 16), LOOPBACK6);
    const to = ring.ipv6DestinationOffset(slot);
    assertEquals(ring.control.slice(to, to + 16), LOOPBACK6);
    assertEquals(ring.hopLimit(slot), 64);
  }
});
