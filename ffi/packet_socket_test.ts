import { assert, assertEquals, assertThrows } from "@std/assert";
import { addressOf, closeFd, libc } from "./libc.ts";
import { ReceiveRing, SendBatch } from "./message_batch.ts";
import { enterNewNetworkNamespace } from "./network_namespace.ts";
import {
  openFrameSender,
  openSenderTap,
  setTapFilter,
} from "./packet_socket.ts";
import { SOCKADDR_LL_ADDRESS, sockaddrLl } from "./sockaddr.ts";
import { SysError } from "./sys_error.ts";
import { loadWholeLibc } from "./libc_lab.ts";

const VRRP = 112;
const UDP = 17;
const POLLIN = 1;
const PATIENCE_MS = 2000;
/** Last byte of a sender that no test ignores: what it sends is the end. */
const LAST = 250;
const MAC = Uint8Array.of(2, 0, 0, 0, 0, 0x0a);
/** Offsets of the source address and of the protocol in a frame. */
const PLACES = {
  4: { source: 26, protocol: 23, type: [0x08, 0x00], size: 4 },
  6: { source: 22, protocol: 20, type: [0x86, 0xdd], size: 16 },
} as const;

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

/** Two ends of a cable in a namespace of its own; frames go into the first, the tap is on the second. */
class Cable implements Disposable {
  readonly tap: number;
  readonly #frames: number;
  readonly #from: Uint8Array;
  readonly #namespace: Disposable;
  readonly #ring = new ReceiveRing(8, 64);

  constructor(readonly family: 4 | 6) {
    this.#namespace = enterNewNetworkNamespace();
    ip("link", "add", "pa", "type", "veth", "peer", "name", "pb");
    for (const name of ["pa", "pb"]) ip("link", "set", name, "up");
    this.#frames = openFrameSender();
    this.#from = sockaddrLl(indexOf("pa"), 0);
    this.tap = openSenderTap(family, indexOf("pb"), VRRP);
  }

  /** Sends one packet from each of `sources`; returns the last byte of those that the tap kept. */
  kept(sources: readonly Uint8Array[], protocol = VRRP): number[] {
    for (const sender of sources) this.#send(sender, protocol);
    this.#send(source(this.family, LAST), VRRP);
    const kept: number[] = [];
    while (kept.at(-1) !== LAST) kept.push(...this.#receive());
    return kept.slice(0, -1);
  }

  #send(sender: Uint8Array, protocol: number): void {
    const places = PLACES[this.family];
    const frame = new Uint8Array(80);
    frame.fill(0xff, 0, 6);
    frame.set(MAC, 6);
    frame.set(places.type, 12);
    frame[places.protocol] = protocol;
    frame.set(sender, places.source);
    const batch = new SendBatch(1);
    batch.add(addressOf(frame), frame.length, this.#from);
    assertEquals(batch.send(this.#frames, 0, () => {}), 1);
  }

  #receive(): number[] {
    const pollfd = new Uint8Array(8);
    new DataView(pollfd.buffer).setInt32(0, this.tap, true);
    new DataView(pollfd.buffer).setInt16(4, POLLIN, true);
    assertEquals(libc().poll(pollfd, 1n, PATIENCE_MS), 1, "a packet is kept");
    const ring = this.#ring;
    const { source, size } = PLACES[this.family];
    return Array.from({ length: ring.receive(this.tap) }, (_, slot) => {
      const nameAt = ring.nameOffset(slot) + SOCKADDR_LL_ADDRESS;
      assertEquals(ring.names.slice(nameAt, nameAt + 6), MAC);
      // The tap's copy begins behind the Ethernet header.
      return ring.bytes[ring.offset(slot) + source - 14 + size - 1] ?? -1;
    });
  }

  [Symbol.dispose](): void {
    closeFd(this.tap);
    closeFd(this.#frames);
    this.#namespace[Symbol.dispose]();
  }
}

function ip(...args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command("ip", { args })
    .outputSync();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function indexOf(name: string): number {
  // "2: pa@pb: <BROADCAST,…"
  return Number.parseInt(ip("-o", "link", "show", "dev", name));
}

function source(family: 4 | 6, last: number): Uint8Array {
  const bytes = new Uint8Array(PLACES[family].size);
  bytes[0] = 0xfe;
  bytes[bytes.length - 1] = last;
  return bytes;
}

for (const family of [4, 6] as const) {
  Deno.test(`openSenderTap() keeps packets of its protocol and no others, over IPv${family}`, () => {
    using cable = new Cable(family);
    assertEquals(cable.kept([source(family, 1)], UDP), []);
    assertEquals(cable.kept([source(family, 2)]), [2]);
  });

  Deno.test(`setTapFilter() ignores exactly the senders it is told, over IPv${family}`, () => {
    using cable = new Cable(family);
    for (const count of [1, 2, 3, 24]) {
      const ignored = Array.from(
        { length: count },
        (_, i) => source(family, 100 + i),
      );
      setTapFilter(cable.tap, family, VRRP, ignored);
      const near = source(family, 100);
      near[0] = 0xfd;
      const strangers = [source(family, 99), source(family, 100 + count), near];
      assertEquals(cable.kept([...ignored, ...strangers]), [
        99,
        100 + count,
        100,
      ], `${count} ignored`);
      assertEquals(cable.kept(strangers, UDP), []);
    }
    setTapFilter(cable.tap, family, VRRP, []);
    assertEquals(cable.kept([source(family, 100)]), [100]);
  });

  Deno.test(`setTapFilter() ignores the last 24 of more, over IPv${family}`, () => {
    using cable = new Cable(family);
    const ignored = Array.from(
      { length: 30 },
      (_, i) => source(family, 100 + i),
    );
    setTapFilter(cable.tap, family, VRRP, ignored);
    assertEquals(cable.kept(ignored), [100, 101, 102, 103, 104, 105]);
  });
}

Deno.test("openSenderTap() refuses a link that is not there and leaves nothing open", () => {
  using _namespace = enterNewNetworkNamespace();
  const before = [...Deno.readDirSync("/proc/self/fd")].length;
  assertThrows(() => openSenderTap(4, 4711, VRRP), SysError, "ENODEV");
  assertEquals([...Deno.readDirSync("/proc/self/fd")].length, before);
});
