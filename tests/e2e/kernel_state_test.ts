/**
 * The same configuration run by hakeep and by Debian's keepalived, each in a network of its own: as MASTER both give
 * the kernel the same addresses (with labels, scopes, flags and lifetimes), routes, rules, links and settings; and after
 * its stop hakeep leaves what was there before (keepalived leaves addresses with a peer).
 */
import { assertEquals } from "@std/assert";
import { outcome } from "./kernel_state.ts";
import { KERNEL_CASES } from "./kernel_state_cases.ts";

for (const one of KERNEL_CASES) {
  Deno.test(`hakeep and keepalived give the kernel the same: ${one.name}`, async () => {
    const [ours, theirs] = await Promise.all([
      outcome("hakeep", one),
      outcome("keepalived", one),
    ]);
    assertEquals(ours.master, theirs.master);
    assertEquals(ours.stopped, ours.before);
  });
}
