import { assert, assertEquals } from "@std/assert";
import { defined } from "../lib/assert.ts";
import { addressOf, check, closeFd, libc } from "./libc.ts";
import { ReceiveRing, SendBatch, UNKNOWN_HOP_LIMIT } from "./message_batch.ts";
import { enterNewNetworkNamespace } from "./network_namespace.ts";
import { AF_INET6, AF_UNIX, sockaddrIn6, sockaddrUn } from "./sockaddr.ts";
import { loadWholeLibc } from "./libc_lab.ts";

const SOCK_DGRAM = 2;
const SOL_IPV6 = 41;
const IPV6_RECVPKTINFO = 49;
const IPV6_RECVHOPLIMIT = 51;
const LOOPBACK = new Uint8Array(16).with(15, 1);
const PORT = 20_000;
const POLLIN = 1;
const PATIENCE_MS = 2000;
const EBADF = 9;
const ECONNREFUSED = 111;

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

function abstractName(what: string): Uint8Array<ArrayBuffer> {
  return defined(sockaddrUn(`@mb-${Deno.pid}-${what}`), "a name");
}

function openNamed(
  domain: number,
  name: Uint8Array<ArrayBuffer>,
): number {
  const fd = check(libc().socket(domain, SOCK_DGRAM, 0), "socket", "open");
  check(libc().bind(fd, name, name.length), "bind", "name a socket");
  return fd;
}

/** Two datagram sockets that deliver before sending returns. */
class Pair implements Disposable {
  readonly fromName = abstractName("from");
  readonly toName = abstractName("to");
  readonly from = openNamed(AF_UNIX, this.fromName);
  readonly to = openNamed(AF_UNIX, this.toName);

  [Symbol.dispose](): void {
    closeFd(this.from);
    closeFd(this.to);
  }
}

Deno.test("SendBatch.send() sends all of a batch in order, and a ReceiveRing tells them apart", () => {
  using pair = new Pair();
  const batch = new SendBatch(4);
  const ring = new ReceiveRing(8, 16);
  const messages = [1, 2, 3, 4].map((n) => new Uint8Array(n * 2).fill(n));
  for (const message of messages) {
    assertEquals(batch.isFull, false);
    batch.add(addressOf(message), message.length, pair.toName);
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
    assertEquals(
      ring.names.slice(nameAt, nameAt + pair.fromName.length),
      pair.fromName,
    );
    assertEquals(ring.hopLimit(slot), UNKNOWN_HOP_LIMIT);
    assertEquals(ring.ipv6DestinationOffset(slot), -1);
  });
  assertEquals(ring.receive(pair.to), 0);
});

Deno.test("SendBatch.send() reports what fails wherever it stands, and sends the rest", () => {
  for (const bad of [[0], [1], [3], [0, 1], [1, 2], [0, 3], [0, 1, 2, 3]]) {
    using pair = new Pair();
    const batch = new SendBatch(4);
    const nowhere = abstractName("nobody");
    const messages = [0, 1, 2, 3].map((n) => Uint8Array.of(n));
    messages.forEach((message, i) =>
      batch.add(addressOf(message), 1, bad.includes(i) ? nowhere : pair.toName)
    );
    const failed: number[] = [];
    const sent = batch.send(pair.from, 0, (index, errno) => {
      assertEquals(errno, ECONNREFUSED);
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
  using pair = new Pair();
  const batch = new SendBatch(2);
  const ring = new ReceiveRing(2, 4);
  const message = new Uint8Array(1);
  for (let round = 0; round < 5; round++) {
    message[0] = round;
    batch.add(addressOf(message), 1, pair.toName);
    batch.send(pair.from, 0, () => {});
    assertEquals(ring.receive(pair.to), 1);
    assertEquals(ring.bytes[0], round);
  }
});

Deno.test("ReceiveRing.receive() takes as many as it has slots, marks what is cut, and tells an error as a negative number", () => {
  using pair = new Pair();
  const batch = new SendBatch(3);
  const messages = [4, 5, 4].map((n) => new Uint8Array(n).fill(n));
  for (const message of messages) {
    batch.add(addressOf(message), message.length, pair.toName);
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
  using _namespace = enterNewNetworkNamespace();
  const args = ["link", "set", "lo", "up"];
  assert(new Deno.Command("ip", { args }).outputSync().success);
  const name = sockaddrIn6(LOOPBACK, 0);
  new DataView(name.buffer).setUint16(2, PORT, false);
  const fd = openNamed(AF_INET6, name);
  const yes = Uint8Array.of(1, 0, 0, 0);
  for (const option of [IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT]) {
    check(libc().setsockopt(fd, SOL_IPV6, option, yes, 4), "setsockopt", "ask");
  }
  const message = Uint8Array.of(9);
  const batch = new SendBatch(1);
  const ring = new ReceiveRing(4, 16);
  for (let round = 0; round < 2; round++) {
    batch.add(addressOf(message), 1, name);
    assertEquals(batch.send(fd, 0, () => {}), 1);
    const pollfd = new Uint8Array(8);
    new DataView(pollfd.buffer).setInt32(0, fd, true);
    new DataView(pollfd.buffer).setInt16(4, POLLIN, true);
    assertEquals(libc().poll(pollfd, 1n, PATIENCE_MS), 1);
    assertEquals(ring.receive(fd), 1);
    const from = ring.ipv6SourceOffset(0);
    assertEquals(ring.names.slice(from, from + 16), LOOPBACK);
    const to = ring.ipv6DestinationOffset(0);
    assertEquals(ring.control.slice(to, to + 16), LOOPBACK);
    assertEquals(ring.hopLimit(0), 64);
  }
  closeFd(fd);
});
