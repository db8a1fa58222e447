/**
 * The nftables table that sends MLD reports of virtual links out by their parents.
 *
 * A report that left with the virtual MAC address would teach switches that it is at the port of a backup.
 *
 * Says:    RFC 9568 §8.2.3 (only the Active Router uses the virtual MAC address as a source).
 * @module
 */
import { removalCommands } from "./nftables_table.ts";

/** A virtual link, and the index of the one that speaks for it. */
export interface SpokenFor {
  readonly link: string;
  readonly parentIndex: number;
}

/** Commands after which the table `ip6 TABLE` is there with rules for these links and nothing else. */
export function mldCommands(
  table: string,
  priority: number,
  links: readonly SpokenFor[],
): string {
  return [
    removalCommands(`ip6 ${table}`),
    `table ip6 ${table} {`,
    "chain mld {",
    `type filter hook output priority ${priority}; policy accept;`,
    ...links.map(({ link, parentIndex }) =>
      `oifname "${link}" icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report } dup to ip6 daddr device ${parentIndex} drop`
    ),
    "}",
    "}",
  ].join("\n");
}
