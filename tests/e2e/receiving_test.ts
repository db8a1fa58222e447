/**
 * Who is heard: virtual routers that nobody here has, and peers that are not there.
 */
import { assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import { type DaemonKind, startDaemon } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;

Deno.test("log_unknown_vrids tells once who sends adverts of a virtual router that nobody here has", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const stranger = startDaemon(
    lab,
    "b",
    "keepalived",
    instanceText({ priority: 200, vrid: 60, addresses: ["10.77.2.1/16"] }),
  );
  const listener = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({ priority: 100, globals: ["log_unknown_vrids"] }),
  );
  const told = `${
    lab.address("b")
  } on eth0 sends adverts of virtual router 60, which no instance here has`;
  await eventually(
    `it is told\n${listener.log()}\n${stranger.log()}`,
    READY_MS,
    () =>
      Promise.resolve(
        listener.log().replaceAll(/ \([0-9a-f:]{17}\)/g, "").includes(told),
      ),
  );
  await eventually(
    "the listener is MASTER of its own",
    READY_MS,
    () => lab.holds("a", `${VIP}/16`),
  );
  assertEquals(listener.log().split("virtual router 60").length, 2);
});

Deno.test("an empty unicast_peer is multicast, and with unicast_fault_no_peer it waits for a peer", async () => {
  const text = (lines: readonly string[]) =>
    instanceText({
      priority: 150,
      lines: ["unicast_peer {", "}", ...lines],
    });
  const kinds: readonly DaemonKind[] = ["hakeep", "keepalived"];
  await Promise.all(kinds.map(async (kind) => {
    await using lab = await Lab.create({ hosts: ["a"] });
    const daemon = startDaemon(lab, "a", kind, text([]));
    await eventually(
      `${kind} is MASTER\n${daemon.log()}`,
      READY_MS,
      () => lab.holds("a", `${VIP}/16`),
    );
  }));
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    text(["unicast_fault_no_peer"]),
  );
  await eventually(
    `it waits\n${daemon.log()}`,
    READY_MS,
    () =>
      Promise.resolve(
        daemon.log().includes("it has no unicast peer to speak to"),
      ),
  );
});
