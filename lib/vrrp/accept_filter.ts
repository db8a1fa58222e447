/**
 * Accept mode: the nftables table that drops packets to virtual addresses, and those from them.
 *
 * Says:    RFC 9568 §6.1 (Accept_Mode) and §8.3.1; keepalived's `no_accept`. Neighbour discovery is let through.
 * @module
 */
import { unreachable } from "../assert.ts";
import { familyOf, type IpAddress, isLinkLocal } from "../addr/ip_address.ts";
import { removalCommands } from "./nftables_table.ts";

/** How the table is made; keepalived's settings of `global_defs`. */
export interface FilterOptions {
  /** `nftables NAME`. */
  readonly table: string;
  /** `nftables_priority`. */
  readonly priority: number;
  /** `nftables_counters`. */
  readonly hasCounters: boolean;
  /** There is to be no table at all: `nftables = false`. */
  readonly isOff?: boolean;
}

/** An address whose packets are dropped; that of a link only where they come in or leave by it. */
export interface FilteredAddress {
  readonly address: IpAddress;
  readonly interface: string;
}

type SetName = "vips4" | "vips6" | "vips_link_local";

const SET_TYPES: Readonly<Record<SetName, string>> = {
  vips4: "ipv4_addr",
  vips6: "ipv6_addr",
  vips_link_local: "ipv6_addr . ifname",
};

/** Commands after which the table is there with these addresses and nothing else, whatever was there before. */
export function filterCommands(
  options: FilterOptions,
  filtered: readonly FilteredAddress[],
): string {
  const { table, priority, hasCounters } = options;
  const drop = hasCounters ? "counter drop" : "drop";
  const sets = setsOf(filtered);
  return [
    removalCommands(`inet ${table}`),
    `table inet ${table} {`,
    ...Object.entries(SET_TYPES).flatMap(([name, type]) => [
      `set ${name} {`,
      `type ${type}`,
      ...elementsOf(sets, name),
      "}",
    ]),
    "chain in {",
    `type filter hook input priority ${priority}; policy accept;`,
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
    `ip daddr @vips4 ${drop}`,
    `ip6 daddr @vips6 ${drop}`,
    `ip6 daddr . iifname @vips_link_local ${drop}`,
    "}",
    "chain out {",
    `type filter hook output priority ${priority}; policy accept;`,
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
    `ip saddr @vips4 ${drop}`,
    `ip6 saddr @vips6 ${drop}`,
    `ip6 saddr . oifname @vips_link_local ${drop}`,
    "}",
    "}",
  ].join("\n");
}

function setsOf(
  filtered: readonly FilteredAddress[],
): ReadonlyMap<SetName, ReadonlySet<string>> {
  const sets = new Map<SetName, Set<string>>([
    ["vips4", new Set()],
    ["vips6", new Set()],
    ["vips_link_local", new Set()],
  ]);
  for (const { address, interface: link } of filtered) {
    const family = familyOf(address);
    switch (family) {
      case 4:
        sets.get("vips4")?.add(address);
        break;
      case 6:
        if (!isLinkLocal(address)) sets.get("vips6")?.add(address);
        else sets.get("vips_link_local")?.add(`${address} . "${link}"`);
        break;
      default:
        unreachable(family);
    }
  }
  return sets;
}

function elementsOf(
  sets: ReadonlyMap<string, ReadonlySet<string>>,
  name: string,
): readonly string[] {
  const elements = [...sets.get(name) ?? []];
  return elements.length === 0 ? [] : [`elements = { ${elements.join(", ")} }`];
}
