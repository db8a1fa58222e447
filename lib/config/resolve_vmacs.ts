/**
 * The links that instances make for themselves: names, hardware addresses, and which address is on which.
 *
 * Says:    keepalived's names: the one given, else `vrrp.VRID`; where that is taken `vrrp6.VRID` for IPv6, then
 *          `vrrp1.VRID` and so on. Addresses are on the instance's own macvlan if they are of its family and of its
 *          interface; others have a macvlan beside them with `use_vmac_addr`, or their own `use_vmac`.
 * @module
 */
import { familyOf } from "../addr/ip_address.ts";
import { ADDRESS_FLAG } from "../wire/rtnetlink.ts";
import { virtualRouterMac } from "../addr/mac_address.ts";
import type { IpFamily, VirtualAddress } from "../vrrp/router_config.ts";
import type { Ipvlan, Macvlan, OwnLink } from "../vrrp/virtual_link.ts";
import type { AddressEntry, GlobalDefs, VrrpInstance } from "./model.ts";
import { vmacAddress } from "./vmac_address.ts";

const DEFAULT_PREFIX = "vrrp";
const NAME_BYTES_MAX = 15;

/** What an instance's links are to be like. */
export interface LinkIdentity {
  readonly vrid: number;
  readonly family: IpFamily;
  /** Whose links these are on. */
  readonly interface: string;
  readonly isUnicast: boolean;
}

/** The links of one instance, and its addresses with the names of the links that they are on. */
export interface InstanceLinks {
  readonly ownLink: OwnLink | undefined;
  readonly addressLinks: readonly Macvlan[];
  /** For entries of the instance: the link that carries them. */
  readonly linkOf: (entry: AddressEntry) => string;
}

/** Gives each link a name of its own, so ask in the order of the file. */
export class VmacResolver {
  readonly #prefix: string;
  readonly #addressPrefix: string;
  readonly #taken: Set<string>;
  /** Who runs on a link would lose it to one of ours. */
  readonly #used: Set<string | undefined>;

  /** Names that instances give themselves are nobody else's. */
  constructor(
    instances: readonly VrrpInstance[],
    { vmacPrefix, vmacAddressPrefix }: Pick<
      GlobalDefs,
      "vmacPrefix" | "vmacAddressPrefix"
    >,
  ) {
    this.#prefix = vmacPrefix ?? DEFAULT_PREFIX;
    this.#addressPrefix = vmacAddressPrefix ?? this.#prefix;
    this.#used = new Set(instances.map((one) => one.interface));
    this.#taken = new Set(
      instances.flatMap(({ vmacName, ipvlanName }) => [vmacName, ipvlanName])
        .filter((name) => name !== undefined),
    );
  }

  /** The links of an instance; it has none without `use_vmac`, `use_ipvlan` and the like. */
  resolve(instance: VrrpInstance, identity: LinkIdentity): InstanceLinks {
    const ownLink = this.#ownLink(instance, identity);
    const { link } = ownLink ?? {};
    const addressLinks: Macvlan[] = [];
    const linkOf = (entry: AddressEntry): string => {
      const parent = entry.interface ?? identity.interface;
      const { family } = entry;
      const isOwn = parent === identity.interface && family === identity.family;
      if (isOwn && link?.kind === "macvlan") return link.name;
      const isWanted = entry.useVmac ||
        (instance.useVmacAddress === true && !isOwn);
      if (!isWanted) return parent;
      const there = addressLinks.find((one) =>
        one.parent === parent && one.family === family
      );
      if (there !== undefined) return there.name;
      const made = this.#addressLink(instance, identity, parent, family);
      addressLinks.push(made);
      return made.name;
    };
    // Links are named in the order of their addresses.
    for (const entry of instance.virtualAddresses) {
      if (entry.family === identity.family) linkOf(entry);
    }
    for (const entry of instance.excludedAddresses) linkOf(entry);
    return { ownLink, addressLinks, linkOf };
  }

  #ownLink(
    instance: VrrpInstance,
    identity: LinkIdentity,
  ): OwnLink | undefined {
    if (instance.useVmac === true) {
      const advertsByParent = identity.isUnicast ||
        (instance.vmacTransmitBase ?? false);
      return {
        link: this.#macvlan(instance, identity, advertsByParent),
        advertsByParent,
      };
    }
    if (instance.useIpvlan !== true) return undefined;
    return { link: this.#ipvlan(instance, identity), advertsByParent: false };
  }

  #macvlan(
    instance: VrrpInstance,
    { vrid, family, interface: parent }: LinkIdentity,
    advertsByParent: boolean,
  ): Macvlan {
    const own = instance.vmacAddress;
    return {
      kind: "macvlan",
      name: this.#ownName(instance.vmacName) ??
        this.#freeName(this.#prefix, vrid, family),
      parent,
      mac: (own === undefined ? undefined : vmacAddress(own, vrid)) ??
        virtualRouterMac(family, vrid),
      family,
      hasIpv6: family === 6 ||
        instance.excludedAddresses.some((one) => one.family === 6),
      lendsLinkLocal: family === 6 && !advertsByParent,
      group: instance.vmacGroup,
    };
  }

  #ipvlan(
    { ipvlanName, ipvlanAddress, ipvlanFlag, ipvlanGroup }: VrrpInstance,
    { vrid, family, interface: parent }: LinkIdentity,
  ): Ipvlan {
    const name = this.#ownName(ipvlanName) ??
      this.#freeName(this.#prefix, vrid, family);
    const isOfFamily = ipvlanAddress !== undefined &&
      familyOf(ipvlanAddress.address) === family;
    const prefixLength = ipvlanAddress?.prefixLength ??
      (family === 4 ? 32 : 128);
    return {
      kind: "ipvlan",
      name,
      parent,
      flag: ipvlanFlag ?? "bridge",
      family,
      address: isOfFamily
        ? {
          ...PLAIN,
          address: ipvlanAddress.address,
          prefixLength,
          interface: name,
          flags: family === 6 ? ADDRESS_FLAG.noDad : 0,
          preferredSeconds: prefixLength === 128 ? 0 : undefined,
        }
        : undefined,
      group: ipvlanGroup,
    };
  }

  #addressLink(
    instance: VrrpInstance,
    { vrid }: LinkIdentity,
    parent: string,
    family: IpFamily,
  ): Macvlan {
    return {
      kind: "macvlan",
      name: this.#freeName(this.#addressPrefix, vrid, family),
      parent,
      mac: virtualRouterMac(family, vrid),
      family,
      hasIpv6: family === 6,
      lendsLinkLocal: family === 6,
      group: instance.vmacGroup,
    };
  }

  /** A name that an earlier instance has is not another's. */
  #ownName(name: string | undefined): string | undefined {
    if (name === undefined || this.#used.has(name)) return undefined;
    this.#used.add(name);
    return name;
  }

  #freeName(prefix: string, vrid: number, family: IpFamily): string {
    for (let attempt = 0;; attempt++) {
      const number = attempt === 0
        ? ""
        : family === 6
        ? attempt === 1 ? "6" : attempt - 1
        : attempt;
      const suffix = `${number}.${vrid}`;
      const name = `${
        prefix.slice(0, NAME_BYTES_MAX - suffix.length)
      }${suffix}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

const PLAIN: Pick<
  VirtualAddress,
  "label" | "scope" | "broadcast" | "peer" | "noTrack"
> = {
  label: undefined,
  scope: 0,
  broadcast: undefined,
  peer: undefined,
  noTrack: true,
};
