/**
 * What tracked objects do to a virtual router: the effective priority, and FAULT.
 *
 * Says:    keepalived's `track_interface`, `track_script`, `track_file`, `track_process` and `track_bfd`.
 * Units:   weights -253..253 (files and processes -254..254); the sum is not clamped, the priority is, to 1..254.
 * Checks:  nothing: weights were checked with the configuration.
 * Errors:  none.
 * @module
 */
import { unreachable } from "../assert.ts";

/** The configured priority of an address owner; no tracker changes it. */
const OWNER = 255;
const PRIORITY_MIN = 1;
const PRIORITY_MAX = 254;
/** A file whose number times its weight is at most this is a fault, not a priority. */
const FILE_FAULT = -254;

export type TrackerKind = "interface" | "script" | "file" | "process" | "bfd";

/** What is known of a tracked object now. */
export type TrackerValue =
  | { readonly kind: "interface"; readonly state: "up" | "down" }
  /** `initial`: no result yet. `exitStatus` is undefined after a signal or a time-out. */
  | {
    readonly kind: "script";
    readonly state: "up" | "down" | "initial";
    readonly exitStatus: number | undefined;
  }
  /** The number that the file holds, -2147483648..2147483647; 0 if it is missing. */
  | { readonly kind: "file"; readonly value: number }
  /** `count` processes match; `state` already has quorum and delays in it. */
  | {
    readonly kind: "process";
    readonly state: "up" | "down";
    readonly count: number;
  }
  | { readonly kind: "bfd"; readonly state: "up" | "down" };

/** How one router, or one group, follows a tracked object. */
export interface TrackerLink {
  readonly kind: TrackerKind;
  /** Name of the tracked object: the interface, or the block's name; unique within its kind. */
  readonly tracker: string;
  /** 0: a failure is FAULT. For a file the multiplier of its number. */
  readonly weight: number;
  readonly reverse: boolean;
}

/** What one tracked object does to a router that follows it. */
export type TrackerEffect =
  | { readonly kind: "weight"; readonly contribution: number }
  /** The router must not be MASTER or BACKUP. */
  | { readonly kind: "fault" }
  /** As `fault`, silently: a weightless script has not told its first result. */
  | { readonly kind: "unknown" };

const NOTHING: TrackerEffect = { kind: "weight", contribution: 0 };
const FAULT: TrackerEffect = { kind: "fault" };
const UNKNOWN: TrackerEffect = { kind: "unknown" };

/** What `value` does through `link`. */
export function trackerEffect(
  link: TrackerLink,
  value: TrackerValue,
): TrackerEffect {
  switch (value.kind) {
    case "file":
      return fileEffect(link, value.value);
    case "script":
      if (value.state === "initial") {
        return link.weight === 0 ? UNKNOWN : NOTHING;
      }
      return stateEffect(link, value.state === "up");
    case "interface":
    case "process":
    case "bfd":
      return stateEffect(link, value.state === "up");
    default:
      return unreachable(value);
  }
}

/**
 * The priority that a router shows, 1..254, from its configured one (1..255) and all contributions.
 *
 * Only the result is clamped: a sum clamped on the way would lose weight when trackers come back.
 */
export function effectivePriority(
  priority: number,
  contributions: readonly number[],
): number {
  if (priority === OWNER) return OWNER;
  let sum = priority;
  for (const contribution of contributions) sum += contribution;
  return Math.min(Math.max(sum, PRIORITY_MIN), PRIORITY_MAX);
}

function stateEffect(
  { weight, reverse }: TrackerLink,
  isUp: boolean,
): TrackerEffect {
  if (weight === 0) return isUp === reverse ? FAULT : NOTHING;
  const plain = isUp ? Math.max(weight, 0) : Math.min(weight, 0);
  return contributing(plain, reverse);
}

function fileEffect(
  { weight, reverse }: TrackerLink,
  value: number,
): TrackerEffect {
  if (weight === 0) return (value !== 0) === reverse ? NOTHING : FAULT;
  const effect = contributing(value * weight, reverse);
  return effect.kind === "weight" && effect.contribution <= FILE_FAULT
    ? FAULT
    : effect;
}

function contributing(plain: number, reverse: boolean): TrackerEffect {
  if (plain === 0) return NOTHING;
  return { kind: "weight", contribution: reverse ? -plain : plain };
}
