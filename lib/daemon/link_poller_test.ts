import { assertEquals } from "@std/assert";
import type { LogRecord } from "../log/log_record.ts";
import type { Beat } from "../world/link_beats.ts";
import { LinkPoller } from "./link_poller.ts";
import { ManualTimers } from "./manual_timers.ts";

const S = 1e9;

Deno.test("the engine hears of a carrier when the driver changes its mind, and of none when the interface is gone", async () => {
  const timers = new ManualTimers();
  const told: string[] = [];
  const logged: LogRecord[] = [];
  let beat: Beat | undefined = { hasCarrier: true, method: "ETHTOOL" };
  let open = 0;
  const poller = new LinkPoller({
    timers,
    tell: (name, value) =>
      told.push(
        `${name} ${value.kind === "interface" ? value.state : value.kind}`,
      ),
    forget: (kind, name) => told.push(`forget ${kind} ${name}`),
    log: (record) => logged.push(record),
  }, () => {
    open++;
    return { ask: () => beat, close: () => open-- };
  });
  poller.replace([]);
  assertEquals([open, timers.pending], [0, 0]);
  poller.replace([{ interface: "eth0", method: "MII" }]);
  assertEquals(told, []);
  assertEquals(logged.map(({ message }) => message), [
    "eth0: its carrier is asked for every second by ETHTOOL, for want of MII",
  ]);
  beat = { hasCarrier: false, method: "ETHTOOL" };
  await timers.moveTo(S);
  await timers.moveTo(2 * S);
  assertEquals(told, ["eth0 down"]);
  beat = undefined;
  await timers.moveTo(3 * S);
  assertEquals(told, ["eth0 down", "eth0 up"]);
  poller.replace([]);
  assertEquals(told.slice(2), ["eth0 up", "forget interface eth0"]);
  assertEquals([open, timers.pending], [0, 0]);
});
