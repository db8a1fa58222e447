/**
 * The states of a virtual router, and what everybody may ask of one.
 *
 * Says:    RFC 9568 §6.4; RFC 9568's Active is MASTER here.
 * Units:   nanoseconds on a monotonic clock.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { RouterConfig } from "./router_config.ts";
import type { GateReason, RouterStateName } from "./router_io.ts";

/** The master a backup follows. */
export interface KnownMaster {
  readonly address: IpAddress;
  readonly priority: number;
}

/** Never ran since the start: something it needs has not appeared yet. */
export interface WaitingState {
  readonly kind: "waiting";
  readonly reasons: readonly GateReason[];
}

/** Ran, and lost something it needs. */
export interface FaultState {
  readonly kind: "fault";
  readonly reasons: readonly GateReason[];
}

export interface BackupState {
  readonly kind: "backup";
  readonly source: IpAddress;
  readonly effectivePriority: number;
  readonly master: KnownMaster | undefined;
  /** Master_Adver_Interval: learned from adverts in v3. */
  readonly masterAdvertIntervalNs: number;
  /** End of `preempt_delay`; undefined until a lower priority was heard. */
  readonly preemptAtNs: number | undefined;
  /** Would be MASTER, if all of its sync group would. */
  readonly wantsMaster: boolean;
}

export interface MasterState {
  readonly kind: "master";
  readonly source: IpAddress;
  readonly effectivePriority: number;
  /** When the next regular advert is due. */
  readonly nextAdvertNs: number;
  readonly rogue: RogueOwner;
}

/** Where we are with a second owner: keepalived gives it two adverts, then a last chance, then yields. */
export type RogueOwner =
  | { readonly kind: "none" }
  | {
    readonly kind: "counting";
    readonly advertsLeft: number;
    readonly intervalNs: number;
  }
  | { readonly kind: "patience" };

export interface StoppedState {
  readonly kind: "stopped";
}

export type RouterState =
  | WaitingState
  | FaultState
  | BackupState
  | MasterState
  | StoppedState;

/** A router before its first look at the world. */
export const INITIAL_STATE: RouterState = { kind: "waiting", reasons: [] };

/** The name operators know a state by. */
export function stateName(state: RouterState): RouterStateName {
  switch (state.kind) {
    case "waiting":
      return "WAITING";
    case "fault":
      return "FAULT";
    case "backup":
      return "BACKUP";
    case "master":
      return "MASTER";
    case "stopped":
      return "STOPPED";
  }
}

/** Whether the router speaks or listens: it is BACKUP or MASTER. */
export function isRunning(
  state: RouterState,
): state is BackupState | MasterState {
  return state.kind === "backup" || state.kind === "master";
}

/** The priority the router works with, 1..255. */
export function effectivePriority(
  config: RouterConfig,
  state: RouterState,
): number {
  return isRunning(state) ? state.effectivePriority : config.priority;
}
