/**
 * Puts the engine's notices into words: one line each, who, what differs, what to do.
 *
 * Passwords never reach this file; a notice has none.
 * @module
 */
import { unreachable } from "../assert.ts";
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
import type { RejectReason } from "../vrrp/receive.ts";
import type { RouterObservation, TransitionCause } from "../vrrp/router_io.ts";

/** The log record of a notice; undefined for notices that are answers or have nothing to tell. */
export function wordNotice(notice: EngineNotice): LogRecord | undefined {
  switch (notice.kind) {
    case "transition":
      return wordTransition(notice.transition);
    case "gate":
      return wordGate(
        notice.router,
        notice.reasons.length === 0 ? undefined : reasonsText(notice.reasons),
      );
    case "rejected":
      return wordRejected(notice.rejected);
    case "differs":
      return wordDiffers(notice.differs);
    case "observed":
      return wordObserved(notice);
    case "addressRestored":
      return record(
        "addressRestored",
        PRIORITY.warning,
        `${notice.router}: something removed ${notice.address}/${notice.prefixLength} from ${notice.interface}; ` +
          "it was put back, for this router is MASTER",
        { instance: notice.router, interface: notice.interface },
      );
    case "systemError":
      return {
        ...record(
          "systemError",
          PRIORITY.error,
          `${
            notice.router === undefined ? "" : `${notice.router}: `
          }cannot ${notice.doing}: ` +
            `${notice.call} failed with ${notice.name}`,
          notice.router === undefined ? {} : { instance: notice.router },
        ),
        occurrences: notice.suppressed + 1,
      };
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
        `the VRRP engine died: ${notice.message}`,
        {},
      );
    case "started":
    case "snapshot":
    case "pong":
    case "stopped":
      return undefined;
    default:
      return unreachable(notice);
  }
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
  owner: "priority 255 owns the addresses",
  higherPriorityAdvert: "a higher priority was heard",
  tieBreak: "an equal priority from a higher address was heard",
  rogueOwner: "another router also has priority 255",
  stop: "the daemon stops",
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

function wordGate(
  router: string,
  missing: string | undefined,
): LogRecord | undefined {
  // That it goes on is told by the transition that follows.
  if (missing === undefined) return undefined;
  return record("waiting", PRIORITY.notice, `${router}: waiting: ${missing}`, {
    instance: router,
    state: "WAITING",
  });
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
      return `${theirs} is not among unicast_peer and check_unicast_src is set`;
    case "unicastTtlOutOfBounds":
      return `TTL ${theirs} is outside min_ttl and max_ttl (${ours})`;
    default:
      return unreachable(reason);
  }
}

function wordDiffers(differs: DiffersNotice): LogRecord {
  const { router, vrid, source, mac, difference, ours, theirs } = differs;
  const who = `virtual_router_id ${vrid} from ${
    sender(source, mac, differs.interface)
  }`;
  const isInterval = difference === "intervalMismatch";
  const message = isInterval
    ? `${router}: adverts for ${who} have another advert_int: theirs is ${theirs}, ours is ${ours}; ` +
      "a backup follows the master's, set the same on both"
    : `${router}: adverts for ${who} have other addresses: theirs are ${theirs}, ours are ${ours}; ` +
      "set the same on both routers, or another virtual_router_id here if it is another cluster's";
  return {
    ...record(
      isInterval ? "intervalMismatch" : "foreignCluster",
      PRIORITY.warning,
      message,
      senderFields(differs, difference),
    ),
    occurrences: differs.suppressed + 1,
  };
}

function wordObserved(
  notice: Extract<EngineNotice, { kind: "observed" }>,
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
    case "intervalDiffers":
      return {
        event: "intervalMismatch",
        priority: PRIORITY.warning,
        text:
          `${who} has another advert_int: theirs is ${
            formatDuration(observation.theirsNs)
          }, ` +
          `ours is ${formatDuration(observation.oursNs)}; set the same on both`,
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
