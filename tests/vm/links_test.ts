/**
 * `use_ipvlan` on a kernel that has ipvlan, beside Debian's keepalived: the same link, addresses and settings for the
 * same configuration, one MASTER between the two, and nothing left.
 *
 * ```text
 *        namespace a            namespace b
 *     eth0 --- ipv51           ipv51 --- eth0
 *      |                                  |
 *      +------------- br0 ----------------+
 * ```
 */
import { assert, assertEquals } from "@std/assert";
import { HAKEEP } from "../e2e/daemons.ts";
import { runMachine, section } from "./machine.ts";

/** Two hosts on one bridge, and functions; what is printed below "== NAME" is a section. */
const HOSTS = `
modprobe ipvlan; modprobe veth; modprobe bridge
until_true() { for i in $(seq 400); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; echo "in vain: $*"; tail -n 30 /tmp/[ab].log; exit 1; }
ipv6_is_settled() { [ -z "$(ip -n $1 -6 addr show tentative)" ]; }
has_link_local() { ip -n $1 -6 addr show dev eth0 scope link | grep -q fe80; }
prepare() { # a network of their own
  ip netns del a 2>/dev/null; ip netns del b 2>/dev/null; ip link del br0 2>/dev/null
  ip link add br0 type bridge; ip link set br0 up
  for n in 1 2; do
    host=$(echo $n | tr 12 ab)
    ip netns add $host; ip -n $host link set lo up
    ip link add p$host type veth peer name eth0 netns $host
    ip link set p$host master br0 up; ip -n $host link set eth0 address 02:00:00:00:00:0$n; ip -n $host link set eth0 up
    ip -n $host addr add 10.77.0.$n/16 dev eth0
  done
  for host in a b; do until_true has_link_local $host; until_true ipv6_is_settled $host; done
}
config() { # host priority words vip
  printf 'vrrp_instance V1 {\\n interface eth0\\n virtual_router_id 51\\n priority %s\\n version 3\\n advert_int 0.2\\n use_ipvlan %s\\n virtual_ipaddress {\\n  %s\\n }\\n}\\n' "$2" "$3" "$4" >/tmp/$1.conf
}
start() { # host daemon
  if [ $2 = hakeep ]; then
    ip netns exec $1 hakeep run --config /tmp/$1.conf --runtime-dir /run/$1 --log stderr >>/tmp/$1.log 2>&1 &
  else
    ip netns exec $1 keepalived -n -l -D -f /tmp/$1.conf -p /tmp/$1.pid -r /tmp/$1.vrrp -c /tmp/$1.check >>/tmp/$1.log 2>&1 &
  fi
  eval pid_$1=$!
}
stop() { eval kill -TERM \\$pid_$1; eval wait \\$pid_$1; }
holds() { ip -n $1 addr show dev eth0 | grep -q "$2"; }
state() {
  ip -n $1 -d link show type ipvlan | grep -oE '^[0-9]+: [^ ]+|UP|group [^ ]+|ether [^ ]+|mode l2 [a-z]+|addrgenmode [a-z0-9]+' | sed 's/^[0-9]*: //'
  ip -n $1 -br addr show | grep -v ^lo | sed 's/@[^ ]*//'
  ip netns exec $1 sh -c 'cd /proc/sys/net; grep . ipv4/conf/eth0/arp_ignore ipv4/conf/eth0/arp_filter ipv4/conf/eth0/rp_filter ipv4/conf/ipv51/arp_ignore ipv4/conf/ipv51/accept_local ipv6/conf/ipv51/disable_ipv6 ipv6/conf/ipv51/addr_gen_mode'
}
try() { # name words vip held
  for daemon in hakeep keepalived; do
    config a 150 "$2" "$3"; start a $daemon; until_true holds a "$4"; until_true ipv6_is_settled a
    echo; echo "== $1 $daemon"; state a
    stop a; echo "left:$(ip -n a -br link show type ipvlan)"
  done
}
`;

/** Each in a network of its own. */
const IPVLAN = `
prepare
try bridge "ipv51 10.77.0.9/16" 10.77.1.1/16 10.77.1.1
try private "ipv51 10.77.0.9 private" 10.77.1.1/16 10.77.1.1
try vepa "ipv51 vepa 10.77.0.9/16" 10.77.1.1/16 10.77.1.1
try ipv6 "ipv51" fd77::1:1/64 fd77::1:1

hears() { grep -q "the master is $2" /tmp/$1.log; }
free() { ! holds b 10.77.1.1; }
prepare; echo; echo "== handover"
config a 150 "ipv51 10.77.0.9/16" 10.77.1.1/16; config b 100 "ipv51 10.77.0.10/16" 10.77.1.1/16
start a keepalived; until_true holds a 10.77.1.1
start b hakeep; until_true hears b 10.77.0.9 && echo "hakeep hears 10.77.0.9"
stop a; until_true holds b 10.77.1.1 && echo "hakeep is MASTER"
start a keepalived; until_true holds a 10.77.1.1
until_true free && echo "keepalived is MASTER"
stop a; until_true holds b 10.77.1.1; stop b

prepare; echo; echo "== repaired"
config a 150 "ipv51 10.77.0.9/16" 10.77.1.1/16
start a hakeep; until_true holds a 10.77.1.1
ip -n a link del ipv51; is_home() { ip -n a addr show dev ipv51 | grep -q 10.77.0.9/16; }
until_true is_home && echo "link"; ip -n a addr del 10.77.0.9/16 dev ipv51; until_true is_home && echo "address"
until_true holds a 10.77.1.1; index=$(ip netns exec a cat /sys/class/net/ipv51/ifindex)

echo; echo "== killed"
kill -9 $pid_a; wait $pid_a 2>/dev/null; ip -n a addr del 10.77.1.1/16 dev eth0
start a hakeep; until_true holds a 10.77.1.1; [ "$index" = "$(ip netns exec a cat /sys/class/net/ipv51/ifindex)" ] && echo adopted
gone() { ip -n a link show $2 && ! ip -n a link show $1; }
sed -i 's/ipv51/ipv52/' /tmp/a.conf; kill -HUP $pid_a
until_true gone ipv51 ipv52 && echo "renamed"; until_true holds a 10.77.1.1
sed -i 's/use_ipvlan/#use_ipvlan/' /tmp/a.conf; kill -HUP $pid_a
until_true gone ipv52 eth0 && echo "without"; until_true holds a 10.77.1.1; ip -n a addr show dev eth0 | grep -o 10.77.1.1/16
sed -i 's/#use_ipvlan/use_ipvlan/' /tmp/a.conf; kill -HUP $pid_a
until_true gone none ipv52 && echo "with"; until_true holds a 10.77.1.1; ip -n a addr show dev eth0 | grep -o 10.77.1.1/16
stop a; echo "left:$(ip -n a -br link show type ipvlan)"

echo; echo "== stranger"
ip -n a link add ipv52 link eth0 type ipvlan mode l3; : >/tmp/a.log
start a hakeep; told() { grep -q 'ipv52.*no ipvlan in L2 mode' /tmp/a.log; }
until_true told && echo told; stop a; ip -n a -d link show ipv52 | grep -o 'mode l3'
echo; echo "== log"; tail -60 /tmp/a.log
`;

/** Adverts, links and routes of hosts whose interface is in a VRF; `b` has none. */
const VRF = `
modprobe vrf; modprobe mpls_router; modprobe mpls_iptunnel
vrf_config() { # host priority, then lines of V1
  cat >/tmp/$1.conf <<END
vrrp_instance V1 {
  interface eth0
  virtual_router_id 51
  priority $2
  version 3
  advert_int 0.5
  virtual_ipaddress {
    10.77.1.1/16
  }
  $3
}
vrrp_instance V2 {
  interface eth0
  virtual_router_id 52
  priority $2
  version 3
  advert_int 0.5
  virtual_ipaddress {
    10.77.1.2/16
  }
  $4
}
$5
END
}
routes="virtual_routes {
  198.51.100.0/24 via 10.77.0.2 table 10
  198.51.101.0/24 via 10.77.0.2 vrf red
  198.51.102.0/24 via 10.77.0.2 dev eth0 encap mpls 100/200
}"
unicast="vrrp_instance V3 {
  vrf red
  unicast_src_ip 10.77.0.1
  unicast_peer {
    10.77.0.2
  }
  virtual_router_id 53
  priority 150
  version 3
  advert_int 0.5
  virtual_ipaddress {
    10.77.1.3/16 dev eth0
  }
}"
prepare; ip -n a link add red type vrf table 10; ip -n a link set red up
ip -n a link add blue type vrf table 20; ip -n a link set blue up
ip -n a link set eth0 master red; until_true has_link_local a; until_true ipv6_is_settled a
has_mpls() { ip -n a route show | grep -q 'encap mpls'; }
for daemon in hakeep keepalived; do
  vrf_config a 150 "use_vmac vmac51" "$routes"; start a $daemon
  ip_holds() { ip -n a addr show | grep -q $1/; }
  until_true ip_holds 10.77.1.1; until_true ip_holds 10.77.1.2; until_true has_mpls; until_true ipv6_is_settled a
  echo; echo "== vrf $daemon"; ip -n a -4 -br addr | sort; ip -n a -4 route show table all | sort
  ip -n a -d link show vmac51 | grep -oE 'master [a-z]+|macvlan mode [a-z]+|vrf_slave table [0-9]+'
  stop a; echo "left:$(ip -n a -br link show type macvlan)"; ip -n a -4 route show table all | grep -c 198.51
done
echo; echo "== vrf adverts"
vrf_config b 100 "" "" "vrrp_instance V3 {
  interface eth0
  unicast_src_ip 10.77.0.2
  unicast_peer {
    10.77.0.1
  }
  virtual_router_id 53
  version 3
  advert_int 0.5
  virtual_ipaddress {
    10.77.1.3/16
  }
}"
: >/tmp/a.log; : >/tmp/b.log; vrf_config a 150 "use_vmac vmac51" "$routes" "$unicast"; start a hakeep
until_true ip_holds 10.77.1.1; until_true ip_holds 10.77.1.2; until_true ip_holds 10.77.1.3
start b hakeep; heard() { for n in 1 2 3; do grep -q "V$n: .*the master is 10.77.0.1" /tmp/b.log || return 1; done; }
until_true heard && echo "b hears all of a"
ip -n a route del 198.51.101.0/24 table 10; is_back() { ip -n a route show table 10 | grep -q 198.51.101.0/24; }
until_true is_back && echo "route is back"; grep -o 'something removed the route to 198.51.101.0/24.*' /tmp/a.log
in_vrf() { ip -n a link show vmac51 | grep -q "master $1"; }
ip -n a link set eth0 master blue; until_true in_vrf blue && echo "vmac51 in blue"
until_true ip_holds 10.77.1.1; until_true ip_holds 10.77.1.2
stop b; : >/tmp/b.log; start b hakeep
heard() { for n in 1 2; do grep -q "V$n: .*the master is 10.77.0.1" /tmp/b.log || return 1; done; }
until_true heard && echo "b hears a"
ip -n a link set eth0 nomaster; in_none() { ! in_vrf ''; }; until_true in_none && echo "vmac51 in no VRF"
ip -n a link set eth0 master red; until_true in_vrf red && echo "vmac51 in red"; until_true ip_holds 10.77.1.3
stop b; : >/tmp/b.log; vrf_config b 200 "" ""; start b hakeep
yields() { ! ip_holds 10.77.1.1 && ! ip_holds 10.77.1.2; }
until_true yields && echo "a yields"; ip -n a route show table all | grep -c 198.51
stop b; stop a; echo "left:$(ip -n a -br link show type macvlan)"
echo; echo "== logs"; tail -n 40 /tmp/a.log /tmp/b.log
`;

const SCRIPT = HOSTS + IPVLAN + VRF;

/** One machine for all. */
let output: Promise<string> | undefined;
async function ran(): Promise<string> {
  output ??= runMachine(
    [{ path: "/usr/bin/hakeep", content: { copyOf: HAKEEP }, isProgram: true }],
    SCRIPT,
  );
  const text = await output;
  assert(!text.includes("in vain"), text);
  return text;
}

function lines(output: string, name: string): string[] {
  return section(output, name).split("\n");
}

Deno.test("use_ipvlan gives the kernel the link, addresses and settings that keepalived 2.2.7 gives it", async () => {
  const output = await ran();
  for (const name of ["bridge", "private", "vepa", "ipv6"]) {
    const ours = lines(output, `${name} hakeep`);
    assertEquals(ours, lines(output, `${name} keepalived`), output);
    assertEquals(ours.at(-1), "left:");
  }
});

Deno.test("with use_ipvlan hakeep and keepalived hear each other's adverts from the ipvlan's address, and take over from each other", async () => {
  const output = await ran();
  assertEquals(lines(output, "handover"), [
    "hakeep hears 10.77.0.9",
    "hakeep is MASTER",
    "keepalived is MASTER",
  ], output);
});

Deno.test("an ipvlan outlives its deletion and a SIGKILL of the daemon, comes and goes with a reload, and what is no ipvlan in L2 mode is left alone", async () => {
  const output = await ran();
  assertEquals(lines(output, "repaired"), ["link", "address"], output);
  assertEquals(lines(output, "killed"), [
    "adopted",
    "renamed",
    "without",
    "10.77.1.1/16",
    "with",
    "10.77.1.1/16",
    "left:",
  ], output);
  assertEquals(lines(output, "stranger"), ["told", "mode l3"], output);
});

Deno.test("in a VRF, with use_vmac and without, the kernel has what it has with keepalived 2.2.7, MPLS routes too", async () => {
  const output = await ran();
  const ours = lines(output, "vrf hakeep");
  assertEquals(ours, lines(output, "vrf keepalived"), output);
  assert(ours.some((line) => line.includes("198.51.101.0/24")), output);
  assertEquals(ours.slice(-2), ["left:", "0"], output);
});

Deno.test("adverts of instances in a VRF are heard, and they hear, whichever VRF it is", async () => {
  const output = await ran();
  assertEquals(lines(output, "vrf adverts"), [
    "b hears all of a",
    "route is back",
    "something removed the route to 198.51.101.0/24 in VRF red; it was put back, for this router is MASTER",
    "vmac51 in blue",
    "b hears a",
    "vmac51 in no VRF",
    "vmac51 in red",
    "a yields",
    "0",
    "left:",
  ], output);
});
