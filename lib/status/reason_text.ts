/**
 * Why a router does not run, in plain words.
 * @module
 */
import { unreachable } from "../assert.ts";
import { secondsFromNs } from "../time/duration.ts";
import type { GateReason } from "../vrrp/router_io.ts";

/** One reason, to stand behind "waiting: ". */
export function reasonText(reason: GateReason): string {
  switch (reason.kind) {
    case "startDelayed":
      return `start delay, ${
        secondsFromNs(reason.remainingNs).toFixed(1)
      } s left`;
    case "linkTaken":
      return `link ${reason.interface} belongs to another hakeep daemon${
        reason.pid === undefined ? "" : ` (process ${reason.pid})`
      }`;
    case "interfaceMissing":
      return `interface ${reason.interface} does not exist`;
    case "interfaceDown":
      return `interface ${reason.interface} is down`;
    case "noCarrier":
      return `interface ${reason.interface} has no carrier`;
    case "noMulticast":
      return `interface ${reason.interface} cannot multicast, and it has no unicast peers`;
    case "noAddress":
      return reason.family === 4
        ? `${reason.interface} has no IPv4 address`
        : `${reason.interface} has no IPv6 link-local address`;
    case "noUnicastPeers":
      return "it has no unicast peer to speak to";
    case "sourceAddressMissing":
      return `${reason.interface} has no address ${reason.address}`;
    case "addressTentative":
      return `${reason.address} on ${reason.interface} is not usable yet (duplicate address detection)`;
    case "addressDuplicate":
      return `${reason.address} on ${reason.interface} is in use by another host (duplicate address detection failed)`;
    case "socketFailed":
      return reason.detail;
    case "trackerFailed":
      return trackerText(reason);
    case "trackerPending":
      return `${reason.tracker} ${reason.name} has not told a first result`;
    case "syncGroup":
      return `sync group ${reason.group} is held by ${
        reason.members.join(", ")
      }`;
    default:
      return unreachable(reason);
  }
}

function trackerText(
  { tracker, name, reverse }: Extract<GateReason, { kind: "trackerFailed" }>,
): string {
  const suffix = reverse ? " (tracked in reverse)" : "";
  switch (tracker) {
    case "interface":
      return `interface ${name} is ${reverse ? "up" : "down"}${suffix}`;
    case "script":
      return `script ${name} ${reverse ? "succeeds" : "fails"}${suffix}`;
    case "file":
      return `file ${name} says so${suffix}`;
    case "process":
      return `process ${name} ${
        reverse ? "has its quorum" : "is short of its quorum"
      }${suffix}`;
    case "bfd":
      return `BFD session ${name} is ${reverse ? "up" : "down"}${suffix}`;
    default:
      return unreachable(tracker);
  }
}

/** All reasons in one line; empty when there are none. */
export function reasonsText(reasons: readonly GateReason[]): string {
  return reasons.map(reasonText).join("; ");
}
