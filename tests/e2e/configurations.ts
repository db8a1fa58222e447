/**
 * Configurations that several tests share, in keepalived's language, which both daemons read.
 * @module
 */

export interface InstanceText {
  readonly priority: number;
  readonly vrid?: number;
  readonly state?: "MASTER" | "BACKUP";
  /** Lines inside `virtual_ipaddress`. */
  readonly addresses?: readonly string[];
  /** Further lines inside the instance. */
  readonly lines?: readonly string[];
  /** Lines inside `global_defs`. */
  readonly globals?: readonly string[];
}

export const VIP = "10.77.1.1";

/** One instance on eth0. */
export function instanceText(instance: InstanceText): string {
  const {
    priority,
    vrid = 51,
    state = "BACKUP",
    addresses = [`${VIP}/16`],
    lines = [],
    globals = [],
  } = instance;
  return `global_defs {
  ${globals.join("\n  ")}
}
vrrp_instance VI_1 {
  state ${state}
  interface eth0
  virtual_router_id ${vrid}
  priority ${priority}
  ${lines.join("\n  ")}
  virtual_ipaddress {
    ${addresses.join("\n    ")}
  }
}
`;
}

/** The ways of speaking VRRP that are tried between every pair of daemons. */
export interface Dialect {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly lines: (own: string, peer: string) => readonly string[];
  /** The address as \`ip addr\` shows it. */
  readonly held: string;
  /** Each host has {@linkcode ipv6Of} its address too. */
  readonly needsIpv6Sources?: true;
}

export const DIALECTS: readonly Dialect[] = [
  {
    name: "VRRPv2 with PASS",
    addresses: [`${VIP}/16`],
    lines: () => [
      "advert_int 1",
      "authentication {",
      "  auth_type PASS",
      "  auth_pass 1111",
      "}",
    ],
    held: `${VIP}/16`,
  },
  {
    name: "VRRPv2 with AH",
    addresses: [`${VIP}/16`],
    lines: () => [
      "advert_int 1",
      "authentication {",
      "  auth_type AH",
      "  auth_pass secret",
      "}",
    ],
    held: `${VIP}/16`,
  },
  {
    name: "VRRPv3",
    addresses: [`${VIP}/16`],
    lines: () => ["version 3", "advert_int 0.2"],
    held: `${VIP}/16`,
  },
  {
    name: "VRRPv3 over IPv6",
    addresses: ["fe80::77:1/64", "fd77::1:1/64"],
    lines: () => ["advert_int 0.2"],
    held: "fd77::1:1/64",
  },
  {
    name: "unicast",
    addresses: [`${VIP}/16`],
    lines: (
      own,
      peer,
    ) => [
      "advert_int 1",
      `unicast_src_ip ${own}`,
      "unicast_peer {",
      `  ${peer}`,
      "}",
    ],
    held: `${VIP}/16`,
  },
  {
    name: "unicast with AH",
    addresses: [`${VIP}/16`],
    lines: (
      own,
      peer,
    ) => [
      "advert_int 1",
      "authentication {",
      "  auth_type AH",
      "  auth_pass secret",
      "}",
      `unicast_src_ip ${own}`,
      "unicast_peer {",
      `  ${peer}`,
      "}",
    ],
    held: `${VIP}/16`,
  },
  {
    name: "VRRPv3 over IPv6 unicast",
    addresses: ["fd77::1:1/64"],
    lines: (
      own,
      peer,
    ) => [
      "advert_int 0.2",
      `unicast_src_ip ${ipv6Of(own)}`,
      "unicast_peer {",
      `  ${ipv6Of(peer)}`,
      "}",
    ],
    held: "fd77::1:1/64",
    needsIpv6Sources: true,
  },
];

/** The IPv6 address that goes with a host's IPv4 address. */
export function ipv6Of(address: string): string {
  return `fd77::${address.split(".").at(-1)}`;
}
