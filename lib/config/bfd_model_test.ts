import { assertEquals } from "@std/assert";
import { type BfdInstance, isForVrrp } from "./bfd_model.ts";
import { readToml } from "./toml/read.ts";

function session(lines: string): BfdInstance | undefined {
  const { config } = readToml({
    name: "t",
    text: `[bfd_instance.a]\nneighbor_ip = "192.0.2.1"\n${lines}`,
    includedFrom: undefined,
  });
  return config?.bfdInstances[0];
}

Deno.test("isForVrrp() is what `vrrp` says, and without it what `checker` leaves", () => {
  for (
    const [lines, expected] of [
      ["", true],
      ["vrrp = true", true],
      ["checker = true", false],
      ["checker = false", true],
      ["vrrp = true\nchecker = true", true],
      ["vrrp = false", false],
    ] as const
  ) {
    const read = session(lines);
    assertEquals(read !== undefined && isForVrrp(read), expected, lines);
  }
});
