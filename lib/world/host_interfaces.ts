/**
 * The interfaces of this network namespace and their addresses, for checks of a configuration.
 * @module
 */
import { parseIpAddress } from "../addr/ip_address.ts";
import type { HostAddress, HostInterfaces } from "../config/host_facts.ts";
import { configFiles } from "./config_files.ts";

/** Empty where /sys is not mounted. */
export function hostInterfaces(): HostInterfaces {
  const found = new Map<string, HostAddress[]>();
  for (const name of configFiles.list("/sys/class/net") ?? []) {
    found.set(name, []);
  }
  for (const { name, address: text, cidr } of Deno.networkInterfaces()) {
    const address = parseIpAddress(text);
    const prefixLength = Number(cidr.split("/")[1]);
    if (address === undefined || Number.isNaN(prefixLength)) continue;
    found.get(name)?.push({ address, prefixLength });
  }
  return found;
}
