/**
 * Lets routers run when all they need is there, and ends it when something goes.
 *
 * A router is judged by itself first: interfaces, source address, trackers, sockets. Then the members of its sync group
 * count: none runs unless all can.
 *
 * Units:   nanoseconds, monotonic.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import { defined } from "../assert.ts";
import type { ObservedLink } from "../route/observed_link.ts";
import { policyChange } from "../route/route_plan.ts";
import { equalReasons, type Gate, judgeGate } from "../vrrp/gate.ts";
import type { GateReason, RouterEvent } from "../vrrp/router_io.ts";
import { isRunning, stateName } from "../vrrp/router_state.ts";
import {
  advertInterface,
  sourceInterface,
  virtualLinksOf,
} from "../vrrp/virtual_link.ts";
import { judgeTracking } from "../vrrp/tracking_verdict.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { EngineWorld, NameHolder } from "../world/engine_world.ts";
import { AdvertPackets } from "./advert_packets.ts";
import { Announcements } from "./announcements.ts";
import type { LinkTable } from "./link_table.ts";
import type { EngineNotice } from "./port.ts";
import type { RouterRoster } from "./router_roster.ts";
import type { OpenSockets, RouterRuntime } from "./router_runtime.ts";
import type { SocketPool } from "./socket_pool.ts";
import type { TrackerTable } from "./tracker_table.ts";

/** No event tells when the kernel would grant what it refused. */
const SOCKET_RETRY_NS = 1e9;

type OpenGate = Extract<Gate, { kind: "open" }>;

/** What the gatekeeper has the engine do. */
export interface GateDriver {
  readonly step: (router: RouterRuntime, event: RouterEvent) => void;
  /** Sends what is queued: sockets are about to close. */
  readonly flush: () => void;
  /** Tells the daemon when the turn is done. */
  readonly tell: (notice: EngineNotice) => void;
  /** What the kernel holds for the router is to be planned again. */
  readonly replan: (router: RouterRuntime) => void;
}

/** What the gatekeeper knows the world by. */
export interface GateKnowledge {
  readonly world: EngineWorld;
  readonly links: LinkTable;
  /** An interface as it counts; see `LinkWatch`. */
  readonly linkShown: (name: string) => ObservedLink | undefined;
  readonly roster: RouterRoster;
  readonly trackers: TrackerTable;
  readonly pool: SocketPool;
  /** The other daemon that has a link. */
  readonly holderOf: (link: string) => NameHolder | undefined;
  /** Names of routers that go on as MASTER if they can run at once. */
  readonly resuming: ReadonlySet<string>;
}

export class Gatekeeper {
  readonly #knowledge: GateKnowledge;
  readonly #driver: GateDriver;
  readonly #unjudged = new Set<RouterRuntime>();
  readonly #linkNamed = (name: string): ObservedLink | undefined =>
    this.#knowledge.links.named(name);
  readonly #linksWith = (address: IpAddress): readonly ObservedLink[] =>
    this.#knowledge.links.holding(address);
  readonly #isVirtual = (address: IpAddress): boolean =>
    this.#knowledge.roster.isVirtual(address);
  /** Why no router runs yet; undefined when that is over. */
  #startDelay: GateReason | undefined;
  #startsAtNs = 0;
  /** When routers whose sockets were refused try again; Infinity if none was. */
  retryAtNs = Infinity;

  constructor(knowledge: GateKnowledge, driver: GateDriver) {
    this.#knowledge = knowledge;
    this.#driver = driver;
  }

  /** When there is something to judge though nothing happened; Infinity if never. */
  get deadlineNs(): number {
    return this.#startDelay === undefined
      ? this.retryAtNs
      : Math.min(this.retryAtNs, this.#startsAtNs);
  }

  /** What is left of a start delay. */
  startDelay(nowNs: number): number {
    return Math.max(0, this.#startsAtNs - nowNs);
  }

  /** No router starts before `atNs`. */
  delayStart(atNs: number, nowNs: number): void {
    const isOver = atNs <= nowNs;
    if (isOver && this.#startDelay === undefined) return;
    this.#startsAtNs = atNs;
    this.#startDelay = isOver
      ? undefined
      : { kind: "startDelayed", remainingNs: atNs - nowNs };
    for (const router of this.#knowledge.roster) this.doubt(router);
  }

  /** Something that `router` depends on may have changed. */
  doubt(router: RouterRuntime): void {
    this.#unjudged.add(router);
  }

  /** `router` is gone. */
  forget(router: RouterRuntime): void {
    this.#unjudged.delete(router);
  }

  /** Judges whatever is in doubt, and those that depend on it. */
  judgeAll(nowNs: number): void {
    if (nowNs >= this.retryAtNs) this.#retrySockets();
    if (nowNs >= this.#startsAtNs) this.delayStart(nowNs, nowNs);
    while (this.#unjudged.size > 0) {
      const batch = [...this.#unjudged];
      this.#unjudged.clear();
      const concerned = new Set(batch);
      for (const router of batch) {
        if (router.state.kind === "stopped") continue;
        const before = router.own;
        router.own = this.#judgeOwn(router, nowNs);
        if (router.group === undefined || isSameGate(before, router.own)) {
          continue;
        }
        for (const member of router.group.members) concerned.add(member);
      }
      for (const router of concerned) this.#judge(router);
    }
  }

  /** Whether `router` could run now, and what it would show; opens no sockets. */
  look(router: RouterRuntime): Gate {
    const own = this.#look(router);
    return own.kind === "open" ? withGroup(router, own) : own;
  }

  /** Closes what `router` sends and hears by. */
  releaseSockets(router: RouterRuntime): void {
    this.#close(router, undefined);
    router.sockets = undefined;
  }

  /** Closes what `router` has, but for what `kept` has in common with it. */
  #close(router: RouterRuntime, kept: OpenSockets | undefined): void {
    const { sockets } = router;
    if (sockets === undefined) return;
    // A farewell may still be queued.
    this.#driver.flush();
    this.#knowledge.pool.giveSender(sockets.sender);
    for (const receiver of sockets.receivers) {
      if (kept?.receivers.includes(receiver)) continue;
      this.#knowledge.pool.giveReceiver(receiver, router);
    }
  }

  #look(router: RouterRuntime): Gate {
    const { linkShown } = this.#knowledge;
    const gate = judgeGate(
      router.config,
      linkShown,
      this.#isVirtual,
      this.#linksWith,
    );
    const delay = this.#startDelay;
    const isDelayed = delay !== undefined && !isRunning(router.state);
    const holds = [
      ...(isDelayed ? [delay] : []),
      ...takenLinks(router.config, this.#knowledge.holderOf),
    ];
    if (router.links.length === 0) {
      // It may have followed something until now, in a sync group.
      router.trackedPriority = router.config.priority;
      return closedBy(holds, gate);
    }
    const { priority, reasons, pending } = judgeTracking(
      router.config.priority,
      router.links,
      this.#knowledge.trackers.valueOf,
      linkShown,
    );
    router.trackedPriority = priority;
    const more = isRunning(router.state) ? reasons : [...reasons, ...pending];
    const known = gate.kind === "closed" ? gate.reasons : [];
    return closedBy(
      [...holds, ...known, ...without(more, known)],
      gate,
    );
  }

  #judgeOwn(router: RouterRuntime, nowNs: number): Gate {
    const gate = this.#look(router);
    return gate.kind === "open"
      ? this.#prepareSockets(router, gate, nowNs)
      : gate;
  }

  #judge(router: RouterRuntime): void {
    const { own, gate: before, config } = router;
    if (router.state.kind === "stopped" || own === undefined) return;
    const gate = own.kind === "open" ? withGroup(router, own) : own;
    router.gate = gate;
    if (gate.kind === "closed") {
      this.#tellPriority(router);
      if (
        before?.kind === "closed" && equalReasons(before.reasons, gate.reasons)
      ) return;
      this.#driver.step(router, { kind: "gateClosed", reasons: gate.reasons });
      if (own.kind === "closed") this.releaseSockets(router);
      const { reasons } = gate;
      this.#driver.tell({ kind: "gate", router: config.name, reasons });
      return;
    }
    const { source } = gate;
    if (before?.kind === "open") {
      this.#driver.step(router, { kind: "sourceChanged", source });
      this.#showPriority(router);
    } else {
      if (before !== undefined) {
        this.#driver.tell({ kind: "gate", router: config.name, reasons: [] });
      }
      router.shownPriority = router.trackedPriority;
      this.#driver.step(router, {
        kind: "gateOpened",
        source,
        priority: router.trackedPriority,
        isResuming: this.#knowledge.resuming.has(config.name),
        isGrouped: router.group !== undefined,
      });
    }
    // A virtual address's own interface may have come only now.
    if (router.isHolding) this.#driver.replan(router);
  }

  /** Of a router that waits, for who is told of changes: there is nobody to show it to. */
  #tellPriority(router: RouterRuntime): void {
    const { trackedPriority: to, shownPriority: from, config, state } = router;
    if (from === to || isRunning(state)) return;
    router.shownPriority = to;
    this.#driver.tell({
      kind: "priority",
      router: config.name,
      state: stateName(state),
      from,
      to,
    });
  }

  #showPriority(router: RouterRuntime): void {
    const { trackedPriority: priority } = router;
    if (router.shownPriority === priority) return;
    router.shownPriority = priority;
    this.#driver.step(router, { kind: "priority", priority });
    // The advert of a take-over is written beforehand.
    router.sockets?.packets.prepare(priority);
  }

  /** Opens what an open gate needs; a kernel that refuses closes it again, with the reason. */
  #prepareSockets(router: RouterRuntime, gate: OpenGate, nowNs: number): Gate {
    const { sockets } = router;
    const link = defined(
      this.#knowledge.links.named(advertInterface(router.config)),
      "the link of an open gate",
    );
    if (sockets?.ifIndex === link.index && sockets.source === gate.source) {
      return gate;
    }
    try {
      const opened = this.#openSockets(router, link.index, gate.source);
      this.#close(router, opened);
      router.sockets = opened;
      this.#prepareForMaster(router, opened);
      return gate;
    } catch (error) {
      // By the old ones a MASTER can still say farewell; they are closed with the gate.
      const detail = error instanceof Error ? error.message : String(error);
      this.retryAtNs = Math.min(this.retryAtNs, nowNs + SOCKET_RETRY_NS);
      return { kind: "closed", reasons: [{ kind: "socketFailed", detail }] };
    }
  }

  #openSockets(
    router: RouterRuntime,
    ifIndex: number,
    source: IpAddress,
  ): OpenSockets {
    const { world, pool } = this.#knowledge;
    const { config, receiveContext: { addresses, checksumForms } } = router;
    const sender = pool.takeSender(config, ifIndex, source);
    try {
      return {
        ifIndex,
        source,
        sender,
        receivers: pool.takeReceivers(router, ifIndex, source),
        packets: new AdvertPackets(
          world,
          config,
          source,
          ifIndex,
          addresses,
          checksumForms,
        ),
        sourceAnnouncement: new Announcements([{
          address: source,
          interface: sourceInterface(config),
        }]),
      };
    } catch (error) {
      pool.giveSender(sender);
      throw error;
    }
  }

  /** Whatever a take-over sends is written beforehand. */
  #prepareForMaster(router: RouterRuntime, { packets }: OpenSockets): void {
    const { world } = this.#knowledge;
    packets.prepare(router.trackedPriority);
    for (let i = 0; i < router.announcements.length; i++) {
      router.announcements.frame(world, i, this.#linkNamed);
    }
    for (const address of router.addresses) {
      const link = this.#linkNamed(address.interface);
      if (link !== undefined) world.prepareAddress(link.index, address);
    }
    for (const policy of router.config.policies) {
      const change = policyChange(true, policy, this.#linkNamed);
      if (change !== undefined) world.preparePolicy(change);
    }
  }

  #retrySockets(): void {
    this.retryAtNs = Infinity;
    for (const router of this.#knowledge.roster) {
      if (router.own?.kind !== "closed") continue;
      if (router.own.reasons.some(({ kind }) => kind === "socketFailed")) {
        this.#unjudged.add(router);
      }
    }
  }
}

/** Links of a router that other daemons have. */
function takenLinks(
  config: RouterConfig,
  holderOf: (link: string) => NameHolder | undefined,
): readonly GateReason[] {
  return virtualLinksOf(config).flatMap(({ name }) => {
    const holder = holderOf(name);
    return holder === undefined
      ? []
      : [{ kind: "linkTaken", interface: name, pid: holder.pid }];
  });
}

/** `gate`, unless there are `reasons` to close it. */
function closedBy(reasons: readonly GateReason[], gate: Gate): Gate {
  if (reasons.length === 0) return gate;
  const known = gate.kind === "closed" ? gate.reasons : [];
  return { kind: "closed", reasons: [...reasons, ...without(known, reasons)] };
}

/** An open gate, unless the router's sync group closes it. */
function withGroup(router: RouterRuntime, own: OpenGate): Gate {
  const obstacle = router.group?.obstacle(router);
  return obstacle === undefined ? own : { kind: "closed", reasons: [obstacle] };
}

function isSameGate(a: Gate | undefined, b: Gate): boolean {
  if (a?.kind === "closed" && b.kind === "closed") {
    return equalReasons(a.reasons, b.reasons);
  }
  return a?.kind === b.kind;
}

function without(
  reasons: readonly GateReason[],
  known: readonly GateReason[],
): readonly GateReason[] {
  return reasons.filter((reason) =>
    !known.some((other) => equalReasons([reason], [other]))
  );
}
