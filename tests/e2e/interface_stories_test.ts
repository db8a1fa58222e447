/**
 * What becomes of a pair of routers whose interface is changed under them, beside a pair of keepalived.
 */
import {
  AT_A,
  type HostName,
  instance,
  type Pair,
  priorityOf,
  type Story,
  tellTwice,
} from "./twin_stories.ts";

const plain = (...lines: readonly string[]) => (_: Pair, host: HostName) =>
  instance({ name: "A", priority: priorityOf(host), lines });

/** `ip`, once for each line of words. */
const ip =
  (host: HostName, ...orders: readonly string[]) => async ({ lab }: Pair) => {
    for (const words of orders) await lab.ip(host, ...words.split(" "));
  };

const comesBack = (host: HostName) => async ({ lab }: Pair) => {
  await lab.plug(host);
  await lab.ip(host, "addr", "add", `${lab.address(host)}/16`, "dev", "eth0");
};

const LOST_AT_A = { a: "F", b: "M" };
const LOST_AT_B = { a: "M", b: "F" };

const STORIES: readonly Story[] = [
  {
    name: "other MTUs and hardware addresses",
    config: plain(),
    first: AT_A,
    steps: [
      {
        what: "MTU",
        act: ip("a", "link set eth0 mtu 1400"),
        then: AT_A,
      },
      {
        what: "hardware address of a",
        act: ip("a", "link set eth0 address 02:00:00:00:00:77"),
        then: AT_A,
      },
      {
        what: "hardware address of b",
        act: ip("b", "link set eth0 address 02:00:00:00:00:78"),
        then: AT_A,
      },
    ],
  },
  {
    name:
      "the interface of b becomes a port of a bridge, which hears all there is",
    config: plain(),
    // 2.2.7 takes the end of it for the end of the interface.
    isTheirWayOther: true,
    first: AT_A,
    steps: [
      {
        what: "in the bridge",
        act: ip(
          "b",
          "link add br1 type bridge",
          "link set br1 up",
          "link set eth0 master br1",
        ),
        then: { a: "M", b: "M" },
      },
      { what: "out", act: ip("b", "link set eth0 nomaster"), then: AT_A },
    ],
  },
  {
    name: "the interface of a, which is MASTER, gets another name",
    config: plain(),
    first: AT_A,
    steps: [
      {
        what: "another",
        act: ip("a", "link set eth0 name other"),
        then: LOST_AT_A,
      },
      { what: "its own", act: ip("a", "link set other name eth0"), then: AT_A },
    ],
  },
  {
    name: "the interface of b, which is BACKUP, gets another name, and goes",
    config: plain(),
    first: AT_A,
    steps: [
      {
        what: "another name",
        act: ip("b", "link set eth0 name other"),
        then: LOST_AT_B,
      },
      { what: "its own", act: ip("b", "link set other name eth0"), then: AT_A },
      { what: "gone", act: ip("b", "link del eth0"), then: LOST_AT_B },
      { what: "there again", act: comesBack("b"), then: AT_A },
    ],
  },
  {
    name: "the interface of a visits another network namespace",
    config: plain(),
    first: AT_A,
    steps: [
      {
        what: "away",
        act: (pair) =>
          ip("a", `link set eth0 netns ${pair.lab.namespace("sw")}`)(pair),
        then: LOST_AT_A,
      },
      {
        what: "back",
        act: async ({ lab }) => {
          const home = lab.namespace("a");
          await lab.ip("sw", "link", "set", "eth0", "netns", home);
          await lab.ip("a", "link", "set", "eth0", "up");
          const own = `${lab.address("a")}/16`;
          await lab.ip("a", "addr", "add", own, "dev", "eth0");
        },
        then: AT_A,
      },
    ],
  },
  {
    name: "the interface under a virtual MAC address goes, and comes back",
    config: plain("use_vmac"),
    first: AT_A,
    steps: [
      { what: "gone", act: ip("a", "link del eth0"), then: LOST_AT_A },
      { what: "there again", act: comesBack("a"), then: AT_A },
    ],
  },
];

Deno.test(`keepalived and hakeep go through the same states in ${STORIES.length} stories of interfaces that change`, () =>
  tellTwice(STORIES));
