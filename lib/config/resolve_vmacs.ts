/**
 * The links of virtual MAC addresses: their names and hardware addresses.
 *
 * Says:    keepalived's names: the one given, else `vrrp.VRID`; where that is taken `vrrp6.VRID` for IPv6, then
 *          `vrrp1.VRID` and so on.
 * @module
 */
import { virtualRouterMac } from "../addr/mac_address.ts";
import type { IpFamily } from "../vrrp/router_config.ts";
import type { VirtualMac } from "../vrrp/virtual_mac.ts";
import type { VrrpInstance } from "./model.ts";
import { vmacAddress } from "./vmac_address.ts";

const DEFAULT_PREFIX = "vrrp";
const NAME_BYTES_MAX = 15;

/** Gives each link a name of its own, so ask in the order of the file. */
export class VmacResolver {
  readonly #prefix: string;
  readonly #taken: Set<string>;
  /** Who runs on a link would lose it to one of ours. */
  readonly #used: Set<string | undefined>;

  /** Names that instances give themselves are nobody else's. */
  constructor(
    instances: readonly VrrpInstance[],
    prefix: string | undefined,
  ) {
    this.#prefix = prefix ?? DEFAULT_PREFIX;
    this.#used = new Set(instances.map((one) => one.interface));
    this.#taken = new Set(
      instances.map(({ vmacName }) => vmacName)
        .filter((name) => name !== undefined),
    );
  }

  /** The link of an instance; undefined without `use_vmac`. */
  resolve(
    instance: VrrpInstance,
    vrid: number,
    family: IpFamily,
    isUnicast: boolean,
  ): VirtualMac | undefined {
    if (instance.useVmac !== true) return undefined;
    const own = instance.vmacAddress;
    return {
      link: this.#ownName(instance) ?? this.#freeName(vrid, family),
      mac: (own === undefined ? undefined : vmacAddress(own, vrid)) ??
        virtualRouterMac(family, vrid),
      advertsByParent: isUnicast || (instance.vmacTransmitBase ?? false),
    };
  }

  /** A name that an earlier instance has is not another's. */
  #ownName({ vmacName }: VrrpInstance): string | undefined {
    if (vmacName === undefined || this.#used.has(vmacName)) return undefined;
    this.#used.add(vmacName);
    return vmacName;
  }

  #freeName(vrid: number, family: IpFamily): string {
    for (let attempt = 0;; attempt++) {
      const number = attempt === 0
        ? ""
        : family === 6
        ? attempt === 1 ? "6" : attempt - 1
        : attempt;
      const suffix = `${number}.${vrid}`;
      const name = `${
        this.#prefix.slice(0, NAME_BYTES_MAX - suffix.length)
      }${suffix}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}
