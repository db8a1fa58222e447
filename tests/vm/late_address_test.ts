/**
 * The incident that hakeep exists for, on a Debian with systemd and journald: `unicast_src_ip` and its address come
 * 8 s after the daemons. Debian's keepalived beside it stays in FAULT for ever; hakeep waits, says for what, and goes on.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { HAKEEP } from "../e2e/daemons.ts";
import { runMachine, section } from "./machine.ts";

const UNIT = fromFileUrl(
  new URL("../../systemd/hakeep.service", import.meta.url),
);

const HAKEEP_CONFIG = `[vrrp_instance.VI_1]
interface = "hk0"
virtual_router_id = 51
priority = 150
unicast_src_ip = "192.0.2.10"
unicast_peer = ["192.0.2.11"]
virtual_ipaddress = ["192.0.2.100/24"]
`;

const KEEPALIVED_CONFIG = `vrrp_instance V1 {
  interface kd0
  virtual_router_id 52
  priority 150
  unicast_src_ip 198.51.100.10
  unicast_peer {
    198.51.100.11
  }
  virtual_ipaddress {
    198.51.100.100/24
  }
}
`;

/** Sections are printed below "== NAME". The 8 s are the incident itself, not a wait for anything. */
const SCRIPT = `
for name in hk kd; do
  ip link add \${name}0 type veth peer name \${name}1
  ip link set \${name}0 up; ip link set \${name}1 up
done
until_true() { for i in $(seq 200); do "$@" >/dev/null 2>&1 && return 0; sleep 0.2; done; return 1; }
state() { hakeep status | awk '$1 == "VI_1" { print $2; exit }'; }
is_state() { [ "$(state)" = "$1" ]; }
systemctl start hakeep; echo "start $?"
systemctl start keepalived
until_true is_state WAITING
sleep 8
echo; echo "== waiting"; systemctl status hakeep --no-pager | grep -E 'Active|Status'
ip addr add 192.0.2.10/24 dev hk0
ip addr add 198.51.100.10/24 dev kd0
until_true is_state MASTER
echo; echo "== status"; hakeep status
echo; echo "== address"; ip -o -4 addr show dev hk0
echo; echo "== master"; systemctl status hakeep --no-pager | grep -E 'Active|Status'
echo; echo "== json"; journalctl -u hakeep -o json --no-pager
echo; echo "== facility"; journalctl --facility=local6 -o cat --no-pager
# keepalived would be MASTER after 3.4 s; it has had many times that.
sleep 12
echo; echo "== keepalived"; journalctl -u keepalived -o cat --no-pager; ip -o -4 addr show dev kd0
systemctl stop hakeep; echo "stop $?"
echo; echo "== stopped"; ip -o -4 addr show dev hk0; systemctl show -p Result,NRestarts hakeep
`;

Deno.test("an address that comes 8 s after boot makes hakeep MASTER and leaves keepalived 2.2.7 in FAULT", async () => {
  const output = await runMachine([
    { path: "/usr/bin/hakeep", content: { copyOf: HAKEEP }, isProgram: true },
    { path: "/etc/systemd/system/hakeep.service", content: { copyOf: UNIT } },
    { path: "/etc/hakeep/hakeep.toml", content: HAKEEP_CONFIG },
    {
      path: "/etc/default/hakeep",
      content: "HAKEEP_OPTIONS=--log-facility local6\n",
    },
    { path: "/etc/keepalived/keepalived.conf", content: KEEPALIVED_CONFIG },
  ], SCRIPT);

  // READY=1 although the instance waits, and systemd's own status says for what.
  assertMatch(output, /^start 0$/m);
  assertMatch(section(output, "waiting"), /active \(running\)/);
  assertMatch(
    section(output, "waiting"),
    /Status: "WAITING: VI_1 \(hk0 has no address 192\.0\.2\.10\)"/,
  );

  assertMatch(section(output, "status"), /VI_1 +MASTER .*hk0 +51/);
  assertMatch(section(output, "address"), /192\.0\.2\.100\/24/);
  assertMatch(section(output, "master"), /Status: "MASTER: VI_1"/);

  const entries: Record<string, string>[] = section(output, "json").split("\n")
    .map((line) => JSON.parse(line));
  const entered = entries.find((entry) => entry["HAKEEP_STATE"] === "MASTER");
  assert(entered !== undefined, section(output, "json"));
  assertEquals(
    [
      entered?.["HAKEEP_INSTANCE"],
      entered?.["HAKEEP_VRID"],
      entered?.["HAKEEP_INTERFACE"],
      entered?.["SYSLOG_IDENTIFIER"],
      entered?.["SYSLOG_FACILITY"],
      entered?.["_TRANSPORT"],
      entered?.["PRIORITY"],
    ],
    ["VI_1", "51", "hk0", "hakeep", "22", "journal", "5"],
  );
  assertMatch(entered?.["MESSAGE_ID"] ?? "", /^[0-9a-f]{32}$/);
  assertMatch(entered?.["MESSAGE"] ?? "", /VI_1: .*MASTER/);
  assertMatch(section(output, "facility"), /VI_1: .*MASTER/);

  const keepalived = section(output, "keepalived");
  assertMatch(keepalived, /failed 99|FAULT/);
  assert(
    !keepalived.includes("198.51.100.100"),
    `keepalived got out of FAULT:\n${keepalived}`,
  );

  assertMatch(output, /^stop 0$/m);
  assert(
    !section(output, "stopped").includes("192.0.2.100"),
    section(output, "stopped"),
  );
  assertMatch(section(output, "stopped"), /Result=success/);
});
