import { assertEquals } from "@std/assert";
import type { TrackerLink } from "../vrrp/tracking.ts";
import { memorySurroundings } from "./keepalived/memory_files.ts";
import { readKeepalived } from "./keepalived/read.ts";
import { EMPTY_PLAN, type ResolvedPlan, resolvePlan } from "./resolve_plan.ts";
import { readToml } from "./toml/read.ts";
import type { NotifyScript } from "./notify_model.ts";
import type { VrrpScript } from "./tracking_model.ts";

const BLOCKS = `
[vrrp_script.plain]
script = "/bin/plain"

[vrrp_script.heavy]
script = "/bin/heavy"
weight = 10
reverse = true

[vrrp_script.nobody]
script = "/bin/nobody"

[track_file.one]
file = "/run/one"

[track_file.two]
file = "/run/two"
weight = 2

[vrrp_track_process.web]
process = ["nginx", "-g"]
weight = 4
`;

const LISTS = `
track_interface = ["eth1", { name = "eth2", weight = -10 }]
track_script = ["plain", "heavy"]
track_file = ["one", "two"]
track_process = ["web"]
`;

function instance(name: string, vrid: number, more = ""): string {
  return `
[vrrp_instance.${name}]
interface = "eth0"
virtual_router_id = ${vrid}
virtual_ipaddress = ["10.0.0.${vrid}"]
${more}`;
}

/** As if every script may run but those called `unusable`. */
function ready({ name }: VrrpScript): NotifyScript | undefined {
  return name === "unusable"
    ? undefined
    : { words: ["/bin/true"], user: undefined };
}

function planOf(text: string): ResolvedPlan {
  const { config } = readToml({ name: "t", text, includedFrom: undefined });
  return config === undefined ? EMPTY_PLAN : resolvePlan(config, ready);
}

/** `KIND NAME WEIGHT`, with `reverse` where it is. */
function shown(links: readonly TrackerLink[] | undefined): readonly string[] {
  return (links ?? []).map(({ kind, tracker, weight, reverse }) =>
    `${kind} ${tracker} ${weight}${reverse ? " reverse" : ""}`
  );
}

function linksOf(text: string, name = "A"): readonly string[] {
  return shown(planOf(text).routers.find((one) => one.name === name)?.links);
}

Deno.test("resolvePlan() takes weight and reverse from the block unless the entry gives them", () => {
  assertEquals(linksOf(BLOCKS + instance("A", 1, LISTS)), [
    "interface eth1 0",
    "interface eth2 -10",
    "script plain 0",
    "script heavy 10 reverse",
    "file one 1",
    "file two 2",
    "process web 4",
  ]);
  assertEquals(
    linksOf(
      BLOCKS + instance(
        "A",
        1,
        `track_script = [{ name = "heavy", weight = 3, reverse = false }]`,
      ),
    ),
    ["script heavy 3"],
  );
});

Deno.test("resolvePlan() leaves out what nothing defines, and what is listed twice", () => {
  assertEquals(
    linksOf(
      BLOCKS + instance(
        "A",
        1,
        `track_script = ["unknown", "plain", { name = "plain", weight = 7 }]`,
      ),
    ),
    ["script plain 0"],
  );
});

Deno.test("resolvePlan() takes the weights of a group's members away, as keepalived does", () => {
  const group = '[vrrp_sync_group.G]\ngroup = ["A", "B"]\n';
  const members = instance("A", 1, LISTS) + instance("B", 2);
  assertEquals(linksOf(BLOCKS + group + members), [
    "interface eth1 0",
    "interface eth2 0",
    "script plain 0",
    "file one 0",
    "process web 4",
  ]);
  const keeps = `${group}sync_group_tracking_weight = true\n`;
  assertEquals(
    linksOf(BLOCKS + keeps + members),
    linksOf(BLOCKS + instance("A", 1, LISTS)),
  );
});

Deno.test("resolvePlan() takes the weights of an address owner away, as keepalived does", () => {
  const owned = [
    "interface eth1 0",
    "script plain 0",
    "file one 0",
    "process web 4",
  ];
  for (const owner of ["priority = 255", 'state = "MASTER"']) {
    assertEquals(
      linksOf(BLOCKS + instance("A", 1, `${owner}\n${LISTS}`)),
      owned,
    );
  }
});

Deno.test("resolvePlan() gives a group its members and what they follow together", () => {
  const group = `[vrrp_sync_group.G]
group = ["B", "A", "gone", "A"]
track_script = ["heavy"]
track_interface = [{ name = "eth2", weight = 5 }]

[vrrp_sync_group.H]
group = ["A", "C"]
track_file = ["two"]

[vrrp_sync_group.I]
group = ["gone"]
`;
  const { groups } = planOf(
    BLOCKS + group + instance("A", 1) + instance("B", 2) +
      instance("C", 3, "priority = 255"),
  );
  assertEquals(
    groups.map(({ name, members, links }) => [name, members, shown(links)]),
    [
      ["G", ["B", "A"], ["interface eth2 5", "script heavy 10 reverse"]],
      // The priority of an address owner never moves, and members go together.
      ["H", ["C"], ["file two 0"]],
    ],
  );
});

Deno.test("resolvePlan() does not follow for an instance by itself what its group follows for it", () => {
  const group = `[vrrp_sync_group.G]
group = ["A", "B"]
sync_group_tracking_weight = true
track_script = ["plain", "heavy"]
`;
  const own = (entry: string) =>
    linksOf(
      BLOCKS + group + instance("A", 1, `track_script = [${entry}]`) +
        instance("B", 2),
    );
  assertEquals(own('"plain", "heavy"'), []);
  assertEquals(own('{ name = "plain", weight = 5 }'), []);
  // A fault for this instance stays one.
  assertEquals(own('{ name = "heavy", weight = 0 }'), [
    "script heavy 0 reverse",
  ]);
});

Deno.test("resolvePlan() does not track an instance's own interface twice", () => {
  const own = 'track_interface = [{ name = "eth0", weight = 5 }]\n';
  assertEquals(linksOf(instance("A", 1, own)), []);
  assertEquals(
    linksOf(instance("A", 1, `${own}dont_track_primary = true\n`)),
    ["interface eth0 5"],
  );
});

Deno.test("resolvePlan() defines what somebody follows, and nothing else", () => {
  const { definitions } = planOf(
    BLOCKS +
      `[vrrp_sync_group.G]\ngroup = ["A"]\ntrack_process = ["web"]\n` +
      instance("A", 1, 'track_script = ["plain"]\ntrack_interface = ["eth1"]'),
  );
  assertEquals(definitions.map(({ kind, name }) => `${kind} ${name}`), [
    "script plain",
    "process web",
  ]);
});

Deno.test("resolvePlan() makes the same of keepalived's language", () => {
  const { config } = readKeepalived("/k.conf", {
    surroundings: memorySurroundings({
      "/k.conf": `vrrp_script chk {
  script /bin/chk
  weight -20
}
vrrp_sync_group G {
  group {
    A B
  }
  track_script { chk }
}
vrrp_instance A {
  interface eth0
  virtual_router_id 1
  virtual_ipaddress { 10.0.0.1 }
  track_interface { eth1 }
}
vrrp_instance B {
  virtual_router_id 2
  virtual_ipaddress { 10.0.0.2 }
}
`,
    }),
  });
  const plan = config === undefined ? EMPTY_PLAN : resolvePlan(config, ready);
  assertEquals(
    plan.groups.map(({ name, members, links }) => [
      name,
      members,
      shown(links),
    ]),
    // B has no interface and does not run.
    [["G", ["A"], ["script chk -20"]]],
  );
  assertEquals(shown(plan.routers[0]?.links), ["interface eth1 0"]);
});

Deno.test("a script that may not run is followed by nobody", () => {
  const plan = planOf(`
[vrrp_script.unusable]
script = "/bin/unusable"

${BLOCKS}
${instance("A", 1, `track_script = ["unusable", "plain"]`)}`);
  assertEquals(shown(plan.routers[0]?.links), ["script plain 0"]);
  assertEquals(plan.definitions.map(({ name }) => name), ["plain"]);
});
