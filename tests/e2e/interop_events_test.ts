/**
 * One story told twice: the same two routers, once a pair of keepalived and once a pair of hakeep, each pair in a
 * network of its own, and the same events in both. After each event every instance is in the state that the story
 * says, and each of them went through the same states to get there.
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  type DaemonKind,
  killTree,
  type RunningDaemon,
  startDaemon,
} from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
/** Stories at a time; each has four daemons. */
const AT_ONCE = 4;

/** Of STOP keepalived's reader hears by chance; what is said of adverts that crossed is no state. */
const STATES = ["MASTER", "BACKUP", "FAULT"];

type HostName = "a" | "b";
const HOSTS = ["a", "b"] as const;

/** By instance, in the order of the configuration: M, B, F. */
type Outcome = Readonly<Record<HostName, string>>;

interface Step {
  readonly what: string;
  readonly act: (pair: Pair) => Promise<void>;
  readonly then: Outcome;
}

interface Story {
  readonly name: string;
  readonly config: (pair: Pair, host: HostName) => string;
  readonly steps: readonly Step[];
  /** Before the daemons start. */
  readonly before?: (pair: Pair) => Promise<void>;
  readonly first: Outcome;
  /** How keepalived gets there otherwise, as docs/differences.md says; only outcomes are compared then. */
  readonly isTheirWayOther?: true;
}

/** Two hosts with a daemon of one kind each. */
class Pair {
  readonly #daemons = new Map<HostName, RunningDaemon>();

  constructor(
    readonly kind: DaemonKind,
    readonly lab: Lab,
    readonly story: Story,
  ) {}

  async prepare(): Promise<void> {
    for (const host of HOSTS) {
      const peer = ["peer", "name", "far"];
      await this.lab.ip(host, "link", "add", "up0", "type", "veth", ...peer);
      await this.lab.ip(host, "link", "set", "far", "up");
      await this.lab.ip(host, "link", "set", "up0", "up");
      const address = `10.88.0.${HOSTS.indexOf(host) + 1}/24`;
      await this.lab.ip(host, "addr", "add", address, "dev", "up0");
      Deno.mkdirSync(this.#directory(host));
      const reader = `#!/bin/sh\nexec cat "$1" >>${this.path(host, "told")}\n`;
      Deno.writeTextFileSync(this.path(host, "read"), reader, { mode: 0o755 });
      Deno.writeTextFileSync(this.path(host, "number"), "0\n");
      Deno.writeTextFileSync(this.path(host, "good"), "");
    }
    await this.story.before?.(this);
  }

  #directory(host: HostName): string {
    return `${this.lab.directory}/story-${host}`;
  }

  path(host: HostName, name: string): string {
    return `${this.#directory(host)}/${name}`;
  }

  start(host: HostName): void {
    const text = this.#text(host, this.story.config(this, host));
    const daemon = startDaemon(this.lab, host, this.kind, text);
    this.#daemons.set(host, daemon);
  }

  #text(host: HostName, text: string): string {
    return `global_defs {
  script_user root
  vrrp_version 3
  vrrp_notify_fifo ${this.path(host, "fifo")}
  vrrp_notify_fifo_script ${this.path(host, "read")}
}
${text}`;
  }

  daemon(host: HostName): RunningDaemon {
    const daemon = this.#daemons.get(host);
    if (daemon === undefined) throw new Error(`Nothing was started on ${host}`);
    return daemon;
  }

  async crash(host: HostName): Promise<void> {
    const { pid, ended } = this.daemon(host);
    await killTree(pid);
    await ended;
  }

  async stop(host: HostName): Promise<void> {
    this.daemon(host).kill("SIGTERM");
    await this.daemon(host).ended;
  }

  reload(host: HostName, text: string): void {
    const { runtimeDir } = this.daemon(host);
    const whole = this.#text(host, text);
    Deno.writeTextFileSync(`${runtimeDir}/config.conf`, whole);
    this.daemon(host).kill("SIGHUP");
  }

  /** What each instance and group was told to be, in order. */
  told(host: HostName): ReadonlyMap<string, readonly string[]> {
    let text = "";
    try {
      text = Deno.readTextFileSync(this.path(host, "told"));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    const told = new Map<string, string[]>();
    for (const line of text.split("\n")) {
      const [, who, state] = /^(\w+ "\w+") (\w+)/.exec(line) ?? [];
      if (who === undefined || state === undefined) continue;
      if (!STATES.includes(state)) continue;
      const states = told.get(who) ?? [];
      told.set(who, states);
      states.push(state);
    }
    return told;
  }

  outcome(host: HostName): string {
    return [...this.told(host)].filter(([who]) => who.startsWith("INSTANCE"))
      .toSorted(([one], [other]) => one < other ? -1 : 1)
      .map(([, states]) => states.at(-1)?.[0] ?? "").join("");
  }

  /** Groups are told after their members. */
  #areGroupsTold(host: HostName, outcome: string): boolean {
    return [...this.told(host)].every(([who, states]) =>
      !who.startsWith("GROUP") || states.at(-1)?.[0] === outcome[0]
    );
  }

  log(): string {
    return HOSTS.map((host) =>
      `--- ${host}\n${this.#daemons.get(host)?.log() ?? ""}`
    ).join("\n");
  }

  async reaches(what: string, outcome: Partial<Outcome>): Promise<void> {
    const isReached = (host: HostName) => {
      const wanted = outcome[host];
      return wanted === undefined ||
        this.outcome(host) === wanted && this.#areGroupsTold(host, wanted);
    };
    try {
      await eventually(
        "",
        READY_MS,
        () => Promise.resolve(HOSTS.every(isReached)),
      );
    } catch (error) {
      const found = HOSTS.map((host) => this.outcome(host)).join(" / ");
      const wanted = HOSTS.map((host) => outcome[host] ?? "any").join(" / ");
      throw new Error(
        `${this.story.name}, ${this.kind}, ${what}: ${found} instead of ${wanted}\n${this.log()}`,
        { cause: error },
      );
    }
  }
}

interface Instance {
  readonly name: string;
  readonly priority: number;
  readonly lines?: readonly string[];
  readonly link?: string;
  readonly family?: 4 | 6;
}

function instance(one: Instance): string {
  const { name, priority, lines = [], link = "eth0", family = 4 } = one;
  const vrid = 51 + name.charCodeAt(0) % 26;
  return `vrrp_instance ${name} {
  interface ${link}
  advert_int 0.1
  virtual_router_id ${vrid}
  priority ${priority}
  ${lines.join("\n  ")}
  virtual_ipaddress {
    ${family === 4 ? `10.77.9.${vrid}/32` : `fe80::9:${vrid}/128`}
  }
}
`;
}

const priorityOf = (host: HostName) => host === "a" ? 150 : 100;

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

function script(pair: Pair, host: HostName, ...lines: readonly string[]) {
  return `vrrp_script chk {
  script "/usr/bin/test -e ${pair.path(host, "good")}"
  interval 1
  ${lines.join("\n  ")}
}
`;
}

const link = (name: string, state: "up" | "down", host: HostName = "a") =>
(
  { lab }: Pair,
) => lab.ip(host, "link", "set", name, state).then(() => {});

const cable = (state: "up" | "down") => ({ lab }: Pair) =>
  lab.setCable("a", state);

const ownAddress = (verb: "add" | "del") => ({ lab }: Pair) =>
  lab.ip("a", "addr", verb, `${lab.address("a")}/16`, "dev", "eth0")
    .then(() => {});

const scriptTurns = (isGood: boolean) => (pair: Pair) => {
  const path = pair.path("a", "good");
  return isGood ? Deno.writeTextFile(path, "") : Deno.remove(path);
};

const fileSays = (number: number) => (pair: Pair) =>
  Deno.writeTextFile(pair.path("a", "number"), `${number}\n`);

/** Something breaks on a, and is mended. */
function broken(
  breaks: (pair: Pair) => Promise<void>,
  mends: (pair: Pair) => Promise<void>,
  during: Outcome,
  after: Outcome,
): readonly Step[] {
  return [
    { what: "broken", act: breaks, then: during },
    { what: "mended", act: mends, then: after },
  ];
}

/** The link that only a tracks is down, and up again. */
function up0Fails(during: Outcome, after: Outcome): readonly Step[] {
  return broken(link("up0", "down"), link("up0", "up"), during, after);
}

/** Daemon a reads another configuration. */
function reloads(text: string): (pair: Pair) => Promise<void> {
  return (pair) => Promise.resolve(pair.reload("a", text));
}

function starts(host: HostName): (pair: Pair) => Promise<void> {
  return (pair) => Promise.resolve(pair.start(host));
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
const AT_A: Outcome = { a: "M", b: "B" };
const AT_B: Outcome = { a: "B", b: "M" };

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

async function tell(
  kind: DaemonKind,
  story: Story,
): Promise<readonly string[]> {
  await using lab = await Lab.create({ hosts: HOSTS });
  const pair = new Pair(kind, lab, story);
  await pair.prepare();
  pair.start("a");
  // Who starts first must not depend on how busy the machine is.
  await pair.reaches("alone", { a: story.first.a.replaceAll("B", "M") });
  pair.start("b");
  await pair.reaches("at first", story.first);
  for (const { what, act, then } of story.steps) {
    await act(pair);
    await pair.reaches(what, then);
  }
  return HOSTS.flatMap((host) =>
    [...pair.told(host)].map(([who, states]) =>
      `${host}: ${who} ${states.join(", ")}`
    ).toSorted()
  );
}

/**
 * On a busy machine a daemon, of either kind, may be late with its adverts, and its peer becomes MASTER in between.
 * What each step leads to holds all the same; a way that is another one each time is a difference.
 */
const TELLINGS = 3;

/** Tells `story` of both kinds of daemon; returns what is wrong. */
async function compare(story: Story): Promise<string | undefined> {
  let difference: unknown;
  for (let told = 0; told < TELLINGS; told++) {
    const [theirs, ours] = await Promise.allSettled([
      tell("keepalived", story),
      tell("hakeep", story),
    ]);
    if (theirs.status === "rejected") return String(theirs.reason);
    if (ours.status === "rejected") return String(ours.reason);
    if (story.isTheirWayOther) return undefined;
    try {
      assertEquals(ours.value, theirs.value);
      return undefined;
    } catch (error) {
      difference = error;
    }
  }
  return `${story.name}: ${difference}`;
}

Deno.test(`keepalived and hakeep go through the same states in ${STORIES.length} stories`, async () => {
  const waiting = [...STORIES];
  const failures: string[] = [];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (
      let story = waiting.shift();
      story !== undefined;
      story = waiting.shift()
    ) {
      const failure = await compare(story);
      if (failure !== undefined) failures.push(failure);
    }
  }));
  assertEquals(failures.join("\n\n"), "");
});
