import { assertEquals } from "@std/assert";
import type { ObservedLink } from "./observed_link.ts";
import { exampleRoute, exampleRule } from "../vrrp/example_policy.ts";
import { keyOfPolicy, type Policy } from "../vrrp/virtual_route.ts";
import { PolicyKnowledge } from "./route_plan.ts";

const ETH0: ObservedLink = {
  index: 2,
  name: "eth0",
  flags: 0x41,
  mac: undefined,
  mtu: 1500,
  addresses: new Map(),
};
const linkNamed = (name: string) => name === "eth0" ? ETH0 : undefined;
const noLink = () => undefined;

function planned(
  knowledge: PolicyKnowledge,
  policies: readonly Policy[],
  isHeld: boolean,
  links: (name: string) => ObservedLink | undefined = linkNamed,
): string[] {
  return knowledge.plan(policies, isHeld, links).map((change) =>
    `${
      change.present ? "add" : "remove"
    } ${change.policy.kind} [${change.indexes}]`
  );
}

Deno.test("PolicyKnowledge plans what is not known to be so, rules last and first to go", () => {
  const policies = [exampleRoute({ interface: "eth0" }), exampleRule()];
  const knowledge = new PolicyKnowledge();
  const removal = ["remove rule []", "remove route [2]"];
  // What a daemon before this one may have left.
  assertEquals(planned(knowledge, policies, false), removal);
  assertEquals(planned(knowledge, policies, false), []);
  assertEquals(planned(knowledge, policies, true), [
    "add route [2]",
    "add rule []",
  ]);
  assertEquals(planned(knowledge, policies, true), []);
  assertEquals(planned(knowledge, policies, false), removal);
});

Deno.test("PolicyKnowledge plans again what it is told to doubt", () => {
  const [route, rule] = [exampleRoute(), exampleRule()];
  const knowledge = new PolicyKnowledge();
  planned(knowledge, [route, rule], true);
  knowledge.forget(route);
  assertEquals(planned(knowledge, [route, rule], true), ["add route [0]"]);
  knowledge.forgetAll();
  assertEquals(planned(knowledge, [route, rule], true), [
    "add route [0]",
    "add rule []",
  ]);
});

Deno.test("PolicyKnowledge lets a route wait for its interface, and for those of its next hops", () => {
  const hop = {
    gateway: undefined,
    weight: 1,
    onlink: false,
    encapsulation: undefined,
    realms: undefined,
  };
  for (
    const route of [
      exampleRoute({ interface: "eth0" }),
      exampleRoute({ nextHops: [{ ...hop, interface: "eth0" }] }),
    ]
  ) {
    const knowledge = new PolicyKnowledge();
    assertEquals(planned(knowledge, [route], true, noLink), []);
    assertEquals(planned(knowledge, [route], true).length, 1);
  }
});

Deno.test("a route of a VRF is put into the table that the VRF has, and waits for it", () => {
  const route = exampleRoute({ vrf: "red" });
  const knowledge = new PolicyKnowledge();
  const withTable = (vrfTable: number | undefined) => () => ({
    ...ETH0,
    name: "red",
    vrfTable,
  });
  const tables = (links: (name: string) => ObservedLink | undefined) =>
    knowledge.plan([route], true, links).map(({ policy, origin }) => {
      assertEquals(origin, route);
      return [policy.table, knowledge.inVrf(keyOfPolicy(policy)) === route];
    });
  assertEquals(tables(noLink), []);
  assertEquals(tables(withTable(undefined)), []);
  assertEquals(tables(withTable(10)), [[10, true]]);
  assertEquals(tables(withTable(10)), []);
  knowledge.forget(route);
  assertEquals(tables(withTable(11)), [[11, true]]);
});
