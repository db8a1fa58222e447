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

export const READY_MS = 60_000;
/** Stories at a time; each has four daemons. */
const AT_ONCE = 4;

/** Of STOP keepalived's reader hears by chance; what is said of adverts that crossed is no state. */
const STATES = ["MASTER", "BACKUP", "FAULT"];

export type HostName = "a" | "b";
const HOSTS = ["a", "b"] as const;

/** By instance, in the order of the configuration: M, B, F. */
export type Outcome = Readonly<Record<HostName, string>>;

interface Step {
  readonly what: string;
  readonly act: (pair: Pair) => Promise<void>;
  readonly then: Outcome;
}

export interface Story {
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
export class Pair {
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

export function instance(one: Instance): string {
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

export const priorityOf = (host: HostName) => host === "a" ? 150 : 100;

export function script(
  pair: Pair,
  host: HostName,
  ...lines: readonly string[]
) {
  return `vrrp_script chk {
  script "/usr/bin/test -e ${pair.path(host, "good")}"
  interval 1
  ${lines.join("\n  ")}
}
`;
}

export const link =
  (name: string, state: "up" | "down", host: HostName = "a") =>
  (
    { lab }: Pair,
  ) => lab.ip(host, "link", "set", name, state).then(() => {});

export const cable = (state: "up" | "down") => ({ lab }: Pair) =>
  lab.setCable("a", state);

export const ownAddress = (verb: "add" | "del") => ({ lab }: Pair) =>
  lab.ip("a", "addr", verb, `${lab.address("a")}/16`, "dev", "eth0")
    .then(() => {});

export const scriptTurns = (isGood: boolean) => (pair: Pair) => {
  const path = pair.path("a", "good");
  return isGood ? Deno.writeTextFile(path, "") : Deno.remove(path);
};

export const fileSays = (number: number) => (pair: Pair) =>
  Deno.writeTextFile(pair.path("a", "number"), `${number}\n`);

/** Something breaks on a, and is mended. */
export function broken(
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
export function up0Fails(during: Outcome, after: Outcome): readonly Step[] {
  return broken(link("up0", "down"), link("up0", "up"), during, after);
}

/** Daemon a reads another configuration. */
export function reloads(text: string): (pair: Pair) => Promise<void> {
  return (pair) => Promise.resolve(pair.reload("a", text));
}

export function starts(host: HostName): (pair: Pair) => Promise<void> {
  return (pair) => Promise.resolve(pair.start(host));
}

export const AT_A: Outcome = { a: "M", b: "B" };
export const AT_B: Outcome = { a: "B", b: "M" };

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

/** Has both tell each story, some of them at a time. */
export async function tellTwice(stories: readonly Story[]): Promise<void> {
  const waiting = [...stories];
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
}
