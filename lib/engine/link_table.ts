/**
 * What the engine knows of links and addresses: netlink's messages, summed up.
 *
 * Checks:  nothing; the newest message wins. A message about an address of an unknown link is kept aside by
 *          nobody: the kernel always tells the link first.
 * Cost:    one small object a link that changes; an address costs a place in a map.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import {
  addressPlace,
  type ObservedAddress,
  type ObservedLink,
} from "../route/observed_link.ts";
import type { LinkFacts } from "../world/engine_world.ts";

interface KnownLink extends ObservedLink {
  readonly addresses: Map<string, ObservedAddress>;
}

export class LinkTable {
  readonly #byIndex = new Map<number, KnownLink>();
  readonly #byName = new Map<string, KnownLink>();

  clear(): void {
    this.#byIndex.clear();
    this.#byName.clear();
  }

  named(name: string): ObservedLink | undefined {
    return this.#byName.get(name);
  }

  at(index: number): ObservedLink | undefined {
    return this.#byIndex.get(index);
  }

  links(): IterableIterator<ObservedLink> {
    return this.#byIndex.values();
  }

  /** The links that have `address`, with whatever prefix length. */
  holding(address: IpAddress): readonly ObservedLink[] {
    return this.#byIndex.values().filter(({ addresses }) =>
      addresses.values().some((one) => one.address === address)
    ).toArray();
  }

  /** Takes in a link; returns the names it concerns (two when it was renamed), none when nothing changed. */
  link(facts: LinkFacts): readonly string[] {
    const before = this.#byIndex.get(facts.index);
    // A message of before an inventory may have given the name to another link for a while.
    const isNamed = this.#byName.get(facts.name) === before;
    if (before !== undefined && isNamed && sameFacts(before, facts)) return [];
    const link: KnownLink = {
      index: facts.index,
      name: facts.name,
      flags: facts.flags,
      mac: facts.mac,
      mtu: facts.mtu,
      kind: facts.kind,
      parentIndex: facts.parentIndex,
      mode: facts.mode,
      vrfTable: facts.vrfTable,
      group: facts.group,
      masterIndex: facts.masterIndex,
      addresses: before?.addresses ?? new Map(),
    };
    const concerned = [facts.name];
    if (before !== undefined && before.name !== facts.name) {
      if (this.#byName.get(before.name) === before) {
        this.#byName.delete(before.name);
      }
      concerned.push(before.name);
    }
    this.#put(link);
    return concerned;
  }

  /** Forgets a link; returns its name if it was known. */
  remove(index: number): string | undefined {
    const link = this.#byIndex.get(index);
    if (link === undefined) return undefined;
    this.#byIndex.delete(index);
    if (this.#byName.get(link.name) === link) this.#byName.delete(link.name);
    return link.name;
  }

  /** Takes in an address, new or changed; returns the link's name unless nothing changed. */
  address(index: number, address: ObservedAddress): string | undefined {
    const link = this.#byIndex.get(index);
    if (link === undefined) return undefined;
    const place = placeOf(address);
    const known = link.addresses.get(place);
    if (known?.flags === address.flags && known.scope === address.scope) {
      return undefined;
    }
    link.addresses.set(place, address);
    return link.name;
  }

  /** Forgets an address; returns the link's name if it was known. */
  removeAddress(index: number, address: ObservedAddress): string | undefined {
    const link = this.#byIndex.get(index);
    if (link === undefined) return undefined;
    if (!link.addresses.delete(placeOf(address))) return undefined;
    return link.name;
  }

  #put(link: KnownLink): void {
    this.#byIndex.set(link.index, link);
    this.#byName.set(link.name, link);
  }
}

function sameFacts(a: ObservedLink, b: LinkFacts): boolean {
  return a.name === b.name && a.flags === b.flags && a.mac === b.mac &&
    a.mtu === b.mtu && a.kind === b.kind && a.parentIndex === b.parentIndex &&
    a.mode === b.mode && a.vrfTable === b.vrfTable && a.group === b.group &&
    a.masterIndex === b.masterIndex;
}

function placeOf({ address, prefixLength }: ObservedAddress): string {
  return addressPlace(address, prefixLength);
}
