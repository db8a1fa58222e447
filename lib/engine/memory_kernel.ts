/**
 * Links and addresses of a host that exists in memory: a little of what a Linux kernel does, for tests.
 *
 * Says:    an IPv4 address in the subnet of an earlier one is its secondary, and goes with it unless secondaries are
 *          promoted; every change is told, with whose it was; a link's addresses go before the link, and its IPv6
 *          addresses when it goes down; a macvlan or ipvlan has its parent's carrier, and goes with it.
 * Units:   errno as Linux counts.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
} from "../addr/ip_address.ts";
import { type MacAddress, macAddressFromBytes } from "../addr/mac_address.ts";
import { defined } from "../assert.ts";
import {
  ADDRESS_SECONDARY,
  LINK_MULTICAST,
  LINK_RUNNING,
  LINK_UP,
  type ObservedAddress,
} from "../route/observed_link.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import type {
  AddressRequest,
  EngineSink,
  LinkFacts,
  LinkOrder,
} from "../world/engine_world.ts";

const EEXIST = 17;
const ENODEV = 19;
const EADDRNOTAVAIL = 99;

/** Texts that were read before: tests say the same few over and over. */
const PARSED = new Map<string, readonly [IpAddress, number]>();

interface MemoryLink {
  readonly index: number;
  name: string;
  flags: number;
  mac: MacAddress | undefined;
  kind: string | undefined;
  /** Of a macvlan or ipvlan. */
  parentIndex: number | undefined;
  /** Of a VRF. */
  readonly vrfTable: number | undefined;
  group: number;
  /** Of the VRF that it is in; 0: none. */
  masterIndex: number;
  addresses: ObservedAddress[];
}

/** What a test may say about a new link. */
export interface LinkOptions {
  /** IFF_* bits; up and running unless given. */
  readonly flags?: number;
  /** Told as a link without an Ethernet address. */
  readonly hasMac?: boolean;
  /** Makes it a macvlan of that link, or what `kind` says. */
  readonly parentIndex?: number;
  readonly kind?: string;
  /** Of a VRF: its routing table. */
  readonly vrfTable?: number;
  readonly group?: number;
}

export class MemoryKernel {
  /** `net.ipv4.conf.*.promote_secondaries`. */
  isPromotingSecondaries = false;
  readonly #links = new Map<string, MemoryLink>();
  readonly #byIndex = new Map<number, MemoryLink>();
  #messages: ((sink: EngineSink) => void)[] = [];
  #lastIndex = 0;

  /** Makes a link with the next free index; returns that. */
  addLink(name: string, options: LinkOptions = {}): number {
    const index = ++this.#lastIndex;
    const link: MemoryLink = {
      index,
      name,
      flags: options.flags ?? (LINK_UP | LINK_RUNNING),
      mac: options.hasMac === false
        ? undefined
        : macAddressFromBytes(Uint8Array.of(2, 0, 0, 0, 0, index), 0),
      kind: options.kind ??
        (options.parentIndex === undefined ? undefined : "macvlan"),
      parentIndex: options.parentIndex,
      vrfTable: options.vrfTable,
      group: options.group ?? 0,
      masterIndex: 0,
      addresses: [],
    };
    this.#links.set(name, link);
    this.#byIndex.set(index, link);
    this.#tellLink(link);
    return index;
  }

  /** As Linux: one on its like is one beside it, on the link below; it is not up yet. An ipvlan has its parent's MAC. */
  addVirtualLink({ link, parentIndex, group }: LinkOrder): void {
    const { kind, name } = link;
    const parent = this.#link(this.nameOf(parentIndex) ?? "");
    this.addLink(name, {
      flags: 0,
      kind,
      parentIndex: parent.kind === kind
        ? parent.parentIndex ?? parentIndex
        : parentIndex,
      group,
    });
    const mac = link.kind === "macvlan" ? link.mac : parent.mac;
    if (mac !== undefined) this.setMac(name, mac);
  }

  /** Makes a link as ordered and sets it up. */
  setUpVirtualLink({ link, group, vrfIndex }: LinkOrder): void {
    const there = this.#link(link.name);
    there.group = group;
    there.masterIndex = vrfIndex;
    if (link.kind === "macvlan") this.setMac(link.name, link.mac);
    this.setFlags(link.name, LINK_UP | LINK_RUNNING);
    if (link.kind !== "ipvlan" || link.address === undefined) return;
    const { address, prefixLength, scope, flags } = link.address;
    if (this.holds(link.name, address)) return;
    this.#hold(there, address, prefixLength, scope, flags);
  }

  /** Index of the VRF that a link is in; 0: none. */
  masterOf(name: string): number {
    return this.#link(name).masterIndex;
  }

  /** Moves a link into the VRF with that index, or out of any with 0. */
  setVrf(name: string, index: number): void {
    const link = this.#link(name);
    link.masterIndex = index;
    this.#tellLink(link);
  }

  /** Sets the IFF_* bits of a link. */
  setFlags(name: string, flags: number): void {
    const link = this.#link(name);
    const isGoingDown = (link.flags & ~flags & LINK_UP) !== 0;
    link.flags = this.#hasCarrierBelow(link) ? flags : flags & ~LINK_RUNNING;
    this.#tellLink(link);
    for (const above of this.#linksAbove(link)) this.#followParent(above);
    if (!isGoingDown) return;
    for (const address of link.addresses) {
      if (address.family === 6) this.#drop(link, address, false);
    }
  }

  /** The name of a link's index. */
  nameOf(index: number): string | undefined {
    return this.#byIndex.get(index)?.name;
  }

  setMac(name: string, mac: MacAddress): void {
    const link = this.#link(name);
    link.mac = mac;
    this.#tellLink(link);
  }

  renameLink(from: string, to: string): void {
    const link = this.#link(from);
    this.#links.delete(from);
    link.name = to;
    this.#links.set(to, link);
    this.#tellLink(link);
  }

  removeLink(name: string): void {
    const link = this.#link(name);
    for (const above of this.#linksAbove(link)) this.removeLink(above.name);
    for (const address of [...link.addresses]) this.#drop(link, address, false);
    this.#links.delete(name);
    this.#byIndex.delete(link.index);
    this.#messages.push((sink) => sink.linkGone(link.index));
  }

  /** Somebody else adds `text` (address/prefix length) or changes its IFA_F_* `flags`. */
  addAddress(name: string, text: string, flags = 0): void {
    const [address, prefixLength] = parse(text);
    const link = this.#link(name);
    link.addresses = link.addresses.filter((known) =>
      known.address !== address || known.prefixLength !== prefixLength
    );
    this.#hold(link, address, prefixLength, 0, flags);
  }

  /** Somebody else removes `text`. */
  removeAddress(name: string, text: string): void {
    const [address, prefixLength] = parse(text);
    this.#remove(this.#link(name), address, prefixLength, false);
  }

  /** Whether there is a link of that name. */
  hasLink(name: string): boolean {
    return this.#links.has(name);
  }

  /** Whether a link is there, up, and has a carrier. */
  isRunning(name: string): boolean {
    const flags = this.#links.get(name)?.flags ?? 0;
    return (flags & LINK_UP) !== 0 && (flags & LINK_RUNNING) !== 0;
  }

  /** Whether a link is there and has `address`, with whatever prefix length. */
  holds(name: string, address: IpAddress): boolean {
    const addresses = this.#links.get(name)?.addresses ?? [];
    return addresses.some((known) => known.address === address);
  }

  /** The addresses of a link as text. */
  addressesOf(name: string): string[] {
    return this.#link(name).addresses.map(({ address, prefixLength }) =>
      `${address}/${prefixLength}`
    );
  }

  /** IFA_F_* bits of an address. */
  flagsOf(name: string, text: string): number {
    const [address] = parse(text);
    return defined(
      this.#link(name).addresses.find((known) => known.address === address),
      `the address ${text}`,
    ).flags;
  }

  /** Carries out what the engine asks for; returns 0 or an errno. */
  apply({ present, ifIndex, address }: AddressRequest): number {
    const link = this.linkAt(ifIndex);
    if (link === undefined) return ENODEV;
    const prefixLength = address.peer?.prefixLength ?? address.prefixLength;
    if (!present) {
      return this.#remove(link, address.address, prefixLength, true)
        ? 0
        : EADDRNOTAVAIL;
    }
    const isThere = link.addresses.some((known) =>
      known.address === address.address && known.prefixLength === prefixLength
    );
    if (isThere) return EEXIST;
    this.#hold(link, address.address, prefixLength, address.scope, 0);
    return 0;
  }

  linkAt(
    index: number,
  ):
    | { readonly name: string; readonly flags: number } & MemoryLink
    | undefined {
    return this.#byIndex.get(index);
  }

  /** The listener's buffer overflows: what it did not read is lost, and it must look anew. */
  overrun(): void {
    this.#messages = [(sink) => this.tellAll(sink)];
  }

  /** Whether the listener has something to read. */
  get hasMessages(): boolean {
    return this.#messages.length > 0;
  }

  /** Tells the listener what happened since it last read. */
  drain(sink: EngineSink): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    this.#messages = [];
    for (const message of messages) message(sink);
  }

  /** An inventory, and nothing of before it. */
  tellAll(sink: EngineSink): void {
    this.#messages = [];
    sink.inventoryBegan();
    for (const link of this.#links.values()) sink.linkSeen(facts(link));
    for (const { index, addresses } of this.#links.values()) {
      for (const address of addresses) sink.addressSeen(index, address);
    }
    sink.inventoryEnded();
  }

  #linksAbove({ index }: MemoryLink): readonly MemoryLink[] {
    return [...this.#links.values()].filter(({ parentIndex }) =>
      parentIndex === index
    );
  }

  #hasCarrierBelow({ parentIndex }: MemoryLink): boolean {
    if (parentIndex === undefined) return true;
    return this.isRunning(this.nameOf(parentIndex) ?? "");
  }

  /** A macvlan or ipvlan has a carrier when its parent is up and has one. */
  #followParent(link: MemoryLink): void {
    const isUp = (link.flags & LINK_UP) !== 0 && this.#hasCarrierBelow(link);
    const flags = isUp ? link.flags | LINK_RUNNING : link.flags & ~LINK_RUNNING;
    if (flags === link.flags) return;
    link.flags = flags;
    this.#tellLink(link);
  }

  #link(name: string): MemoryLink {
    return defined(this.#links.get(name), `the link ${name}`);
  }

  #tellLink(link: MemoryLink): void {
    const told = facts(link);
    this.#messages.push((sink) => sink.linkSeen(told));
  }

  #hold(
    link: MemoryLink,
    address: IpAddress,
    prefixLength: number,
    scope: number,
    flags: number,
  ): void {
    const family = familyOf(address);
    const isSecondary = family === 4 &&
      link.addresses.some((earlier) =>
        (earlier.flags & ADDRESS_SECONDARY) === 0 &&
        earlier.prefixLength === prefixLength &&
        isSameSubnet(earlier.address, address, prefixLength)
      );
    const observed: ObservedAddress = {
      address,
      family,
      prefixLength,
      scope,
      flags: isSecondary ? flags | ADDRESS_SECONDARY : flags,
    };
    link.addresses.push(observed);
    this.#messages.push((sink) => sink.addressSeen(link.index, observed));
  }

  #remove(
    link: MemoryLink,
    address: IpAddress,
    prefixLength: number,
    byUs: boolean,
  ): boolean {
    const removed = link.addresses.find((known) =>
      known.address === address && known.prefixLength === prefixLength
    );
    if (removed === undefined) return false;
    this.#drop(link, removed, byUs);
    const isPrimary = (removed.flags & ADDRESS_SECONDARY) === 0;
    if (!isPrimary || removed.family === 6) return true;
    const secondaries = link.addresses.filter((other) =>
      (other.flags & ADDRESS_SECONDARY) !== 0 &&
      other.prefixLength === prefixLength &&
      isSameSubnet(other.address, address, prefixLength)
    );
    if (this.isPromotingSecondaries) {
      const [heir] = secondaries;
      if (heir !== undefined) this.#promote(link, heir);
    } else for (const other of secondaries) this.#drop(link, other, byUs);
    return true;
  }

  #promote(link: MemoryLink, heir: ObservedAddress): void {
    const primary = { ...heir, flags: heir.flags & ~ADDRESS_SECONDARY };
    link.addresses = link.addresses.map((known) =>
      known === heir ? primary : known
    );
    this.#messages.push((sink) => sink.addressSeen(link.index, primary));
  }

  #drop(link: MemoryLink, address: ObservedAddress, byUs: boolean): void {
    link.addresses = link.addresses.filter((known) => known !== address);
    this.#messages.push((sink) => sink.addressGone(link.index, address, byUs));
  }
}

function facts(
  link: MemoryLink,
): LinkFacts {
  const { index, name, flags, mac, kind, parentIndex, vrfTable } = link;
  const { group, masterIndex } = link;
  return {
    index,
    name,
    flags: flags | LINK_MULTICAST,
    mac,
    mtu: 1500,
    kind,
    parentIndex,
    vrfTable,
    group,
    masterIndex: masterIndex === 0 ? undefined : masterIndex,
  };
}

function parse(text: string): readonly [IpAddress, number] {
  const known = PARSED.get(text);
  if (known !== undefined) return known;
  const [address, prefixLength] = text.split("/");
  const parsed = [
    exampleIp(defined(address, "an address")),
    Number(prefixLength),
  ] as const;
  PARSED.set(text, parsed);
  return parsed;
}

function isSameSubnet(
  a: IpAddress,
  b: IpAddress,
  prefixLength: number,
): boolean {
  if (a === b) return true;
  if (prefixLength === (familyOf(a) === 4 ? 32 : 128)) return false;
  const ours = ipAddressBytes(a);
  const theirs = ipAddressBytes(b);
  if (ours.length !== theirs.length) return false;
  for (let bit = 0; bit < prefixLength; bit++) {
    const difference = (ours[bit >> 3] ?? 0) ^ (theirs[bit >> 3] ?? 0);
    if ((difference & (0x80 >> (bit & 7))) !== 0) return false;
  }
  return true;
}
