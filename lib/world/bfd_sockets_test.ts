/** BFD's sockets against a real kernel, over the loopback interface of a network namespace of their own. */
import { assertEquals } from "@std/assert";
import { assert, defined } from "../assert.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import { NETLINK_ROUTE } from "../wire/rtnetlink.ts";
import { closeFd, monotonicNs } from "../../ffi/libc.ts";
import { NetlinkSocket } from "../../ffi/netlink_socket.ts";
import { enterNewNetworkNamespace } from "../../ffi/network_namespace.ts";
import { openSocketPair } from "../../ffi/unix_socket.ts";
import { LinuxEngineWorld } from "./engine_linux.ts";
import type { BfdSocketSpec } from "./engine_world.ts";
import { RecordingSink } from "./recording_sink.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

const LIBNL = "libnl-3.so.200";
const PATIENCE_NS = 2e9;
const PACKET = new Uint8Array(24);

// libc and libnl stay loaded; the first test to use them would be called a leak.
new NetlinkSocket({
  libnlPath: LIBNL,
  protocol: NETLINK_ROUTE,
  groups: [],
  receiveBufferBytes: 65536,
}).close();

class Bench implements Disposable {
  readonly sink = new RecordingSink();
  readonly world: LinuxEngineWorld;
  readonly #commands: number;
  readonly #namespace: Disposable;

  constructor() {
    this.#namespace = enterNewNetworkNamespace();
    new Deno.Command("ip", { args: ["link", "set", "lo", "up"] }).outputSync();
    const [ours, theirs] = openSocketPair();
    this.#commands = ours;
    this.world = new LinuxEngineWorld(LIBNL, theirs, () => {});
  }

  /** The next packet that is heard. */
  heard(): string {
    const endNs = monotonicNs() + PATIENCE_NS;
    while (this.sink.bfd.length === 0) {
      assert(monotonicNs() < endNs, "a packet within two seconds");
      this.world.wait(endNs, this.sink);
    }
    return defined(this.sink.bfd.shift(), "a packet");
  }

  [Symbol.dispose](): void {
    this.world.dispose();
    closeFd(this.#commands);
    this.#namespace[Symbol.dispose]();
  }
}

function spec(changes: Partial<BfdSocketSpec> = {}): BfdSocketSpec {
  return {
    family: 4,
    source: exampleIp("127.0.0.2"),
    neighbor: exampleIp("127.0.0.3"),
    isMultihop: false,
    hopLimit: 255,
    ...changes,
  };
}

/** Ports that UDP sockets of this namespace have, over both families. */
function udpPorts(): number[] {
  return ["udp", "udp6"].flatMap((file) =>
    Deno.readTextFileSync(`/proc/thread-self/net/${file}`).split("\n").slice(1)
      .flatMap((line) => {
        const port = /^ *[0-9]+: [0-9A-F]+:([0-9A-F]{4}) /.exec(line)?.[1];
        return port === undefined ? [] : [parseInt(port, 16)];
      })
  ).sort((a, b) => a - b);
}

Deno.test("a BFD packet arrives with its addresses and hop limit, over both families and both ports", () => {
  using bench = new Bench();
  const { world } = bench;
  const six = { family: 6, source: undefined, neighbor: exampleIp("::1") };
  for (
    const [socket, expected] of [
      [spec(), "127.0.0.2 to 127.0.0.3, hop limit 255, 24 bytes"],
      [
        spec({ source: undefined, hopLimit: 7 }),
        "127.0.0.1 to 127.0.0.3, hop limit 7, 24 bytes",
      ],
      [
        spec({ isMultihop: true }),
        "127.0.0.2 to 127.0.0.3, hop limit 255, 24 bytes, multihop",
      ],
      [spec({ ...six, family: 6 }), "::1 to ::1, hop limit 255, 24 bytes"],
      [
        spec({ ...six, family: 6, isMultihop: true, hopLimit: 64 }),
        "::1 to ::1, hop limit 64, 24 bytes, multihop",
      ],
    ] as const
  ) {
    const handle = world.openBfd(socket);
    assertEquals(world.sendBfd(handle, PACKET), undefined);
    assertEquals(bench.heard(), expected);
    world.close(handle);
  }
});

Deno.test("sessions share a listening port, have source ports of their own, and leave nothing open", () => {
  using bench = new Bench();
  const { world } = bench;
  const handles = [
    world.openBfd(spec()),
    world.openBfd(spec({ neighbor: exampleIp("127.0.0.4") })),
    world.openBfd(spec({ isMultihop: true })),
  ];
  const [first, second, ...others] = udpPorts();
  assertEquals([first, second], [3784, 4784]);
  assertEquals(new Set(others).size, 3);
  assertEquals(others.every((port) => port >= 49_152), true);
  for (const handle of handles) world.close(handle);
  assertEquals(udpPorts(), []);
  const again = world.openBfd(spec());
  assertEquals(world.sendBfd(again, PACKET), undefined);
  assertEquals(bench.heard().startsWith("127.0.0.2 to"), true);
});

Deno.test("a packet whose source is not there yet is refused, and leaves when it is", () => {
  using bench = new Bench();
  const { world } = bench;
  const source = exampleIp("192.0.2.1");
  const handle = world.openBfd(spec({ source }));
  const failure = world.sendBfd(handle, PACKET);
  assertEquals(failure?.doing, "send a BFD packet");
  new Deno.Command("ip", {
    args: ["addr", "add", "192.0.2.1/32", "dev", "lo"],
  }).outputSync();
  assertEquals(world.sendBfd(handle, PACKET), undefined);
  assertEquals(
    bench.heard(),
    "192.0.2.1 to 127.0.0.3, hop limit 255, 24 bytes",
  );
});
