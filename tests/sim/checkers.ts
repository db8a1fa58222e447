/**
 * What must hold of a whole cluster, told as a sentence when it does not.
 * @module
 */
import type { Host } from "./host.ts";
import type { Lan } from "./lan.ts";

/** A timer may fire so much after its deadline. */
export const LATENESS_MAX_NS = 2e6;

/** At every moment: what a running host holds and sends fits its state. */
export function checkHost(host: Host, nowNs: number): string | undefined {
  if (host.process !== "running") return undefined;
  // What a killed predecessor left serves on until a master is heard.
  const isAdopting = host.isHolding && host.state.kind === "backup" &&
    host.state.master === undefined;
  if (host.isHolding !== host.isMaster && !isAdopting) {
    return host.isHolding
      ? `host ${host.index} holds the addresses and is not MASTER`
      : `host ${host.index} is MASTER and does not hold the addresses`;
  }
  if (!host.isMaster || host.lastAdvertNs === undefined) return undefined;
  const silentNs = nowNs - host.lastAdvertNs;
  // Lateness does not add up: an advert is due one interval after the last one was.
  const limitNs = host.config.advertIntervalNs + 2 * LATENESS_MAX_NS;
  return silentNs > limitNs
    ? `host ${host.index} is MASTER and silent for ${silentNs / 1e6} ms`
    : undefined;
}

/** Once the network has been calm for long enough: one MASTER in each piece that can have one, and the right one. */
export function checkSettled(
  hosts: readonly Host[],
  lan: Lan,
  calmSinceNs: number,
): string | undefined {
  for (const piece of new Set(hosts.map(({ index }) => lan.pieceOf(index)))) {
    const members = hosts.filter(({ index }) => lan.pieceOf(index) === piece);
    const complaint = checkPiece(members, calmSinceNs);
    if (complaint !== undefined) return `piece ${piece}: ${complaint}`;
  }
  return undefined;
}

function checkPiece(
  members: readonly Host[],
  calmSinceNs: number,
): string | undefined {
  const able = members.filter(({ isAble }) => isAble);
  const masters = members.filter((host) =>
    host.process === "running" && host.isMaster
  );
  if (able.length === 0) {
    return masters.length === 0 ? undefined : "a MASTER that is not able";
  }
  const [master] = masters;
  if (master === undefined) return "no MASTER";
  if (masters.length > 1) {
    return `${masters.length} MASTERs: hosts ${
      masters.map(({ index }) => index).join(" and ")
    }`;
  }
  const restless = able.find((host) => host.lastTransitionNs > calmSinceNs);
  if (restless !== undefined) {
    return `host ${restless.index} changed its state although all was calm`;
  }
  return checkRank(master, able);
}

/** Where everybody preempts, the highest priority rules. */
function checkRank(master: Host, able: readonly Host[]): string | undefined {
  for (const host of able) {
    if (host.config.preempt && host.config.priority > master.config.priority) {
      return `host ${host.index} should have taken over from host ${master.index}`;
    }
  }
  return undefined;
}
