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

/** Scripts as operators write them: state for others to read, in places of every kind. */
const HAKEEP_CONFIG = `[global_defs]
enable_script_security = true
script_user = "root"
vrrp_notify_fifo = { path = "/run/hakeep/fifo", user = "nobody" }

[vrrp_instance.VI_1]
interface = "hk0"
virtual_router_id = 51
priority = 150
unicast_src_ip = "192.0.2.10"
unicast_peer = ["192.0.2.11"]
virtual_ipaddress = ["192.0.2.100/24"]
notify = "/opt/notify.sh root"
notify_master = { script = "/opt/notify.sh nobody", user = "nobody" }
notify_stop = { script = "/bin/sleep 1000", user = "nobody" }
`;

const NOTIFY_SCRIPT = `#!/bin/sh
echo "$(id -un) $*" >>/tmp/$1.told
[ "$1" = root ] || exit 0
echo "$4" >/etc/hakeep.state
sysctl -q -w net.ipv4.conf.lo.arp_notify=1 || exit 1
pgrep -u 0 systemd >/dev/null || exit 2
chown nobody /etc/hakeep.state || exit 3
systemctl is-active hakeep >/dev/null || exit 4
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
echo; echo "== told"; cat /tmp/root.told /tmp/nobody.told; stat -c '%U %F' /run/hakeep/fifo; ls -l /etc/hakeep.state
echo; echo "== failed"; journalctl -u hakeep -o cat --no-pager | grep 'script .* for'
echo; echo "== master"; systemctl status hakeep --no-pager | grep -E 'Active|Status'
echo; echo "== json"; journalctl -u hakeep -o json --no-pager
echo; echo "== facility"; journalctl --facility=local6 -o cat --no-pager
# keepalived would be MASTER after 3.4 s; it has had many times that.
sleep 12
echo; echo "== keepalived"; journalctl -u keepalived -o cat --no-pager; ip -o -4 addr show dev kd0
sed -i 's/^priority = 150/priority = 140/' /etc/hakeep/hakeep.toml
systemctl reload hakeep; echo "reload $?"
has_priority() { hakeep status --json | grep -q '"priority": *140'; }
until_true has_priority
echo; echo "== reloaded"; hakeep status; systemctl status hakeep --no-pager | grep -E 'Active|Status'
systemd-run --quiet --unit=second -p Type=notify hakeep run --config /etc/hakeep/second.toml \\
  --runtime-dir /run/second --log syslog --log-facility local3; echo "second $?"
has_syslog() { journalctl _TRANSPORT=syslog --facility=local3 -o cat --no-pager | grep -q VI_2; }
until_true has_syslog
echo; echo "== syslog"; journalctl _TRANSPORT=syslog --facility=local3 -o json --no-pager
ip monitor address >/run/monitor & 
# That the monitor tells removals is to be seen too.
is_watched() { ip addr add 203.0.113.1/32 dev lo; ip addr del 203.0.113.1/32 dev lo; grep -q Deleted /run/monitor; }
until_true is_watched
kill -STOP $(systemctl show -p MainPID --value hakeep)
is_restarted() { [ "$(systemctl show -p NRestarts --value hakeep)" = 1 ] && is_state MASTER; }
until_true is_restarted
echo; echo "== hung"; systemctl show -p NRestarts hakeep; hakeep status
journalctl -u hakeep -o cat --no-pager | grep -i watchdog
echo; echo "== removed"; grep Deleted /run/monitor
systemctl stop hakeep; echo "stop $?"
echo; echo "== left"; pgrep -xa sleep
echo; echo "== stopped"; ip -o -4 addr show dev hk0; systemctl show -p Result,NRestarts hakeep
`;

const SECOND_CONFIG = `[vrrp_instance.VI_2]
interface = "eth9"
virtual_router_id = 53
virtual_ipaddress = ["192.0.2.101/24"]
`;

Deno.test("an address that comes 8 s after boot makes hakeep MASTER and leaves keepalived 2.2.7 in FAULT", async () => {
  const output = await runMachine([
    { path: "/usr/bin/hakeep", content: { copyOf: HAKEEP }, isProgram: true },
    { path: "/etc/systemd/system/hakeep.service", content: { copyOf: UNIT } },
    { path: "/etc/hakeep/hakeep.toml", content: HAKEEP_CONFIG },
    { path: "/opt/notify.sh", content: NOTIFY_SCRIPT, isProgram: true },
    {
      path: "/etc/default/hakeep",
      content: "HAKEEP_OPTIONS=--log-facility local6\n",
    },
    { path: "/etc/hakeep/second.toml", content: SECOND_CONFIG },
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
  // The unit lets scripts do what they did under keepalived, and lets hakeep end those of other users.
  const told = section(output, "told");
  assertMatch(told, /^root root INSTANCE VI_1 FAULT 150$/m);
  assertMatch(told, /^root root INSTANCE VI_1 MASTER 150$/m);
  assertMatch(told, /^nobody nobody$/m);
  assertMatch(told, /^nobody fifo$/m);
  assertMatch(told, /nobody .*hakeep\.state/);
  assertEquals(section(output, "failed"), "");
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

  assertMatch(output, /^reload 0$/m);
  assertMatch(section(output, "reloaded"), /VI_1 +MASTER/);
  assertMatch(section(output, "reloaded"), /Status: "MASTER: VI_1"/);

  assertMatch(output, /^second 0$/m);
  const classic: Record<string, string>[] = section(output, "syslog").split(
    "\n",
  ).map((line) => JSON.parse(line));
  const waiting = classic.find(({ MESSAGE }) => MESSAGE?.includes("VI_2"));
  assertEquals(
    [waiting?.["SYSLOG_IDENTIFIER"], waiting?.["SYSLOG_FACILITY"]],
    ["hakeep", "19"],
  );

  // systemd ends what does not answer, and the next one goes on with the address that is still there.
  assertMatch(section(output, "hung"), /NRestarts=1/);
  assertMatch(section(output, "hung"), /VI_1 +MASTER/);
  assertMatch(section(output, "hung"), /[Ww]atchdog timeout/);
  assertMatch(section(output, "removed"), /203\.0\.113\.1/);
  assert(
    !section(output, "removed").includes("192.0.2.100"),
    section(output, "removed"),
  );

  assertMatch(output, /^stop 0$/m);
  assert(!section(output, "left").includes("sleep 1000"), output);
  assert(
    !section(output, "stopped").includes("192.0.2.100"),
    section(output, "stopped"),
  );
  assertMatch(section(output, "stopped"), /Result=success/);
});
