/**
 * The narrow door between the daemon (main isolate) and the engine (VRRP isolate).
 *
 * Commands go in as one JSON document a line through a socket pair, because the engine's loop never yields
 * and so receives no messages. Notices come out by `postMessage`. Everything here is plain data.
 *
 * Units:   `…Ns` nanoseconds on the monotonic clock.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { BfdCounters } from "../bfd/counters.ts";
import type { BfdSession } from "../bfd/session.ts";
import type { BfdRejectReason, BfdState } from "../bfd/packet.ts";
import type { BfdSessionConfig } from "../bfd/session_config.ts";
import type { AnnouncementLimit } from "../vrrp/announcement_limit.ts";
import type { LinkDelay } from "../vrrp/link_watch_config.ts";
import type { RouterCounters, ToleratedDifference } from "../vrrp/counters.ts";
import type { RejectReason } from "../vrrp/receive.ts";
import type { RouterConfig, VirtualAddress } from "../vrrp/router_config.ts";
import type { Policy } from "../vrrp/virtual_route.ts";
import type { SyncGroupConfig } from "../vrrp/sync_group.ts";
import type { TrackerValue } from "../vrrp/tracking.ts";
import type {
  GateReason,
  RouterObservation,
  RouterStateName,
  TransitionCause,
} from "../vrrp/router_io.ts";

/** What the engine is to run. */
export interface EnginePlan extends SharedPlan {
  readonly routers: readonly RouterConfig[];
}

/** What the kernel is to hold as long as the daemon runs. */
export interface StaticPlan {
  readonly addresses: readonly VirtualAddress[];
  readonly policies: readonly Policy[];
}

/** How the kernel treats the engine's thread. */
export interface Scheduling {
  /** `vrrp_rt_priority`, 1..99. */
  readonly realtimePriority: number | undefined;
  /** `vrrp_cpu_affinity`: processors by number. */
  readonly cpus: readonly number[] | undefined;
}

/** What routers have in common. */
export interface SharedPlan {
  /** `vrrp_sync_group`; absent: none. */
  readonly groups?: readonly SyncGroupConfig[];
  /** `garp_group` and what is like it; absent: announcements leave at once. */
  readonly announcementLimits?: readonly AnnouncementLimit[];
  /** `interface_up_down_delays`; absent: changes of interfaces count at once. */
  readonly linkDelays?: readonly LinkDelay[];
  /** `log_unknown_vrids`; absent: no. */
  readonly logUnknownVrids?: boolean;
  /** `bfd_instance`; absent: none. */
  readonly bfdSessions?: readonly BfdSessionConfig[];
  /** No router starts before; absent or past: no delay. */
  readonly startsAtNs?: number;
  /** absent: as the routers' intervals ask. */
  readonly scheduling?: Scheduling;
  /** `static_ipaddress`, `static_routes`, `static_rules`; absent: none. */
  readonly statics?: StaticPlan;
}

export type EngineCommand =
  | { readonly kind: "stop" }
  /** Answered by `replanned` with the same id. */
  | ReplanCommand
  /** Answered by a `snapshot` notice with the same id. */
  | { readonly kind: "snapshot"; readonly id: number }
  /** The value of a script, file or process as it is now; interfaces the engine sees itself. Not answered. */
  | {
    readonly kind: "tracker";
    /** As in the links of routers and groups; unique within the kind of `value`. */
    readonly name: string;
    readonly value: TrackerValue;
  }
  /** Answered by `pong`; the daemon's proof that the loop turns. */
  | { readonly kind: "ping"; readonly id: number };

/** A reload: what changes of the routers, and all that they have in common from now on. */
export interface ReplanCommand extends SharedPlan {
  readonly kind: "replan";
  readonly id: number;
  /** Names of routers that resign for good. */
  readonly remove: readonly string[];
  /** Routers that are new, or go on where the one named `replaces` was. */
  readonly put: readonly PutRouter[];
}

/** A router of a `replan`. */
export interface PutRouter {
  readonly router: RouterConfig;
  /** Name of the running router that is the same virtual router. */
  readonly replaces: string | undefined;
}

/** The value of a tracked object. */
export type TrackedNow = Pick<
  Extract<EngineCommand, { kind: "tracker" }>,
  "name" | "value"
>;

/** First message to the Worker, before its loop begins. */
export interface EngineStart {
  readonly plan: EnginePlan;
  /** Routers that were MASTER when an engine before this one died. */
  readonly resume: readonly string[];
  /** What is known of scripts, files and processes. */
  readonly tracked: readonly TrackedNow[];
  /** BFD sessions as they were when an engine before this one died. */
  readonly bfd?: readonly KnownBfd[];
  /** The engine's end of the command socket pair. */
  readonly commandFd: number;
  /** libnl to load, as `dlopen` takes it. */
  readonly libnlPath: string;
  /** What files begin with that remember borrowed settings of the host; undefined: none does. */
  readonly settingsPath?: string | undefined;
}

/** A BFD session as it was when last told of. */
export interface KnownBfd {
  readonly name: string;
  readonly session: BfdSession;
}

export type EngineNotice =
  /** A BFD session changed its state; `from` is undefined when only its intervals were settled. */
  | {
    readonly kind: "bfd";
    readonly name: string;
    readonly neighbor: IpAddress;
    readonly from: BfdState | undefined;
    readonly session: BfdSession;
    /** What silence was too long, when that is why. */
    readonly detectionTimeNs: number;
  }
  /** BFD packets were dropped. */
  | {
    readonly kind: "bfdRejected";
    /** The session whose neighbour sent it; undefined if there is none. */
    readonly name: string | undefined;
    readonly source: IpAddress;
    readonly reason: BfdRejectReason;
    readonly hopLimit: number | undefined;
    readonly suppressed: number;
  }
  /** The loop runs and every router got its first look at the kernel. */
  | { readonly kind: "started" }
  | { readonly kind: "transition"; readonly transition: TransitionNotice }
  /** A sync group as a whole, after the transitions of its members; `from` is undefined at first. */
  | {
    readonly kind: "group";
    readonly group: string;
    readonly from: RouterStateName | undefined;
    readonly to: RouterStateName;
  }
  /** Trackers changed the effective priority of a router. */
  | {
    readonly kind: "priority";
    readonly router: string;
    readonly state: RouterStateName;
    readonly from: number;
    readonly to: number;
  }
  /** What a router waits for changed, or it began to wait. Empty `reasons`: the gate opened. */
  | {
    readonly kind: "gate";
    readonly router: string;
    readonly reasons: readonly GateReason[];
  }
  | { readonly kind: "rejected"; readonly rejected: RejectedNotice }
  /** An advert of a virtual router that nobody here has (`log_unknown_vrids`). */
  | {
    readonly kind: "unknownVrid";
    readonly interface: string;
    readonly vrid: number;
    readonly source: IpAddress;
    /** Sender's hardware address, if the link layer told. */
    readonly mac: string | undefined;
    readonly suppressed: number;
  }
  /** An advert was accepted although it differs from our configuration. */
  | { readonly kind: "differs"; readonly differs: DiffersNotice }
  | {
    readonly kind: "observed";
    readonly router: string;
    readonly interface: string;
    readonly mac: string | undefined;
    readonly observation: RouterObservation;
    /** How many of the kind were not reported since the last report. */
    readonly suppressed: number;
  }
  /** A MASTER heard an advert of lower priority; unlike `observed` told each time, at most ten times a second. */
  | { readonly kind: "lowerPriorityHeard"; readonly router: string }
  /** Somebody else removed an address that we hold, and it is back. */
  | {
    readonly kind: "addressRestored";
    readonly router: string;
    readonly address: IpAddress;
    readonly prefixLength: number;
    readonly interface: string;
  }
  /** Somebody else removed a route or rule that we hold, and it is back. */
  | {
    readonly kind: "routeRestored";
    readonly router: string;
    /** As an operator would call it. */
    readonly what: string;
  }
  /** Somebody else removed something static, and it is back. */
  | {
    readonly kind: "staticRestored";
    /** As an operator would call it. */
    readonly what: string;
  }
  /** The kernel had more changes to tell than there is room for; links and addresses were read anew. */
  | { readonly kind: "changesMissed" }
  /** The kernel refused something. */
  | {
    readonly kind: "systemError";
    readonly router: string | undefined;
    readonly doing: string;
    readonly call: string;
    readonly errno: number;
    readonly name: string;
    readonly suppressed: number;
  }
  /** A timer fired later than it should by more than it may. */
  | { readonly kind: "late"; readonly byNs: number }
  | { readonly kind: "snapshot"; readonly id: number } & EngineSnapshot
  | { readonly kind: "pong"; readonly id: number }
  /** The changes of a `replan` are in the kernel, and told to the peers. */
  | { readonly kind: "replanned"; readonly id: number }
  /** Everything is released; the Worker ends. */
  | { readonly kind: "stopped" }
  /** The loop died of `message`; its descriptors are closed, the addresses are still in the kernel. */
  | { readonly kind: "died"; readonly message: string; readonly stack: string };

export interface TransitionNotice {
  readonly router: string;
  readonly vrid: number;
  readonly interface: string;
  readonly from: RouterStateName;
  readonly to: RouterStateName;
  readonly cause: TransitionCause;
  readonly reasons: readonly GateReason[];
  /** The master heard last, when `to` is BACKUP after an advert. */
  readonly master:
    | { readonly address: IpAddress; readonly priority: number }
    | undefined;
  readonly priority: number;
  readonly atNs: number;
}

/** One rejected advert, with all that is needed to say who, what differs and what to do. */
export interface RejectedNotice {
  readonly router: string;
  readonly vrid: number;
  readonly interface: string;
  readonly source: IpAddress;
  /** Sender's hardware address, if the link layer told. */
  readonly mac: string | undefined;
  readonly reason: RejectReason;
  /** Our value and theirs as text, where the reason has them. Never a password in full. */
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
  readonly suppressed: number;
}

/** One accepted advert that differs: the address list (a foreign cluster, or a list changed on one side), the interval. */
export interface DiffersNotice {
  readonly router: string;
  readonly vrid: number;
  readonly interface: string;
  readonly source: IpAddress;
  /** Sender's hardware address, if the link layer told. */
  readonly mac: string | undefined;
  readonly difference: ToleratedDifference;
  readonly ours: string;
  readonly theirs: string;
  readonly suppressed: number;
}

/** What everything tells about itself. */
export interface EngineSnapshot {
  readonly routers: readonly RouterSnapshot[];
  readonly bfd: readonly BfdSnapshot[];
  /** BFD packets that were dropped and belong to no session. */
  readonly bfdRejected: Readonly<Record<BfdRejectReason, number>>;
  /** How often a static address, route or rule was put back. */
  readonly staticsRestored: number;
}

/** What one BFD session tells about itself. Counters are since the session began in this engine. */
export interface BfdSnapshot {
  readonly config: BfdSessionConfig;
  readonly session: BfdSession;
  /** Before jitter; Infinity while nothing is sent. */
  readonly transmitIntervalNs: number;
  /** 0 while nothing was heard. */
  readonly detectionTimeNs: number;
  /** Why nothing can be sent, in words. */
  readonly problem: string | undefined;
  readonly lastChangeAtNs: number | undefined;
  readonly counters: BfdCounters;
}

/** What one router tells about itself. Counters are since the engine's start. */
export interface RouterSnapshot {
  readonly name: string;
  readonly vrid: number;
  readonly interface: string;
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly state: RouterStateName;
  readonly reasons: readonly GateReason[];
  readonly priority: number;
  readonly effectivePriority: number;
  /** Its sync group. */
  readonly group: string | undefined;
  readonly source: IpAddress | undefined;
  readonly master:
    | { readonly address: IpAddress; readonly priority: number }
    | undefined;
  readonly advertIntervalNs: number;
  readonly masterDownIntervalNs: number;
  /** Monotonic time of the last transition; undefined before the first. */
  readonly lastTransitionAtNs: number | undefined;
  readonly addresses: readonly {
    readonly address: IpAddress;
    readonly prefixLength: number;
    readonly interface: string;
    readonly label: string | undefined;
    readonly excluded: boolean;
    /** Present in the kernel now, as netlink reports. */
    readonly held: boolean;
  }[];
  readonly counters: RouterCounters;
}
