/**
 * One virtual router as a pure machine: `(state, event, now) → (state, effects)`.
 *
 * Says:    RFC 9568 §6.4 and RFC 3768 §6.4, with keepalived's preempt delay, second owner and announcements.
 *          RFC 9568's Active is MASTER here, as operators and keepalived.conf say; its Active_Down_Timer is
 *          `masterDown`, its Adver_Timer `advert`.
 * Units:   nanoseconds on a monotonic clock.
 * Checks:  nothing of the packets: receive.ts has accepted them. A timer that is not the state's is ignored.
 * Deviates: the advert timer restarts only when an advert was sent (keepalived restarts it on every packet and can be
 *          silenced); one refresh timer however often MASTER is entered; an advert may leave before its time when the
 *          adverts of many routers are due in one moment (engine/advert_crowd.ts).
 * Cost:    on the steady paths (advert due, advert heard) a few small objects.
 * @module
 */
import { compareIpAddresses, type IpAddress } from "../addr/ip_address.ts";
import { unreachable } from "../assert.ts";
import { masterDownIntervalNs, routerSkewNs } from "./intervals.ts";
import type { RouterConfig } from "./router_config.ts";
import {
  type BackupState,
  effectivePriority,
  isRunning,
  type KnownMaster,
  type MasterState,
  type RogueOwner,
  type RouterState,
  stateName,
} from "./router_state.ts";
import type {
  AcceptedAdvert,
  GateReason,
  RouterEffect,
  RouterEvent,
  RouterStateName,
  RouterTimer,
  TransitionCause,
} from "./router_io.ts";

export interface RouterStep {
  readonly state: RouterState;
  /** In the order in which they are to happen. */
  readonly effects: readonly RouterEffect[];
}

const NO_EFFECTS: readonly RouterEffect[] = [];
const RELEASE: readonly RouterEffect[] = [
  { kind: "holdAddresses", held: false },
];
const NO_ROGUE: RogueOwner = { kind: "none" };
const OWNER = 255;
const ROGUE_ADVERTS = 2;
const ROGUE_PATIENCE = 1.2;
const MASTER_TIMERS: readonly RouterTimer[] = [
  "advert",
  "garpDelay",
  "garpRefresh",
  "garpExtra",
  "garpLowerPriority",
  "rogueOwner",
];

/** Takes one event; the state and the effect list are the very same objects when nothing happens. */
export function stepRouter(
  config: RouterConfig,
  state: RouterState,
  event: RouterEvent,
  nowNs: number,
): RouterStep {
  switch (event.kind) {
    case "advert":
      if (state.kind === "backup") {
        return hearAsBackup(config, state, event.advert, nowNs);
      }
      if (state.kind === "master") {
        return hearAsMaster(config, state, event.advert, nowNs);
      }
      return nothing(state);
    case "timer":
      return fire(config, state, event, nowNs);
    case "priority":
      return changePriority(config, state, event.priority, nowNs);
    case "groupMaster":
      return state.kind === "backup"
        ? becomeMaster(config, state, state.source, event.cause, nowNs)
        : nothing(state);
    case "groupBackup":
      return leaveQuietly(config, state, "syncGroup", nowNs);
    case "heldUp":
      return leaveQuietly(config, state, "heldUp", nowNs);
    case "groupHeardLower":
      return state.kind === "master"
        ? { state, effects: announceOverLower(config, nowNs) }
        : nothing(state);
    case "gateOpened":
      return openGate(config, state, event, nowNs);
    case "gateClosed":
      return closeGate(state, event.reasons);
    case "sourceChanged":
      return changeSource(state, event.source);
    case "reconfigured":
      return reconfigure(config, state, event, nowNs);
    case "stop":
      return stop(state, event.cause ?? "stop");
    default:
      return unreachable(event);
  }
}

function nothing(state: RouterState): RouterStep {
  return { state, effects: NO_EFFECTS };
}

function transition(
  from: RouterState,
  to: RouterStateName,
  cause: TransitionCause,
): RouterEffect {
  return { kind: "transition", from: stateName(from), to, cause };
}

function setTimer(timer: RouterTimer, atNs: number): RouterEffect {
  return { kind: "setTimer", timer, atNs };
}

function clearTimers(timers: readonly RouterTimer[]): RouterEffect[] {
  return timers.map((timer) => ({ kind: "clearTimer", timer }));
}

function isSkippingTheWait(config: RouterConfig): boolean {
  return config.priority === OWNER && config.initialState === "MASTER";
}

function openGate(
  config: RouterConfig,
  state: RouterState,
  event: Extract<RouterEvent, { kind: "gateOpened" }>,
  nowNs: number,
): RouterStep {
  const { source, isResuming, priority = config.priority } = event;
  if (state.kind === "waiting" && isResuming) {
    // Neighbours and peers saw nothing of the crash: a wait would be an outage.
    return becomeMaster(config, state, source, "resumed", nowNs, priority);
  }
  if (state.kind !== "waiting" && state.kind !== "fault") {
    return changeSource(state, source);
  }
  // A peer's neighbour entry for us may have gone stale while we were away (unicast only: it sends to our address).
  const greeting: RouterEffect[] =
    state.kind === "fault" && config.unicastPeers !== undefined
      ? [{ kind: "announceSource" }]
      : [];
  const skipsTheWait = isSkippingTheWait(config);
  if (skipsTheWait && !event.isGrouped) {
    const step = becomeMaster(config, state, source, "owner", nowNs, OWNER);
    return { state: step.state, effects: [...step.effects, ...greeting] };
  }
  const { state: backup, effects } = becomeBackup(
    config,
    state,
    source,
    undefined,
    config.advertIntervalNs,
    "gateOpened",
    nowNs,
    priority,
  );
  return {
    state: { ...backup, wantsMaster: skipsTheWait },
    effects: [...effects, ...greeting],
  };
}

function closeGate(
  state: RouterState,
  reasons: readonly GateReason[],
): RouterStep {
  switch (state.kind) {
    case "waiting":
      // What a killed predecessor left in the kernel must not answer while another router is MASTER.
      if (!reasons.some(isFault)) {
        return { state: { kind: "waiting", reasons }, effects: RELEASE };
      }
      return {
        state: { kind: "fault", reasons },
        effects: [transition(state, "FAULT", "gateClosed"), ...RELEASE],
      };
    case "fault":
      return { state: { kind: "fault", reasons }, effects: NO_EFFECTS };
    case "backup":
      return {
        state: { kind: "fault", reasons },
        effects: [
          transition(state, "FAULT", "gateClosed"),
          ...leftoversOf(state),
          ...clearTimers(["masterDown"]),
        ],
      };
    case "master":
      return {
        state: { kind: "fault", reasons },
        effects: resign(state, "FAULT", "gateClosed"),
      };
    case "stopped":
      return nothing(state);
  }
}

/** What a router waits for may come by itself; what has failed is a fault from the first moment. */
function isFault(reason: GateReason): boolean {
  return reason.kind === "trackerFailed" ||
    reason.kind === "syncGroup" && reason.isFault;
}

function changeSource(state: RouterState, source: IpAddress): RouterStep {
  return isRunning(state) && state.source !== source
    ? { state: { ...state, source }, effects: NO_EFFECTS }
    : nothing(state);
}

/** Goes on as it is under another configuration of the same virtual router. */
function reconfigure(
  config: RouterConfig,
  state: RouterState,
  event: Extract<RouterEvent, { kind: "reconfigured" }>,
  nowNs: number,
): RouterStep {
  if (!isRunning(state)) return nothing(state);
  const { before } = event;
  // An owner that stepped down for a second owner stays so until that one is gone.
  const effectivePriority = config.priority === OWNER &&
      before.priority === OWNER
    ? state.effectivePriority
    : event.priority ?? config.priority;
  if (state.kind === "backup") {
    const masterAdvertIntervalNs =
      config.version === 3 && state.master !== undefined
        ? state.masterAdvertIntervalNs
        : config.advertIntervalNs;
    const downNs = masterDownIntervalNs(
      config,
      effectivePriority,
      masterAdvertIntervalNs,
    );
    return {
      state: { ...state, effectivePriority, masterAdvertIntervalNs },
      effects: [setTimer("masterDown", nowNs + downNs)],
    };
  }
  const nextAdvertNs = nowNs + config.advertIntervalNs;
  const { masterDelayNs, masterRefreshNs, masterRepeat } = config.gratuitousArp;
  const effects: RouterEffect[] = [
    { kind: "sendAdvert", priority: effectivePriority },
    { kind: "holdAddresses", held: true },
    setTimer("advert", nextAdvertNs),
  ];
  if (addressesOf(config) !== addressesOf(before)) {
    effects.push({ kind: "announce", rounds: masterRepeat });
    if (masterDelayNs > 0) {
      effects.push(setTimer("garpDelay", nowNs + masterDelayNs));
    }
  }
  if (masterRefreshNs !== before.gratuitousArp.masterRefreshNs) {
    effects.push(setPeriod("garpRefresh", masterRefreshNs, nowNs));
  }
  const { extraIntervalNs } = config.gratuitousArp;
  if (extraIntervalNs !== before.gratuitousArp.extraIntervalNs) {
    effects.push(setPeriod("garpExtra", extraIntervalNs, nowNs));
  }
  return { state: { ...state, effectivePriority, nextAdvertNs }, effects };
}

/** Starts a period anew, or ends it. */
function setPeriod(
  timer: RouterTimer,
  periodNs: number,
  nowNs: number,
): RouterEffect {
  return periodNs > 0
    ? setTimer(timer, nowNs + periodNs)
    : { kind: "clearTimer", timer };
}

function addressesOf(
  { virtualAddresses, excludedAddresses }: RouterConfig,
): string {
  return JSON.stringify([virtualAddresses, excludedAddresses]);
}

function stop(
  state: RouterState,
  cause: "stop" | "removed",
): RouterStep {
  if (state.kind === "stopped") return nothing(state);
  const stopped: RouterState = { kind: "stopped" };
  if (state.kind === "master") {
    return { state: stopped, effects: resign(state, "STOPPED", cause) };
  }
  return {
    state: stopped,
    effects: [
      transition(state, "STOPPED", cause),
      ...(state.kind === "backup" ? leftoversOf(state) : NO_EFFECTS),
      ...clearTimers(["masterDown"]),
    ],
  };
}

/** Leaves MASTER for good: the farewell goes first, while the source address is still there. */
function resign(
  state: MasterState,
  to: RouterStateName,
  cause: TransitionCause,
): RouterEffect[] {
  return [
    { kind: "sendAdvert", priority: 0 },
    transition(state, to, cause),
    { kind: "holdAddresses", held: false },
    ...clearTimers(MASTER_TIMERS),
  ];
}

function becomeMaster(
  config: RouterConfig,
  from: RouterState,
  source: IpAddress,
  cause: TransitionCause,
  nowNs: number,
  ownPriority = effectivePriority(config, from),
): RouterStep {
  const { gratuitousArp } = config;
  const nextAdvertNs = nowNs + config.advertIntervalNs;
  // An owner that had stepped down for a second owner is an owner again.
  const priority = config.priority === OWNER ? OWNER : ownPriority;
  const effects: RouterEffect[] = [
    transition(from, "MASTER", cause),
    { kind: "sendAdvert", priority },
    { kind: "holdAddresses", held: true },
    { kind: "announce", rounds: gratuitousArp.masterRepeat },
    ...clearTimers(["masterDown"]),
    setTimer("advert", nextAdvertNs),
  ];
  if (gratuitousArp.masterDelayNs > 0) {
    effects.push(setTimer("garpDelay", nowNs + gratuitousArp.masterDelayNs));
  }
  if (gratuitousArp.masterRefreshNs > 0) {
    effects.push(
      setTimer(
        "garpRefresh",
        nowNs + gratuitousArp.masterDelayNs + gratuitousArp.masterRefreshNs,
      ),
    );
  }
  if (gratuitousArp.extraIntervalNs > 0) {
    effects.push(
      setTimer(
        "garpExtra",
        nowNs + gratuitousArp.masterDelayNs + gratuitousArp.extraIntervalNs,
      ),
    );
  }
  return {
    state: {
      kind: "master",
      source,
      effectivePriority: priority,
      nextAdvertNs,
      rogue: NO_ROGUE,
    },
    effects,
  };
}

/** Until a backup has heard a master, what a killed predecessor left in the kernel may still be there. */
function leftoversOf({ master }: BackupState): readonly RouterEffect[] {
  return master === undefined ? RELEASE : NO_EFFECTS;
}

interface BackupStep extends RouterStep {
  readonly state: BackupState;
}

function becomeBackup(
  config: RouterConfig,
  from: RouterState,
  source: IpAddress,
  master: KnownMaster | undefined,
  masterAdvertIntervalNs: number,
  cause: TransitionCause,
  nowNs: number,
  priority: number,
): BackupStep {
  const downNs = masterDownIntervalNs(config, priority, masterAdvertIntervalNs);
  return {
    state: {
      kind: "backup",
      source,
      effectivePriority: priority,
      master,
      masterAdvertIntervalNs,
      preemptAtNs: undefined,
      wantsMaster: false,
    },
    effects: [
      transition(from, "BACKUP", cause),
      // What a killed predecessor left in the kernel serves on until a master is heard, or we are it again.
      ...(from.kind === "waiting" ? NO_EFFECTS : RELEASE),
      ...(from.kind === "master" ? clearTimers(MASTER_TIMERS) : []),
      setTimer("masterDown", nowNs + downNs),
    ],
  };
}

function hearAsBackup(
  config: RouterConfig,
  state: BackupState,
  advert: AcceptedAdvert,
  nowNs: number,
): RouterStep {
  const isNewMaster = state.master?.address !== advert.source;
  // The owner that stepped down for a second owner hears that one no more.
  const isOwnerAgain = config.priority === OWNER &&
    (isNewMaster || advert.priority !== OWNER);
  const priority = isOwnerAgain ? OWNER : state.effectivePriority;
  const own = priority === state.effectivePriority
    ? state
    : { ...state, effectivePriority: priority };
  if (advert.priority === 0) return hearResignation(config, own, advert, nowNs);
  const leftovers = leftoversOf(own);
  const isDelayed = config.preemptDelayNs > 0 &&
    (own.preemptAtNs === undefined || nowNs < own.preemptAtNs);
  if (config.preempt && advert.priority < priority && !isDelayed) {
    return {
      state: withMaster(own, advert),
      effects: [...leftovers, {
        kind: "observe",
        observation: {
          kind: "lowerPriorityDiscarded",
          source: advert.source,
          priority: advert.priority,
        },
      }],
    };
  }
  const followed = follow(config, withMaster(own, advert), advert, nowNs);
  const downNs = masterDownIntervalNs(
    config,
    priority,
    followed.masterAdvertIntervalNs,
  );
  const timer = setTimer("masterDown", nowNs + downNs);
  if (!isNewMaster) return { state: followed, effects: [timer] };
  return {
    state: followed,
    effects: [timer, ...leftovers, {
      kind: "observe",
      observation: {
        kind: "masterChanged",
        source: advert.source,
        priority: advert.priority,
      },
    }],
  };
}

/** RFC 9568 §6.4.2: after a priority of 0 only the skew time is left, whoever sent it. */
function hearResignation(
  config: RouterConfig,
  state: BackupState,
  advert: AcceptedAdvert,
  nowNs: number,
): RouterStep {
  const skewNs = routerSkewNs(
    config,
    state.effectivePriority,
    state.masterAdvertIntervalNs,
  );
  return {
    state,
    effects: [
      setTimer("masterDown", nowNs + skewNs),
      {
        kind: "observe",
        observation: { kind: "masterResigned", source: advert.source },
      },
    ],
  };
}

function withMaster(state: BackupState, advert: AcceptedAdvert): BackupState {
  const { master } = state;
  if (
    master?.address === advert.source && master.priority === advert.priority
  ) return state;
  return {
    ...state,
    master: { address: advert.source, priority: advert.priority },
  };
}

/** Learns the master's interval (v3) and keeps the preempt delay's books. */
function follow(
  config: RouterConfig,
  state: BackupState,
  advert: AcceptedAdvert,
  nowNs: number,
): BackupState {
  const isLower = advert.priority < state.effectivePriority;
  let preemptAtNs: number | undefined;
  if (isLower && config.preempt && config.preemptDelayNs > 0) {
    preemptAtNs = state.preemptAtNs ?? nowNs + config.preemptDelayNs;
  }
  const masterAdvertIntervalNs = config.version === 3
    ? advert.advertIntervalNs
    : state.masterAdvertIntervalNs;
  if (
    preemptAtNs === state.preemptAtNs &&
    masterAdvertIntervalNs === state.masterAdvertIntervalNs &&
    !state.wantsMaster
  ) return state;
  return { ...state, preemptAtNs, masterAdvertIntervalNs, wantsMaster: false };
}

function hearAsMaster(
  config: RouterConfig,
  state: MasterState,
  advert: AcceptedAdvert,
  nowNs: number,
): RouterStep {
  if (advert.priority === 0) return sendAdvertNow(config, state, [], nowNs);
  const ours = state.effectivePriority;
  if (advert.priority > ours) {
    return yieldTo(config, state, advert, "higherPriorityAdvert", nowNs);
  }
  if (advert.priority < ours) return hearLower(config, state, advert, nowNs);
  const comparison = compareIpAddresses(advert.source, state.source);
  if (comparison === 0) {
    return {
      state,
      effects: [{
        kind: "observe",
        observation: {
          kind: "ownAddressAdvert",
          source: advert.source,
          priority: advert.priority,
        },
      }],
    };
  }
  if (ours === OWNER) {
    return hearSecondOwner(config, state, advert, comparison, nowNs);
  }
  return comparison > 0
    ? yieldTo(config, state, advert, "tieBreak", nowNs)
    : hearLower(config, state, advert, nowNs);
}

function yieldTo(
  config: RouterConfig,
  state: MasterState,
  advert: AcceptedAdvert,
  cause: TransitionCause,
  nowNs: number,
  priority = state.effectivePriority,
): RouterStep {
  const master: KnownMaster = {
    address: advert.source,
    priority: advert.priority,
  };
  const intervalNs = config.version === 3
    ? advert.advertIntervalNs
    : config.advertIntervalNs;
  const step = becomeBackup(
    config,
    state,
    state.source,
    master,
    intervalNs,
    cause,
    nowNs,
    priority,
  );
  if (!config.higherPrioritySendAdvert) return step;
  return {
    state: step.state,
    effects: [
      { kind: "sendAdvert", priority: state.effectivePriority },
      ...step.effects,
    ],
  };
}

/** RFC 9568 §6.4.3: tell the sender at once; keepalived also tells the switches. */
function hearLower(
  config: RouterConfig,
  state: MasterState,
  advert: AcceptedAdvert,
  nowNs: number,
): RouterStep {
  const effects: RouterEffect[] = [{
    kind: "observe",
    observation: {
      kind: "lowerPriorityAdvert",
      source: advert.source,
      priority: advert.priority,
    },
  }];
  const step = config.lowerPriorityNoAdvert
    ? { state, effects }
    : sendAdvertNow(config, state, effects, nowNs);
  return {
    state: step.state,
    effects: [...step.effects, ...announceOverLower(config, nowNs)],
  };
}

/** Switches and neighbours may have believed the sender of a lower priority. */
function announceOverLower(
  { gratuitousArp }: RouterConfig,
  nowNs: number,
): readonly RouterEffect[] {
  const { lowerPriorityDelayNs, lowerPriorityRepeat } = gratuitousArp;
  if (lowerPriorityRepeat === 0) return NO_EFFECTS;
  const first: RouterEffect = { kind: "announce", rounds: lowerPriorityRepeat };
  return lowerPriorityDelayNs > 0
    ? [first, setTimer("garpLowerPriority", nowNs + lowerPriorityDelayNs)]
    : [first];
}

function sendAdvertNow(
  config: RouterConfig,
  state: MasterState,
  before: readonly RouterEffect[],
  nowNs: number,
): RouterStep {
  const nextAdvertNs = nowNs + config.advertIntervalNs;
  return {
    state: { ...state, nextAdvertNs },
    effects: [
      ...before,
      { kind: "sendAdvert", priority: state.effectivePriority },
      setTimer("advert", nextAdvertNs),
    ],
  };
}

/** Two routers say 255: an error in somebody's configuration that must not end in two masters. */
function hearSecondOwner(
  config: RouterConfig,
  state: MasterState,
  advert: AcceptedAdvert,
  comparison: number,
  nowNs: number,
): RouterStep {
  const observation: RouterEffect = {
    kind: "observe",
    observation: { kind: "rogueOwner", source: advert.source },
  };
  if (comparison > 0 || state.rogue.kind === "patience") {
    const priority = comparison > 0 ? OWNER : OWNER - 1;
    const step = yieldTo(config, state, advert, "rogueOwner", nowNs, priority);
    return { state: step.state, effects: [observation, ...step.effects] };
  }
  const rogue: RogueOwner = state.rogue.kind === "none"
    ? {
      kind: "counting",
      advertsLeft: ROGUE_ADVERTS,
      intervalNs: advert.advertIntervalNs,
    }
    : state.rogue;
  const step = hearLower(config, { ...state, rogue }, advert, nowNs);
  return { state: step.state, effects: [observation, ...step.effects] };
}

function fire(
  config: RouterConfig,
  state: RouterState,
  { timer, isGrouped, earlyNs }: Extract<RouterEvent, { kind: "timer" }>,
  nowNs: number,
): RouterStep {
  if (state.kind === "backup") {
    if (timer !== "masterDown") return nothing(state);
    return isGrouped
      ? wantMaster(config, state, nowNs)
      : becomeMaster(config, state, state.source, "masterDownTimer", nowNs);
  }
  if (state.kind !== "master") return nothing(state);
  const { gratuitousArp } = config;
  switch (timer) {
    case "masterDown":
      return nothing(state);
    case "advert":
      return fireAdvert(config, state, earlyNs ?? 0, nowNs);
    case "garpDelay":
      return {
        state,
        effects: [{ kind: "announce", rounds: gratuitousArp.masterRepeat }],
      };
    case "garpLowerPriority":
      return {
        state,
        effects: [{
          kind: "announce",
          rounds: gratuitousArp.lowerPriorityRepeat,
        }],
      };
    case "garpRefresh":
      return {
        state,
        effects: [
          { kind: "announce", rounds: gratuitousArp.masterRefreshRepeat },
          setTimer("garpRefresh", nowNs + gratuitousArp.masterRefreshNs),
        ],
      };
    case "garpExtra":
      return {
        state,
        effects: [
          { kind: "announceExtra" },
          setTimer("garpExtra", nowNs + gratuitousArp.extraIntervalNs),
        ],
      };
    case "rogueOwner":
      return { state: { ...state, rogue: NO_ROGUE }, effects: NO_EFFECTS };
  }
}

/** The group decides; until it has, the wait begins anew. */
function wantMaster(
  config: RouterConfig,
  state: BackupState,
  nowNs: number,
): RouterStep {
  const downNs = masterDownIntervalNs(
    config,
    state.effectivePriority,
    state.masterAdvertIntervalNs,
  );
  return {
    state: { ...state, wantsMaster: true },
    effects: [setTimer("masterDown", nowNs + downNs)],
  };
}

/** Leaves MASTER, which another is by now: it speaks for itself, so there is no farewell. */
function leaveQuietly(
  config: RouterConfig,
  state: RouterState,
  cause: "syncGroup" | "heldUp",
  nowNs: number,
): RouterStep {
  if (state.kind !== "master") return nothing(state);
  return becomeBackup(
    config,
    state,
    state.source,
    undefined,
    config.advertIntervalNs,
    cause,
    nowNs,
    state.effectivePriority,
  );
}

/** A backup waits as long as if it had always had the priority; a master tells at once. */
function changePriority(
  config: RouterConfig,
  state: RouterState,
  priority: number,
  nowNs: number,
): RouterStep {
  if (!isRunning(state)) return nothing(state);
  const from = state.effectivePriority;
  if (from === priority || config.priority === OWNER) return nothing(state);
  const change: RouterEffect = {
    kind: "priorityChanged",
    from,
    to: priority,
  };
  if (state.kind === "master") {
    const changed = { ...state, effectivePriority: priority };
    return sendAdvertNow(config, changed, [change], nowNs);
  }
  const downOf = (one: number) =>
    masterDownIntervalNs(config, one, state.masterAdvertIntervalNs);
  return {
    state: { ...state, effectivePriority: priority },
    effects: [change, {
      kind: "shiftTimer",
      timer: "masterDown",
      byNs: downOf(priority) - downOf(from),
    }],
  };
}

function fireAdvert(
  config: RouterConfig,
  state: MasterState,
  earlyNs: number,
  nowNs: number,
): RouterStep {
  const intervalNs = config.advertIntervalNs - earlyNs;
  // From deadline to deadline, so that lateness does not add up; after a long sleep there is nothing to catch up on.
  const dueNs = state.nextAdvertNs + intervalNs;
  const nextAdvertNs = dueNs > nowNs ? dueNs : nowNs + intervalNs;
  const send: RouterEffect = {
    kind: "sendAdvert",
    priority: state.effectivePriority,
  };
  const timer = setTimer("advert", nextAdvertNs);
  if (state.rogue.kind !== "counting") {
    return { state: { ...state, nextAdvertNs }, effects: [send, timer] };
  }
  if (state.rogue.advertsLeft > 1) {
    const rogue: RogueOwner = {
      ...state.rogue,
      advertsLeft: state.rogue.advertsLeft - 1,
    };
    return { state: { ...state, nextAdvertNs, rogue }, effects: [send, timer] };
  }
  const patienceNs = ROGUE_PATIENCE *
    Math.max(config.advertIntervalNs, state.rogue.intervalNs);
  return {
    state: { ...state, nextAdvertNs, rogue: { kind: "patience" } },
    effects: [send, timer, setTimer("rogueOwner", nowNs + patienceNs)],
  };
}
