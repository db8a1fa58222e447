/**
 * The engine: all virtual routers of the plan on one synchronous loop.
 *
 * A turn of the loop: sleep until something happens; take in everything that is there (netlink, packets, commands)
 * before any timer counts, so that a process that was held up does not believe its master dead while adverts wait in
 * the queue; judge the gates of routers whose interfaces changed; fire what is due; and only then carry out, in one
 * flush, all adverts, all address changes, all announcements. What has to be told is told after that.
 *
 * Owned by the engine alone: routers, timers, the table of links. The daemon sees notices and answers to commands
 * (port.ts), never the objects.
 *
 * Units:   nanoseconds, monotonic.
 * @module
 */
import { isLinkLocal } from "../addr/ip_address.ts";
import { defined } from "../assert.ts";
import type { PolicyChange } from "../route/route_plan.ts";
import { textOfPolicy } from "../vrrp/virtual_route.ts";
import {
  LINK_UP,
  type ObservedAddress,
  type ObservedLink,
} from "../route/observed_link.ts";
import { stepRouter } from "../vrrp/machine.ts";
import {
  effectivePriority,
  isRunning,
  stateName,
} from "../vrrp/router_state.ts";
import { checkAdvert, peekVrid } from "../vrrp/receive.ts";
import type { RouterEffect, RouterEvent } from "../vrrp/router_io.ts";
import type { RouterConfig, VirtualAddress } from "../vrrp/router_config.ts";
import { TimerTable } from "../vrrp/timer_table.ts";
import type {
  AddressRequest,
  BfdDatagram,
  Datagram,
  EngineSink,
  EngineWorld,
  LinkFacts,
  OutgoingPacket,
  SocketHandle,
  SystemFailure,
} from "../world/engine_world.ts";
import { AdvertCrowd } from "./advert_crowd.ts";
import { addressee } from "./addressee.ts";
import { Announcements } from "./announcements.ts";
import { Announcer } from "./announcer.ts";
import { BfdSessions } from "./bfd_sessions.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import { Holdings } from "./holdings.ts";
import { LostAddresses } from "./lost_addresses.ts";
import { groupsOf } from "./group_membership.ts";
import { LinkTable } from "./link_table.ts";
import { downDelayMaxNs } from "./down_delay.ts";
import { LinkWatch } from "./link_watch.ts";
import type {
  EngineCommand,
  EngineNotice,
  EnginePlan,
  KnownBfd,
  ReplanCommand,
  SharedPlan,
  TrackedNow,
} from "./port.ts";
import { Reporter } from "./reporter.ts";
import { snapshotRouter } from "./router_snapshot.ts";
import { RouterRoster } from "./router_roster.ts";
import type { RouterRuntime } from "./router_runtime.ts";
import { schedulingOf } from "./scheduling.ts";
import { type ReceiverShare, SocketPool } from "./socket_pool.ts";
import { SecondaryPromotion } from "./secondary_promotion.ts";
import { StaticHoldings } from "./static_holdings.ts";
import { trackerKey, TrackerTable } from "./tracker_table.ts";
import { VirtualLinks } from "./virtual_links.ts";

/** Later than this a timer's lateness is told, as keepalived does. */
const LATENESS_TOLD_NS = 1e9;
/** More than any cluster has: forged senders cost no filter each. */
const TRUSTED_MAX = 24;

/** Repeats and notices wait while a timer is due within the first, but no longer than the second. */
const SOON_NS = 5e6;
const PATIENCE_NS = 20e6;

export class Engine implements EngineSink {
  readonly #world: EngineWorld;
  readonly #roster: RouterRoster;
  readonly #timers: TimerTable;
  readonly #crowd = new AdvertCrowd();
  readonly #links = new LinkTable();
  readonly #watch: LinkWatch;
  readonly #holdings: Holdings;
  readonly #pool: SocketPool;
  readonly #reporter: Reporter;
  readonly #linkNamed = (name: string): ObservedLink | undefined =>
    this.#links.named(name);
  readonly #utcNs = (): number => this.#world.utcNs();
  readonly #trackers = new TrackerTable();
  readonly #gates: Gatekeeper;
  readonly #virtualLinks: VirtualLinks;
  readonly #promotion: SecondaryPromotion;
  readonly #bfd: BfdSessions;
  /** Until the start. */
  #knownBfd: readonly KnownBfd[];
  readonly #stepMember = (router: RouterRuntime, event: RouterEvent): void =>
    this.#step(router, event);
  readonly #unplanned = new Set<RouterRuntime>();
  readonly #announcer: Announcer;
  readonly #statics: StaticHoldings;
  readonly #lost = new LostAddresses();
  /** What the kernel did not add, until that is told. */
  readonly #refused = new Set<VirtualAddress>();
  /** What may wait until the flush is done: notices and probes. */
  #afterwards: (() => void)[] = [];
  /** 0 before the start. */
  #nowNs = 0;
  /** Until when repeats and notices may wait for more urgent things; Infinity while none waits. */
  #patientUntilNs = Infinity;
  /** Names of routers that go on as MASTER if they can run at once. */
  readonly #resuming: Set<string>;
  /** As configured at the start. */
  readonly #shared: SharedPlan;
  /** `log_unknown_vrids` */
  #isLoggingUnknown = false;
  #isTakingInventory = false;
  #isStopping = false;

  /** `resume` names the routers that were MASTER when an engine before this one died, `bfd` what it knew of sessions. */
  constructor(
    world: EngineWorld,
    plan: EnginePlan,
    resume: readonly string[] = [],
    bfd: readonly KnownBfd[] = [],
  ) {
    this.#world = world;
    this.#roster = new RouterRoster(plan.routers, plan.groups);
    this.#resuming = new Set(resume);
    this.#shared = plan;
    this.#timers = new TimerTable(this.#roster.rows);
    this.#watch = new LinkWatch(
      this.#links,
      (name) => downDelayMaxNs(this.#roster, name),
    );
    this.#holdings = new Holdings(
      world,
      this.#links,
      this.#roster,
      (link) => this.#virtualLinks.holderOf(link) !== undefined,
    );
    this.#pool = new SocketPool(world, (index) => this.#links.at(index)?.mtu);
    this.#reporter = new Reporter(world);
    this.#statics = new StaticHoldings(
      world,
      this.#linkNamed,
      (what) => this.#tell({ kind: "staticRestored", what }),
    );
    this.#announcer = new Announcer(
      world,
      this,
      this.#linkNamed,
      plan.announcementLimits,
    );
    this.#promotion = new SecondaryPromotion(world, this.#links, this.#roster);
    this.#virtualLinks = new VirtualLinks(
      world,
      this.#links,
      this.#roster,
      this,
      (router) => this.#gates.doubt(router),
      (router, failure) => this.#tellFailure(router, failure),
    );
    this.#gates = new Gatekeeper({
      world,
      links: this.#links,
      linkShown: this.#watch.named,
      roster: this.#roster,
      trackers: this.#trackers,
      pool: this.#pool,
      holderOf: (link) => this.#virtualLinks.holderOf(link),
      resuming: this.#resuming,
    }, {
      step: this.#stepMember,
      flush: () => this.#world.flush(this),
      tell: (notice) => this.#tell(notice),
      replan: (router) => this.#unplanned.add(router),
    });
    this.#bfd = new BfdSessions(world, {
      track: (name, value) => this.#track({ name, value }),
      tell: (notice) => this.#tell(notice),
      fail: (failure) => this.#tellFailure(undefined, failure),
    });
    this.#knownBfd = bfd;
  }

  /** Looks at the world for the first time and starts every router that can run. */
  start(): void {
    this.#world.takeInventory(this);
    this.#nowNs = this.#world.nowNs();
    this.#share(this.#shared);
    this.#virtualLinks.repair(this.#nowNs);
    this.#finishTurn();
    this.#resuming.clear();
    this.#world.post({ kind: "started" });
  }

  /** When there is something to do though nothing happens; Infinity if never. */
  get deadlineNs(): number {
    return Math.min(
      this.#timers.earliestNs,
      this.#reporter.deadlineNs,
      this.#gates.deadlineNs,
      this.#announcer.deadlineNs,
      this.#watch.deadlineNs,
      this.#virtualLinks.retryAtNs,
      this.#bfd.deadlineNs,
    );
  }

  /** One turn of the loop; false when the engine has stopped. */
  turn(): boolean {
    this.#nowNs = this.#world.nowNs();
    this.#world.wait(this.deadlineNs, this);
    const dueNs = this.#nowNs = this.#world.nowNs();
    // A process that was stopped (even while it waited) has this time, and not yet what came in until then.
    if (this.#timers.earliestNs <= dueNs) this.#world.drain(this);
    for (const name of this.#watch.expire(this.#nowNs)) this.#disturb(name);
    this.#virtualLinks.repair(this.#nowNs);
    this.#bfd.fire(this.#nowNs);
    this.#gates.judgeAll(this.#nowNs);
    this.#fireTimers(dueNs);
    this.#finishTurn();
    if (!this.#isStopping) return true;
    this.#virtualLinks.removeAll();
    this.#promotion.endAll();
    this.#world.post({ kind: "stopped" });
    return false;
  }

  linkSeen(link: LinkFacts): void {
    this.#doubtPolicies();
    const nowNs = this.#world.nowNs();
    const mac = this.#links.at(link.index)?.mac;
    for (const name of this.#links.link(link)) {
      this.#watch.changed(name, nowNs);
      this.#pool.linkChanged(link.index);
      this.#disturb(name);
    }
    if (mac !== undefined && mac !== link.mac) {
      this.#announcer.renew(link.name, this.#roster.on(link.name));
    }
    this.#virtualLinks.doubt();
  }

  linkGone(index: number): void {
    this.#doubtPolicies();
    const name = this.#links.remove(index);
    if (name !== undefined) {
      this.#watch.gone(name);
      this.#disturb(name);
    }
    this.#virtualLinks.doubt();
  }

  addressSeen(index: number, address: ObservedAddress): void {
    const name = this.#links.address(index, address);
    if (name === undefined) return;
    // What the kernel refused for want of an address, or of IPv6, it may take now.
    if (!this.#roster.isVirtual(address.address)) this.#doubtPolicies();
    this.#disturbByAddress(name, address);
    if (isLinkLocal(address.address)) this.#virtualLinks.doubt();
  }

  addressGone(index: number, address: ObservedAddress, byUs: boolean): void {
    const name = this.#links.removeAddress(index, address);
    if (name === undefined) return;
    if (isLinkLocal(address.address)) this.#virtualLinks.doubt();
    this.#doubtPolicies();
    this.#virtualLinks.addressGone(name);
    this.#statics.addressGone(name, index, address, byUs);
    this.#disturbByAddress(name, address);
    for (const router of this.#roster.on(name)) {
      if (!router.isHolding) continue;
      const place = router.addresses.findIndex((held) =>
        held.interface === name && held.address === address.address &&
        (held.peer?.prefixLength ?? held.prefixLength) === address.prefixLength
      );
      const removed = router.addresses[place];
      if (removed === undefined) continue;
      if (removed.noTrack && !byUs) {
        // A link that goes down loses addresses by itself; only what goes from one that is up was taken.
        if (this.#isUp(name)) router.leftAlone.set(removed, index);
        continue;
      }
      // Our own deletion of a primary address takes its secondaries along: they are put back without a word.
      this.#unplanned.add(router);
      if (!byUs) this.#lost.add(router, place);
    }
  }

  policyGone(key: string, byUs: boolean): void {
    this.#statics.policyGone(key, byUs);
    for (const router of this.#roster.withPolicies) {
      const policy = router.policyOf(key);
      if (policy === undefined || !router.isHolding) continue;
      if (policy.noTrack && !byUs) continue;
      router.policyKnowledge.forget(policy);
      this.#unplanned.add(router);
      if (byUs) continue;
      router.counters.routesRestored++;
      this.#tell({
        kind: "routeRestored",
        router: router.config.name,
        what: textOfPolicy(policy),
      });
    }
  }

  policiesUnknown(): void {
    this.#doubtPolicies();
  }

  policyFailed(change: PolicyChange, failure: SystemFailure): void {
    const router = this.#roster.withPolicies.find(({ config }) =>
      config.policies.includes(change.origin)
    );
    router?.policyKnowledge.forget(change.origin);
    this.#tellFailure(router?.config.name, failure);
  }

  inventoryBegan(): void {
    this.#isTakingInventory = true;
    this.#links.clear();
  }

  inventoryEnded(): void {
    this.#isTakingInventory = false;
    this.#statics.doubt();
    if (this.#nowNs > 0) this.#tell({ kind: "changesMissed" });
    for (const router of this.#roster) {
      this.#lost.addUnseen(router, this.#linkNamed);
      // Whatever of it runs is planned again, too.
      this.#gates.doubt(router);
    }
  }

  datagramReceived(receiver: SocketHandle, datagram: Datagram): void {
    const share = this.#pool.receiverOf(receiver);
    if (share === undefined) return;
    const vrid = peekVrid(datagram, share.family);
    const routers = vrid === undefined ? undefined : share.byVrid.get(vrid);
    if (routers === undefined) {
      this.#passBy(vrid, share, datagram);
      return;
    }
    const router = routers.length === 1
      ? routers[0]
      : addressee(routers, datagram);
    if (router !== undefined) this.#hear(router, share, datagram);
  }

  /** An advert of a virtual router that is not ours is none of our business, unless somebody asked for it. */
  #passBy(
    vrid: number | undefined,
    share: ReceiverShare,
    { source }: Datagram,
  ): void {
    if (vrid === undefined || !this.#isLoggingUnknown) return;
    const name = this.#links.at(share.ifIndex)?.name ?? "";
    const nowNs = this.#world.nowNs();
    this.#afterwards.push(() =>
      this.#reporter.unknownVrid(name, share.handle, source, vrid, nowNs)
    );
  }

  receiveFailed(_receiver: SocketHandle, failure: SystemFailure): void {
    this.#reporter.systemError(undefined, failure, this.#nowNs);
  }

  bfdReceived(datagram: BfdDatagram): void {
    this.#bfd.received(datagram, this.#world.nowNs());
  }

  commanded(command: EngineCommand): void {
    switch (command.kind) {
      case "stop":
        this.#stop();
        break;
      case "ping":
        this.#world.post({ kind: "pong", id: command.id });
        break;
      case "replan":
        this.#replan(command);
        break;
      case "tracker":
        this.#track(command);
        break;
      case "snapshot":
        this.#world.post({
          kind: "snapshot",
          id: command.id,
          routers: this.#roster.all.map((router) =>
            snapshotRouter(
              router,
              this.#linkNamed,
              this.#gates.startDelay(this.#nowNs),
            )
          ),
          bfd: this.#bfd.snapshots(),
          bfdRejected: this.#bfd.rejected,
          staticsRestored: this.#statics.restored,
        });
        break;
    }
  }

  abandoned(): void {
    this.#stop();
  }

  packetFailed(packet: OutgoingPacket, failure: SystemFailure): void {
    const router = this.#roster.all.find(({ sockets }) =>
      sockets?.packets.includes(packet) === true
    );
    if (router === undefined) return;
    router.counters.sendErrors++;
    // A farewell on an interface that just went down cannot leave, and need not be told.
    if (router.state.kind !== "master") return;
    this.#tellFailure(router.config.name, failure);
  }

  addressFailed(request: AddressRequest, failure: SystemFailure): void {
    const router = this.#roster.all.find(({ addresses }) =>
      addresses.includes(request.address)
    );
    if (request.present) this.#refused.add(request.address);
    this.#tellFailure(router?.config.name, failure);
  }

  schedulingFailed(failure: SystemFailure): void {
    this.#tellFailure(undefined, failure);
  }

  frameFailed(failure: SystemFailure): void {
    this.#tellFailure(undefined, failure);
  }

  /** The kernel drops routes without a word when an interface or an address that they need goes. */
  #doubtPolicies(): void {
    this.#statics.doubt();
    for (const router of this.#roster.withPolicies) {
      if (!router.isHolding) continue;
      router.policyKnowledge.forgetAll();
      this.#unplanned.add(router);
    }
  }

  #isUp(name: string): boolean {
    return ((this.#links.named(name)?.flags ?? 0) & LINK_UP) !== 0;
  }

  /** Something about an interface changed. */
  #disturb(name: string): void {
    if (this.#isTakingInventory) return;
    for (const router of this.#roster.on(name)) {
      this.#gates.doubt(router);
    }
  }

  /** Virtual addresses open no gate; one that a router asks for as its source does, wherever it is. */
  #disturbByAddress(name: string, { address }: ObservedAddress): void {
    if (this.#isTakingInventory) return;
    if (!this.#roster.isVirtual(address)) this.#disturb(name);
    for (const router of this.#roster.withSource(address)) {
      this.#gates.doubt(router);
    }
  }

  #hear(router: RouterRuntime, share: ReceiverShare, datagram: Datagram): void {
    this.#yieldIfHeldUp(router, this.#world.nowNs());
    const { state, config, counters } = router;
    if (!isRunning(state)) return;
    const verdict = checkAdvert(router.receiveContext, {
      effectivePriority: state.effectivePriority,
      isMaster: state.kind === "master",
      master: state.kind === "backup" ? state.master?.address : undefined,
      utcNs: config.advertHmac === undefined ? 0 : this.#world.utcNs(),
    }, datagram);
    const nowNs = this.#world.nowNs();
    if (verdict.kind === "rejected") {
      counters.rejected[verdict.reason]++;
      const { reason, ours, theirs } = verdict;
      this.#reporter.rejected(
        config,
        share.handle,
        datagram.source,
        reason,
        ours,
        theirs,
        nowNs,
      );
      return;
    }
    counters.advertsReceived++;
    if (verdict.advert.priority === 0) counters.priorityZeroReceived++;
    for (const difference of verdict.differences) {
      counters.tolerated[difference.kind]++;
      const { source } = verdict.advert;
      this.#afterwards.push(() =>
        this.#reporter.differs(config, share.handle, source, difference, nowNs)
      );
    }
    if (verdict.differences.length === 0) this.#trust(share, datagram);
    this.#nowNs = nowNs;
    this.#step(router, { kind: "advert", advert: verdict.advert });
  }

  /** A sender whose adverts are fine needs no watching. */
  #trust(share: ReceiverShare, { source }: Datagram): void {
    const { trusted } = share;
    if (trusted.has(source) || trusted.size >= TRUSTED_MAX) return;
    trusted.add(source);
    this.#world.trustSender(share.handle, source);
  }

  #fireTimers(dueNs: number): void {
    for (;;) {
      const due = this.#timers.popDue(dueNs);
      if (due === undefined) break;
      const lateNs = this.#nowNs - due.atNs;
      if (lateNs > LATENESS_TOLD_NS) {
        this.#tell({ kind: "late", byNs: lateNs });
      }
      const router = defined(
        this.#roster.atRow(due.router),
        "the router of a timer",
      );
      this.#yieldIfHeldUp(router, this.#nowNs);
      const isGrouped = router.group !== undefined;
      const { timer, atNs } = due;
      const earlyNs = timer === "advert"
        ? this.#crowd.earlyNs(
          atNs,
          router.config.advertIntervalNs,
          this.#roster.rows,
        )
        : 0;
      this.#step(router, { kind: "timer", timer, isGrouped, earlyNs });
    }
  }

  /** Before it answers or speaks, a MASTER that was away for long asks whether it still is one. */
  #yieldIfHeldUp(router: RouterRuntime, nowNs: number): void {
    if (!router.isOvertaken(nowNs)) return;
    this.#nowNs = nowNs;
    this.#step(router, { kind: "heldUp" });
  }

  #step(router: RouterRuntime, event: RouterEvent): void {
    const before = router.state;
    const { state, effects } = stepRouter(
      router.config,
      before,
      event,
      this.#nowNs,
    );
    router.state = state;
    for (const effect of effects) this.#apply(router, effect);
    router.group?.follow(router, before, event, effects, this.#stepMember);
  }

  #apply(router: RouterRuntime, effect: RouterEffect): void {
    switch (effect.kind) {
      case "setTimer":
        this.#timers.set(router.row, effect.timer, effect.atNs);
        break;
      case "shiftTimer":
        this.#timers.shift(router.row, effect.timer, effect.byNs);
        break;
      case "clearTimer":
        this.#timers.clear(router.row, effect.timer);
        break;
      case "sendAdvert":
        this.#sendAdvert(router, effect.priority);
        break;
      case "holdAddresses":
        router.isHolding = effect.held;
        router.leftAlone.clear();
        if (!effect.held) this.#announcer.drop(router);
        this.#unplanned.add(router);
        break;
      case "announce":
        this.#announcer.request(router.announcements, router, effect.rounds);
        break;
      case "announceExtra":
        this.#announcer.request(router.extraAnnouncements, router, 1);
        break;
      case "announceSource":
        if (router.sockets === undefined) break;
        this.#announcer.request(router.sockets.sourceAnnouncement, router, 1);
        break;
      case "transition":
        this.#tellTransition(router, effect);
        break;
      case "priorityChanged":
        this.#tell({
          kind: "priority",
          router: router.config.name,
          state: stateName(router.state),
          from: effect.from,
          to: effect.to,
        });
        break;
      case "observe": {
        const { observation } = effect;
        const receiver = router.sockets?.receivers[0]?.handle;
        const nowNs = this.#nowNs;
        this.#afterwards.push(() =>
          this.#reporter.observed(router.config, receiver, observation, nowNs)
        );
        break;
      }
    }
  }

  #sendAdvert(router: RouterRuntime, priority: number): void {
    const { counters } = router;
    const sockets = router.sockets ?? router.formerSockets;
    if (sockets === undefined) return;
    router.identification = router.identification === 0xffff
      ? 1
      : router.identification + 1;
    sockets.packets.send(
      this.#world,
      this,
      sockets.sender.handle,
      priority,
      router.identification,
      router.nextSequence(),
      router.nextStamp(this.#utcNs),
    );
    router.sentAtNs = this.#nowNs;
    counters.advertsSent++;
    if (priority === 0) counters.priorityZeroSent++;
  }

  /** What the kernel refused is told when the turn's work is done. */
  #tellFailure(router: string | undefined, failure: SystemFailure): void {
    this.#afterwards.push(() =>
      this.#reporter.systemError(router, failure, this.#nowNs)
    );
  }

  /** Tells the daemon when the turn's work is done. */
  #tell(notice: EngineNotice): void {
    this.#afterwards.push(() => this.#world.post(notice));
  }

  /** A group's state comes after those of its members. */
  #tellGroups(): void {
    for (const group of this.#roster.groups) {
      const { state, told } = group;
      if (state === told) continue;
      group.told = state;
      this.#tell({
        kind: "group",
        group: group.config.name,
        from: told,
        to: state,
      });
    }
  }

  #track(
    { name, value }: TrackedNow,
  ): void {
    if (value.kind === "interface") {
      this.#watch.beat(name, value.state === "up", this.#world.nowNs());
      this.#disturb(name);
      return;
    }
    const key = trackerKey(value.kind, name);
    this.#trackers.tell(key, value);
    for (const router of this.#roster.following(key)) this.#gates.doubt(router);
  }

  #tellTransition(
    router: RouterRuntime,
    effect: Extract<RouterEffect, { kind: "transition" }>,
  ): void {
    const { config, counters } = router;
    if (effect.to === "MASTER") counters.becameMaster++;
    if (effect.from === "MASTER") counters.releasedMaster++;
    router.lastTransitionAtNs = this.#nowNs;
    const { state } = router;
    const atNs = this.#nowNs;
    this.#afterwards.push(() => {
      this.#reporter.rearm(config.name);
      this.#world.post({
        kind: "transition",
        transition: {
          router: config.name,
          vrid: config.vrid,
          interface: config.interface,
          from: effect.from,
          to: effect.to,
          cause: effect.cause,
          reasons: state.kind === "fault" || state.kind === "waiting"
            ? state.reasons
            : [],
          master: state.kind === "backup" ? state.master : undefined,
          priority: effectivePriority(config, state),
          atNs,
        },
      });
    });
  }

  /** Carries out what the turn decided; repeats and notices follow when nothing more is due soon. */
  #finishTurn(): void {
    this.#gates.judgeAll(this.#nowNs);
    this.#tellGroups();
    this.#promotion.repair();
    if (this.#unplanned.size > 0) {
      for (const router of this.#unplanned) this.#holdings.plan(router);
      this.#unplanned.clear();
    }
    this.#statics.repair();
    this.#restoreLost();
    this.#announcer.announce(this.#nowNs);
    this.#world.flush(this);
    this.#announcer.flushed();
    this.#reporter.expire(this.#nowNs);
    if (!this.#announcer.hasRepeats && this.#afterwards.length === 0) return;
    if (this.#isMoreDueSoon()) return;
    this.#announcer.repeat();
    this.#world.flush(this);
    const afterwards = this.#afterwards;
    this.#afterwards = [];
    for (const tell of afterwards) tell();
    this.#refused.clear();
  }

  /** Somebody removed what a master holds: it is on its way back, and the neighbours are told where it is. */
  #restoreLost(): void {
    for (const { router, address } of this.#lost.take()) {
      const announcements = new Announcements([address]);
      this.#announcer.request(announcements, router, 1);
      this.#afterwards.push(() => {
        // The order may have been refused meanwhile, and that was told.
        if (this.#refused.has(address)) return;
        router.counters.addressesRestored++;
        this.#world.post({
          kind: "addressRestored",
          router: router.config.name,
          address: address.address,
          prefixLength: address.prefixLength,
          interface: address.interface,
        });
      });
    }
  }

  /**
   * Whether routers are about to act: repeating and telling a hundred transitions takes milliseconds, which those
   * that are due next should not have to wait.
   */
  #isMoreDueSoon(): boolean {
    const nowNs = this.#world.nowNs();
    if (this.#patientUntilNs === Infinity) {
      this.#patientUntilNs = nowNs + PATIENCE_NS;
    }
    const isPatient = !this.#isStopping && nowNs < this.#patientUntilNs &&
      this.#timers.earliestNs - nowNs < SOON_NS;
    if (!isPatient) this.#patientUntilNs = Infinity;
    return isPatient;
  }

  /** Carries out a reload. Routers that it does not name hear nothing of it. */
  #replan(command: ReplanCommand): void {
    const { id, remove, put, groups } = command;
    const names = new Set(remove);
    const added: RouterConfig[] = [];
    const exchanged = new Map<RouterRuntime, RouterConfig>();
    for (const { router, replaces } of put) {
      const old = replaces === undefined
        ? undefined
        : this.#roster.named(replaces);
      if (old === undefined) added.push(router);
      else exchanged.set(old, router);
    }
    const removed = this.#roster.all.filter(({ config }) =>
      names.has(config.name)
    );
    for (const router of removed) {
      this.#step(router, { kind: "stop", cause: "removed" });
    }
    const groupsBefore = groupsOf(this.#roster);
    this.#virtualLinks.doubt();
    const fresh = this.#roster.change(removed, added, exchanged, groups ?? []);
    this.#timers.grow(this.#roster.rows);
    for (const router of removed) this.#retire(router);
    if (this.#virtualLinks.hasUnused) {
      // Farewells leave by these links.
      this.#world.flush(this);
      this.#virtualLinks.removeUnused();
    }
    this.#virtualLinks.repair(this.#nowNs);
    for (const [i, old] of [...exchanged.keys()].entries()) {
      const router = defined(fresh[added.length + i], "the router instead");
      this.#exchange(old, router);
    }
    this.#share(command);
    for (const router of fresh) this.#gates.doubt(router);
    const groupsNow = groupsOf(this.#roster);
    for (const router of this.#roster) {
      if (groupsNow.get(router) !== groupsBefore.get(router)) {
        this.#gates.doubt(router);
      }
    }
    this.#trackers.keep((key) => this.#roster.following(key).length > 0);
    this.#tell({ kind: "replanned", id });
  }

  /** What routers have in common from now on, groups aside. */
  #share(plan: SharedPlan): void {
    const { announcementLimits, startsAtNs, scheduling, bfdSessions } = plan;
    this.#statics.replace(plan.statics ?? { addresses: [], policies: [] });
    this.#announcer.limit(announcementLimits ?? []);
    this.#isLoggingUnknown = plan.logUnknownVrids ?? false;
    const settled = this.#watch.delay(plan.linkDelays ?? [], this.#nowNs);
    for (const name of settled) this.#disturb(name);
    this.#gates.delayStart(startsAtNs ?? 0, this.#nowNs);
    const routers = this.#roster.all.map(({ config }) => config);
    this.#world.schedule(
      schedulingOf({ routers, scheduling, bfdSessions }),
      this,
    );
    this.#bfd.replace(bfdSessions ?? [], this.#nowNs, this.#knownBfd);
    this.#knownBfd = [];
  }

  /** Ends what a router that resigned still has. */
  #retire(router: RouterRuntime): void {
    this.#gates.forget(router);
    this.#unplanned.delete(router);
    this.#holdings.removeAll(router);
    this.#gates.releaseSockets(router);
  }

  /** `router` goes on where `old` was: same state, same timers, and of the addresses whatever both have. */
  #exchange(old: RouterRuntime, router: RouterRuntime): void {
    this.#gates.forget(old);
    // What happened in this very turn is still to be carried out.
    if (this.#unplanned.delete(old)) this.#unplanned.add(router);
    this.#lost.handOver(old, router);
    router.takeOver(old);
    // Not only what a MASTER held: what a killed predecessor left may still be there.
    this.#holdings.removeDropped(old, router);
    const gate = this.#gates.look(router);
    if (gate.kind === "closed") {
      // What the new configuration needs is not there: the farewell is the old one's.
      this.#step(old, { kind: "gateClosed", reasons: gate.reasons });
      router.takeOver(old);
      // Its machine knows; should the gate be open again by the end of the turn, that is news.
      router.gate = gate;
      this.#tell({
        kind: "gate",
        router: router.config.name,
        reasons: gate.reasons,
      });
    } else {
      // Its machine is told with everything else that is new.
      router.shownPriority = router.trackedPriority;
      this.#announcer.handOver(old, router);
      this.#gates.doubt(router);
      // Should the kernel refuse new sockets, the farewell leaves by the old ones.
      router.formerSockets = old.sockets;
      this.#gates.judgeAll(this.#nowNs);
      router.formerSockets = undefined;
      this.#step(router, {
        kind: "reconfigured",
        before: old.config,
        priority: router.trackedPriority,
      });
    }
    this.#gates.releaseSockets(old);
  }

  #stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const router of this.#roster) this.#step(router, { kind: "stop" });
    this.#statics.removeAll();
    this.#bfd.stop(this.#nowNs);
  }
}
