/**
 * The interfaces of this network namespace and their addresses, for checks of a configuration.
 * @module
 */
import { parseIpAddress } from "../addr/ip_address.ts";
import type {
  HostAddress,
  HostInterface,
  HostInterfaces,
} from "../config/host_facts.ts";
import { LINK_MULTICAST } from "../route/observed_link.ts";
import { configFiles } from "./config_files.ts";

/** Empty where /sys is not mounted. */
export function hostInterfaces(): HostInterfaces {
  const found = new Map<string, HostInterface & { addresses: HostAddress[] }>();
  for (const name of configFiles.list("/sys/class/net") ?? []) {
    found.set(name, { addresses: [], canMulticast: canMulticast(name) });
  }
  for (const { name, address: text, cidr } of Deno.networkInterfaces()) {
    const address = parseIpAddress(text);
    const prefixLength = Number(cidr.split("/")[1]);
    if (address === undefined || Number.isNaN(prefixLength)) continue;
    found.get(name)?.addresses.push({ address, prefixLength });
  }
  return found;
}

/** What cannot be read, such as a file that is no interface, is not held against anybody. */
function canMulticast(name: string): boolean {
  const flags = configFiles.read(`/sys/class/net/${name}/flags`);
  return flags.kind !== "text" || (Number(flags.text) & LINK_MULTICAST) !== 0;
}
