import { assertEquals } from "@std/assert";
import { readToml } from "./toml/read.ts";
import { resolveAnnouncementLimits } from "./resolve_garp.ts";

function limitsOf(text: string) {
  const { config } = readToml({ name: "t", text, includedFrom: undefined });
  return config === undefined ? [] : resolveAnnouncementLimits(config);
}

Deno.test("resolveAnnouncementLimits() limits nothing unless asked", () => {
  assertEquals(limitsOf(""), []);
});

Deno.test("resolveAnnouncementLimits() gives groups the global interval that they lack, and all others both", () => {
  assertEquals(
    limitsOf(`
[global_defs]
vrrp_garp_interval = 0.01
vrrp_gna_interval = 0.02
[[garp_group]]
gna_interval = 0
interfaces = ["eth0", "eth1"]
`),
    [
      {
        interfaces: ["eth0", "eth1"],
        arpIntervalNs: 10e6,
        neighborIntervalNs: 0,
      },
      { interfaces: undefined, arpIntervalNs: 10e6, neighborIntervalNs: 20e6 },
    ],
  );
});
