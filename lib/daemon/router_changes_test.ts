import { assertEquals } from "@std/assert";
import { exampleRouter } from "../vrrp/example_router.ts";
import { compareRouters } from "./router_changes.ts";

Deno.test("compareRouters() knows instances by their names, whatever their order", () => {
  const one = exampleRouter({ name: "one" });
  const two = exampleRouter({ name: "two" });
  const three = exampleRouter({ name: "three" });
  const changed = { ...one, priority: 7 };
  assertEquals(compareRouters([one, two], [three, changed]), {
    added: [three],
    changed: [changed],
    removed: [two],
  });
  assertEquals(compareRouters([one, two], [{ ...two }, { ...one }]), {
    added: [],
    changed: [],
    removed: [],
  });
});
