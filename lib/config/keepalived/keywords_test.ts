/**
 * The tables know every keyword of keepalived: the list beside the fixtures has them, block by block.
 */
import { assertEquals } from "@std/assert";
import type { Keyword } from "./block.ts";
import { allKeywords } from "./top_level.ts";

/** Blocks in the list whose words stand on the line of a keyword, not in a block of their own. */
const WORDS_OF_A_LINE = [
  /^block$/,
  /^global_defs\/(?!notification_email$)/,
  /^global_defs\/notification_email$/,
  /^\(top\)\//,
  /\/(track_interface|track_script|track_file|track_process|track_bfd)$/,
  /^(track_group|vrrp_sync_group)\/group$/,
  /(_ipaddress|_ipaddress_excluded)$/,
  /(_routes|_rules)(\/.*)?$/,
  /^vrrp_instance\/(unicast_peer|use_vmac|use_ipvlan|garp_extra_if|old_unicast_checksum)$/,
  /^vrrp_instance\/auth_hmac\/key$/,
  /^(vrrp_script\/weight|vrrp_track_process\/param_match|track_file\/init_file)$/,
  /^(linkbeat_interfaces|interface_up_down_delays|garp_group\/interfaces)$/,
  /^virtual_server\/lb_kind$/,
  /^virtual_server_group$/,
  /\/regex_options$/,
];

function listed(): string[] {
  const url = new URL(
    "../../../tests/fixtures/keepalived/keywords.tsv",
    import.meta.url,
  );
  return Deno.readTextFileSync(url).trimEnd().split("\n")
    .map((line): [string, string] => {
      const tab = line.indexOf("\t");
      return [line.slice(0, tab), line.slice(tab + 1)];
    })
    .filter(([block]) => !WORDS_OF_A_LINE.some((one) => one.test(block)))
    .map(([block, keyword]) =>
      block === "(top)" ? keyword : `${block}/${keyword}`
    )
    .sort();
}

function inTables(
  keywords: ReadonlyMap<string, Keyword>,
  path: string,
): string[] {
  return [...keywords].flatMap(([keyword, { block }]) => [
    path + keyword,
    ...(block === undefined ? [] : inTables(block, `${path}${keyword}/`)),
  ]);
}

Deno.test("the tables have the keywords of keepalived, and no others", () => {
  assertEquals(inTables(allKeywords(), "").sort(), listed());
});
