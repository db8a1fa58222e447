/**
 * What routers have in common: the engine's part of a plan, and what a reload changes of it.
 * @module
 */
import type {
  EnginePlan,
  Scheduling,
  SharedPlan,
  StaticPlan,
} from "../engine/port.ts";

/** What an operator calls the parts. */
const WORDS = {
  groups: "sync groups",
  announcementLimits: "limits of announcements",
  linkDelays: "delays of interfaces",
  logUnknownVrids: "logging of unknown virtual routers",
  bfdSessions: "BFD sessions",
  startsAtNs: "start delay",
  scheduling: "scheduling",
  statics: "static addresses, routes and rules",
} as const satisfies Record<keyof SharedPlan, string>;

const PARTS = [
  "groups",
  "announcementLimits",
  "linkDelays",
  "logUnknownVrids",
  "bfdSessions",
  "startsAtNs",
  "scheduling",
  "statics",
] as const satisfies readonly (keyof SharedPlan)[];

const ORDINARY: Scheduling = {
  realtimePriority: undefined,
  cpus: undefined,
};

const NO_STATICS: StaticPlan = { addresses: [], policies: [] };

/** The engine's part of a plan that may have others. */
export function enginePlan(plan: EnginePlan): EnginePlan {
  return { routers: plan.routers, ...sharedPlan(plan) };
}

/** What the routers of `plan` have in common. */
export function sharedPlan(
  {
    groups = [],
    announcementLimits = [],
    linkDelays = [],
    logUnknownVrids = false,
    bfdSessions = [],
    startsAtNs = 0,
    scheduling = ORDINARY,
    statics = NO_STATICS,
  }: SharedPlan,
): Required<SharedPlan> {
  return {
    groups,
    announcementLimits,
    linkDelays,
    logUnknownVrids,
    bfdSessions,
    startsAtNs,
    scheduling,
    statics,
  };
}

/** Which parts differ, in words. */
export function sharedChanges(a: SharedPlan, b: SharedPlan): readonly string[] {
  const before = sharedPlan(a);
  const now = sharedPlan(b);
  return PARTS
    .filter((part) =>
      JSON.stringify(before[part]) !== JSON.stringify(now[part])
    )
    .map((part) => `${WORDS[part]} changed`);
}
