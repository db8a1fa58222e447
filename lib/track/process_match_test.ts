import { assertEquals } from "@std/assert";
import { matchesProcess, type ProcessPattern } from "./process_match.ts";

function pattern(changes: Partial<ProcessPattern>): ProcessPattern {
  return {
    command: "haproxy",
    parameters: [],
    parameterMatch: "exact",
    fullCommand: false,
    ...changes,
  };
}

const PROCESS = {
  name: "haproxy",
  words: ["/usr/sbin/haproxy", "-f", "/etc/haproxy.cfg"],
};
const FULL = { command: "/usr/sbin/haproxy", fullCommand: true };

const CASES: readonly (readonly [Partial<ProcessPattern>, boolean])[] = [
  [{}, true],
  [{ command: "nginx" }, false],
  [{ command: "/usr/sbin/haproxy" }, false],
  [{ fullCommand: true }, false],
  [{ ...FULL, parameters: ["-f", "/etc/haproxy.cfg"] }, true],
  [{ ...FULL, parameters: ["-f"] }, false],
  [{ ...FULL, parameters: ["-f"], parameterMatch: "partial" }, true],
  [{ ...FULL, parameters: ["-x"], parameterMatch: "partial" }, false],
  [{
    ...FULL,
    parameters: ["-f", "/etc/ha"],
    parameterMatch: "initial",
  }, true],
  [{
    ...FULL,
    parameters: ["-f", "/etc/hb"],
    parameterMatch: "initial",
  }, false],
  [{
    ...FULL,
    parameters: ["-f", "/etc/haproxy.cfg", "x"],
    parameterMatch: "initial",
  }, false],
];

for (const [changes, expected] of CASES) {
  Deno.test(`matchesProcess() is ${expected} for ${JSON.stringify(changes)}`, () => {
    assertEquals(matchesProcess(pattern(changes), PROCESS), expected);
  });
}

Deno.test("matchesProcess() compares as much of a name as the kernel keeps", () => {
  const long = pattern({ command: "systemd-networkd" });
  assertEquals(
    matchesProcess(long, { name: "systemd-network", words: [] }),
    true,
  );
  assertEquals(
    matchesProcess(long, { name: "systemd-networ", words: [] }),
    false,
  );
});
