import { assertEquals } from "@std/assert";
import { memorySurroundings } from "../../lib/config/keepalived/memory_files.ts";
import { readKeepalived } from "../../lib/config/keepalived/read.ts";
import { fuzz, readAny } from "./keepalived_config.ts";

Deno.test("mutated configurations never crash or hang the reader", () => {
  assertEquals(fuzz(20, 1000, Infinity), 1000);
});

const HOSTILE: readonly (readonly [string, string])[] = [
  ["a line of 10 MB", "x".repeat(10_000_000)],
  ["10 MB of quotes", '"'.repeat(10_000_000)],
  ["10,000 nested braces", "{".repeat(10_000)],
  ["10,000 nested blocks", "a {\n".repeat(10_000)],
  ["a million closing braces", "}\n".repeat(1_000_000)],
  ["a million unknown keywords", "x\n".repeat(1_000_000)],
  ["NUL bytes", "\0".repeat(100_000)],
  ["a byte order mark", "\ufeffglobal_defs {\n}\n"],
  ["carriage returns", "\r".repeat(100_000)],
  ["definitions that double", doubling()],
  ["20,000 self-references", `$A=$A\n${"x $A\n".repeat(20_000)}`],
  ["a line that grows while it is cut", "$B=${B}${B}\nx {B}${B}\n"],
  [
    "long lines of sequences",
    `~SEQ(i, 0, 255) ~SEQ(j, 0, 255) ~SEQ(k, 0, 255) ${"x".repeat(900)}\n`,
  ],
  ["nested sequences", `${"~SEQ(i, 99) ".repeat(40)}x`],
  ["an endless sequence in itself", "$X=\\\n ~SEQ(i, 99) $X \\\n\n$X"],
  ["a wide brace list", `include ${"{a,b}".repeat(100)}`],
  ["a glob of stars", `include ${"*a".repeat(500)}b`],
  ["a definition of 300,000 lines", `$X=\\\n${"abc \\\n".repeat(300_000)}`],
  ["100,000 definitions", numbered(100_000, (i) => `$D${i}=${i}`)],
  ["20,000 addresses", inInstance("virtual_ipaddress", 20_000)],
  [
    "20,000 excluded addresses",
    inInstance("virtual_ipaddress_excluded", 20_000),
  ],
  ["20,000 peers", inInstance("unicast_peer", 20_000)],
];

function numbered(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join("\n") + "\n";
}

/** An instance with a block of so many addresses. */
function inInstance(block: string, count: number): string {
  const entries = numbered(
    count,
    (i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
  );
  return `vrrp_instance V {\ninterface eth0\nvirtual_router_id 1\n${block} {\n${entries}}\n}\n`;
}

/** Sixty definitions, each of two of the one before. */
function doubling(): string {
  let text = "$D0=x \\\n y\n";
  for (let i = 1; i < 60; i++) {
    text += `$D${i}=\${D${i - 1}} \\\n \${D${i - 1}}\n`;
  }
  return text + "$D59\n";
}

for (const [name, text] of HOSTILE) {
  Deno.test(`the reader survives ${name}`, () => readAny(text));
}

Deno.test("includes that double end with an error", () => {
  const files: Record<string, string> = {};
  for (let i = 0; i < 40; i++) {
    files[`/${i}.conf`] = `include ${i + 1}.conf\ninclude ${i + 1}.conf\n`;
  }
  const { diagnostics } = readKeepalived("/0.conf", {
    surroundings: memorySurroundings(files),
  });
  assertEquals(diagnostics.some((one) => one.code === "HK0421"), true);
});
