/**
 * Two to five hosts run from a seed: things go wrong for a while, then the network is calm, and the cluster must come
 * to rest with one MASTER of each virtual router in each piece. A reload that changes nothing must do nothing. Then
 * a MASTER leaves, with or without a word, and another must be there as soon as the protocol allows.
 *
 * Units:   nanoseconds of simulated time.
 * @module
 */
import { ADDRESS_TENTATIVE, LINK_UP } from "../../lib/route/observed_link.ts";
import {
  areGroupsAlike,
  checkSettled,
  isMaster,
  type Member,
  partiesOf,
} from "./checkers.ts";
import { virtualLinksOf } from "../../lib/vrrp/virtual_link.ts";
import type { Host } from "./host.ts";
import { intruderAdvert } from "./intruder.ts";
import { Random } from "./random.ts";
import {
  chooseReload,
  chooseScenario,
  type Fault,
  type HostFault,
  type Scenario,
  SCRIPT,
} from "./scenario.ts";
import { LATENESS_MAX_NS, Simulation } from "./simulation.ts";

/** What became of a run. */
export interface Outcome {
  readonly seed: number;
  /** What did not hold; undefined when all did. */
  readonly failure: string | undefined;
  /** Everything that happened, one line each; empty unless it was asked for. */
  readonly trace: readonly string[];
  readonly advertsSent: number;
  /** Simulated time of all virtual routers of all hosts together. */
  readonly routerNs: number;
  readonly transitions: number;
}

/** Runs what `seed` stands for. */
export function runSeed(seed: number, isTraced = false): Outcome {
  return new SeedRun(seed, isTraced).run();
}

class SeedRun {
  readonly #random: Random;
  readonly #scenario: Scenario;
  readonly #simulation: Simulation;
  #arePiecesAlike = true;

  constructor(readonly seed: number, isTraced: boolean) {
    this.#random = new Random(seed);
    this.#scenario = chooseScenario(this.#random);
    const { hosts, segments, rough } = this.#scenario;
    this.#simulation = new Simulation(
      this.#random,
      hosts,
      segments,
      rough,
      isTraced,
    );
  }

  run(): Outcome {
    const simulation = this.#simulation;
    const { hosts, trace } = simulation;
    const routers = hosts.reduce(
      (sum, { plan }) => sum + plan.routers.length,
      0,
    );
    this.#play();
    if (simulation.failure !== undefined) {
      for (const host of hosts) trace.push(...host.describe());
    }
    return {
      seed: this.seed,
      failure: simulation.failure,
      trace,
      advertsSent: sum(hosts, (host) => host.advertsSent),
      routerNs: simulation.elapsedNs * routers,
      transitions: sum(hosts, (host) => host.transitions),
    };
  }

  #play(): void {
    const simulation = this.#simulation;
    const { roughNs, settleNs, watchNs, faults, mayReject } = this.#scenario;
    for (const host of simulation.hosts) this.#boot(host, roughNs);
    for (const { atNs, fault } of faults) {
      simulation.after(atNs, () => this.#inflict(fault));
    }
    simulation.run(roughNs);
    this.#calmDown();
    simulation.run(settleNs);
    const settledNs = simulation.nowNs;
    simulation.run(watchNs);
    for (const host of simulation.hosts) {
      simulation.act(host, () => host.look());
    }
    simulation.failure ??=
      checkSettled(simulation, settledNs, this.#areDecided) ??
        this.#checkGroups();
    if (!mayReject && sum(simulation.hosts, (host) => host.rejected) > 0) {
      simulation.failure ??= "an advert was rejected without a reason";
    }
    if (simulation.failure === undefined) this.#reloadUnchanged();
    if (simulation.failure === undefined) this.#handOver();
    if (simulation.failure === undefined) this.#stopAll();
  }

  /** Hosts boot one after the other, and some get their address late. */
  #boot(host: Host, roughNs: number): void {
    const random = this.#random;
    const simulation = this.#simulation;
    for (const { link } of host.ports) {
      if (random.chance(0.2)) {
        simulation.act(host, () => host.removeOwn(link));
        simulation.actAfter(
          random.between(0, roughNs),
          host,
          () => host.addOwn(link),
        );
      }
    }
    const bootNs = random.between(0, roughNs / 4);
    simulation.actAfter(bootNs, host, () => host.start());
  }

  #inflict(fault: Fault): void {
    const simulation = this.#simulation;
    switch (fault.kind) {
      case "cut":
        simulation.tell(`the network is cut: ${fault.pieces.join(" ")}`);
        for (const lan of simulation.lans) lan.cut(fault.pieces);
        break;
      case "cutSegment":
        simulation.tell(
          `segment ${fault.segment} is cut: ${fault.pieces.join(" ")}`,
        );
        simulation.lan(fault.segment).cut(fault.pieces);
        break;
      case "block":
        simulation.tell(`host ${fault.to} no longer hears host ${fault.host}`);
        simulation.lan(fault.segment).block(fault.host, fault.to);
        break;
      case "intruder":
        this.#intrude(fault.segment);
        break;
      default: {
        const host = simulation.host(fault.host);
        simulation.act(host, () => this.#hurt(host, fault.kind, fault.link));
      }
    }
  }

  #hurt(host: Host, kind: HostFault, link: string): void {
    switch (kind) {
      case "linkDown":
        return host.setFlags(link, 0);
      case "noCarrier":
        return host.setFlags(link, LINK_UP);
      case "linkRemoved":
        return host.removeLink(link);
      case "linkRenamed":
        return host.rename(link);
      case "renumbered":
        return this.#renumber(host);
      case "linkMended":
        return host.mend(link);
      case "addressLost":
        return host.removeOwn(link);
      case "addressBack":
        return host.addOwn(link);
      case "addressTentative":
        return this.#addTentative(host, link);
      case "stripped":
        return host.strip(link);
      case "virtualLinkLost":
        return this.#loseVirtualLink(host);
      case "overrun":
        return host.overrun(link);
      case "scriptFails":
      case "scriptSucceeds":
        return host.setScript(SCRIPT, kind === "scriptSucceeds");
      case "clockForward":
        return host.advanceClock(this.#random.between(0, 2e9));
      case "reload":
        return host.reload(chooseReload(this.#random, host.plan));
      case "crash":
        return this.#crash(host);
      case "kill":
        return host.kill();
      case "stop":
        return host.stop();
      case "start":
        return host.start();
      case "freeze":
        return host.freeze();
      case "thaw":
        return host.thaw();
    }
  }

  /** Duplicate address detection takes its time. */
  #addTentative(host: Host, link: string): void {
    host.addOwn(link, ADDRESS_TENTATIVE);
    this.#simulation.actAfter(
      this.#random.between(0, this.#scenario.roughNs / 8),
      host,
      () => host.addOwn(link),
    );
  }

  /**
   * Peers that are known by their addresses would not be found again, and an ipvlan keeps its own: who is above whom
   * would not be the same everywhere any more.
   */
  #renumber(host: Host): void {
    const isTied = host.plan.routers.some(({ unicastPeers, ownLink }) =>
      unicastPeers !== undefined || ownLink?.link.kind === "ipvlan"
    );
    if (!isTied) host.renumber();
  }

  #loseVirtualLink(host: Host): void {
    for (const router of host.plan.routers) {
      const [link] = virtualLinksOf(router);
      if (link !== undefined) return host.removeLink(link.name);
    }
  }

  #crash(host: Host): void {
    if (!host.crash()) return;
    this.#simulation.actAfter(
      this.#random.between(1e6, Math.min(100e6, this.#scenario.roughNs / 8)),
      host,
      () => host.resume(),
    );
  }

  /** Somebody uses a vrid of ours for a while. */
  #intrude(segment: number): void {
    const simulation = this.#simulation;
    const random = this.#random;
    const victim = random.pick(simulation.hosts);
    const config = victim.plan.routers.find(({ interface: link }) =>
      victim.port(link).segment === segment
    );
    if (config === undefined) return;
    const advert = intruderAdvert(random, config, simulation.hosts);
    const adverts = 1 + random.below(8);
    for (let i = 0; i < adverts; i++) {
      simulation.after(i * config.advertIntervalNs / 2, () => {
        simulation.tell(
          `an intruder sends ${advert.what} to segment ${segment}`,
        );
        for (const datagram of advert.datagrams) {
          simulation.inject(segment, datagram);
        }
      });
    }
  }

  /** The end of all trouble, except for what is to last. */
  #calmDown(): void {
    const simulation = this.#simulation;
    const random = this.#random;
    simulation.tell("all is calm from here");
    const pieces = this.#choosePieces();
    // Groups that are cut in another way on each segment have no MASTER that all could know; but never two.
    const areAlike = random.chance(0.9);
    this.#arePiecesAlike = areAlike || simulation.lans.length === 1;
    for (const lan of simulation.lans) {
      lan.rules = this.#scenario.calm;
      lan.unblock();
      lan.cut(areAlike ? pieces : this.#choosePieces());
    }
    for (const host of simulation.hosts) {
      simulation.act(host, () => host.thaw());
      if (!random.chance(0.85)) continue;
      for (const { link } of host.ports) {
        simulation.act(host, () => host.mend(link));
      }
      simulation.act(host, () => host.start());
    }
    if (random.chance(0.5)) return;
    this.#scenario.hosts.forEach(({ plan }, i) => {
      const host = simulation.host(i);
      const { routers, groups, startsAtNs = 0 } = host.plan;
      if (routers === plan.routers && groups === plan.groups) return;
      simulation.act(host, () => host.reload({ ...plan, startsAtNs }));
    });
  }

  #choosePieces(): readonly number[] {
    const { hosts } = this.#simulation;
    const isWhole = this.#random.chance(0.7);
    return hosts.map(() => isWhole ? 0 : this.#random.below(2));
  }

  /** Whether the hosts of a piece can agree on who leads. */
  get #areDecided(): boolean {
    return this.#arePiecesAlike && areGroupsAlike(this.#simulation);
  }

  #checkGroups(): string | undefined {
    const loose = this.#simulation.hosts.find((host) => host.incoherentNs > 0);
    return loose === undefined
      ? undefined
      : `host ${loose.index}'s group is not in step for ${
        loose.incoherentNs / 1e6
      } ms`;
  }

  #reloadUnchanged(): void {
    const simulation = this.#simulation;
    const host = this.#random.pick(simulation.hosts);
    // What is due anyway is not the reload's doing.
    if (host.deadlineNs <= simulation.nowNs) return;
    const before = [host.advertsSent, host.orders, host.transitions];
    simulation.act(host, () => host.reload({ ...host.plan }));
    const after = [host.advertsSent, host.orders, host.transitions];
    if (before.join() === after.join()) return;
    simulation.failure ??=
      `host ${host.index} did something for a reload that changes nothing`;
  }

  /** A MASTER leaves; somebody who can must have taken over when the fastest of them had to. */
  #handOver(): void {
    const simulation = this.#simulation;
    const parties = partiesOf(simulation);
    const leaver = parties.flatMap(({ members }) => members).find(isMaster)
      ?.host;
    if (leaver === undefined || !this.#areDecided) return;
    const left = parties.filter(({ members }) =>
      members.some((member) => member.host === leaver && isMaster(member))
    );
    const isGraceful = this.#random.chance(0.5);
    const limitNs = Math.max(
      ...left.map(({ members }) => patienceOf(members, leaver, isGraceful)),
    );
    const wanted = left.filter(({ members }) =>
      members.some(({ host, isAble }) => isAble && host !== leaver)
    ).map(({ name }) => name);
    simulation.act(leaver, () => isGraceful ? leaver.stop() : leaver.kill());
    if (wanted.length === 0) return;
    simulation.run(
      limitNs + this.#scenario.calm.delayMaxNs + 2 * LATENESS_MAX_NS,
    );
    for (const { name, members } of partiesOf(simulation)) {
      if (!wanted.includes(name) || members.some(isMaster)) continue;
      simulation.failure ??= `${name}: nobody took over within ${
        limitNs / 1e6
      } ms after host ${leaver.index} ${
        isGraceful ? "resigned" : "was killed"
      }`;
    }
  }

  #stopAll(): void {
    const simulation = this.#simulation;
    for (const host of simulation.hosts) {
      simulation.act(host, () => host.stop());
    }
  }
}

/** How long the fastest of those who could take over waits. */
function patienceOf(
  members: readonly Member[],
  leaver: Host,
  isGraceful: boolean,
): number {
  const theirs = members.find(({ host }) => host === leaver)?.config
    .advertIntervalNs ?? 0;
  const patience = members.filter(({ host, isAble }) =>
    host !== leaver && isAble
  ).map(({ config, snapshot }) => {
    const priority = config.priority === 255
      ? 255
      : snapshot?.effectivePriority ?? config.priority;
    const intervalNs = config.version === 2 ? config.advertIntervalNs : theirs;
    // As the RFCs say it: what the engine reckons with is what is judged.
    const unitNs = config.version === 2 ? 1e9 : theirs;
    const skewNs = (256 - priority) * unitNs / 256;
    return isGraceful ? skewNs : config.downTimerAdverts * intervalNs + skewNs;
  });
  return patience.length === 0 ? 0 : Math.min(...patience);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
