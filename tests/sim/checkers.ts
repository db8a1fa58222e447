/**
 * What must hold of a whole cluster, told as a sentence when it does not.
 *
 * Who could be MASTER is judged by what the host has, never by what its engine says.
 * @module
 */
import { linksOfMember } from "../../lib/vrrp/sync_group.ts";
import { virtualLinksOf } from "../../lib/vrrp/virtual_link.ts";
import type { RouterConfig } from "../../lib/vrrp/router_config.ts";
import {
  effectivePriority,
  trackerEffect,
  type TrackerLink,
  type TrackerValue,
} from "../../lib/vrrp/tracking.ts";
import type { RouterSnapshot } from "../../lib/engine/port.ts";
import { defined } from "../../lib/assert.ts";
import type { Host } from "./host.ts";
import type { Simulation } from "./simulation.ts";

/** One host's part of a virtual router. */
export interface Member {
  readonly host: Host;
  readonly config: RouterConfig;
  readonly snapshot: RouterSnapshot | undefined;
  readonly isAble: boolean;
}

/** Those who should agree on one MASTER: same virtual router, same version, same piece of the segment. */
export interface Party {
  readonly name: string;
  readonly members: readonly Member[];
}

/** Whether a router's own host lets it run and be MASTER. */
export function isAble(host: Host, config: RouterConfig): boolean {
  if (host.process !== "running") return false;
  if (host.nowNs < (host.plan.startsAtNs ?? 0)) return false;
  const group = groupOf(host, config.name);
  const names = group?.members ?? [config.name];
  return host.plan.routers.filter(({ name }) => names.includes(name))
    .every((member) => isAbleAlone(host, member));
}

function isAbleAlone(host: Host, config: RouterConfig): boolean {
  // An ipvlan has an address of its own, and every link needs the interface below it.
  const hasSource = config.ownLink?.link.kind === "ipvlan" ||
    host.isOwnUsable(config.interface);
  const carriers = virtualLinksOf(config).filter(({ name }) =>
    config.virtualAddresses.some((one) => one.interface === name)
  );
  return host.isUp(config.interface) && hasSource &&
    carriers.every(({ parent }) => host.isUp(parent)) &&
    !linksOf(host, config).some((link) =>
      trackerEffect(link, valueOf(host, link)).kind === "fault"
    );
}

/** The priority that a router has to show. */
export function expectedPriority(host: Host, config: RouterConfig): number {
  const contributions = linksOf(host, config).map((link) => {
    const effect = trackerEffect(link, valueOf(host, link));
    return effect.kind === "weight" ? effect.contribution : 0;
  });
  return effectivePriority(config.priority, contributions);
}

function groupOf(host: Host, name: string) {
  return host.plan.groups?.find(({ members }) => members.includes(name));
}

function linksOf(host: Host, config: RouterConfig): readonly TrackerLink[] {
  return linksOfMember(
    config.links,
    groupOf(host, config.name)?.links ?? [],
  );
}

function valueOf(host: Host, { kind, tracker }: TrackerLink): TrackerValue {
  const state =
    (kind === "interface" ? host.isUp(tracker) : host.isScriptUp(tracker))
      ? "up"
      : "down";
  return kind === "interface"
    ? { kind, state }
    : { kind: "script", state, exitStatus: 0 };
}

/** All parties of the network as it is now. */
export function partiesOf(simulation: Simulation): readonly Party[] {
  const parties = new Map<string, Member[]>();
  for (const host of simulation.hosts) {
    const { snapshots } = host;
    for (const config of host.plan.routers) {
      const { name, vrid, version, interface: link } = config;
      const { segment } = host.port(link);
      const piece = simulation.lan(segment).pieceOf(host.index);
      const key = `vrid ${vrid} version ${version} in piece ${piece}`;
      const members = parties.get(key) ?? [];
      parties.set(key, members);
      members.push({
        host,
        config,
        snapshot: snapshots.find((one) => one.name === name),
        isAble: isAble(host, config),
      });
    }
  }
  return [...parties].map(([name, members]) => ({ name, members }));
}

/** Whether all hosts have the same sync groups: where they differ, nobody may be able to lead one. */
export function areGroupsAlike(simulation: Simulation): boolean {
  const texts = simulation.hosts.filter(({ process }) => process === "running")
    .map(({ plan }) => {
      const groups = (plan.groups ?? []).map(({ members }) => members);
      return JSON.stringify([groups, plan.routers.map(({ name }) => name)]);
    });
  return new Set(texts).size <= 1;
}

/**
 * Once the network has been calm for long enough: one MASTER in each piece that can have one, and the right one. Where
 * it is not decided who leads there are never two.
 */
export function checkSettled(
  simulation: Simulation,
  calmSinceNs: number,
  isDecided: boolean,
): string | undefined {
  for (const { name, members } of partiesOf(simulation)) {
    const complaint = checkParty(members, calmSinceNs, isDecided);
    if (complaint !== undefined) return `${name}: ${complaint}`;
  }
  return undefined;
}

function checkParty(
  members: readonly Member[],
  calmSinceNs: number,
  isDecided: boolean,
): string | undefined {
  const able = members.filter(({ isAble }) => isAble);
  const masters = members.filter(isMaster);
  if (masters.length > 1) {
    return `${masters.length} MASTERs: hosts ${
      masters.map(({ host }) => host.index).join(" and ")
    }`;
  }
  for (const { host, config, isAble, snapshot } of members) {
    if (!isAble && (snapshot?.state ?? "FAULT") === "MASTER") {
      return `host ${host.index} is MASTER and not able`;
    }
    if (isAble && !isRunning(snapshot)) {
      return `host ${host.index} is ${snapshot?.state} and could run`;
    }
    const priority = expectedPriority(host, config);
    if (isAble && priority < 255 && snapshot?.effectivePriority !== priority) {
      return `host ${host.index} has priority ${snapshot?.effectivePriority}, not ${priority}`;
    }
  }
  const [master] = masters;
  const untold = master && untoldAddress(master);
  if (untold !== undefined) return `nobody was told where ${untold} is`;
  if (master === undefined) {
    return able.length === 0 || !isDecided ? undefined : "no MASTER";
  }
  if (!isDecided) return undefined;
  const restless = able.find(({ snapshot }) =>
    (snapshot?.lastTransitionAtNs ?? 0) > calmSinceNs
  );
  if (restless !== undefined) {
    return `host ${restless.host.index} changed its state although all was calm`;
  }
  return checkRank(master, able);
}

/** An address that its MASTER did not announce since it is MASTER. */
function untoldAddress({ host, config, snapshot }: Member): string | undefined {
  const sinceNs = snapshot?.lastTransitionAtNs ?? Infinity;
  return config.virtualAddresses.find(({ address }) =>
    (host.announcedAtNs.get(address) ?? -Infinity) < sinceNs
  )?.address;
}

export function isMaster({ snapshot }: Member): boolean {
  return snapshot?.state === "MASTER";
}

function isRunning(snapshot: RouterSnapshot | undefined): boolean {
  return snapshot?.state === "MASTER" || snapshot?.state === "BACKUP";
}

/** Where everybody preempts, the highest priority rules. */
function checkRank(
  master: Member,
  able: readonly Member[],
): string | undefined {
  const priorityOf = ({ snapshot }: Member) =>
    defined(snapshot, "the snapshot of one that runs").effectivePriority;
  for (const member of able) {
    if (
      member.config.preempt && priorityOf(member) > priorityOf(master)
    ) {
      return `host ${member.host.index} should have taken over from host ${master.host.index}`;
    }
  }
  return undefined;
}
