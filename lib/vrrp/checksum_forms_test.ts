import { assertEquals } from "@std/assert";
import { ChecksumForms } from "./checksum_forms.ts";
import { exampleIp, exampleRouter } from "./example_router.ts";
import type { RouterConfig } from "./router_config.ts";

const ONE = exampleIp("192.0.2.1");
const OTHER = exampleIp("192.0.2.2");
const PEERS: RouterConfig["unicastPeers"] = [ONE, OTHER].map((address) => ({
  address,
  ttlMin: undefined,
  ttlMax: undefined,
}));

Deno.test("ChecksumForms begins with the configured form", () => {
  for (
    const [changes, form] of [
      [{}, "with pseudo header"],
      [{ v3ChecksumAsV2: true }, "without pseudo header"],
      [{ oldUnicastChecksum: true }, "with pseudo header"],
      [
        { oldUnicastChecksum: true, unicastPeers: PEERS },
        "with the group in its pseudo header",
      ],
    ] as const
  ) {
    assertEquals(new ChecksumForms(exampleRouter(changes)).of(ONE), form);
  }
});

Deno.test("ChecksumForms answers each peer as it speaks, and a group as it was heard last", () => {
  const forms = new ChecksumForms(exampleRouter({ unicastPeers: PEERS }));
  forms.learn(ONE, "without pseudo header");
  assertEquals(forms.of(ONE), "without pseudo header");
  assertEquals(forms.of(OTHER), "with pseudo header");

  const group = new ChecksumForms(exampleRouter());
  group.learn(ONE, "without pseudo header");
  assertEquals(group.of(OTHER), "without pseudo header");
  assertEquals(group.revision, 1);
  group.learn(OTHER, "without pseudo header");
  assertEquals(group.revision, 1);
  group.learn(OTHER, "with pseudo header");
  assertEquals(group.of(exampleIp("224.0.0.18")), "with pseudo header");
});
