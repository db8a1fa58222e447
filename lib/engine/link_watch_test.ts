import { assertEquals } from "@std/assert";
import { isUpAndRunning } from "../vrrp/gate.ts";
import type { LinkDelay } from "../vrrp/link_watch_config.ts";
import { LinkTable } from "./link_table.ts";
import { LinkWatch } from "./link_watch.ts";

const S = 1e9;
const UP = 0x11043;
const NO_CARRIER = 0x1003;

/** eth0, and how a watch shows it. */
class Bench {
  readonly links = new LinkTable();
  readonly watch: LinkWatch;
  patienceNs = Infinity;

  constructor(delays: readonly LinkDelay[] = []) {
    this.watch = new LinkWatch(this.links, () => this.patienceNs);
    this.watch.delay(delays, 0);
  }

  tell(flags: number, nowNs: number, index = 2): void {
    const link = { index, name: "eth0", flags, mac: undefined, mtu: 1500 };
    for (const name of this.links.link(link)) this.watch.changed(name, nowNs);
  }

  shown(nowNs: number): boolean | undefined {
    this.watch.expire(nowNs);
    const link = this.watch.named("eth0");
    return link && isUpAndRunning(link);
  }
}

const DELAYS = [{ interface: "eth0", downNs: S, upNs: 2 * S }];

Deno.test("without delays an interface is shown as it is", () => {
  const bench = new Bench();
  bench.tell(UP, 0);
  assertEquals(bench.shown(0), true);
  bench.tell(NO_CARRIER, S);
  assertEquals(bench.shown(S), false);
  assertEquals(bench.watch.deadlineNs, Infinity);
});

Deno.test("an interface that was never up comes up at once; then each change has to last", () => {
  const bench = new Bench(DELAYS);
  bench.tell(NO_CARRIER, 0);
  assertEquals(bench.shown(0), false);
  bench.tell(UP, S);
  assertEquals(bench.shown(S), true);
  bench.tell(NO_CARRIER, 5 * S);
  assertEquals(bench.watch.deadlineNs, 6 * S);
  assertEquals(bench.shown(5.9 * S), true);
  assertEquals(bench.shown(6 * S), false);
  bench.tell(UP, 10 * S);
  assertEquals(bench.shown(11.9 * S), false);
  assertEquals(bench.watch.expire(12 * S), ["eth0"]);
  assertEquals(bench.shown(12 * S), true);
});

Deno.test("a change that does not last is none, and the next one waits anew", () => {
  const bench = new Bench(DELAYS);
  bench.tell(UP, 0);
  bench.tell(NO_CARRIER, S);
  bench.tell(UP, 1.5 * S);
  assertEquals(bench.watch.deadlineNs, Infinity);
  assertEquals(bench.shown(3 * S), true);
  bench.tell(NO_CARRIER, 4 * S);
  assertEquals(bench.watch.deadlineNs, 5 * S);
  // Down in another way is down since the first.
  bench.tell(0x1002, 4.5 * S);
  assertEquals(bench.watch.deadlineNs, 5 * S);
});

Deno.test("a down delay is no longer than routers may be silent, and none is where none may be", () => {
  const bench = new Bench(DELAYS);
  bench.tell(UP, 0);
  bench.patienceNs = 0.25 * S;
  bench.tell(NO_CARRIER, S);
  assertEquals(bench.watch.deadlineNs, 1.25 * S);
  bench.patienceNs = 0;
  bench.tell(UP, 1.1 * S);
  bench.tell(NO_CARRIER, 2 * S);
  assertEquals(bench.shown(2 * S), false);
  bench.tell(UP, 3 * S);
  assertEquals(bench.shown(3 * S), true);
});

Deno.test("an interface that is gone is gone, and one of its name is another", () => {
  const bench = new Bench(DELAYS);
  bench.tell(UP, 0);
  bench.links.remove(2);
  bench.watch.gone("eth0");
  assertEquals(bench.shown(S), undefined);
  bench.tell(NO_CARRIER, 2 * S, 3);
  assertEquals(bench.shown(2 * S), false);
});

Deno.test("an interface whose driver says that it has no carrier is down, after the same delay", () => {
  const bench = new Bench();
  bench.tell(UP, 0);
  bench.watch.beat("eth0", false, S);
  assertEquals(bench.shown(S), false);
  bench.watch.beat("eth0", true, 2 * S);
  assertEquals(bench.shown(2 * S), true);
  bench.watch.delay(DELAYS, 2 * S);
  bench.watch.beat("eth0", false, 3 * S);
  assertEquals(bench.shown(3.5 * S), true);
  assertEquals(bench.shown(4 * S), false);
  // Netlink sees no change, the driver does not change its mind, and without delays it counts at once.
  assertEquals(bench.watch.delay([], 4 * S), ["eth0"]);
  bench.watch.beat("eth0", true, 5 * S);
  assertEquals(bench.shown(5 * S), true);
});

Deno.test("a virtual link has the delays of the interface it is on", () => {
  const bench = new Bench(DELAYS);
  bench.tell(UP, 0);
  const tell = (flags: number, nowNs: number) => {
    const link = {
      index: 9,
      name: "vrrp.51",
      flags,
      mac: undefined,
      mtu: 1500,
      parentIndex: 2,
    };
    for (const name of bench.links.link(link)) bench.watch.changed(name, nowNs);
  };
  tell(UP, 0);
  tell(NO_CARRIER, S);
  const isUp = (nowNs: number) => {
    bench.watch.expire(nowNs);
    const link = bench.watch.named("vrrp.51");
    return link && isUpAndRunning(link);
  };
  assertEquals(isUp(1.9 * S), true);
  assertEquals(isUp(2 * S), false);
});
