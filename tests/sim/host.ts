/**
 * One host of the simulation: a kernel with its links and addresses, and a VRRP process with the real engine, which can
 * be killed, stopped, frozen, reloaded, crashed and started again.
 *
 * Units:   nanoseconds of simulated time.
 * @module
 */
import type { IpAddress } from "../../lib/addr/ip_address.ts";
import { defined } from "../../lib/assert.ts";
import { compareRouters } from "../../lib/daemon/router_changes.ts";
import { sharedPlan } from "../../lib/daemon/shared_changes.ts";
import { Engine } from "../../lib/engine/engine.ts";
import { MemoryKernel } from "../../lib/engine/memory_kernel.ts";
import type {
  EngineCommand,
  EngineNotice,
  EnginePlan,
  RouterSnapshot,
} from "../../lib/engine/port.ts";
import {
  ADDRESS_TENTATIVE,
  LINK_RUNNING,
  LINK_UP,
} from "../../lib/route/observed_link.ts";
import type { RouterConfig } from "../../lib/vrrp/router_config.ts";
import { virtualLinksOf } from "../../lib/vrrp/virtual_link.ts";
import type { Datagram } from "../../lib/world/engine_world.ts";
import { isAble } from "./checkers.ts";
import { judgeTransition } from "./conduct.ts";
import type { Random } from "./random.ts";
import { type Departure, HostWorld, type Outside } from "./host_world.ts";

/** An advert may leave so much after its deadline. */
export const ADVERT_LATENESS_MAX_NS = 1e6;

/** More turns than this without rest are a loop. */
const TURNS_MAX = 40;
const SNAPSHOT_ID = 1;
/** What is added to the last number of an address. */
const RENUMBERED = 200;

/** A hardware interface and what it is connected to. */
export interface Port {
  readonly link: string;
  readonly segment: number;
  /** The host's own address there, with its prefix length. */
  readonly address: string;
}

/** What a host does to the world outside. */
export interface Surroundings {
  readonly nowNs: number;
  readonly isTraced: boolean;
  readonly random: Random;
  transmit(host: Host, segment: number, datagram: Datagram): void;
  note(host: Host, what: string): void;
}

/** The process is not there, held up, or well. */
export type ProcessState = "gone" | "frozen" | "running";

/** When a router's last advert left, and until when the next one has to. */
interface LastAdvert {
  readonly atNs: number;
  readonly limitNs: number;
}

export class Host implements Outside {
  readonly kernel = new MemoryKernel();
  process: ProcessState = "gone";
  /** What did not hold; undefined while all does. */
  complaint: string | undefined;
  /** Something changed since the host was last looked at. */
  isDirty = false;
  advertsSent = 0;
  transitions = 0;
  /** Orders to the kernel, and announcements. */
  orders = 0;
  rejected = 0;
  /** When each address was announced last. */
  readonly announcedAtNs = new Map<IpAddress, number>();
  /** When its wake-up is on the agenda. */
  wakeNs = Infinity;
  /** Adverts that say farewell, by vrid. */
  readonly farewells: number[] = [];
  /** When each router said farewell last. */
  readonly #farewellAtNs = new Map<string, number>();
  #plan: EnginePlan;
  #ports: readonly Port[];
  #engine: Engine | undefined;
  #world: HostWorld | undefined;
  #snapshots: readonly RouterSnapshot[] = [];
  /** MASTER as far as the daemon was told. */
  readonly #masters = new Set<string>();
  readonly #scripts = new Map<string, boolean>();
  readonly #lastAdverts = new Map<string, LastAdvert>();
  /** Routers whose advert came late, unless they were not MASTER in between; and when the one before left. */
  #suspects: { name: string; atNs: number; gapNs: number }[] = [];
  #incoherentSinceNs: number | undefined;
  /** How far its wall clock is ahead. */
  #clockErrorNs = 0;
  /** Links that were renamed while the engine ran, by their names since then. */
  readonly #renamedSeen = new Set<string>();
  /** State of each group that was told last. */
  readonly #toldGroups = new Map<string, string>();

  constructor(
    readonly index: number,
    plan: EnginePlan,
    ports: readonly Port[],
    readonly surroundings: Surroundings,
  ) {
    this.#plan = plan;
    this.#ports = ports;
    for (const { link, address } of ports) {
      this.kernel.addLink(link);
      this.kernel.addAddress(link, address);
    }
  }

  get nowNs(): number {
    return this.surroundings.nowNs;
  }

  get utcNs(): number {
    return this.nowNs + this.#clockErrorNs;
  }

  /** What its configuration file says. */
  get plan(): EnginePlan {
    return this.#plan;
  }

  get deadlineNs(): number {
    return this.process === "running" ? this.engine.deadlineNs : Infinity;
  }

  get isGone(): boolean {
    return this.process === "gone";
  }

  get engine(): Engine {
    return defined(this.#engine, "an engine that runs");
  }

  /** What every router says of itself now; nothing when there is no process. */
  get snapshots(): readonly RouterSnapshot[] {
    if (this.process !== "running") return [];
    this.engine.commanded({ kind: "snapshot", id: SNAPSHOT_ID });
    return this.#snapshots;
  }

  snapshot(name: string): RouterSnapshot | undefined {
    return this.snapshots.find((router) => router.name === name);
  }

  get ports(): readonly Port[] {
    return this.#ports;
  }

  /** The port that has, or had, a name. */
  port(link: string): Port {
    return defined(
      this.ports.find((port) => link === port.link || link === renamed(port)),
      `the port ${link}`,
    );
  }

  /** Somebody puts the wall clock forward; no timer may notice. */
  advanceClock(byNs: number): void {
    this.note(`has its clock put forward by ${byNs / 1e9} s`);
    this.#clockErrorNs += byNs;
  }

  /** What a script says from now on; true is well. */
  setScript(name: string, isUp: boolean): void {
    this.#scripts.set(name, isUp);
    this.note(`script ${name} ${isUp ? "succeeds" : "fails"}`);
    if (this.process !== "gone") this.#tellScript(name, isUp);
    this.turn();
  }

  isScriptUp(name: string): boolean {
    return this.#scripts.get(name) ?? true;
  }

  /** The daemon starts. */
  start(): void {
    if (this.process !== "gone") return;
    this.note("starts");
    this.#launch(undefined);
  }

  /** SIGKILL: no word to anybody, and the kernel keeps the addresses. */
  kill(): void {
    if (this.process === "gone") return;
    this.note("is killed");
    this.#end();
  }

  /** The engine dies of an error and is started anew a moment later; false if there was none. */
  crash(): boolean {
    if (this.process !== "running") return false;
    this.note("engine crashes");
    this.#end();
    return true;
  }

  /** The engine after a crash. */
  resume(): void {
    if (this.process !== "gone") return;
    const masters = [...this.#masters];
    this.note(
      `engine starts anew, MASTER of ${masters.join(" ") || "nothing"}`,
    );
    this.#launch(masters);
    for (const { name, state } of this.snapshots) {
      const config = this.#plan.routers.find((one) => one.name === name);
      if (config === undefined || !masters.includes(name)) continue;
      if (state !== "MASTER" && isAble(this, config)) {
        this.#complain(`${name} was MASTER when the engine died, and is not`);
      }
    }
  }

  /** SIGTERM. */
  stop(): void {
    if (this.process !== "running") return;
    this.note("is told to stop");
    const masters = this.snapshots.filter(({ state }) => state === "MASTER");
    this.farewells.length = 0;
    this.world.command({ kind: "stop" });
    this.turn();
    if (!this.isGone) this.#complain("does not stop");
    for (const { vrid, name } of masters) {
      if (this.#canSend(name) && !this.farewells.includes(vrid)) {
        this.#complain(`${name} goes without a farewell`);
      }
    }
    for (const router of this.#plan.routers) {
      if (this.isHolding(router)) {
        this.#complain(`${router.name} stopped and left its addresses`);
      }
    }
  }

  /** SIGSTOP. */
  freeze(): void {
    if (this.process !== "running") return;
    this.note("freezes");
    this.process = "frozen";
  }

  /** SIGCONT. */
  thaw(): void {
    if (this.process !== "frozen") return;
    this.note("thaws");
    this.process = "running";
    this.#lastAdverts.clear();
    this.turn();
  }

  /** The configuration file changes, and the daemon, if it runs, is told to read it. */
  reload(plan: EnginePlan): void {
    const before = this.#plan;
    if ((before.groups ?? []).length === 0) this.#toldGroups.clear();
    const scripts = scriptsOf(before);
    this.#plan = plan;
    if (this.isGone) return;
    const changes = compareRouters(before.routers, plan.routers);
    const { added, changed, removed } = changes;
    this.note(
      `reloads: +${added.length} ~${changed.length} -${removed.length}`,
    );
    // What goes through a pipe is a copy.
    const put = added.length + changed.length === 0 ? [] : structuredClone([
      ...added.map((router) => ({ router, replaces: undefined })),
      ...changed,
    ]);
    this.world.command({
      kind: "replan",
      id: SNAPSHOT_ID,
      remove: removed.map(({ name }) => name),
      put,
      ...sharedPlan(plan),
    });
    // What is followed anew is run anew.
    for (const name of scriptsOf(plan)) {
      if (!scripts.has(name)) this.#tellScript(name, this.isScriptUp(name));
    }
    this.#incoherentSinceNs = undefined;
    this.turn();
    if (this.process !== "running") return;
    if (before.routers !== plan.routers) this.#lookForDropped(before);
  }

  setFlags(link: string, flags: number): void {
    if (!this.kernel.hasLink(link)) return;
    this.note(`${link} ${wordFlags(flags)}`);
    this.kernel.setFlags(link, flags);
    this.isDirty = true;
    this.turn();
  }

  removeLink(link: string): void {
    if (!this.kernel.hasLink(link)) return;
    this.note(`${link} is removed`);
    this.kernel.removeLink(link);
    this.isDirty = true;
    this.turn();
  }

  /** The link is there, up and running, and has its own address. */
  mend(link: string, flags = 0): void {
    if (this.isUp(link) && this.isOwnUsable(link)) return;
    this.note(`${link} is mended`);
    const other = renamed(this.port(link));
    if (this.kernel.hasLink(other)) this.kernel.renameLink(other, link);
    this.#renamedSeen.delete(other);
    if (!this.kernel.hasLink(link)) this.kernel.addLink(link);
    this.kernel.setFlags(link, LINK_UP | LINK_RUNNING);
    this.addOwn(link, flags);
  }

  /** The host's own address comes, or changes its IFA_F_* flags. */
  addOwn(link: string, flags = 0): void {
    if (!this.kernel.hasLink(link)) return;
    const { address } = this.port(link);
    this.note(
      `${link} has ${address}${flags === ADDRESS_TENTATIVE ? " soon" : ""}`,
    );
    if (flags !== 0 || !this.isOwnUsable(link)) {
      this.kernel.addAddress(link, address, flags);
    }
    this.turn();
  }

  /** Somebody removes the host's own address. */
  removeOwn(link: string): void {
    if (!this.kernel.hasLink(link)) return;
    const { address } = this.port(link);
    this.note(`${link} loses ${address}`);
    this.kernel.removeAddress(link, address);
    this.turn();
  }

  /** The link gets another name. */
  rename(link: string): void {
    if (!this.kernel.hasLink(link)) return;
    const other = renamed(this.port(link));
    this.note(`${link} is renamed to ${other}`);
    // On which link a killed predecessor left its addresses, no engine knows once the name is another.
    const knows = this.process === "running" &&
      this.snapshots.every(({ state, master }) =>
        state === "MASTER" || master !== undefined
      );
    this.kernel.renameLink(link, other);
    if (knows) this.#renamedSeen.add(other);
    this.isDirty = true;
    this.turn();
  }

  /** All of the host's own addresses become others, or what they were before. */
  renumber(): void {
    const before = this.ports;
    const isNewFirst = this.surroundings.random.chance(0.5);
    this.#ports = before.map(renumbered);
    this.note(`is renumbered to ${this.ports[0]?.address}`);
    before.forEach(({ link, address }, i) => {
      if (!this.kernel.hasLink(link)) return;
      const next = this.ports[i]?.address ?? address;
      if (isNewFirst) this.kernel.addAddress(link, next);
      this.kernel.removeAddress(link, address);
      if (!isNewFirst) this.kernel.addAddress(link, next);
    });
    this.turn();
  }

  /** Somebody removes all addresses of a link that are not the host's own. */
  strip(link: string): void {
    if (!this.kernel.hasLink(link)) return;
    this.note(`${link} is stripped`);
    this.#strip(link);
    this.turn();
  }

  /** A link is stripped, and all that the engine did not read yet of netlink is lost. */
  overrun(link: string): void {
    this.note("misses what netlink told");
    if (this.kernel.hasLink(link)) this.#strip(link);
    this.kernel.overrun();
    this.isDirty = true;
    this.turn();
  }

  #strip(link: string): void {
    for (const text of this.kernel.addressesOf(link)) {
      const isOwn = this.ports.some(({ address }) => address === text);
      const isLent = isLinkLocalText(text, this.ports);
      if (!isOwn && !isLent) this.kernel.removeAddress(link, text);
    }
    this.isDirty = true;
  }

  isOwnUsable(link: string): boolean {
    if (!this.kernel.hasLink(link)) return false;
    const { address } = this.port(link);
    return this.kernel.addressesOf(link).includes(address) &&
      (this.kernel.flagsOf(link, address) & ADDRESS_TENTATIVE) === 0;
  }

  isUp(link: string): boolean {
    return this.kernel.isRunning(link);
  }

  /** Whether any of the router's addresses is in the kernel. */
  isHolding({ virtualAddresses }: RouterConfig): boolean {
    return virtualAddresses.some(({ address, interface: link }) =>
      this.kernel.holds(link, address)
    );
  }

  /** Whether all of the router's addresses are in the kernel. */
  isHoldingAll({ virtualAddresses }: RouterConfig): boolean {
    return virtualAddresses.every(({ address, interface: link }) =>
      this.kernel.holds(link, address)
    );
  }

  /** A datagram arrives at the kernel. */
  receive(segment: number, datagram: Datagram): void {
    if (this.process === "gone") return;
    for (const port of this.ports) {
      if (port.segment === segment) this.world.arrive(port.link, datagram);
    }
    this.turn();
  }

  /** Everything that can be done now. */
  turn(): void {
    if (this.process !== "running") return;
    for (let turns = 0;; turns++) {
      if (turns > TURNS_MAX) {
        this.#complain("finds no rest");
        return;
      }
      if (!this.engine.turn()) {
        this.#end();
        return;
      }
      if (!this.world.hasInput) break;
    }
    if (this.#suspects.length > 0) this.#judgeSuspects();
    if (this.isDirty) this.look();
  }

  /** Checks what has to hold at every moment. */
  look(): void {
    this.isDirty = false;
    if (this.process !== "running") return;
    const { snapshots } = this;
    for (const router of this.#plan.routers) {
      const snapshot = snapshots.find(({ name }) => name === router.name);
      if (snapshot === undefined) this.#complain(`has no ${router.name}`);
      else this.#lookAt(router, snapshot);
      this.#lookAtVirtualLinks(router);
    }
    for (const port of this.ports) this.#lookAtRenamed(port);
    this.#lookAtGroups(snapshots);
  }

  decides(): boolean {
    return this.surroundings.random.chance(0.5);
  }

  sent({ port, vrid, priority, datagram }: Departure): void {
    const { nowNs, surroundings } = this;
    this.advertsSent++;
    if (surroundings.isTraced) {
      this.note(`sends ${vrid}/${priority} on ${port}`);
    }
    const router = this.#plan.routers.find((one) =>
      one.vrid === vrid && one.interface === port
    );
    if (priority === 0) {
      this.farewells.push(vrid);
      if (router !== undefined) {
        this.#lastAdverts.delete(router.name);
        this.#farewellAtNs.set(router.name, nowNs);
      }
    } else if (router !== undefined) this.#clock(router, nowNs);
    surroundings.transmit(this, this.port(port).segment, datagram);
  }

  changed(what: string): void {
    this.isDirty = true;
    this.orders++;
    if (this.surroundings.isTraced) this.note(what);
  }

  announced(address: IpAddress, link: string): void {
    this.orders++;
    this.announcedAtNs.set(address, this.nowNs);
    if (this.surroundings.isTraced) {
      this.note(`announces ${address} on ${link}`);
    }
  }

  told(notice: EngineNotice): void {
    if (notice.kind === "snapshot") {
      this.#snapshots = notice.routers;
      return;
    }
    if (notice.kind === "transition") {
      this.isDirty = true;
      this.transitions++;
      const { router, from, to, cause } = notice.transition;
      const fault = judgeTransition(
        this,
        notice.transition,
        this.#farewellAtNs.get(router) === this.nowNs,
      );
      if (fault !== undefined) this.#complain(fault);
      if (to === "MASTER") this.#masters.add(router);
      else this.#masters.delete(router);
      if (this.surroundings.isTraced) {
        this.note(`${router} ${from} -> ${to}: ${cause}`);
      }
      return;
    }
    if (notice.kind === "rejected") this.rejected++;
    if (notice.kind === "group") {
      if (this.#toldGroups.get(notice.group) === notice.to) {
        this.#complain(`${notice.group} is told to be ${notice.to} twice`);
      }
      this.#toldGroups.set(notice.group, notice.to);
    }
    if (this.surroundings.isTraced) this.note(describe(notice));
  }

  note(what: string): void {
    if (this.surroundings.isTraced) this.surroundings.note(this, what);
  }

  get world(): HostWorld {
    return defined(this.#world, "the world of an engine that runs");
  }

  /** `resume` is undefined unless an engine died before. */
  #launch(resume: readonly string[] | undefined): void {
    const isResuming = resume !== undefined;
    this.process = "running";
    this.#masters.clear();
    this.#lastAdverts.clear();
    this.#toldGroups.clear();
    this.#incoherentSinceNs = undefined;
    this.#world = new HostWorld(this);
    this.#engine = new Engine(this.#world, this.#plan, resume ?? []);
    for (const name of scriptsOf(this.#plan)) {
      const isUp = this.isScriptUp(name);
      // What was known when an engine died its successor knows before it looks at anything.
      if (isResuming) this.#engine.commanded(scriptResult(name, isUp));
      else this.#tellScript(name, isUp);
    }
    this.#engine.start();
    this.isDirty = true;
    this.turn();
  }

  #end(): void {
    this.process = "gone";
    this.#lastAdverts.clear();
    this.#suspects = [];
  }

  #tellScript(name: string, isUp: boolean): void {
    this.world.command(scriptResult(name, isUp));
  }

  #canSend(name: string): boolean {
    const router = this.#plan.routers.find((one) => one.name === name);
    return router !== undefined && this.isUp(router.interface);
  }

  #clock(router: RouterConfig, nowNs: number): void {
    const last = this.#lastAdverts.get(router.name);
    if (last !== undefined && nowNs > last.limitNs) {
      const { atNs } = last;
      this.#suspects.push({ name: router.name, atNs, gapNs: nowNs - atNs });
    }
    this.#lastAdverts.set(router.name, {
      atNs: nowNs,
      limitNs: nowNs + router.advertIntervalNs + ADVERT_LATENESS_MAX_NS,
    });
  }

  #judgeSuspects(): void {
    const suspects = this.#suspects;
    this.#suspects = [];
    for (const { name, atNs, gapNs } of suspects) {
      const { lastTransitionAtNs = 0, state } = this.snapshot(name) ?? {};
      if (state === "MASTER" && lastTransitionAtNs <= atNs) {
        this.#complain(
          `${name} is MASTER and was silent for ${gapNs / 1e6} ms`,
        );
      }
    }
  }

  #lookAt(router: RouterConfig, snapshot: RouterSnapshot): void {
    const { name } = router;
    const isMaster = snapshot.state === "MASTER";
    if (isMaster && !this.isHoldingAll(router)) {
      this.#complain(`${name} is MASTER and does not hold its addresses`);
    }
    // What a killed predecessor left serves on until a master is heard.
    const isAdopting = snapshot.state === "BACKUP" &&
      snapshot.master === undefined;
    if (!isMaster && !isAdopting && this.isHolding(router)) {
      this.#complain(`${name} holds addresses and is ${snapshot.state}`);
    }
    const last = this.#lastAdverts.get(name);
    const since = snapshot.lastTransitionAtNs ?? 0;
    if (
      isMaster && last !== undefined && since <= last.atNs &&
      this.nowNs > last.limitNs
    ) {
      this.#complain(`${name} is MASTER and silent`);
    }
  }

  /** What no router has any more is not in the kernel. */
  #lookForDropped({ routers }: EnginePlan): void {
    const kept = new Set(
      this.#plan.routers.flatMap((router) => router.virtualAddresses)
        .map((one) => `${one.address} ${one.interface}`),
    );
    for (const { virtualAddresses } of routers) {
      for (const { address, interface: link } of virtualAddresses) {
        if (kept.has(`${address} ${link}`)) continue;
        if (this.kernel.holds(link, address)) {
          this.#complain(
            `${address} is of no router any more, and still there`,
          );
        }
      }
    }
  }

  /** A link that a router makes is there whenever its parent is, with the address that it is to have. */
  #lookAtVirtualLinks(router: RouterConfig): void {
    for (const link of virtualLinksOf(router)) {
      if (!this.kernel.hasLink(link.parent)) continue;
      if (!this.kernel.hasLink(link.name)) {
        this.#complain(`${router.name} has no ${link.name}`);
      } else if (this.isUp(link.parent) && !this.isUp(link.name)) {
        this.#complain(`${router.name}'s ${link.name} is not up`);
      } else if (
        link.kind === "ipvlan" && link.address !== undefined &&
        !this.kernel.holds(link.name, link.address.address)
      ) this.#complain(`${router.name}'s ${link.name} has no address`);
    }
  }

  /** Virtual addresses do not stay where a link was renamed, unless nobody was there to see it. */
  #lookAtRenamed(port: Port): void {
    const link = renamed(port);
    if (!this.kernel.hasLink(link) || !this.#renamedSeen.has(link)) return;
    for (const { virtualAddresses, name } of this.#plan.routers) {
      for (const { address } of virtualAddresses) {
        if (this.kernel.holds(link, address)) {
          this.#complain(`${name} left ${address} on ${link}`);
        }
      }
    }
  }

  #lookAtGroups(snapshots: readonly RouterSnapshot[]): void {
    let isCoherent = true;
    for (const { members } of this.#plan.groups ?? []) {
      const states = snapshots.filter(({ name }) => members.includes(name))
        .map(({ state }) => state);
      const masters = states.filter((state) => state === "MASTER").length;
      if (masters > 0 && masters < states.length) isCoherent = false;
    }
    if (isCoherent) this.#incoherentSinceNs = undefined;
    else this.#incoherentSinceNs ??= this.nowNs;
  }

  /** For how long the members of a group have not been in step; 0 if they are. */
  get incoherentNs(): number {
    const sinceNs = this.#incoherentSinceNs;
    return sinceNs === undefined ? 0 : this.nowNs - sinceNs;
  }

  #complain(what: string): void {
    this.complaint ??= `host ${this.index}: ${what}`;
  }

  /** Lines for a failure's report. */
  describe(): string[] {
    return [
      `host ${this.index} is ${this.process}`,
      ...this.#plan.routers.map((router) => {
        const { name, version, priority, preempt, advertIntervalNs } = router;
        const snapshot = this.snapshot(name);
        const held = this.isHolding(router) ? "holding" : "not holding";
        return `  ${name}: version ${version}, priority ${priority} (${snapshot?.effectivePriority})${
          preempt ? "" : ", nopreempt"
        }, every ${advertIntervalNs / 1e6} ms, ${snapshot?.state} ${
          snapshot?.reasons.map(({ kind }) => kind).join(" ")
        }, ${held}`;
      }),
    ];
  }
}

function scriptResult(name: string, isUp: boolean): EngineCommand {
  const state = isUp ? "up" : "down";
  const value = { kind: "script", state, exitStatus: isUp ? 0 : 1 } as const;
  return { kind: "tracker", name, value };
}

/** The scripts that somebody follows. */
function scriptsOf({ routers, groups = [] }: EnginePlan): ReadonlySet<string> {
  return new Set(
    [...routers, ...groups].flatMap(({ links }) => links)
      .filter(({ kind }) => kind === "script").map(({ tracker }) => tracker),
  );
}

/** Its name while it is renamed. */
function renamed({ link }: Port): string {
  return `${link}x`;
}

/** Above all addresses that nobody renumbered, or back among them. */
function renumbered(port: Port): Port {
  const [address = "", prefixLength] = port.address.split("/");
  const at = address.lastIndexOf(address.includes(":") ? ":" : ".") + 1;
  const radix = address.includes(":") ? 16 : 10;
  const number = parseInt(address.slice(at), radix);
  const next = number > RENUMBERED ? number - RENUMBERED : number + RENUMBERED;
  const text = `${address.slice(0, at)}${next.toString(radix)}`;
  return { ...port, address: `${text}/${prefixLength}` };
}

function wordFlags(flags: number): string {
  if ((flags & LINK_UP) === 0) return "is down";
  return (flags & LINK_RUNNING) === 0 ? "has no carrier" : "is up";
}

/** An address that a link has of its hardware interface. */
function isLinkLocalText(text: string, ports: readonly Port[]): boolean {
  return ports.some(({ address }) =>
    address.split("/")[0] === text.split("/")[0]
  );
}

function describe(notice: EngineNotice): string {
  switch (notice.kind) {
    case "gate":
      return `${notice.router} ${
        notice.reasons.map(({ kind }) => kind).join(" ") || "can run"
      }`;
    case "rejected": {
      const { router, source, reason } = notice.rejected;
      return `${router} rejects ${source}: ${reason}`;
    }
    case "group":
      return `${notice.group} is ${notice.to}`;
    case "priority":
      return `${notice.router} has priority ${notice.to}`;
    default:
      return notice.kind;
  }
}
