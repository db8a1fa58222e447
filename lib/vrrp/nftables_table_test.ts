import { assertEquals } from "@std/assert";
import { withoutCounters } from "./nftables_table.ts";

Deno.test("withoutCounters() makes two listings equal that differ in their counters", () => {
  assertEquals(
    withoutCounters("ip saddr @v counter packets 3 bytes 252 drop"),
    withoutCounters("ip saddr @v counter packets 14 bytes 9000 drop"),
  );
});
