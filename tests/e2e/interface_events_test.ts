/**
 * What becomes of a router whose interface goes, comes back, changes its name or its addresses.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Capture } from "./capture.ts";
import { instanceText, VIP } from "./configurations.ts";
import { type RunningDaemon, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
const MAC = "02:00:00:00:00:77";
const TEXT = instanceText({
  priority: 150,
  lines: ["version 3", "advert_int 0.1"],
});

async function isHeld(lab: Lab, daemon: RunningDaemon): Promise<void> {
  await eventually(
    `the address is there\n${daemon.log()}`,
    READY_MS,
    () => lab.holds("a", `${VIP}/16`),
  );
}

async function logs(daemon: RunningDaemon, text: string): Promise<void> {
  await eventually(
    `"${text}" is logged\n${daemon.log()}`,
    READY_MS,
    () => Promise.resolve(daemon.log().includes(text)),
  );
}

/** Each is a loss of the interface, and how it comes back. */
const LOSSES: readonly {
  readonly name: string;
  readonly lose: (lab: Lab) => Promise<unknown>;
  readonly restore: (lab: Lab) => Promise<unknown>;
}[] = [
  {
    name: "is removed and made again",
    lose: (lab) => lab.ip("a", "link", "delete", "eth0"),
    restore: async (lab) => {
      await lab.plug("a");
      await lab.ip("a", "addr", "add", "10.77.0.1/16", "dev", "eth0");
    },
  },
  {
    name: "gets another name and its own again",
    lose: (lab) => lab.ip("a", "link", "set", "eth0", "name", "other"),
    restore: (lab) => lab.ip("a", "link", "set", "other", "name", "eth0"),
  },
  {
    name: "moves to another network namespace and back",
    lose: (lab) =>
      lab.ip("a", "link", "set", "eth0", "netns", lab.namespace("b")),
    restore: async (lab) => {
      await lab.ip("b", "link", "set", "eth0", "netns", lab.namespace("a"));
      await lab.ip("a", "link", "set", "eth0", "up");
      await lab.ip("a", "addr", "add", "10.77.0.1/16", "dev", "eth0");
    },
  },
];

for (const { name, lose, restore } of LOSSES) {
  Deno.test(`a router whose interface ${name} waits for it, and goes on`, async () => {
    await using lab = await Lab.create({
      hosts: ["a", "b"],
      withoutLink: ["b"],
    });
    const daemon = startDaemon(lab, "a", "hakeep", TEXT);
    await isHeld(lab, daemon);
    await lose(lab);
    await logs(daemon, "interface eth0 does not exist");
    await restore(lab);
    await isHeld(lab, daemon);
    assertEquals(daemon.log().includes("cannot remove"), false, daemon.log());
    assertEquals(daemon.log().includes("engine died"), false, daemon.log());
  });
}

Deno.test("another MTU, first address and hardware address are no transition; adverts leave from the new ones, and it is announced", async () => {
  await using lab = await Lab.create({ hosts: ["a", "watcher"] });
  const daemon = startDaemon(lab, "a", "hakeep", TEXT);
  await isHeld(lab, daemon);
  await lab.ip("a", "link", "set", "eth0", "mtu", "1400");
  // The kernel removes what stands behind a first address with it, unless it is told otherwise.
  await lab.inside(
    "a",
    "sysctl",
    "-q",
    "-w",
    "net.ipv4.conf.eth0.promote_secondaries=1",
  );
  await lab.ip("a", "addr", "add", "10.77.9.9/16", "dev", "eth0");
  await lab.ip("a", "addr", "delete", "10.77.0.1/16", "dev", "eth0");
  const heard = async () => {
    const { stdout } = await lab.inside(
      "watcher",
      "timeout",
      "2",
      "tcpdump",
      "-c",
      "1",
      "-n",
      "-i",
      "eth0",
      "ip proto 112",
    );
    return stdout;
  };
  await eventually(
    "adverts leave from the new address",
    READY_MS,
    async () => (await heard()).includes("10.77.9.9 >"),
  );
  await isHeld(lab, daemon);
  assertEquals(daemon.log().split("entering").length - 1, 2, daemon.log());
  // Neighbours are told at once where the address is now.
  const capture = await Capture.start(lab, "watcher");
  await lab.ip("a", "link", "set", "eth0", "address", MAC);
  await eventually(
    `the new hardware address is announced\n${daemon.log()}`,
    READY_MS,
    async () =>
      (await capture.sightings()).some((one) =>
        one.kind === "announcement" && one.address === VIP &&
        one.sourceMac === MAC
      ),
  );
});

Deno.test("an instance waits for an interface that can multicast, and one with peers does not, in strict mode either", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  await lab.ip("a", "link", "set", "eth0", "multicast", "off");
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({
      priority: 150,
      lines: ["version 3", "advert_int 0.1"],
      globals: ["vrrp_strict"],
    }) + `
vrrp_instance VI_2 {
  interface eth0
  virtual_router_id 52
  priority 150
  version 3
  advert_int 0.1
  unicast_peer {
    10.77.0.9
  }
  virtual_ipaddress {
    10.77.1.2/16
  }
}
`,
  );
  const states = async () =>
    (await statusOf(daemon))?.instances.map(({ state }) => state).join();
  await eventually(
    () => `only the one with peers runs\n${daemon.log()}`,
    READY_MS,
    async () => await states() === "WAITING,MASTER",
  );
  assertStringIncludes(
    daemon.log(),
    "VI_1: waiting: interface eth0 cannot multicast, and it has no unicast peers",
  );
  await lab.ip("a", "link", "set", "eth0", "multicast", "on");
  await eventually(
    () => `both run\n${daemon.log()}`,
    READY_MS,
    async () => await states() === "MASTER,MASTER",
  );
});
