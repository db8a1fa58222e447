/**
 * Puts the engine's notices into words: one line each, who, what differs, what to do.
 *
 * Passwords never reach this file; a notice has none.
 * @module
 */
import { unreachable } from "../assert.ts";
import { wordBfd, wordBfdRejected } from "./bfd_wording.ts";
import type {
  DiffersNotice,
  EngineNotice,
  RejectedNotice,
  TransitionNotice,
} from "../engine/port.ts";
import type { LogEvent } from "../log/log_event.ts";
import { type LogRecord, PRIORITY, type Priority } from "../log/log_record.ts";
import { reasonsText } from "../status/reason_text.ts";
import { formatDuration } from "../time/duration.ts";
import type { ToleratedDifference } from "../vrrp/counters.ts";
import type { RejectReason } from "../vrrp/receive.ts";
import type {
  RouterObservation,
  RouterStateName,
  TransitionCause,
} from "../vrrp/router_io.ts";

/** What the daemon knows of a router that a notice only names. */
export interface RouterFacts {
  readonly vrid: number;
  readonly interface: string;
  readonly state: RouterStateName;
}

/** The log record of a notice; undefined for notices that are answers or have nothing to tell. */
export function wordNotice(
  notice: EngineNotice,
  routerNamed: (name: string) => RouterFacts | undefined,
): LogRecord | undefined {
  switch (notice.kind) {
    case "transition":
      return wordTransition(notice.transition);
    case "gate":
      // That it goes on is told by the transition that follows.
      return notice.reasons.length === 0 ? undefined : record(
        "waiting",
        PRIORITY.notice,
        `${notice.router}: waiting: ${reasonsText(notice.reasons)}`,
        routerFields(notice.router, routerNamed(notice.router)),
      );
    case "rejected":
      return wordRejected(notice.rejected);
    case "differs":
      return wordDiffers(notice.differs);
    case "observed":
      return wordObserved(notice, routerNamed(notice.router)?.vrid);
    case "addressRestored":
      return record(
        "addressRestored",
        PRIORITY.warning,
        `${notice.router}: something removed ${notice.address}/${notice.prefixLength} from ${notice.interface}; ` +
          "it was put back, for this router is MASTER",
        {
          ...routerFields(notice.router, routerNamed(notice.router)),
          interface: notice.interface,
        },
      );
    case "routeRestored":
      return record(
        "routeRestored",
        PRIORITY.warning,
        `${notice.router}: something removed ${notice.what}; it was put back, for this router is MASTER`,
        routerFields(notice.router, routerNamed(notice.router)),
      );
    case "staticRestored":
      return record(
        "staticRestored",
        PRIORITY.warning,
        `something removed ${notice.what}, which is static; it was put back`,
        {},
      );
    case "changesMissed":
      return record(
        "changesMissed",
        PRIORITY.notice,
        "links and addresses changed faster than they could be followed; all of them were read anew",
        {},
      );
    case "group":
      return record(
        "groupStateChanged",
        PRIORITY.notice,
        `sync group ${notice.group}: ${notice.to}${
          notice.from === undefined ? "" : ` (was ${notice.from})`
        }`,
        {},
      );
    case "priority":
      return record(
        "priorityChanged",
        PRIORITY.notice,
        `${notice.router}: effective priority ${notice.to} (was ${notice.from}), as its trackers say`,
        routerFields(notice.router, routerNamed(notice.router)),
      );
    case "bfd":
      return wordBfd(notice);
    case "bfdRejected":
      return wordBfdRejected(notice);
    case "unknownVrid": {
      const { vrid, source, mac, suppressed } = notice;
      const who = sender(source, mac, notice.interface);
      return {
        ...record(
          "unknownRouter",
          PRIORITY.info,
          `${who} sends adverts of virtual router ${vrid}, which no instance here has`,
          {
            interface: notice.interface,
            vrid,
            peer: source,
            ...(mac === undefined ? {} : { peerMac: mac }),
          },
        ),
        occurrences: suppressed + 1,
      };
    }
    case "systemError":
      return wordSystemError(notice, routerNamed);
    case "late":
      return record(
        "engineLate",
        PRIORITY.warning,
        `a timer fired ${
          formatDuration(notice.byNs)
        } late: the machine was stalled or is overloaded`,
        {},
      );
    case "died":
      return record(
        "engineDied",
        PRIORITY.critical,
        `the VRRP engine died: ${
          notice.stack === "" ? notice.message : notice.stack
        }`,
        {},
      );
    case "started":
    case "snapshot":
    case "pong":
    case "replanned":
    case "stopped":
    // `observed` tells it, and not as often.
    case "lowerPriorityHeard":
      return undefined;
    default:
      return unreachable(notice);
  }
}

function wordSystemError(
  notice: Extract<EngineNotice, { kind: "systemError" }>,
  routerNamed: (name: string) => RouterFacts | undefined,
): LogRecord {
  const { router, doing, call, name } = notice;
  const whose = router === undefined ? "" : `${router}: `;
  return {
    ...record(
      "systemError",
      PRIORITY.error,
      `${whose}cannot ${doing}: ${call} failed with ${name}`,
      router === undefined ? {} : routerFields(router, routerNamed(router)),
    ),
    occurrences: notice.suppressed + 1,
  };
}

function routerFields(
  instance: string,
  facts: RouterFacts | undefined,
): LogRecord["fields"] {
  return facts === undefined ? { instance } : { instance, ...facts };
}

function record(
  event: LogEvent,
  priority: Priority,
  message: string,
  fields: LogRecord["fields"],
): LogRecord {
  return { event, priority, message, fields };
}

const CAUSES: Readonly<Record<TransitionCause, string>> = {
  gateOpened: "everything it needs is there",
  gateClosed: "it lost something it needs",
  masterDownTimer: "no master was heard",
  resumed: "it was MASTER before the VRRP engine died",
  owner: "priority 255 owns the addresses",
  higherPriorityAdvert: "a higher priority was heard",
  tieBreak: "an equal priority from a higher address was heard",
  rogueOwner: "another router also has priority 255",
  syncGroup: "its sync group moves together",
  heldUp: "it was held up for so long that another has taken over",
  stop: "the daemon stops",
  removed: "it is no longer in the configuration",
};

function wordTransition(transition: TransitionNotice): LogRecord {
  const { router, from, to, cause, reasons, master } = transition;
  const why = reasons.length > 0 ? reasonsText(reasons) : CAUSES[cause];
  const whose = master === undefined
    ? ""
    : `; master is ${master.address}, priority ${master.priority}`;
  return record(
    "stateChanged",
    to === "FAULT" ? PRIORITY.warning : PRIORITY.notice,
    `${router}: entering ${to} (was ${from}): ${why}${whose}`,
    {
      instance: router,
      state: to,
      vrid: transition.vrid,
      interface: transition.interface,
      reason: cause,
      ...(master === undefined ? {} : { peer: master.address }),
    },
  );
}

/** Sender, with its hardware address where it is known, and where it was heard. */
function sender(
  source: string,
  mac: string | undefined,
  interfaceName: string,
): string {
  return `${source}${mac === undefined ? "" : ` (${mac})`} on ${interfaceName}`;
}

const REJECTION_EVENTS: Readonly<Partial<Record<RejectReason, LogEvent>>> = {
  versionMismatch: "versionMismatch",
  authTypeInvalid: "authenticationMismatch",
  authTypeMismatch: "authenticationMismatch",
  authFailure: "authenticationMismatch",
  hmacMissing: "authenticationMismatch",
  hmacMalformed: "authenticationMismatch",
  hmacStale: "authenticationMismatch",
  hmacUnknownKey: "authenticationMismatch",
  hmacInvalid: "authenticationMismatch",
  hmacReplay: "authenticationMismatch",
  intervalMismatch: "intervalMismatch",
};

function wordRejected(rejected: RejectedNotice): LogRecord {
  const { router, vrid, reason, source, mac } = rejected;
  return {
    ...record(
      REJECTION_EVENTS[reason] ?? "advertRejected",
      PRIORITY.warning,
      `${router}: dropped an advert for virtual_router_id ${vrid} from ${
        sender(source, mac, rejected.interface)
      }: ` +
        rejection(rejected),
      senderFields(rejected, reason),
    ),
    occurrences: rejected.suppressed + 1,
  };
}

function senderFields(
  about: Pick<
    RejectedNotice,
    "router" | "vrid" | "interface" | "source" | "mac"
  >,
  reason: string,
): LogRecord["fields"] {
  return {
    instance: about.router,
    vrid: about.vrid,
    interface: about.interface,
    peer: about.source,
    reason,
    ...(about.mac === undefined ? {} : { peerMac: about.mac }),
  };
}

/** What is wrong with the advert, and what to do about it. */
function rejection({ reason, ours, theirs }: RejectedNotice): string {
  const both = `theirs is ${theirs}, ours is ${ours}`;
  switch (reason) {
    case "packetTooShort":
      return `it is too short to be one (${theirs}); look for what sends damaged packets`;
    case "packetTruncated":
      return `it is longer than any advert can be (${theirs})`;
    case "packetLengthMismatch":
      return `its address count asks for ${ours} and it has ${theirs}`;
    case "ttlInvalid":
      return `TTL ${theirs} instead of 255: it came through a router, or was forged`;
    case "versionMismatch":
      return `VRRP version: ${both}; set the same version on both, or another virtual_router_id if it is not a peer`;
    case "authTypeInvalid":
    case "authTypeMismatch":
      return `auth_type: ${both}; set the same on both, or another virtual_router_id if it is not a peer`;
    case "authFailure":
      return "auth_pass differs from ours; set the same on both, or another virtual_router_id if it is not a peer";
    case "hmacMissing":
      return "it is not signed; give its sender the same auth_hmac, or set mode permissive until all routers have it";
    case "hmacMalformed":
      return `its signature is of another kind (${theirs}); all routers need the same version of auth_hmac`;
    case "hmacStale":
      return `its sender's clock is ${
        offset(theirs)
      }, and time_window is ${ours}; set the clock of one of the two`;
    case "hmacUnknownKey":
      return `it is signed with key ${theirs}, and ours are ${ours}; give all routers the same keys`;
    case "hmacInvalid":
      return `its signature is not that of our key ${theirs}; set the same secret on both, or another virtual_router_id if it is not a peer`;
    case "hmacReplay":
      return "it is older than one heard before: a copy on the network, or somebody plays it again";
    case "intervalMismatch":
      return `advert_int: ${both}; VRRPv2 needs the same on both`;
    case "intervalZero":
      return "its interval is 0, which no router may send";
    case "packetTypeInvalid":
      return `packet type: ${both}`;
    case "checksumInvalid":
      return "its checksum is wrong; look for what damages packets, or a router that sums otherwise";
    case "destinationMismatch":
      return `it was sent to ${theirs} and we expect ${ours}; one side has unicast_peer and the other has not`;
    case "addressCountZero":
      return `it names no virtual address and we have ${ours}`;
    case "ownerIgnored":
      return "owner_ignore_adverts is set and we own the addresses";
    case "unicastSourceUnknown":
      return `${theirs} is not among unicast_peer, and check_unicast_src or auth_hmac takes nobody else`;
    case "unicastTtlOutOfBounds":
      return `TTL ${theirs} is outside min_ttl and max_ttl (${ours})`;
    default:
      return unreachable(reason);
  }
}

const DIFFERENCE_EVENTS: Readonly<Record<ToleratedDifference, LogEvent>> = {
  addressListMismatch: "foreignCluster",
  addressCountMismatch: "foreignCluster",
  intervalMismatch: "intervalMismatch",
  checksumFormMismatch: "checksumFormMismatch",
  unsigned: "unsignedAdvert",
  clockDifference: "clockDifference",
};

function wordDiffers(differs: DiffersNotice): LogRecord {
  const { router, vrid, source, mac, difference } = differs;
  const who = `adverts for virtual_router_id ${vrid} from ${
    sender(source, mac, differs.interface)
  }`;
  return {
    ...record(
      DIFFERENCE_EVENTS[difference],
      PRIORITY.warning,
      `${router}: ${who} ${differenceWords(differs)}`,
      senderFields(differs, difference),
    ),
    occurrences: differs.suppressed + 1,
  };
}

/** What differs in the adverts, and what to do about it. */
function differenceWords({ difference, ours, theirs }: DiffersNotice): string {
  switch (difference) {
    case "addressListMismatch":
    case "addressCountMismatch":
      return addressWords(ours.split(" "), theirs.split(" "));
    case "intervalMismatch":
      return `have another advert_int: theirs is ${theirs}, ours is ${ours}; a backup follows the master's, ` +
        "set the same on both";
    case "checksumFormMismatch":
      return `have a checksum made ${theirs}, ours is made ${ours}; they were accepted, and are answered ` +
        "alike from now on: set v3_checksum_as_v2 alike on both";
    case "unsigned":
      return `are not signed; they were accepted, for auth_hmac has mode ${ours}`;
    case "clockDifference":
      return `were signed by a clock that is ${
        offset(theirs)
      }; they are dropped from a difference of ${ours} on: ` +
        "keep both clocks by NTP";
    default:
      return unreachable(difference);
  }
}

/** `-3 s` in words. */
function offset(ahead: string | undefined = ""): string {
  return ahead.startsWith("-")
    ? `${ahead.slice(1)} behind ours`
    : `${ahead} ahead of ours`;
}

/** No address in common is another cluster; some are a list that was changed on one side. */
function addressWords(
  ours: readonly string[],
  theirs: readonly string[],
): string {
  const onlyOurs = ours.filter((address) => !theirs.includes(address));
  const onlyTheirs = theirs.filter((address) => !ours.includes(address));
  if (onlyOurs.length === ours.length) {
    return `are for other addresses: theirs ${some(theirs)}, ours ${
      some(ours)
    }; another cluster has the same virtual_router_id: change it in one of the two`;
  }
  const parts = [
    onlyTheirs.length === 0
      ? ""
      : `theirs has ${some(onlyTheirs)} and ours not`,
    onlyOurs.length === 0 ? "" : `ours has ${some(onlyOurs)} and theirs not`,
  ].filter((part) => part !== "");
  return `have another address list: ${parts.join(", ")}; ` +
    "make virtual_ipaddress the same on both routers";
}

/** More than these are counted, to keep a line a line. */
const ADDRESSES_SHOWN = 5;

function some(addresses: readonly string[]): string {
  const shown = addresses.slice(0, ADDRESSES_SHOWN).join(" ");
  const more = addresses.length - ADDRESSES_SHOWN;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function wordObserved(
  notice: Extract<EngineNotice, { kind: "observed" }>,
  vrid: number | undefined,
): LogRecord {
  const { router, observation } = notice;
  const { event, priority, text } = observationWords(
    observation,
    notice.interface,
    notice.mac,
  );
  return {
    ...record(event, priority, `${router}: ${text}`, {
      instance: router,
      interface: notice.interface,
      peer: observation.source,
      reason: observation.kind,
      ...(vrid === undefined ? {} : { vrid }),
      ...(notice.mac === undefined ? {} : { peerMac: notice.mac }),
    }),
    occurrences: notice.suppressed + 1,
  };
}

function observationWords(
  observation: RouterObservation,
  interfaceName: string,
  mac: string | undefined,
): {
  readonly event: LogEvent;
  readonly priority: Priority;
  readonly text: string;
} {
  const who = sender(observation.source, mac, interfaceName);
  switch (observation.kind) {
    case "lowerPriorityAdvert":
      return {
        event: "secondMaster",
        priority: PRIORITY.notice,
        text:
          `${who} also sends as MASTER, with the lower priority ${observation.priority}; it was answered`,
      };
    case "lowerPriorityDiscarded":
      return {
        event: "lowerPriorityDiscarded",
        priority: PRIORITY.info,
        text:
          `${who} is master with the lower priority ${observation.priority}; taking over when the time is up`,
      };
    case "ownAddressAdvert":
      return {
        event: "addressConflict",
        priority: PRIORITY.error,
        text:
          `an advert came from our own address ${who}: a loop in the network, or another host uses the address`,
      };
    case "rogueOwner":
      return {
        event: "rogueOwner",
        priority: PRIORITY.error,
        text:
          `${who} also has priority 255; only one router may own the addresses: lower one of the two`,
      };
    case "masterChanged":
      return {
        event: "masterChanged",
        priority: PRIORITY.info,
        text:
          `the master is ${observation.source}, priority ${observation.priority}`,
      };
    case "masterResigned":
      return {
        event: "masterResigned",
        priority: PRIORITY.info,
        text: `the master ${observation.source} announced that it leaves`,
      };
    default:
      return unreachable(observation);
  }
}
