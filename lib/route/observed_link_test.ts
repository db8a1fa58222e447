import { assertEquals } from "@std/assert";
import { isRunning, LINK_RUNNING, LINK_UP } from "./observed_link.ts";

Deno.test("isRunning() wants a link up and with a carrier", () => {
  const cases: readonly (readonly [number, boolean])[] = [
    [0, false],
    [LINK_UP, false],
    [LINK_RUNNING, false],
    [LINK_UP | LINK_RUNNING, true],
    [0xffff, true],
  ];
  for (const [flags, isUp] of cases) {
    const link = {
      index: 1,
      name: "eth0",
      flags,
      mac: undefined,
      mtu: 1500,
      addresses: new Map(),
    };
    assertEquals(isRunning(link), isUp, `flags ${flags}`);
  }
});
