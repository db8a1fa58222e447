/**
 * The drop-in for configurations without scripts: hakeep does its work in the stricter sandbox too.
 */
import { assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { HAKEEP } from "../e2e/daemons.ts";
import { runMachine, section } from "./machine.ts";

function inSystemd(path: string): string {
  return fromFileUrl(new URL(`../../systemd/${path}`, import.meta.url));
}

const CONFIG = `[vrrp_instance.VI_1]
interface = "hk0"
virtual_router_id = 51
virtual_ipaddress = ["192.0.2.100/24"]
`;

const SCRIPT = `
ip link add hk0 type veth peer name hk1
ip link set hk0 up; ip link set hk1 up; ip addr add 192.0.2.10/24 dev hk0
until_true() { for i in $(seq 200); do "$@" >/dev/null 2>&1 && return 0; sleep 0.2; done; return 1; }
is_master() { hakeep status | grep -q 'VI_1 *MASTER'; }
systemctl start hakeep; echo "start $?"
until_true is_master
echo; echo "== status"; hakeep status; systemctl show -p NoNewPrivileges hakeep
systemctl stop hakeep; echo "stop $?"
echo; echo "== stopped"; systemctl show -p Result hakeep
`;

Deno.test("hakeep without scripts works in the stricter sandbox of no-scripts.conf", async () => {
  const output = await runMachine([
    { path: "/usr/bin/hakeep", content: { copyOf: HAKEEP }, isProgram: true },
    {
      path: "/etc/systemd/system/hakeep.service",
      content: { copyOf: inSystemd("hakeep.service") },
    },
    {
      path: "/etc/systemd/system/hakeep.service.d/no-scripts.conf",
      content: { copyOf: inSystemd("hakeep.service.d/no-scripts.conf") },
    },
    { path: "/etc/hakeep/hakeep.toml", content: CONFIG },
  ], SCRIPT);
  assertMatch(output, /^start 0$/m);
  assertMatch(section(output, "status"), /VI_1 +MASTER/);
  assertMatch(section(output, "status"), /NoNewPrivileges=yes/);
  assertMatch(output, /^stop 0$/m);
  assertMatch(section(output, "stopped"), /Result=success/);
});
