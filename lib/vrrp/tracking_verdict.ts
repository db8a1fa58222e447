/**
 * All that a router tracks, weighed: the priority it shows and the reasons why it may not run.
 *
 * Says:    keepalived's tracking. A script that has not ended once holds back a router that does not run yet, and
 *          none that runs.
 * Errors:  none.
 * Cost:    one pass over the links.
 * @module
 */
import type { ObservedLink } from "../route/observed_link.ts";
import { addLinkReasons, isUpAndRunning } from "./gate.ts";
import type { GateReason } from "./router_io.ts";
import {
  effectivePriority,
  trackerEffect,
  type TrackerLink,
  type TrackerValue,
} from "./tracking.ts";

export interface TrackingVerdict {
  /** 1..255. */
  readonly priority: number;
  /** Why the router may not run; empty when it may. */
  readonly reasons: readonly GateReason[];
  /** Why it may not begin to run: what has told no value yet. */
  readonly pending: readonly GateReason[];
}

/** `valueOf` knows what was told of scripts, files and processes; `linkNamed` knows the interfaces. */
export function judgeTracking(
  priority: number,
  links: readonly TrackerLink[],
  valueOf: (link: TrackerLink) => TrackerValue | undefined,
  linkNamed: (name: string) => ObservedLink | undefined,
): TrackingVerdict {
  const contributions: number[] = [];
  const reasons: GateReason[] = [];
  const pending: GateReason[] = [];
  for (const link of links) {
    const { kind, tracker: name, reverse } = link;
    const observed = kind === "interface" ? linkNamed(name) : undefined;
    const value = kind === "interface"
      ? interfaceValue(observed)
      : valueOf(link);
    if (value === undefined) {
      if (link.weight === 0) {
        pending.push({ kind: "trackerPending", tracker: kind, name });
      }
      continue;
    }
    const effect = trackerEffect(link, value);
    switch (effect.kind) {
      case "weight":
        contributions.push(effect.contribution);
        break;
      case "unknown":
        pending.push({ kind: "trackerPending", tracker: kind, name });
        break;
      case "fault":
        if (kind === "interface" && !reverse) {
          addLinkReasons(name, observed, reasons);
        } else {
          reasons.push({ kind: "trackerFailed", tracker: kind, name, reverse });
        }
    }
  }
  return {
    priority: effectivePriority(priority, contributions),
    reasons,
    pending,
  };
}

function interfaceValue(link: ObservedLink | undefined): TrackerValue {
  const isUp = link !== undefined && isUpAndRunning(link);
  return { kind: "interface", state: isUp ? "up" : "down" };
}
