/**
 * What hakeep does with a machine of its own: processes as the kernel tells of them, a clock that is set, and systemd.
 * Debian's keepalived runs beside it with the same configuration, on a link of its own, where it has the same feature.
 *
 * ```text
 *   machine                    namespace peer
 *   hk0 hakeep, priority 10+   hk1 hakeep, priority 5
 *   kd0 keepalived, 10+        kd1 keepalived, priority 5
 * ```
 *
 * Each tracked process has a weight of its own, a power of two: the effective priority tells the state of all of them.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { HAKEEP } from "../e2e/daemons.ts";
import { runMachine, section } from "./machine.ts";

const UNIT = fromFileUrl(
  new URL("../../systemd/hakeep.service", import.meta.url),
);

const TRACKED: readonly (readonly [name: string, ...lines: string[]])[] = [
  ["name", "process napper"],
  ["whole", "process /opt/napper 1001 1002"],
  ["beginning", "process /opt/napper 1001 10", "param_match initial"],
  ["some", "process /opt/napper 1001", "param_match partial"],
  ["few", "process napper", "quorum 2", "quorum_max 3"],
  ["none", "process intruder", "quorum_max 0"],
  ["each", "process delayer", "fork_delay 3", "terminate_delay 5"],
];

/** Base 10 and at most 10 + 127; `both` counts 100 more. */
function config(link: string, vip: string, fifo: string): string {
  const tracked = [
    ...TRACKED.map(([name, ...lines], i) => ({
      name,
      lines: [...lines, `weight ${2 ** i}`],
    })),
    { name: "both", lines: ["process delayer", "delay 2", "weight 100"] },
  ];
  return `global_defs {
  vrrp_version 3
  vrrp_notify_fifo ${fifo}
  vrrp_notify_priority_changes true
  vrrp_garp_master_repeat 1
}
${
    tracked.map(({ name, lines }) =>
      `vrrp_track_process ${name} {\n  ${lines.join("\n  ")}\n}`
    ).join("\n")
  }
vrrp_instance V1 {
  interface ${link}
  virtual_router_id 51
  priority 10
  advert_int 2
  notify_priority_changes true
  track_process {
    ${tracked.map(({ name }) => name).join("\n    ")}
  }
  virtual_ipaddress {
    ${vip}/24
  }
}
`;
}

function peer(link: string, vip: string): string {
  return `vrrp_instance V1 {
  interface ${link}
  version 3
  virtual_router_id 51
  priority 5
  advert_int 2
  virtual_ipaddress {
    ${vip}/24
  }
}
`;
}

const FUNCTIONS = `
until_true() { for i in $(seq 400); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; echo "in vain: $*"; tail -n 30 /tmp/[hk]*.log; tail -n 20 /tmp/*.told; exit 1; }
holds() { ip addr show dev $1 | grep -q $2; }
ip netns add peer
for name in hk:192.0.2 kd:198.51.100; do
  link=\${name%:*}; net=\${name#*:}
  ip link add \${link}0 type veth peer name \${link}1 netns peer
  sysctl -q -w net.ipv6.conf.\${link}0.disable_ipv6=1; ip netns exec peer sysctl -q -w net.ipv6.conf.\${link}1.disable_ipv6=1
  ip addr add $net.1/24 dev \${link}0; ip link set \${link}0 up
  ip -n peer addr add $net.2/24 dev \${link}1; ip -n peer link set \${link}1 up
done
mkdir -p /opt; cp /usr/bin/sleep /opt/napper; cp /usr/bin/sleep /opt/intruder; cp /usr/bin/sleep /opt/delayer
# What a daemon tells, with the time behind it.
listen() {
  mkfifo /run/$1.fifo; exec {fd}<>/run/$1.fifo
  while read -r _ _ state value; do read -r up _ </proc/uptime; echo "$state $value $up"; done <&$fd >/tmp/$1.told &
}
last() { tail -n 1 /tmp/$1.told | cut -d' ' -f2; }
is_last() { [ "$(last $1)" = $2 ]; }
entered() { cat /tmp/hk.log /tmp/hk1.log | grep -c ': entering'; }
entered_too() { cat /tmp/kd.log /tmp/kd1.log | grep -c 'Entering'; }
agree() { # priority step
  until_true is_last hk $1; until_true is_last kd $1
  echo "$2: $(last hk) $(last kd)"
}
# daemons priority seconds start: whether they told of that priority no sooner than so long after the start
is_after() {
  for one in $1; do
    awk -v p=$2 -v s=$3 -v t=$4 '$2 == p && $3 > t { up = $3; exit } END { print (up - t >= s ? "later" : "after " up - t) }' /tmp/$one.told
  done
}
`;

const PROCESSES = `
echo; echo "== processes"
listen hk; listen kd
hakeep run --config /etc/hk.conf --runtime-dir /run/hk --log stderr >/tmp/hk.log 2>&1 & hk=$!
keepalived -n -l -D -f /etc/kd.conf -p /run/kd.pid -r /run/kd.vrrp -c /run/kd.check >/tmp/kd.log 2>&1 & kd=$!
until_true holds hk0 192.0.2.100; until_true holds kd0 198.51.100.100
agree 42 "nothing runs"
/opt/napper 1001 1002 & first=$!
agree 57 "one process"
/opt/napper 1001 1003 & second=$!
agree 73 "two"
kill $first; wait $first
agree 55 "one again, of other parameters"
/opt/napper 2000 & third=$!
/opt/napper 2000 & fourth=$!
agree 71 "three"
/opt/napper 2000 & fifth=$!
agree 55 "too many"
/opt/intruder 2000 & intruder=$!
agree 23 "what is not to run"
kill $intruder; wait $intruder
agree 55 "gone"
mkfifo /tmp/hold; exec 8<>/tmp/hold
bash -c 'printf intruder >/proc/self/comm; read -r line <&8' & renamed=$!
agree 23 "one by that name"
kill $renamed; wait $renamed
agree 55 "gone too"
kill $fifth; wait $fifth
agree 71 "three are left"

echo; echo "== delays"
read -r start _ </proc/uptime
/opt/delayer 2000 & delayer=$!
# keepalived 2.2.7 delays only what forks, not what is executed.
agree 235 "came"; is_after hk 171 1.9 $start; is_after hk 235 2.9 $start
# A gap that is shorter than the delay is none.
kill $delayer; wait $delayer
/opt/delayer 2000 & delayer=$!

echo; echo "== storm"
for i in $(seq 500); do ( : ); done
kill $third; wait $third
kill $fourth; wait $fourth
agree 219 "one is left"
# Nobody reads meanwhile, and the kernel has to throw away.
children=$(cat /proc/$kd/task/$kd/children)
kill -STOP $hk $children
for i in $(seq 2000); do ( : ); done
/opt/napper 1001 1002 & third=$!
kill $second; wait $second
/opt/napper 2000 & fourth=$!
for i in $(seq 200); do ( : ); done
kill -CONT $hk $children
agree 237 "two, whose beginning was lost"
read -r start _ </proc/uptime
kill $delayer; wait $delayer
agree 73 "went"; is_after "hk kd" 137 1.9 $start; is_after "hk kd" 73 4.9 $start
echo; echo "== told"; paste /tmp/hk.told /tmp/kd.told
echo; echo "== watched"; hakeep status --runtime-dir /run/hk --json | tr -d ' \\n' | grep -o '"watched_by":"[a-z]*"' | sort -u
`;

const CLOCK = `
echo; echo "== clock"
ip netns exec peer hakeep run --config /etc/hk1.conf --runtime-dir /run/hk1 --log stderr >/tmp/hk1.log 2>&1 & hk1=$!
ip netns exec peer keepalived -n -l -D -f /etc/kd1.conf -p /run/kd1.pid -r /run/kd1.vrrp -c /run/kd1.check >/tmp/kd1.log 2>&1 & kd1=$!
until_true grep -q 'entering BACKUP' /tmp/hk1.log; until_true grep -q 'Entering BACKUP' /tmp/kd1.log
sent() { cat /sys/class/net/$1/statistics/tx_packets; }
for step in 3600 -3610 10; do
  before=$(entered); before_too=$(entered_too); sent=$(sent hk0); sent_too=$(sent kd0); read -r start _ </proc/uptime
  date -s @$(($(date +%s) + step)) >/dev/null
  # More than a backup waits for a master.
  sleep 9
  read -r end _ </proc/uptime
  awk -v step=$step -v n=$(($(entered) - before)) -v sent=$(($(sent hk0) - sent)) -v up=$start -v now=$end 'BEGIN {
    print step ": " (n == 0 ? "no transition" : n " transitions") ", " (sent >= 1 && sent <= (now - up) / 2 + 3 ? "steady" : sent " in " now - up) " adverts"
  }'
  keepalived="$keepalived$step: $(($(entered_too) - before_too)) transitions, $(($(sent kd0) - sent_too)) adverts
"
done
echo; echo "== keepalived"; echo "$keepalived"
echo; echo "== transitions"; grep -h ': entering' /tmp/hk.log /tmp/hk1.log; grep -h Entering /tmp/kd.log /tmp/kd1.log
kill $hk $kd $kd1; wait $hk $kd $kd1
kill $third $fourth; wait $third $fourth
`;

const SERVICE = `
echo; echo "== service"
leaves() { grep -c 'announced that it leaves' /tmp/hk1.log; }
left_more() { [ $(leaves) -gt $1 ]; }
follows() { grep ': entering' /tmp/hk1.log | tail -n 1 | grep -q BACKUP; }
holds_not() { ! holds "$@"; }
peer_holds() { ip -n peer addr show dev hk1 | grep -q 192.0.2.100; }
until_true peer_holds
systemctl start hakeep; echo "start $?"
until_true holds hk0 192.0.2.100; until_true follows && echo "peer follows"
hakeep status --json | tr -d ' \\n' | grep -o '"watched_by":"[a-z]*"'
before=$(leaves); systemctl stop hakeep; echo "stop $?"; holds hk0 192.0.2.100 && echo "still there"
until_true left_more $before && echo "told that it leaves"; until_true peer_holds && echo "peer is master"
systemctl start hakeep; until_true holds hk0 192.0.2.100; until_true follows
before=$(leaves); systemctl restart hakeep; echo "restart $?"
until_true left_more $before && echo "told that it leaves"; until_true holds hk0 192.0.2.100; until_true follows && echo "master again"
cp /etc/hakeep/hakeep.toml /tmp/good.toml; before=$(leaves)
echo 'interface = 5' >>/etc/hakeep/hakeep.toml; systemctl reload hakeep; echo "reload $?"
refused() { journalctl -u hakeep -o cat --no-pager | grep -qi 'keeps\\|goes on with\\|refused'; }
until_true refused && echo "refused"; holds hk0 192.0.2.100 && systemctl is-active hakeep
cp /tmp/good.toml /etc/hakeep/hakeep.toml
kill -9 $(systemctl show -p MainPID --value hakeep)
is_restarted() { [ "$(systemctl show -p NRestarts,ActiveState --value hakeep | sort | tr '\\n' ' ')" = "1 active " ]; }
until_true is_restarted && echo "restarted"; until_true holds hk0 192.0.2.100; until_true follows && echo "master again"
systemctl stop hakeep; echo "stop $?"; systemctl show -p Result --value hakeep
echo 'interface = 5' >>/etc/hakeep/hakeep.toml; systemctl start hakeep 2>/dev/null; echo "start of a broken file $?"
systemctl stop hakeep
kill $hk1; wait $hk1
echo; echo "== log"; journalctl -u hakeep -o cat --no-pager; cat /tmp/hk.log /tmp/hk1.log /tmp/kd.log
`;

const SERVICE_CONFIG = `[vrrp_track_process.init]
process = "systemd"

[vrrp_instance.VI_1]
interface = "hk0"
version = 3
virtual_router_id = 51
priority = 150
virtual_ipaddress = ["192.0.2.100/24"]
track_process = ["init"]
`;

const SCRIPT = FUNCTIONS + PROCESSES + CLOCK + SERVICE;

/** One machine for all. */
let output: Promise<string> | undefined;
async function ran(): Promise<string> {
  output ??= runMachine([
    { path: "/usr/bin/hakeep", content: { copyOf: HAKEEP }, isProgram: true },
    { path: "/etc/systemd/system/hakeep.service", content: { copyOf: UNIT } },
    { path: "/etc/hakeep/hakeep.toml", content: SERVICE_CONFIG },
    {
      path: "/etc/hk.conf",
      content: config("hk0", "192.0.2.100", "/run/hk.fifo"),
    },
    {
      path: "/etc/kd.conf",
      content: config("kd0", "198.51.100.100", "/run/kd.fifo"),
    },
    { path: "/etc/hk1.conf", content: peer("hk1", "192.0.2.100") },
    { path: "/etc/kd1.conf", content: peer("kd1", "198.51.100.100") },
  ], SCRIPT);
  const text = await output;
  assert(!text.includes("in vain"), text);
  return text;
}

function lines(output: string, name: string): string[] {
  return section(output, name).split("\n");
}

Deno.test("tracked processes count as they do for keepalived: by name, parameters, quorum and its limit", async () => {
  const output = await ran();
  assertEquals(lines(output, "processes"), [
    "nothing runs: 42 42",
    "one process: 57 57",
    "two: 73 73",
    "one again, of other parameters: 55 55",
    "three: 71 71",
    "too many: 55 55",
    "what is not to run: 23 23",
    "gone: 55 55",
    "one by that name: 23 23",
    "gone too: 55 55",
    "three are left: 71 71",
  ], output);
  assertEquals(section(output, "watched"), '"watched_by":"events"', output);
});

Deno.test("a process counts when it has lasted, through storms of others and although the kernel lost what it would have told", async () => {
  const output = await ran();
  assertEquals(
    lines(output, "delays"),
    ["came: 235 235", "later", "later"],
    output,
  );
  assertEquals(lines(output, "storm"), [
    "one is left: 219 219",
    "two, whose beginning was lost: 237 237",
    "went: 73 73",
    "later",
    "later",
    "later",
    "later",
  ], output);
});

Deno.test("a clock that is set changes no state, and adverts go on at their pace", async () => {
  const output = await ran();
  const steps = ["3600", "-3610", "10"];
  assertEquals(
    lines(output, "clock"),
    steps.map((step) => `${step}: no transition, steady adverts`),
    output,
  );
});

Deno.test("systemd starts, stops, restarts and reloads hakeep, and starts it again after a SIGKILL", async () => {
  const output = await ran();
  assertEquals(lines(output, "service"), [
    "start 0",
    "peer follows",
    '"watched_by":"events"',
    "stop 0",
    "told that it leaves",
    "peer is master",
    "restart 0",
    "told that it leaves",
    "master again",
    "reload 0",
    "refused",
    "active",
    "restarted",
    "master again",
    "stop 0",
    "success",
    "start of a broken file 1",
  ], output);
});
