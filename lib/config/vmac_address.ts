/**
 * Hardware addresses that `use_vmac` may name.
 * @module
 */
import { type MacAddress, parseMacAddress } from "../addr/mac_address.ts";

/** Five or six octets in lower case, of an address that is no group's and not the standard's own. */
export function isVmacAddress(text: string): boolean {
  const mac = vmacAddress(text, 0);
  return mac !== undefined && (parseInt(mac.slice(0, 2), 16) & 1) === 0 &&
    !mac.startsWith("00:00:5e:00:0");
}

/** The whole address: with five octets `vrid` (0..255) is the sixth. Undefined if it is something else. */
export function vmacAddress(
  text: string,
  vrid: number,
): MacAddress | undefined {
  return parseMacAddress(text) ??
    parseMacAddress(`${text}:${vrid.toString(16).padStart(2, "0")}`);
}
