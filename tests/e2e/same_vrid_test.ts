/**
 * One VRID for several virtual routers of an interface: by multicast, and to peers of their own.
 */
import { assertEquals } from "@std/assert";
import { type DaemonKind, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 40_000;

function instance(
  name: string,
  priority: number,
  address: string,
  peer?: string,
): string {
  return `vrrp_instance ${name} {
  interface eth0
  virtual_router_id 51
  priority ${priority}
  advert_int 1
  ${peer === undefined ? "" : `unicast_peer {\n    ${peer}\n  }`}
  virtual_ipaddress {
    ${address}/16
  }
}
`;
}

const [TO_B, TO_C, TO_ALL] = ["10.77.1.1", "10.77.1.2", "10.77.1.3"] as const;

for (const kind of ["hakeep", "keepalived"] as const satisfies DaemonKind[]) {
  Deno.test(`routers of one VRID that speak to a group and to different peers are apart, beside ${kind}`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "b", "c"] });
    const [a, b, c] = [lab.address("a"), lab.address("b"), lab.address("c")];
    const first = startDaemon(
      lab,
      "a",
      "hakeep",
      instance("B", 150, TO_B, b) + instance("C", 150, TO_C, c) +
        instance("ALL", 150, TO_ALL),
    );
    const held = async (host: string) =>
      (await lab.addresses(host)).filter((one) => one.startsWith("10.77.1."))
        .map((one) => one.replace("/16", "")).toSorted().join();
    const holds = (host: string, ...addresses: readonly string[]) =>
      eventually(
        () => `${host} holds ${addresses}\n${first.log()}`,
        READY_MS,
        async () => await held(host) === addresses.join(),
      );
    await holds("a", TO_B, TO_C, TO_ALL);
    const others = [
      startDaemon(
        lab,
        "b",
        kind,
        instance("B", 100, TO_B, a) + instance("ALL", 100, TO_ALL),
      ),
      startDaemon(lab, "c", kind, instance("C", 100, TO_C, a)),
    ];
    for (const other of others) {
      await eventually(
        () => `it hears its master\n${other.log()}`,
        READY_MS,
        async () =>
          kind === "keepalived"
            ? other.log().includes("Entering BACKUP")
            : (await statusOf(other))?.instances.every(({ master }) =>
              master?.address === a
            ),
      );
    }
    first.kill("SIGTERM");
    await first.ended;
    await holds("b", TO_B, TO_ALL);
    await holds("c", TO_C);
    assertEquals(await held("a"), "");
  });
}
