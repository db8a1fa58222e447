/**
 * One configuration in a network of its own, and what the kernel has before, while the daemon is MASTER, and after.
 * @module
 */
import { type DaemonKind, startDaemon } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
/** Lifetimes run while the states are read. */
const LIFETIME_STEP_S = 1000;
const FOREVER = 2 ** 32 - 1;

/** A configuration, in keepalived's language. */
export interface KernelCase {
  readonly name: string;
  /** Lines outside of blocks. */
  readonly top?: readonly string[];
  readonly globals?: readonly string[];
  /** Lines of the instance besides interface, vrid, priority, version and interval. */
  readonly lines: readonly string[];
  /** An address that is there when the instance is MASTER. */
  readonly held: string;
  /** Version 2 has no interval below a second. */
  readonly isVersion2?: true;
}

/** A block with lines. */
export function block(name: string, ...lines: string[]): string {
  return [`${name} {`, ...lines.map((line) => `    ${line}`), "  }"].join("\n");
}

/** The whole configuration. */
export function textOf(
  { top = [], globals = [], lines, isVersion2 }: KernelCase,
): string {
  return `global_defs {
  ${globals.join("\n  ")}
}
${top.join("\n")}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority ${isVersion2 ? 255 : 150}
  ${isVersion2 ? "version 2" : "version 3\n  advert_int 0.1"}
  ${lines.join("\n  ")}
}
`;
}

interface ShownAddress {
  readonly local?: string;
  readonly scope?: string;
  readonly prefixlen?: number;
  readonly tentative?: boolean;
  readonly preferred_life_time?: number;
}

interface ShownLink {
  readonly ifname: string;
  readonly addr_info: readonly ShownAddress[];
}

/** A host's own link-local addresses come from chance. */
function isByChance({ local, scope }: ShownAddress): boolean {
  return scope === "link" && local !== "fe80::77" &&
    (local ?? "").startsWith("fe80");
}

/** Without what differs from one moment to the next. */
function timeless(shown: ShownAddress): ShownAddress {
  const { preferred_life_time: left } = shown;
  if (left === undefined || left === FOREVER) return shown;
  return {
    ...shown,
    preferred_life_time: Math.ceil(left / LIFETIME_STEP_S) * LIFETIME_STEP_S,
  };
}

async function linesOf(
  lab: Lab,
  ...args: readonly string[]
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const family of ["-4", "-6"]) {
    const text = await lab.ip("a", "-N", "-d", family, ...args);
    lines.push(...text.split("\n").map((line) => line.trim()));
  }
  return lines.filter((line) => line !== "").toSorted();
}

async function settingsOf(lab: Lab): Promise<string> {
  const { stdout } = await lab.inside(
    "a",
    "sh",
    "-c",
    "cd /proc/sys/net/ipv4/conf && grep . */promote_secondaries */rp_filter */arp_ignore */arp_filter */accept_local */forwarding",
  );
  return stdout;
}

async function kernelState(lab: Lab): Promise<KernelState> {
  const links: ShownLink[] = JSON.parse(
    await lab.ip("a", "-j", "addr", "show"),
  );
  const routes = await linesOf(lab, "route", "show", "table", "all");
  return {
    links: links.map(({ ifname, addr_info }) => ({
      ifname,
      addresses: addr_info.filter((one) => !isByChance(one)).map(timeless),
    })),
    routes: routes.filter((line) =>
      !line.includes(" fe80:") || line.includes(" fe80::77")
    ),
    rules: await linesOf(lab, "rule", "show"),
    settings: await settingsOf(lab),
  };
}

/** As `ip` shows it. */
export interface KernelState {
  readonly links: readonly {
    readonly ifname: string;
    readonly addresses: readonly ShownAddress[];
  }[];
  readonly routes: readonly string[];
  readonly rules: readonly string[];
  /** Of interfaces, under /proc/sys/net, that keepalived changes. */
  readonly settings: string;
}

async function settledState(lab: Lab): Promise<KernelState> {
  let before = "";
  return await eventually("the kernel settles", READY_MS, async () => {
    const last = await kernelState(lab);
    const now = JSON.stringify(last);
    const isSame = now === before;
    before = now;
    return isSame && !now.includes("tentative") ? last : undefined;
  });
}

/** What one daemon made of a configuration. */
export interface Outcome {
  readonly before: KernelState;
  readonly master: KernelState;
  readonly stopped: KernelState;
}

/** Runs a daemon in a network of its own until it is MASTER, and stops it. */
export async function outcome(
  kind: DaemonKind,
  one: KernelCase,
): Promise<Outcome> {
  await using lab = await Lab.create({ hosts: ["a"] });
  const peer = ["peer", "name", "far"];
  await lab.ip("a", "link", "add", "eth1", "type", "veth", ...peer);
  await lab.ip("a", "link", "set", "far", "up");
  await lab.ip("a", "link", "set", "eth1", "up");
  const before = await settledState(lab);
  const daemon = startDaemon(lab, "a", kind, textOf(one));
  await eventually(
    `${kind} has ${one.held}\n${daemon.log()}`,
    READY_MS,
    () => lab.holds("a", one.held),
  );
  const master = await settledState(lab);
  daemon.kill("SIGTERM");
  await daemon.ended;
  return { before, master, stopped: await settledState(lab) };
}
