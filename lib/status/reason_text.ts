/**
 * Why a router does not run, in plain words.
 * @module
 */
import { unreachable } from "../assert.ts";
import type { GateReason } from "../vrrp/router_io.ts";

/** One reason, to stand behind "waiting: ". */
export function reasonText(reason: GateReason): string {
  switch (reason.kind) {
    case "interfaceMissing":
      return `interface ${reason.interface} does not exist`;
    case "interfaceDown":
      return `interface ${reason.interface} is down`;
    case "noCarrier":
      return `interface ${reason.interface} has no carrier`;
    case "noAddress":
      return reason.family === 4
        ? `${reason.interface} has no IPv4 address`
        : `${reason.interface} has no IPv6 link-local address`;
    case "sourceAddressMissing":
      return `${reason.interface} has no address ${reason.address}`;
    case "addressTentative":
      return `${reason.address} on ${reason.interface} is not usable yet (duplicate address detection)`;
    case "addressDuplicate":
      return `${reason.address} on ${reason.interface} is in use by another host (duplicate address detection failed)`;
    case "socketFailed":
      return reason.detail;
    default:
      return unreachable(reason);
  }
}

/** All reasons in one line; empty when there are none. */
export function reasonsText(reasons: readonly GateReason[]): string {
  return reasons.map(reasonText).join("; ");
}
