/**
 * Events of every kind, told to a pair of keepalived and to a pair of hakeep.
 * @module
 */
import { eventually } from "./topology.ts";
import {
  AT_A,
  AT_B,
  broken,
  cable,
  fileSays,
  type HostName,
  instance,
  link,
  type Outcome,
  ownAddress,
  type Pair,
  priorityOf,
  READY_MS,
  reloads,
  script,
  scriptTurns,
  starts,
  type Story,
  tellTwice,
  up0Fails,
} from "./twin_stories.ts";

/** Two instances, A and B, of one group, and lines for the second and for the group. */
function group(
  host: HostName,
  options: {
    readonly both?: readonly string[];
    readonly second?: readonly string[];
    readonly group?: readonly string[];
    readonly secondLink?: string;
  },
): string {
  const { both = [], second = [], group = [], secondLink = "eth0" } = options;
  const priority = priorityOf(host);
  return `vrrp_sync_group G {
  group {
    A
    B
  }
  ${group.join("\n  ")}
}
${instance({ name: "A", priority, lines: both })}
${
    instance({
      name: "B",
      priority,
      lines: [...both, ...second],
      link: secondLink,
    })
  }`;
}

/** Kinds of routers whose cable is pulled. */
const CABLED = [
  { name: "IPv6", family: 6, lines: () => [] },
  { name: "a virtual MAC address", family: 4, lines: () => ["use_vmac"] },
  {
    name: "IPv6 and a virtual MAC address",
    family: 6,
    lines: () => ["use_vmac"],
  },
  {
    name: "a virtual MAC address for the addresses alone",
    family: 4,
    lines: () => ["use_vmac", "vmac_xmit_base"],
  },
  {
    name: "unicast",
    family: 4,
    lines: ({ lab }: Pair, host: HostName) => [
      `unicast_src_ip ${lab.address(host)}`,
      `unicast_peer {\n    ${lab.address(host === "a" ? "b" : "a")}\n  }`,
    ],
  },
  { name: "patience", family: 4, lines: () => ["down_timer_adverts 8"] },
] as const;

const UP0 = "track_interface { up0 }";
const BOTH_AT_A: Outcome = { a: "MM", b: "BB" };
const BOTH_AT_B: Outcome = { a: "BB", b: "MM" };

/** An address, a route and a rule of one link, each with an instance that follows it. */
const STATICS = `track_group address {
  group { A }
}
track_group route {
  group { B }
}
track_group rule {
  group { C }
}
static_ipaddress {
  10.89.0.1/24 dev up0 track_group address
}
static_routes {
  10.90.0.0/24 dev up0 track_group route
}
static_rules {
  from 10.90.0.0/24 iif up0 table 90 preference 90 track_group rule
}
`;

const followers = (host: HostName) =>
  ["A", "B", "C", "D"].map((name) =>
    // So many of them that a busy machine is late with some.
    instance({ name, priority: priorityOf(host), lines: ["advert_int 1"] })
  ).join("");

/** Each with what shows it, and what is shown. */
const STATIC_ITEMS = [
  ["addr", "10.89.0.1/24 dev up0", "show dev up0", "inet 10.89.0.1/24"],
  ["route", "10.90.0.0/24 dev up0", "show", "10.90.0.0/24 dev up0"],
  ["rule", "preference 90", "show", "90:"],
] as const;

/** All of them are there. */
async function areStatic({ lab }: Pair): Promise<void> {
  for (const [object, , show, shown] of STATIC_ITEMS) {
    await eventually(
      `${object}: ${shown}`,
      READY_MS,
      async () => {
        const lines = (await lab.ip("a", object, ...show.split(" "))).split(
          "\n",
        );
        return lines.some((line) => line.trim().startsWith(shown));
      },
    );
  }
}

/** What somebody removes comes back. */
async function staticsReturn(pair: Pair): Promise<void> {
  for (const [object, what] of STATIC_ITEMS) {
    await areStatic(pair);
    await pair.lab.ip("a", object, "del", ...what.split(" "));
  }
  await areStatic(pair);
}

const STORIES: readonly Story[] = [
  {
    name: "a group whose second member tracks a link",
    config: (_, host) => group(host, { second: [UP0] }),
    first: BOTH_AT_A,
    steps: up0Fails({ a: "FF", b: "MM" }, BOTH_AT_A),
  },
  {
    name: "a group that tracks a link",
    config: (_, host) => group(host, { group: [UP0] }),
    first: BOTH_AT_A,
    steps: up0Fails({ a: "FF", b: "MM" }, BOTH_AT_A),
  },
  {
    name: "a group whose weights count",
    config: (_, host) =>
      group(host, {
        group: [
          "sync_group_tracking_weight",
          "track_interface { up0 weight -60 }",
        ],
      }),
    first: BOTH_AT_A,
    steps: up0Fails(BOTH_AT_B, BOTH_AT_A),
  },
  {
    name: "a group with a member on a link where it hears nobody",
    config: (_, host) => group(host, { secondLink: "up0" }),
    first: BOTH_AT_A,
    steps: [],
  },
  {
    name: "a group that does not preempt",
    config: (_, host) => group(host, { both: ["nopreempt"], second: [UP0] }),
    first: BOTH_AT_A,
    steps: [
      ...up0Fails({ a: "FF", b: "MM" }, BOTH_AT_B),
      {
        what: "b crashes",
        act: (pair) => pair.crash("b"),
        then: { a: "MM", b: "MM" },
      },
    ],
  },
  {
    name: "a group that preempts late",
    config: (_, host) =>
      group(host, {
        both: ["preempt_delay 2"],
        second: [UP0],
      }),
    first: BOTH_AT_A,
    steps: up0Fails({ a: "FF", b: "MM" }, BOTH_AT_A),
  },
  {
    name: "preempt_delay after a fault",
    config: (_, host) =>
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: ["preempt_delay 2", UP0],
      }),
    first: AT_A,
    steps: up0Fails({ a: "F", b: "M" }, AT_A),
  },
  {
    name: "dont_track_primary",
    config: (_, host) =>
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: ["dont_track_primary"],
      }),
    first: AT_A,
    steps: broken(cable("down"), cable("up"), { a: "M", b: "M" }, AT_A),
  },
  {
    name: "the cable is pulled",
    config: (_, host) => instance({ name: "A", priority: priorityOf(host) }),
    first: AT_A,
    steps: broken(cable("down"), cable("up"), { a: "F", b: "M" }, AT_A),
  },
  {
    name: "the link of a is set down",
    config: (_, host) => instance({ name: "A", priority: priorityOf(host) }),
    first: AT_A,
    steps: broken(
      link("eth0", "down"),
      link("eth0", "up"),
      { a: "F", b: "M" },
      AT_A,
    ),
  },
  {
    name: "the link of b is set down, which is BACKUP",
    config: (_, host) => instance({ name: "A", priority: priorityOf(host) }),
    first: AT_A,
    steps: broken(link("eth0", "down", "b"), link("eth0", "up", "b"), {
      a: "M",
      b: "F",
    }, AT_A),
  },
  {
    name: "a script without a weight that has to fail twice",
    config: (pair, host) =>
      script(pair, host, "fall 2", "rise 2") +
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: ["track_script { chk }"],
      }),
    first: AT_A,
    steps: broken(
      scriptTurns(false),
      scriptTurns(true),
      { a: "F", b: "M" },
      AT_A,
    ),
  },
  {
    name: "a script with a weight",
    config: (pair, host) =>
      script(pair, host, "weight -60") +
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: ["track_script { chk }"],
      }),
    first: AT_A,
    steps: broken(scriptTurns(false), scriptTurns(true), AT_B, AT_A),
  },
  {
    name: "a script of a group",
    config: (pair, host) =>
      script(pair, host) + group(host, { group: ["track_script { chk }"] }),
    first: BOTH_AT_A,
    steps: broken(
      scriptTurns(false),
      scriptTurns(true),
      { a: "FF", b: "MM" },
      BOTH_AT_A,
    ),
  },
  {
    name: "a script in reverse",
    config: (pair, host) =>
      script(pair, host) +
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: host === "a" ? ["track_script { chk weight 60 reverse }"] : [],
      }),
    first: AT_B,
    steps: broken(scriptTurns(false), scriptTurns(true), AT_A, AT_B),
  },
  {
    name: "a script that fails from the start",
    before: (pair) => scriptTurns(false)(pair),
    config: (pair, host) =>
      script(pair, host) +
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: ["track_script { chk }"],
      }),
    first: { a: "F", b: "M" },
    steps: [{ what: "mended", act: scriptTurns(true), then: AT_A }],
  },
  {
    name: "a file with a weight",
    config: (pair, host) =>
      `vrrp_track_file number {\n  file ${
        pair.path(host, "number")
      }\n  weight 1\n}\n` +
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: ["track_file { number }"],
      }),
    first: AT_A,
    steps: [
      ...broken(fileSays(-60), fileSays(0), AT_B, AT_A),
      {
        what: "the file says fault",
        act: fileSays(-254),
        then: { a: "F", b: "M" },
      },
      { what: "the file says nothing of it", act: fileSays(1), then: AT_A },
    ],
  },
  {
    name: "a starts with its tracked link down",
    before: (pair) => link("up0", "down")(pair),
    config: (_, host) => group(host, { second: [UP0] }),
    first: { a: "FF", b: "MM" },
    steps: [{ what: "mended", act: link("up0", "up"), then: BOTH_AT_A }],
  },
  {
    name: "a starts with its own link down",
    before: (pair) => link("eth0", "down")(pair),
    config: (_, host) => instance({ name: "A", priority: priorityOf(host) }),
    first: { a: "F", b: "M" },
    steps: [{ what: "mended", act: link("eth0", "up"), then: AT_A }],
  },
  {
    name: "a crashes, comes back, stops, comes back",
    config: (_, host) => instance({ name: "A", priority: priorityOf(host) }),
    first: AT_A,
    steps: [
      {
        what: "crash",
        act: (pair) => pair.crash("a"),
        then: { a: "M", b: "M" },
      },
      {
        what: "again",
        act: starts("a"),
        then: AT_A,
      },
      { what: "stop", act: (pair) => pair.stop("a"), then: { a: "M", b: "M" } },
      {
        what: "again",
        act: starts("a"),
        then: AT_A,
      },
      {
        what: "b stops",
        act: (pair) => pair.stop("b"),
        then: AT_A,
      },
      {
        what: "b again",
        act: starts("b"),
        then: AT_A,
      },
    ],
  },
  ...CABLED.map(({ name, family, lines }): Story => ({
    name: `a crashes with ${name}, and then its cable is pulled`,
    config: (pair, host) =>
      instance({
        name: "A",
        priority: priorityOf(host),
        family,
        lines: lines(pair, host),
      }),
    first: AT_A,
    steps: [
      {
        what: "crash",
        act: (pair) => pair.crash("a"),
        then: { a: "M", b: "M" },
      },
      {
        what: "again",
        act: starts("a"),
        then: AT_A,
      },
      ...broken(cable("down"), cable("up"), { a: "F", b: "M" }, AT_A),
    ],
  })),
  {
    name:
      "a group with virtual MAC addresses whose second member tracks a link",
    config: (_, host) =>
      group(host, {
        both: ["use_vmac"],
        second: [UP0],
      }),
    first: BOTH_AT_A,
    steps: up0Fails({ a: "FF", b: "MM" }, BOTH_AT_A),
  },
  {
    name: "a reload lowers the priority, and raises it again",
    config: (_, host) => instance({ name: "A", priority: priorityOf(host) }),
    first: AT_A,
    steps: [
      {
        what: "lower",
        act: reloads(instance({ name: "A", priority: 50 })),
        then: AT_B,
      },
      {
        what: "higher",
        act: reloads(instance({ name: "A", priority: 200 })),
        then: AT_A,
      },
    ],
  },
  {
    name: "a link of two that share one weight",
    config: (_, host) =>
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: [
          "track_interface {\n    up0 weight -30\n    far weight -30\n  }",
        ],
      }),
    first: AT_A,
    steps: [
      { what: "both down", act: link("up0", "down"), then: AT_B },
      { what: "up", act: link("up0", "up"), then: AT_A },
    ],
  },
  {
    name: "an owner",
    isTheirWayOther: true,
    config: (_, host) =>
      host === "a"
        ? instance({ name: "A", priority: 255, lines: ["state MASTER"] })
        : instance({ name: "A", priority: 254 }),
    first: AT_A,
    steps: broken(cable("down"), cable("up"), { a: "F", b: "M" }, AT_A),
  },
  {
    name: "the cable of a whole group is pulled",
    config: (_, host) => group(host, {}),
    first: BOTH_AT_A,
    steps: broken(
      cable("down"),
      cable("up"),
      { a: "FF", b: "MM" },
      BOTH_AT_A,
    ),
  },
  {
    name: "the own address of a goes, and comes back",
    config: (_, host) => instance({ name: "A", priority: priorityOf(host) }),
    first: AT_A,
    steps: broken(ownAddress("del"), ownAddress("add"), {
      a: "F",
      b: "M",
    }, AT_A),
  },
  {
    name: "a reload during a fault changes the priority",
    config: (_, host) =>
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: [UP0],
      }),
    first: AT_A,
    steps: [
      { what: "down", act: link("up0", "down"), then: { a: "F", b: "M" } },
      {
        what: "reload",
        act: reloads(instance({
          name: "A",
          priority: 50,
          lines: [UP0],
        })),
        then: { a: "F", b: "M" },
      },
      { what: "up", act: link("up0", "up"), then: AT_B },
    ],
  },
  {
    name: "a reload takes the tracked link away that is down",
    config: (_, host) =>
      instance({
        name: "A",
        priority: priorityOf(host),
        lines: [UP0],
      }),
    first: AT_A,
    steps: [
      { what: "down", act: link("up0", "down"), then: { a: "F", b: "M" } },
      {
        what: "reload",
        act: reloads(instance({ name: "A", priority: 150 })),
        then: AT_A,
      },
    ],
  },
  {
    name: "instances follow the links of what is static",
    config: (_, host) => STATICS + followers(host),
    first: { a: "MMMM", b: "BBBB" },
    steps: [
      {
        what: "somebody removes what is static",
        act: staticsReturn,
        then: { a: "MMMM", b: "BBBB" },
      },
      ...up0Fails({ a: "FFFM", b: "MMMB" }, { a: "MMMM", b: "BBBB" }),
      {
        what: "down again",
        act: link("up0", "down"),
        then: { a: "FFFM", b: "MMMB" },
      },
      {
        what: "nobody follows it any more",
        act: reloads(followers("a")),
        then: { a: "MMMM", b: "BBBB" },
      },
    ],
  },
  {
    name:
      "a reload lets instances follow the link of what is static, which is down",
    before: (pair) => link("up0", "down")(pair),
    config: (_, host) => followers(host),
    first: { a: "MMMM", b: "BBBB" },
    steps: [
      {
        what: "they follow it",
        act: reloads(STATICS + followers("a")),
        then: { a: "FFFM", b: "MMMB" },
      },
      {
        what: "up",
        act: async (pair) => {
          await link("up0", "up")(pair);
          await areStatic(pair);
        },
        then: { a: "MMMM", b: "BBBB" },
      },
    ],
  },
  {
    name: "instances follow the link of what is static, which is not there yet",
    before: async ({ lab }) => {
      await lab.ip("a", "link", "del", "up0");
    },
    config: (_, host) =>
      `global_defs {\n  dynamic_interfaces\n}\n` + STATICS + followers(host),
    first: { a: "FFFM", b: "MMMB" },
    steps: [
      {
        what: "it comes",
        act: async (pair) => {
          const peer = ["peer", "name", "far"];
          await pair.lab.ip("a", "link", "add", "up0", "type", "veth", ...peer);
          await link("far", "up")(pair);
          await link("up0", "up")(pair);
          await areStatic(pair);
        },
        then: { a: "MMMM", b: "BBBB" },
      },
    ],
  },
  {
    name: "a reload makes a group of two that have different masters",
    config: (_, host) =>
      instance({ name: "A", priority: host === "a" ? 150 : 100 }) +
      instance({ name: "B", priority: host === "a" ? 100 : 150 }),
    first: { a: "MB", b: "BM" },
    steps: [
      {
        what: "a has the group",
        act: reloads(group("a", {})),
        then: BOTH_AT_B,
      },
    ],
  },
  {
    name: "equal priorities: the higher address",
    before: ({ lab }) => lab.setCutOff("a", true),
    config: () => instance({ name: "A", priority: 100 }),
    first: { a: "M", b: "M" },
    steps: [
      {
        what: "they hear each other",
        act: ({ lab }) => lab.setCutOff("a", false),
        then: AT_B,
      },
      {
        what: "b crashes",
        act: (pair) => pair.crash("b"),
        then: { a: "M", b: "M" },
      },
    ],
  },
];

Deno.test(`keepalived and hakeep go through the same states in ${STORIES.length} stories`, () =>
  tellTwice(STORIES));
