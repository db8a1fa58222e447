/**
 * What goes into and comes out of a virtual router's machine: events and effects as plain data.
 *
 * The order of an effect list is part of the contract: the executor carries effects out first to last
 * (on take-over the advert precedes the addresses, and they precede gratuitous ARP, RFC 9568 §6.4.2).
 *
 * Units:   `…Ns` nanoseconds, monotonic clock.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { RouterConfig, VirtualAddress } from "./router_config.ts";
import type { TrackerKind } from "./tracking.ts";

/** The timers a router may have pending; one deadline each. */
export type RouterTimer =
  /** BACKUP: Active_Down_Timer / Master_Down_Timer. */
  | "masterDown"
  /** MASTER: Adver_Timer. */
  | "advert"
  /** MASTER: second block of announcements (`garp_master_delay`). */
  | "garpDelay"
  /** MASTER: `garp_master_refresh`. */
  | "garpRefresh"
  /** MASTER: `garp_extra_if`. */
  | "garpExtra"
  /** MASTER: second block after an advert of lower priority (`garp_lower_prio_delay`). */
  | "garpLowerPriority"
  /** MASTER and owner: patience with a second owner (255 against 255). */
  | "rogueOwner";

/** Why a router may not run. Each is one fact; the set is what status shows. */
export type GateReason =
  /** `vrrp_startup_delay`, `vrrp_delay_after_boot`: what was left of it when this was told. */
  | { readonly kind: "startDelayed"; readonly remainingNs: number }
  /** Another daemon has the link that the router would make; `pid` is unknown where it cannot be seen. */
  | {
    readonly kind: "linkTaken";
    readonly interface: string;
    readonly pid: number | undefined;
  }
  | { readonly kind: "interfaceMissing"; readonly interface: string }
  | { readonly kind: "interfaceDown"; readonly interface: string }
  | { readonly kind: "noCarrier"; readonly interface: string }
  /** The interface cannot multicast, and the router has no unicast peers. */
  | { readonly kind: "noMulticast"; readonly interface: string }
  /** No usable address of the family on the interface. */
  | {
    readonly kind: "noAddress";
    readonly interface: string;
    readonly family: 4 | 6;
  }
  /** `unicast_fault_no_peer`: a unicast router without a peer. */
  | { readonly kind: "noUnicastPeers" }
  /** The configured source address is not there yet. */
  | {
    readonly kind: "sourceAddressMissing";
    readonly address: IpAddress;
    readonly interface: string;
  }
  /** It is there but duplicate address detection still runs. */
  | {
    readonly kind: "addressTentative";
    readonly address: IpAddress;
    readonly interface: string;
  }
  /** Duplicate address detection found that another host has it. */
  | {
    readonly kind: "addressDuplicate";
    readonly address: IpAddress;
    readonly interface: string;
  }
  /** The kernel refused a socket, for instance; `detail` is the error's text. */
  | { readonly kind: "socketFailed"; readonly detail: string }
  /** A tracked object without a weight is bad (`reverse`: good). */
  | {
    readonly kind: "trackerFailed";
    readonly tracker: TrackerKind;
    readonly name: string;
    readonly reverse: boolean;
  }
  /** A tracked object without a weight has told no value yet. */
  | {
    readonly kind: "trackerPending";
    readonly tracker: TrackerKind;
    readonly name: string;
  }
  /** Others of the sync group may not run. */
  | {
    readonly kind: "syncGroup";
    readonly group: string;
    /** Names of those others. */
    readonly members: readonly string[];
    /** One of them has failed, not only never been able to run. */
    readonly isFault: boolean;
  };

/** An advert that passed every receive check. */
export interface AcceptedAdvert {
  readonly source: IpAddress;
  /** 0..255. */
  readonly priority: number;
  /** v3: the sender's interval; v2: our own (they are equal or the advert was rejected). */
  readonly advertIntervalNs: number;
}

export type RouterEvent =
  /** Everything the router needs is there; `source` is the address adverts leave from. */
  | {
    readonly kind: "gateOpened";
    readonly source: IpAddress;
    /** What trackers make of the configured priority, 1..255; the configured one unless given. */
    readonly priority?: number;
    /** The engine is started anew after a crash and the router was MASTER. */
    readonly isResuming?: boolean;
    /** A member of a sync group is MASTER only with the others. */
    readonly isGrouped?: boolean;
  }
  /** Something it needs is missing (also: the list of what is missing changed). */
  | { readonly kind: "gateClosed"; readonly reasons: readonly GateReason[] }
  /** The source address changed while the gate stayed open. */
  | { readonly kind: "sourceChanged"; readonly source: IpAddress }
  | { readonly kind: "advert"; readonly advert: AcceptedAdvert }
  | {
    readonly kind: "timer";
    readonly timer: RouterTimer;
    /** As with `gateOpened`. */
    readonly isGrouped?: boolean;
    /** Of the advert timer: so much before its time the next advert is to leave; 0 unless given. */
    readonly earlyNs?: number;
  }
  /** Trackers changed the effective priority, 1..254. */
  | { readonly kind: "priority"; readonly priority: number }
  /** All members of the sync group want to be MASTER. */
  | { readonly kind: "groupMaster"; readonly cause: TransitionCause }
  /** Another member of the sync group is MASTER no more. */
  | { readonly kind: "groupBackup" }
  /** This process was held up for longer than any backup waits (`timer_expired_backup`). */
  | { readonly kind: "heldUp" }
  /** Another member of the sync group, in MASTER, heard a lower priority. */
  | { readonly kind: "groupHeardLower" }
  /** The step's configuration replaces `before`, of the same virtual router. */
  | {
    readonly kind: "reconfigured";
    readonly before: RouterConfig;
    /** As with `gateOpened`. */
    readonly priority?: number;
  }
  /** Graceful stop: resign and clean up. */
  | { readonly kind: "stop"; readonly cause?: "removed" };

/** What caused a transition, for logs and status. */
export type TransitionCause =
  | "gateOpened"
  | "gateClosed"
  | "masterDownTimer"
  | "owner"
  | "resumed"
  | "higherPriorityAdvert"
  | "tieBreak"
  | "rogueOwner"
  | "syncGroup"
  | "heldUp"
  | "stop"
  | "removed";

export type RouterStateName =
  | "WAITING"
  | "BACKUP"
  | "MASTER"
  | "FAULT"
  | "STOPPED";

export type RouterEffect =
  /** Send one advert; `priority` 0 resigns (RFC 9568 §5.2.4). */
  | { readonly kind: "sendAdvert"; readonly priority: number }
  /** The kernel is to hold all virtual and excluded addresses (`true`) or none of them (`false`). */
  | { readonly kind: "holdAddresses"; readonly held: boolean }
  /** Announce all held addresses `rounds` times (gratuitous ARP or unsolicited NA). */
  | { readonly kind: "announce"; readonly rounds: number }
  /** Announce an address of each of the interfaces of `garp_extra_if` once. */
  | { readonly kind: "announceExtra" }
  /** Announce our own source address once (unicast router leaving FAULT). */
  | { readonly kind: "announceSource" }
  | {
    readonly kind: "setTimer";
    readonly timer: RouterTimer;
    readonly atNs: number;
  }
  /** Moves a pending deadline; one that is not set stays so. */
  | {
    readonly kind: "shiftTimer";
    readonly timer: RouterTimer;
    readonly byNs: number;
  }
  | { readonly kind: "clearTimer"; readonly timer: RouterTimer }
  | {
    readonly kind: "transition";
    readonly from: RouterStateName;
    readonly to: RouterStateName;
    readonly cause: TransitionCause;
  }
  /** Trackers changed the effective priority. */
  | {
    readonly kind: "priorityChanged";
    readonly from: number;
    readonly to: number;
  }
  /** What is worth telling although the state stays. */
  | { readonly kind: "observe"; readonly observation: RouterObservation };

export type RouterObservation =
  /** MASTER heard a lower priority (a second master, or a peer coming back). */
  | {
    readonly kind: "lowerPriorityAdvert";
    readonly source: IpAddress;
    readonly priority: number;
  }
  /** BACKUP discards an advert of lower priority and will take over. */
  | {
    readonly kind: "lowerPriorityDiscarded";
    readonly source: IpAddress;
    readonly priority: number;
  }
  /** MASTER heard an equal priority from its own address: a loop, or an address conflict. */
  | {
    readonly kind: "ownAddressAdvert";
    readonly source: IpAddress;
    readonly priority: number;
  }
  /** Two address owners (255 against 255). */
  | { readonly kind: "rogueOwner"; readonly source: IpAddress }
  /** BACKUP follows another master than before. */
  | {
    readonly kind: "masterChanged";
    readonly source: IpAddress;
    readonly priority: number;
  }
  | { readonly kind: "masterResigned"; readonly source: IpAddress };

/** One address to announce, for the executor's frame templates. */
export type AnnouncedAddress = VirtualAddress;
