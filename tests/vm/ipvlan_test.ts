/**
 * `use_ipvlan` on a kernel that has ipvlan, beside Debian's keepalived: the same link, addresses and settings for the
 * same configuration, and nothing left.
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
until_true() { for i in $(seq 150); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; echo "in vain: $*"; return 1; }
ip link add br0 type bridge; ip link set br0 up
n=1
for host in a b; do
  ip netns add $host; ip -n $host link set lo up
  ip link add p$host type veth peer name eth0 netns $host
  ip link set p$host master br0 up; ip -n $host link set eth0 address 02:00:00:00:00:0$n; ip -n $host link set eth0 up
  ip -n $host addr add 10.77.0.$n/16 dev eth0; n=$((n+1))
done
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
  for s in ipv4/conf/eth0/arp_ignore ipv4/conf/eth0/arp_filter ipv4/conf/eth0/rp_filter ipv4/conf/ipv51/arp_ignore ipv4/conf/ipv51/accept_local ipv6/conf/ipv51/disable_ipv6 ipv6/conf/ipv51/addr_gen_mode; do
    echo "$s $(ip netns exec $1 cat /proc/sys/net/$s)"
  done
}
ready() { ip -n a -6 addr show dev eth0 scope link | grep fe80 | grep -vq tentative; }
until_true ready
ipv6_is_settled() { [ -z "$(ip -n $1 -6 addr show tentative)" ]; }
try() { # name words vip held
  for daemon in hakeep keepalived; do
    config a 150 "$2" "$3"; start a $daemon; until_true holds a "$4"; until_true ipv6_is_settled a
    echo; echo "== $1 $daemon"; state a
    stop a; echo "left:$(ip -n a -br link show type ipvlan)"
  done
}
`;

const STATES = `${HOSTS}
try bridge "ipv51 10.77.0.9/16" 10.77.1.1/16 10.77.1.1
try private "ipv51 10.77.0.9 private" 10.77.1.1/16 10.77.1.1
try vepa "ipv51 vepa 10.77.0.9/16" 10.77.1.1/16 10.77.1.1
try ipv6 "ipv51" fd77::1:1/64 fd77::1:1
echo; echo "== log"; tail -40 /tmp/a.log
`;

function run(script: string): Promise<string> {
  return runMachine(
    [{ path: "/usr/bin/hakeep", content: { copyOf: HAKEEP }, isProgram: true }],
    script,
  );
}

function lines(output: string, name: string): string[] {
  return section(output, name).split("\n");
}

Deno.test("use_ipvlan gives the kernel the link, addresses and settings that keepalived 2.2.7 gives it", async () => {
  const output = await run(STATES);
  assert(!output.includes("in vain"), output);
  for (const name of ["bridge", "private", "vepa", "ipv6"]) {
    const ours = lines(output, `${name} hakeep`);
    assertEquals(ours, lines(output, `${name} keepalived`), output);
    assertEquals(ours.at(-1), "left:");
  }
});
