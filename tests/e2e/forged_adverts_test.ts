/**
 * Thousands of adverts a second that nobody should send: each wrong in one thing, or right and from a sender of its own.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { REJECT_REASONS, type RejectReason } from "../../lib/vrrp/receive.ts";
import { type RunningDaemon, startDaemon, statusOf } from "./daemons.ts";
import { TARGETS, virtualAddress } from "./packet_gun.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
const PER_SECOND = 10_000;
const SECONDS = 1;
/** What is logged in a minute, whatever happens. */
const LINES_A_MINUTE_MAX = 500;
const LINES_OF_START_MAX = 20;

/** What the gun's faults come to for each target, besides. */
const COMMON: readonly RejectReason[] = [
  "packetLengthMismatch",
  "ttlInvalid",
  "packetTypeInvalid",
  "checksumInvalid",
  "addressCountZero",
];
const OWN: Readonly<Record<string, readonly RejectReason[]>> = {
  V2: ["authTypeInvalid", "intervalMismatch"],
  PASS: ["authTypeInvalid", "authTypeMismatch", "authFailure"],
  V3: ["versionMismatch", "intervalZero"],
  V6: ["versionMismatch", "intervalZero"],
};

const CONFIG = TARGETS.map((target) =>
  `vrrp_instance ${target.name} {
  interface eth0
  virtual_router_id ${target.vrid}
  version ${target.version}
  priority 100
  advert_int ${target.version === 3 ? 0.2 : 1}
  ${
    target.password === undefined
      ? ""
      : `authentication {\n    auth_type PASS\n    auth_pass ${target.password}\n  }`
  }
  virtual_ipaddress {
    ${virtualAddress(target)}
  }
}
`
).join("");

/** Fires from host b; returns how many frames left. */
async function fire(lab: Lab, ...how: readonly string[]): Promise<number> {
  const { code, stdout, stderr } = await lab.inside(
    "b",
    Deno.execPath(),
    "run",
    "--no-check",
    "-A",
    fromFileUrl(new URL("./packet_gun.ts", import.meta.url)),
    "eth0",
    String(PER_SECOND),
    String(SECONDS),
    ...how,
  );
  assertEquals(code, 0, stderr);
  return Number(stdout);
}

async function instancesOf(daemon: RunningDaemon) {
  const status = await eventually(
    `it answers\n${daemon.log().slice(0, 5000)}`,
    READY_MS,
    () => statusOf(daemon),
  );
  return status.instances;
}

Deno.test("ten thousand malformed adverts a second, and as many of forged senders, are counted and change nothing", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const beganMs = performance.now();
  const daemon = startDaemon(lab, "a", "hakeep", CONFIG);
  await eventually(
    `all are MASTER\n${daemon.log()}`,
    READY_MS,
    async () =>
      (await statusOf(daemon))?.instances.every(({ state }) =>
        state === "MASTER"
      ),
  );
  assert(await fire(lab) > 0);
  for (const { name, counters } of await instancesOf(daemon)) {
    const found = REJECT_REASONS.filter((reason) =>
      counters.rejected[reason] > 0
    );
    const missing = [...COMMON, ...OWN[name] ?? []].filter((reason) =>
      !found.includes(reason)
    );
    assertEquals(missing, [], `${name} counts ${found.join(", ")}`);
    assertEquals(counters.advertsReceived, 0, `${name} took one`);
  }
  const fired = await fire(lab, "lower");
  for (const { name, state, counters } of await instancesOf(daemon)) {
    assertEquals([state, counters.becameMaster], ["MASTER", 1], name);
    // Its socket may have had no room for some of them; none of them kept it busy for long.
    const heard = counters.advertsReceived * TARGETS.length / fired;
    assert(heard > 0.25, `${name} heard ${heard} of what was fired`);
    assert(counters.advertsSent > counters.advertsReceived, name);
  }
  const minutes = Math.ceil((performance.now() - beganMs) / 60e3);
  const linesMax = LINES_OF_START_MAX + minutes * LINES_A_MINUTE_MAX;
  const lines = daemon.log().split("\n").length;
  assert(lines < linesMax, `${lines} lines are logged`);
});
