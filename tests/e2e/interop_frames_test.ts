/**
 * Every frame that hakeep and Debian's keepalived send for one configuration, side by side in networks of their own:
 * adverts of every shape, gratuitous ARP, unsolicited neighbour advertisements, reports of group memberships. They are
 * the same octets, but for what docs/differences.md lists under "On the wire".
 * @module
 */
import { assertEquals } from "@std/assert";
import { exampleIp } from "../../lib/vrrp/example_router.ts";
import { Capture } from "./capture.ts";
import { type DaemonKind, startDaemon } from "./daemons.ts";
import { ipv6Of } from "./configurations.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 60_000;
const ETHERNET = 14;
const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;
const AH_HEADER = 24;
/** `vrrp_garp_master_repeat` below. */
const REPEAT = 3;
const FILTER = "arp or igmp or ip proto 112 or ip proto 51 or ip6";
const HOSTS = ["a", "b", "c"] as const;

interface Shape {
  readonly name: string;
  /** Lines besides interface and vrid. */
  readonly lines: readonly string[];
  readonly addresses?: readonly string[];
}

function block(name: string, ...lines: readonly string[]): string {
  return [`${name} {`, ...lines.map((line) => `    ${line}`), "  }"].join("\n");
}

const auth = (type: "PASS" | "AH", password: string) =>
  block("authentication", `auth_type ${type}`, `auth_pass ${password}`);
const V2 = ["version 2", "priority 150", "advert_int 1"];
const V3 = ["version 3", "priority 150", "advert_int 0.3"];
const OWNER = ["state MASTER", "priority 255"];
const PEERS = ["10.77.0.2", "10.77.0.3"];
const PEERS_6 = PEERS.map(ipv6Of);

const SHAPES: readonly Shape[] = [
  { name: "v2", lines: V2 },
  { name: "v2 with PASS", lines: [...V2, auth("PASS", "secret")] },
  {
    name: "v2 with PASS of eight letters",
    lines: [...V2, auth("PASS", "12345678")],
  },
  {
    name: "v2 with a PASS too long",
    lines: [...V2, auth("PASS", "1234567890")],
  },
  { name: "v2 with AH", lines: [...V2, auth("AH", "secret")] },
  { name: "v2 without addresses", lines: V2, addresses: [] },
  {
    name: "v2 with addresses in no order",
    lines: V2,
    addresses: [
      "10.77.4.9/32",
      "10.77.4.2/32",
      "10.99.0.1/24",
      "10.77.4.5/16",
      "10.77.4.1/32 dev eth0 label eth0:x",
    ],
  },
  {
    name: "v2 with 40 addresses",
    lines: V2,
    addresses: Array.from({ length: 40 }, (_, i) => `10.77.5.${40 - i}/32`),
  },
  {
    name: "v2 with excluded addresses",
    lines: [
      ...V2,
      block("virtual_ipaddress_excluded", "10.77.6.200/32", "fd77::6:200/128"),
    ],
  },
  {
    name: "v2 owner of the longest interval",
    lines: ["version 2", "advert_int 255", ...OWNER],
  },
  {
    name: "v2 of the lowest priority",
    lines: ["version 2", "advert_int 1", "priority 1"],
  },
  { name: "v2 from another address", lines: [...V2, "mcast_src_ip 10.77.0.9"] },
  { name: "v2 unicast", lines: [...V2, block("unicast_peer", ...PEERS)] },
  {
    name: "v2 unicast with PASS from another address with a TTL",
    lines: [
      ...V2,
      auth("PASS", "secret"),
      "unicast_src_ip 10.77.0.9",
      "unicast_ttl 17",
      block("unicast_peer", ...PEERS),
    ],
  },
  {
    name: "v2 unicast with AH",
    lines: [...V2, auth("AH", "secret"), block("unicast_peer", ...PEERS)],
  },
  { name: "v2 with a virtual MAC address", lines: [...V2, "use_vmac"] },
  {
    name: "v2 with PASS and a virtual MAC address",
    lines: [...V2, "use_vmac", auth("PASS", "secret")],
  },
  {
    name: "v2 with AH and a virtual MAC address",
    lines: [...V2, "use_vmac", auth("AH", "secret")],
  },
  {
    name: "v2 with a virtual MAC address, from the parent",
    lines: [...V2, "use_vmac", "vmac_xmit_base"],
  },
  {
    name: "v2 unicast with a virtual MAC address",
    lines: [...V2, "use_vmac", block("unicast_peer", ...PEERS)],
  },
  { name: "v3", lines: V3 },
  ...["0.01", "0.25", "1.5", "40.95"].map((interval) => ({
    name: `v3 each ${interval} s`,
    lines: ["version 3", `advert_int ${interval}`, ...OWNER],
  })),
  { name: "v3 from another address", lines: [...V3, "mcast_src_ip 10.77.0.9"] },
  {
    name: "v3 with addresses in no order",
    lines: V3,
    addresses: ["10.77.7.9/32", "10.77.7.2/32", "10.98.0.1/24", "10.77.7.1/32"],
  },
  { name: "v3 with a virtual MAC address", lines: [...V3, "use_vmac"] },
  {
    name: "v3 with a virtual MAC address, from the parent",
    lines: [...V3, "use_vmac vip7", "vmac_xmit_base"],
  },
  { name: "v3 unicast", lines: [...V3, block("unicast_peer", ...PEERS)] },
  {
    name: "v3 unicast with a TTL",
    lines: [...V3, "unicast_ttl 3", block("unicast_peer", ...PEERS)],
  },
  {
    name: "v3 over IPv6",
    lines: V3,
    addresses: ["fe80::77:1/64", "fd77::1:1/64"],
  },
  {
    name: "v3 over IPv6, global address first",
    lines: V3,
    addresses: ["fd77::2:9/64", "fd77::2:1/128", "fe80::77:2/64"],
  },
  {
    name: "v3 over IPv6, no link-local address",
    lines: V3,
    addresses: ["fd77::3:1/128"],
  },
  {
    name: "v3 over IPv6, owner",
    lines: ["version 3", "advert_int 0.5", ...OWNER],
    addresses: ["fd77::4:1/128"],
  },
  {
    name: "v3 over IPv6 with excluded addresses",
    lines: [
      ...V3,
      block("virtual_ipaddress_excluded", "10.77.8.200/32", "fd77::8:200/128"),
    ],
    addresses: ["fd77::8:1/128"],
  },
  {
    name: "v3 over IPv6 from another address",
    lines: [...V3, "mcast_src_ip fe80::99"],
    addresses: ["fd77::5:1/128"],
  },
  {
    name: "v3 over IPv6 with a virtual MAC address",
    lines: [...V3, "use_vmac"],
    addresses: ["fe80::77:6/64", "fd77::6:1/128"],
  },
  {
    name: "v3 over IPv6 with a virtual MAC address, from the parent",
    lines: [...V3, "use_vmac", "vmac_xmit_base"],
    addresses: ["fe80::77:7/64", "fd77::7:1/128"],
  },
  {
    name: "v3 over IPv6 unicast",
    lines: [...V3, "unicast_ttl 255", block("unicast_peer", ...PEERS_6)],
    addresses: ["fd77::9:1/128"],
  },
  {
    name: "v3 over IPv6 unicast from another address",
    lines: [
      ...V3,
      "unicast_ttl 9",
      "unicast_src_ip fd77::99",
      block("unicast_peer", ...PEERS_6),
    ],
    addresses: ["fd77::a:1/128"],
  },
];

/** Groups other than the usual, and no virtual MAC addresses: with those, memberships are reported differently. */
const IN_OTHER_GROUPS: readonly Shape[] = [
  { name: "v2", lines: V2 },
  { name: "v2 with AH", lines: [...V2, auth("AH", "secret")] },
  { name: "v3", lines: V3 },
  { name: "v3 over IPv6", lines: V3, addresses: ["fd77::1:1/64"] },
];

const GLOBALS = ["vrrp_garp_master_delay 2", "vrrp_garp_master_repeat 3"];
const GROUPS = [
  "vrrp_mcast_group4 224.0.0.99",
  "vrrp_mcast_group6 ff02::99",
];

/** One network's configuration: the n-th shape has vrid n. */
interface Setup {
  readonly shapes: readonly Shape[];
  readonly globals: readonly string[];
  /** Groups, as {@linkcode membershipsOf} has them, that are joined and left; the kernel takes its time to say so. */
  readonly groups: readonly string[];
}

function textOf({ shapes, globals }: Setup): string {
  const instances = shapes.map((shape, i) =>
    [
      `vrrp_instance V${i + 1} {`,
      "  interface eth0",
      `  virtual_router_id ${i + 1}`,
      ...shape.lines.map((line) => `  ${line}`),
      `  ${block("virtual_ipaddress", ...addressesOf(shape, i))}`,
      "}",
    ].join("\n")
  );
  return `${block("global_defs", ...globals)}\n${instances.join("\n")}\n`;
}

function addressesOf({ addresses }: Shape, i: number): readonly string[] {
  return addresses ?? [`10.77.2.${i + 1}/32`];
}

/** Everything that hosts are told apart by is the same in each network. */
async function createLab(): Promise<Lab> {
  const lab = await Lab.create({ hosts: [...HOSTS] });
  for (const [i, host] of HOSTS.entries()) {
    const mac = `02:00:00:00:77:0${i + 1}`;
    await lab.ip(host, "link", "set", "eth0", "down");
    await lab.ip(host, "link", "set", "eth0", "address", mac);
    await lab.ip(host, "link", "set", "eth0", "up");
    const address = `${ipv6Of(lab.address(host))}/64`;
    await lab.ip(host, "addr", "add", address, "dev", "eth0", "nodad");
  }
  for (const address of ["10.77.0.9/16", "fd77::99/64", "fe80::99/64"]) {
    await lab.ip("a", "addr", "add", address, "dev", "eth0", "nodad");
  }
  await eventually("a's link-local address is usable", READY_MS, async () => {
    const text = await lab.ip("a", "-6", "addr", "show", "dev", "eth0");
    return text.includes("fe80::ff:fe00:7701") && !text.includes("tentative");
  });
  return lab;
}

/** All frames of a daemon's life: it becomes MASTER of everything, announces it twice, and stops. */
async function lifeOf(
  kind: DaemonKind,
  setup: Setup,
): Promise<readonly Uint8Array[]> {
  await using lab = await createLab();
  const capture = await Capture.start(lab, "a", FILTER);
  const daemon = startDaemon(lab, "a", kind, textOf(setup));
  const wanted = setup.shapes.map((shape, i) => ({
    shape,
    vrid: i + 1,
    announcements: 2 * REPEAT * announcedBy(shape, i).length,
  }));
  const missing = (frames: readonly Uint8Array[]) =>
    wanted.filter(({ shape, vrid, announcements }) =>
      advertsOf(frames, vrid).length === 0 ||
      announcementsOf(frames, shape, vrid - 1).length < announcements
    ).map(({ shape }) => shape.name);
  let lacking: readonly string[] = [];
  try {
    await eventually(`all frames of ${kind}`, READY_MS, async () => {
      lacking = missing(await capture.frames());
      return lacking.length === 0;
    });
  } catch (error) {
    throw new Error(`no frames of ${lacking.join("; ")}\n${daemon.log()}`, {
      cause: error,
    });
  }
  daemon.kill("SIGTERM");
  await daemon.ended;
  await eventually(`farewells of ${kind}`, READY_MS, async () => {
    const frames = await capture.frames();
    const told = membershipsOf(frames).join("\n");
    return wanted.every(({ vrid }) =>
      advertsOf(frames, vrid).some((frame) => messageOf(frame)?.[2] === 0)
    ) && setup.groups.every((group) => told.includes(`leaves ${group}`));
  });
  return await capture.frames();
}

function etherTypeOf(frame: Uint8Array): number {
  return ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
}

/** Where what follows the IPv4 header begins. */
function payloadStart(frame: Uint8Array): number {
  return ETHERNET + ((frame[ETHERNET] ?? 0) & 0xf) * 4;
}

function isAh(frame: Uint8Array): boolean {
  return etherTypeOf(frame) === IPV4 && frame[23] === 51;
}

/** The VRRP message of a frame that carries one. */
function messageOf(frame: Uint8Array): Uint8Array | undefined {
  if (etherTypeOf(frame) === IPV6 && frame[20] === 112) {
    return frame.subarray(54);
  }
  if (etherTypeOf(frame) !== IPV4) return undefined;
  const start = payloadStart(frame);
  if (frame[23] === 112) return frame.subarray(start);
  return isAh(frame) ? frame.subarray(start + AH_HEADER) : undefined;
}

function advertsOf(
  frames: readonly Uint8Array[],
  vrid: number,
): readonly Uint8Array[] {
  return frames.filter((frame) => messageOf(frame)?.[1] === vrid);
}

/** Without what differs from packet to packet, and what docs/differences.md lists. */
function comparable(frame: Uint8Array): string {
  const bytes = frame.slice();
  if (etherTypeOf(frame) === IPV4) {
    bytes.fill(0, 18, 20);
    bytes.fill(0, 24, 26);
    // Sequence number and integrity value.
    const start = payloadStart(frame);
    if (isAh(frame)) bytes.fill(0, start + 8, start + AH_HEADER);
  } else {
    bytes[15] = (bytes[15] ?? 0) & 0xf0;
    bytes.fill(0, 16, 18);
  }
  return hexOf(bytes);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0"))
    .join(" ");
}

/** The sequence numbers of AH, of what went to the first destination. */
function sequenceOf(frames: readonly Uint8Array[]): readonly number[] {
  const [first] = frames;
  if (first === undefined || !isAh(first)) return [];
  const to = (frame: Uint8Array) => hexOf(frame.subarray(30, 34));
  return frames.filter((frame) => to(frame) === to(first)).map((frame) =>
    new DataView(frame.buffer, frame.byteOffset + payloadStart(frame) + 8)
      .getUint32(0)
  );
}

/** What a gratuitous ARP or an unsolicited neighbour advertisement is about. */
function announcedIn(frame: Uint8Array): string | undefined {
  if (etherTypeOf(frame) === ARP) {
    const sender = frame.subarray(28, 32).join(".");
    return sender === frame.subarray(38, 42).join(".") ? sender : undefined;
  }
  const isToAllNodes = frame[38] === 0xff && frame[53] === 1;
  if (etherTypeOf(frame) !== IPV6 || frame[54] !== 136 || !isToAllNodes) {
    return undefined;
  }
  const groups = Array.from({ length: 8 }, (_, i) => {
    const at = 62 + 2 * i;
    return (((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0)).toString(16);
  });
  return exampleIp(groups.join(":"));
}

function announcedBy(shape: Shape, i: number): readonly string[] {
  const excluded = shape.lines.filter((line) => line.includes("_excluded"))
    .flatMap((line) => line.match(/[0-9a-f:.]+(?=\/)/g) ?? []);
  const listed = addressesOf(shape, i).map((text) => text.split("/")[0] ?? "");
  return [...listed, ...excluded].map((text) => exampleIp(text));
}

function announcementsOf(
  frames: readonly Uint8Array[],
  shape: Shape,
  i: number,
): readonly Uint8Array[] {
  const addresses = announcedBy(shape, i);
  return frames.filter((frame) => addresses.includes(announcedIn(frame) ?? ""));
}

/** Which groups host a joined and left from which hardware address, as told by IGMPv3 and MLDv2. */
function membershipsOf(frames: readonly Uint8Array[]): readonly string[] {
  const told = new Set<string>();
  for (const frame of frames) {
    const isIpv4 = etherTypeOf(frame) === IPV4;
    const at = isIpv4 ? payloadStart(frame) : 62;
    const isReport = isIpv4
      ? frame[23] === 2 && frame[at] === 0x22
      : etherTypeOf(frame) === IPV6 && frame[20] === 0 && frame[at] === 143;
    const isOfPeer = ["02", "03"].includes(hexOf(frame.subarray(11, 12)));
    if (!isReport || isOfPeer) continue;
    const length = isIpv4 ? 8 : 20;
    for (let i = at + 8; i + length <= frame.length; i += length) {
      const mac = hexOf(frame.subarray(6, 12));
      const group = hexOf(frame.subarray(i + 4, i + length));
      told.add(`${mac}: ${frame[i] === 4 ? "joins" : "leaves"} ${group}`);
    }
  }
  return [...told].toSorted();
}

/** A router solicitation that shows switches a virtual MAC address, also where its router is BACKUP. */
function isSolicitationOfVirtualMac(frame: Uint8Array): boolean {
  return etherTypeOf(frame) === IPV6 && frame[54] === 133 &&
    hexOf(frame.subarray(6, 10)) === "00 00 5e 00";
}

/** All that is compared of one virtual router. */
function storyOf(frames: readonly Uint8Array[], shape: Shape, vrid: number) {
  const adverts = advertsOf(frames, vrid);
  const sequence = sequenceOf(adverts);
  return {
    adverts: [...new Set(adverts.map(comparable))],
    announcements: announcementsOf(frames, shape, vrid - 1).map(hexOf),
    isCounted: sequence.every((number, i) => number === i + 1),
  };
}

async function compare(setup: Setup): Promise<void> {
  const [ours, theirs] = await Promise.all([
    lifeOf("hakeep", setup),
    lifeOf("keepalived", setup),
  ]);
  for (const [i, shape] of setup.shapes.entries()) {
    assertEquals(
      storyOf(ours, shape, i + 1),
      storyOf(theirs, shape, i + 1),
      `vrid ${i + 1}: ${shape.name}`,
    );
  }
  for (const frames of [ours, theirs]) {
    assertEquals(frames.filter(isSolicitationOfVirtualMac).map(hexOf), []);
  }
  if (setup.groups.length > 0) {
    assertEquals(membershipsOf(ours), membershipsOf(theirs));
  }
}

Deno.test("hakeep and keepalived send the same adverts and announcements, octet by octet", () =>
  compare({ shapes: SHAPES, globals: GLOBALS, groups: [] }));

Deno.test("hakeep and keepalived join and leave the same groups", () =>
  compare({
    shapes: IN_OTHER_GROUPS,
    globals: [...GLOBALS, ...GROUPS],
    groups: ["e0 00 00 63", "ff 02 00 00 00 00 00 00 00 00 00 00 00 00 00 99"],
  }));
