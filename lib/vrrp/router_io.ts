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
  /** MASTER: second block after an advert of lower priority (`garp_lower_prio_delay`). */
  | "garpLowerPriority"
  /** MASTER and owner: patience with a second owner (255 against 255). */
  | "rogueOwner";

/** Why a router may not run. Each is one fact; the set is what status shows. */
export type GateReason =
  | { readonly kind: "interfaceMissing"; readonly interface: string }
  | { readonly kind: "interfaceDown"; readonly interface: string }
  | { readonly kind: "noCarrier"; readonly interface: string }
  /** No usable address of the family on the interface. */
  | {
    readonly kind: "noAddress";
    readonly interface: string;
    readonly family: 4 | 6;
  }
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
  | { readonly kind: "socketFailed"; readonly detail: string };

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
    /** The engine is started anew after a crash and the router was MASTER. */
    readonly isResuming?: boolean;
  }
  /** Something it needs is missing (also: the list of what is missing changed). */
  | { readonly kind: "gateClosed"; readonly reasons: readonly GateReason[] }
  /** The source address changed while the gate stayed open. */
  | { readonly kind: "sourceChanged"; readonly source: IpAddress }
  | { readonly kind: "advert"; readonly advert: AcceptedAdvert }
  | { readonly kind: "timer"; readonly timer: RouterTimer }
  /** The step's configuration replaces `before`, of the same virtual router. */
  | { readonly kind: "reconfigured"; readonly before: RouterConfig }
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
  /** Announce our own source address once (unicast router leaving FAULT). */
  | { readonly kind: "announceSource" }
  | {
    readonly kind: "setTimer";
    readonly timer: RouterTimer;
    readonly atNs: number;
  }
  | { readonly kind: "clearTimer"; readonly timer: RouterTimer }
  | {
    readonly kind: "transition";
    readonly from: RouterStateName;
    readonly to: RouterStateName;
    readonly cause: TransitionCause;
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
  /** v3: the master's interval differs from ours. */
  | {
    readonly kind: "intervalDiffers";
    readonly source: IpAddress;
    readonly theirsNs: number;
    readonly oursNs: number;
  }
  /** BACKUP follows another master than before. */
  | {
    readonly kind: "masterChanged";
    readonly source: IpAddress;
    readonly priority: number;
  }
  | { readonly kind: "masterResigned"; readonly source: IpAddress };

/** One address to announce, for the executor's frame templates. */
export type AnnouncedAddress = VirtualAddress;
