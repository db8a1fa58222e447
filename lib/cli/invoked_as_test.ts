import { assertEquals } from "@std/assert";
import { programName } from "./invoked_as.ts";

for (
  const [argv0, expected] of [
    ["/usr/sbin/keepalived", "keepalived"],
    ["keepalived", "keepalived"],
    ["./hakeep", "hakeep"],
    ["", ""],
  ] satisfies [string, string][]
) {
  Deno.test(`programName() of \`${argv0}\` is \`${expected}\``, () => {
    assertEquals(programName(argv0), expected);
  });
}
