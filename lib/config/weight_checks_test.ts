import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  effectivePriority,
  trackerEffect,
  type TrackerLink,
} from "../vrrp/tracking.ts";
import { checkConfig } from "./checks.ts";
import { resolvePlan } from "./resolve_plan.ts";
import { readToml } from "./toml/read.ts";

/** The priorities that a router shows, over all states of what it follows. */
function reachable(
  priority: number,
  links: readonly TrackerLink[],
): ReadonlySet<number> {
  let sums: readonly (readonly number[])[] = [[]];
  for (const link of links) {
    const contributions = (["up", "down"] as const).flatMap((state) => {
      const effect = trackerEffect(link, {
        kind: "interface",
        state,
      });
      return effect.kind === "weight" ? [effect.contribution] : [];
    });
    sums = sums.flatMap((sum) => contributions.map((one) => [...sum, one]));
  }
  return new Set(sums.map((sum) => effectivePriority(priority, sum)));
}

const WEIGHT = fc.integer({ min: -253, max: 253 }).filter((one) => one !== 0);

Deno.test("the advice that weights never change a priority is given exactly when they never do", () => {
  fc.assert(
    fc.property(
      // Often near the bounds.
      fc.oneof(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 251, max: 254 }),
        fc.integer({ min: 1, max: 254 }),
      ),
      fc.array(fc.record({ weight: WEIGHT, reverse: fc.boolean() }), {
        minLength: 1,
        maxLength: 5,
      }),
      (priority, weights) => {
        const entries = weights.map(({ weight, reverse }, index) =>
          `{ name = "eth${
            index + 1
          }", weight = ${weight}, reverse = ${reverse} }`
        );
        const text = `[vrrp_instance.A]
interface = "eth0"
virtual_router_id = 1
priority = ${priority}
virtual_ipaddress = ["10.0.0.1/24"]
track_interface = [${entries.join(", ")}]
`;
        const { config } = readToml({
          name: "t",
          text,
          includedFrom: undefined,
        });
        if (config === undefined) throw new Error(text);
        const told = checkConfig(config)
          .filter(({ code }) => code === "HK0249").length;
        const [router] = resolvePlan(config, () => undefined).routers;
        const shown = reachable(priority, router?.links ?? []);
        assertEquals(told, shown.size === 1 ? weights.length : 0, text);
      },
    ),
    { numRuns: 500 },
  );
});
