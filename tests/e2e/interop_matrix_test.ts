/**
 * Every legal way of speaking VRRP between hakeep and Debian's keepalived, all at once in one pair of daemons.
 *
 * Each combination is there twice, with the higher priority on either side. The first daemon is MASTER of everything
 * before the second one starts, so who is MASTER afterwards follows from the rules and from no race: the second one
 * takes what it outranks, except where it must not preempt.
 * @module
 */
import { assertEquals } from "@std/assert";
import { ipv6Of } from "./configurations.ts";
import {
  type DaemonKind,
  keepalivedInstances,
  killTree,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

/** Generous: the machine may be slow, and what is waited for takes some five seconds. */
const DEADLINE_MS = 60_000;

type Preemption = "preempt" | "nopreempt" | "preempt_delay 1";

/** A link of its own, which may leave adverts to the parent; or on one of the hosts alone. */
type VirtualMac = "none" | "link" | "parent" | "only a" | "only b";

interface Combination {
  readonly vrid: number;
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly isUnicast: boolean;
  readonly authType: "PASS" | "AH" | undefined;
  readonly preemption: Preemption;
  readonly virtualMac: VirtualMac;
  /** Who has the higher priority. */
  readonly higher: "a" | "b";
}

/** What keepalived counts of adverts that it does not take. */
const KEEPALIVED_ERRORS = [
  "packet_len_err",
  "advert_interval_err",
  "ip_ttl_err",
  "invalid_type_rcvd",
  "addr_list_err",
  "invalid_authtype",
  "authtype_mismatch",
  "auth_failure",
] as const;

const COMBINATIONS: readonly Combination[] = combine();

function combine(): Combination[] {
  const combinations: Combination[] = [];
  const dialects = [
    { version: 2, family: 4, authType: undefined },
    { version: 2, family: 4, authType: "PASS" },
    { version: 2, family: 4, authType: "AH" },
    { version: 3, family: 4, authType: undefined },
    { version: 3, family: 6, authType: undefined },
  ] as const;
  for (const dialect of dialects) {
    for (const isUnicast of [false, true]) {
      for (const virtualMac of virtualMacs(isUnicast)) {
        for (const preemption of preemptions(virtualMac)) {
          for (const higher of ["a", "b"] as const) {
            combinations.push({
              ...dialect,
              isUnicast,
              virtualMac,
              preemption,
              higher,
              vrid: combinations.length + 1,
            });
          }
        }
      }
    }
  }
  return combinations;
}

/** With unicast adverts always leave from the parent. */
function virtualMacs(isUnicast: boolean): readonly VirtualMac[] {
  return isUnicast
    ? ["none", "parent"]
    : ["none", "link", "parent", "only a", "only b"];
}

/** On one host alone a virtual MAC address is a matter of what is heard, not of who preempts. */
function preemptions(virtualMac: VirtualMac): readonly Preemption[] {
  return virtualMac.startsWith("only")
    ? ["preempt"]
    : ["preempt", "nopreempt", "preempt_delay 1"];
}

function linesOfVirtualMac(
  { virtualMac }: Combination,
  host: "a" | "b",
): readonly string[] {
  switch (virtualMac) {
    case "none":
      return [];
    case "parent":
      return ["use_vmac", "vmac_xmit_base"];
    case "link":
      return ["use_vmac"];
    case "only a":
    case "only b":
      return virtualMac.endsWith(host) ? ["use_vmac"] : [];
  }
}

function heldAddress({ family, vrid }: Combination): string {
  return family === 4
    ? `10.77.2.${vrid}/32`
    : `fd77::2:${vrid.toString(16)}/128`;
}

function instanceOf(
  combination: Combination,
  lab: Lab,
  host: "a" | "b",
): string {
  const { vrid, version, family, isUnicast, authType, preemption, higher } =
    combination;
  const sourceOf = (of: string) =>
    family === 4 ? lab.address(of) : ipv6Of(lab.address(of));
  const lines = [
    "state BACKUP",
    "interface eth0",
    `virtual_router_id ${vrid}`,
    `version ${version}`,
    `priority ${host === higher ? 150 : 100}`,
    `advert_int ${version === 2 ? 1 : 0.5}`,
    ...(preemption === "preempt" ? [] : [preemption]),
    ...linesOfVirtualMac(combination, host),
    ...(authType === undefined ? [] : [
      `authentication {\n    auth_type ${authType}\n    auth_pass secret\n  }`,
    ]),
    ...(isUnicast
      ? [
        `unicast_src_ip ${sourceOf(host)}`,
        `unicast_peer {\n    ${sourceOf(host === "a" ? "b" : "a")}\n  }`,
      ]
      : []),
    `virtual_ipaddress {\n    ${heldAddress(combination)}\n  }`,
  ];
  return `vrrp_instance V${vrid} {\n  ${lines.join("\n  ")}\n}\n`;
}

function start(
  lab: Lab,
  host: "a" | "b",
  kind: DaemonKind,
): RunningDaemon {
  const text = COMBINATIONS.map((one) => instanceOf(one, lab, host)).join("");
  return startDaemon(lab, host, kind, text);
}

async function createLab(): Promise<Lab> {
  const lab = await Lab.create({ hosts: ["a", "b"] });
  for (const host of ["a", "b"]) {
    const address = `${ipv6Of(lab.address(host))}/64`;
    await lab.ip(host, "addr", "add", address, "dev", "eth0", "nodad");
  }
  return lab;
}

/** Waits until exactly the addresses for which `isHeld` says so are on a host; what is wrong is in the message. */
async function holds(
  lab: Lab,
  host: "a" | "b",
  isHeld: (combination: Combination) => boolean,
  logs: () => string,
): Promise<void> {
  let wrong: readonly Combination[] = [];
  try {
    await eventually(`addresses of ${host}`, DEADLINE_MS, async () => {
      const held = new Set(await lab.addresses(host));
      wrong = COMBINATIONS.filter((combination) =>
        held.has(heldAddress(combination)) !== isHeld(combination)
      );
      return wrong.length === 0;
    });
  } catch (error) {
    throw new Error(
      `${host} should ${
        wrong.map((one) =>
          `${isHeld(one) ? "" : "not "}hold ${JSON.stringify(one)}`
        )
          .join(", ")
      }\n${logs()}`,
      { cause: error },
    );
  }
}

async function assertNothingRejected(daemon: RunningDaemon): Promise<void> {
  if (daemon.kind === "keepalived") {
    const instances = await keepalivedInstances(daemon);
    assertEquals(instances.length, COMBINATIONS.length);
    for (const { data, stats } of instances) {
      const errors = KEEPALIVED_ERRORS.filter((key) => stats[key] !== 0);
      assertEquals([data.iname, errors], [data.iname, []]);
    }
    // What it does not count it logs; each of its receive checks has a line with one of these words.
    const complaints = daemon.log().split("\n").filter((line) =>
      /invalid|mismatch|incorrect|not match|wrong|error|drop|discard|bogus|expected/i
        .test(line) &&
      // No error: what a BACKUP does that will preempt.
      !line.includes("received lower priority")
    );
    assertEquals(complaints, []);
    return;
  }
  const status = await statusOf(daemon);
  assertEquals(status?.instances.length, COMBINATIONS.length);
  for (const { name, counters } of status?.instances ?? []) {
    const rejected = Object.entries(counters.rejected).filter(([, count]) =>
      count > 0
    );
    assertEquals([name, rejected, counters.sendErrors], [name, [], 0]);
  }
}

/** Whether the daemon on b takes a router over that a has had so far. */
function isTakenOver({ higher, preemption }: Combination): boolean {
  return higher === "b" && preemption !== "nopreempt";
}

for (
  const [first, second] of [
    ["hakeep", "keepalived"],
    ["keepalived", "hakeep"],
  ] as const
) {
  Deno.test(`${second} joins ${first} in ${COMBINATIONS.length} combinations and each takes what the rules give it`, async () => {
    await using lab = await createLab();
    const a = start(lab, "a", first);
    let log = () => a.log();
    await holds(lab, "a", () => true, log);
    const b = start(lab, "b", second);
    log = () => `--- a\n${a.log()}\n--- b\n${b.log()}`;
    await holds(lab, "b", isTakenOver, log);
    await holds(lab, "a", (one) => !isTakenOver(one), log);
    await assertNothingRejected(a);
    await assertNothingRejected(b);
    // A crash without a word, and everything has a new master.
    await killTree(a.pid);
    await a.ended;
    await holds(lab, "b", () => true, log);
    await assertNothingRejected(b);
  });
}
