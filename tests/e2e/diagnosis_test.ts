/**
 * Diagnosis on the wire: who is wrong, in what, and what to do, once and counted.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { defined } from "../../lib/assert.ts";
import { instanceText } from "./configurations.ts";
import { type DaemonKind, hasState, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

interface Mistake {
  readonly name: string;
  readonly intruderKind: DaemonKind;
  /** Lines of the intruder's instance; ours speaks VRRPv2 with PASS 1111 every second. */
  readonly intruder: readonly string[];
  readonly addresses?: readonly string[];
  /** Below ours unless given. */
  readonly priority?: number;
  readonly counter: string;
  readonly message: RegExp;
}

const PASS = ["authentication {", "  auth_type PASS", "  auth_pass 1111", "}"];

const MISTAKES: readonly Mistake[] = [
  {
    name: "another password",
    intruderKind: "keepalived",
    intruder: ["authentication {", "  auth_type PASS", "  auth_pass 2222", "}"],
    counter: "authFailure",
    message: /auth_pass differs/,
  },
  {
    name: "another auth_type",
    intruderKind: "keepalived",
    intruder: [],
    counter: "authTypeMismatch",
    message: /auth_type: theirs is none, ours is PASS/,
  },
  {
    name: "another version",
    intruderKind: "keepalived",
    intruder: ["version 3"],
    counter: "versionMismatch",
    message: /version: theirs is 3, ours is 2/,
  },
  {
    name: "another interval",
    intruderKind: "hakeep",
    intruder: ["advert_int 2", ...PASS],
    counter: "intervalMismatch",
    message: /advert_int: theirs is 2 s, ours is 1 s/,
  },
  {
    name: "a foreign cluster's addresses",
    // A list that differs does not reject (RFC 9568 §7.1): the higher priority of the two clusters wins.
    priority: 250,
    intruderKind: "hakeep",
    intruder: PASS,
    addresses: ["10.99.0.1/24"],
    counter: "addressListMismatch",
    message: /other addresses: theirs 10\.99\.0\.1, ours 10\.77\.1\.1/,
  },
];

for (const mistake of MISTAKES) {
  Deno.test(`an advert with ${mistake.name} is counted and explained in one line with sender and interface`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "b"] });
    const daemon = startDaemon(
      lab,
      "a",
      "hakeep",
      instanceText({ priority: 200, lines: PASS }),
    );
    await hasState(daemon, "MASTER");
    startDaemon(
      lab,
      "b",
      // keepalived falls silent after one such advert, hakeep goes on: both must be caught.
      mistake.intruderKind,
      instanceText({
        priority: mistake.priority ?? 100,
        lines: mistake.intruder,
        ...(mistake.addresses === undefined
          ? {}
          : { addresses: mistake.addresses }),
      }),
    );
    const counters = await eventually(
      `${mistake.counter} counts\n${daemon.log()}`,
      20_000,
      async () => {
        const found = (await statusOf(daemon))?.instances[0]?.counters;
        if (found === undefined) return undefined;
        // An interval that differs is a rejection in v2 and a tolerated difference in v3.
        const all: Record<string, number> = { ...found.rejected };
        for (const [kind, count] of Object.entries(found.tolerated)) {
          all[kind] = (all[kind] ?? 0) + count;
        }
        return (all[mistake.counter] ?? 0) >= 1 ? all : undefined;
      },
    );
    assert((counters[mistake.counter] ?? 0) >= 1);
    const mac = (await lab.ip("b", "-o", "link", "show", "eth0")).match(
      /link\/ether ([0-9a-f:]+)/,
    )?.[1];
    const line = await eventually(
      `it is logged\n${daemon.log()}`,
      10_000,
      () =>
        Promise.resolve(
          daemon.log().split("\n").find((one) => mistake.message.test(one)),
        ),
    );
    assertMatch(line, /10\.77\.0\.2/);
    assertMatch(line, /eth0/);
    assert(
      line.includes(defined(mac, "a hardware address")),
      `${line} has no ${mac}`,
    );
    assertEquals(
      (await statusOf(daemon))?.instances[0]?.state,
      mistake.priority === undefined ? "MASTER" : "BACKUP",
    );
    assert(
      !daemon.log().includes("1111") && !daemon.log().includes("2222"),
      "a password was logged",
    );
  });
}
