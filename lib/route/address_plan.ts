/**
 * What to ask of the kernel so that it holds a router's addresses, or none of them.
 *
 * Level-triggered: desired against observed, whatever happened in between. An address counts as there only with its
 * prefix length and on its interface.
 * @module
 */
import type { VirtualAddress } from "../vrrp/router_config.ts";
import { addressPlace, type ObservedLink } from "./observed_link.ts";

/** One change; `ifIndex` is where. */
export interface AddressChange {
  readonly present: boolean;
  readonly ifIndex: number;
  readonly address: VirtualAddress;
}

/**
 * Changes that make `isHeld` true of `addresses`, in their order. An address whose interface is not there is left
 * out: its turn comes when the interface does. `leftAlone` has the addresses that are not to be put back, with the
 * index of the link for which that is so.
 */
export function planAddresses(
  addresses: readonly VirtualAddress[],
  isHeld: boolean,
  leftAlone: ReadonlyMap<VirtualAddress, number>,
  linkNamed: (name: string) => ObservedLink | undefined,
): readonly AddressChange[] {
  const changes: AddressChange[] = [];
  for (const address of addresses) {
    const link = linkNamed(address.interface);
    if (link === undefined) continue;
    if (isHeld && leftAlone.get(address) === link.index) continue;
    if (isObserved(link, address) !== isHeld) {
      changes.push({ present: isHeld, ifIndex: link.index, address });
    }
  }
  return changes;
}

/** Whether the kernel holds `address` on `link`. */
export function isObserved(
  link: ObservedLink,
  address: VirtualAddress,
): boolean {
  // The kernel reports the prefix length of the far end where there is one.
  const prefixLength = address.peer?.prefixLength ?? address.prefixLength;
  return link.addresses.has(addressPlace(address.address, prefixLength));
}
