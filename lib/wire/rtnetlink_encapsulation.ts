/**
 * Attributes of a lightweight tunnel, as a route or one of its next hops carries them.
 *
 * Says:    linux/lwtunnel.h, linux/mpls_iptunnel.h, linux/ila.h; RFC 3032 §2.1 for label stacks.
 * Units:   tunnel ids, labels and locators in network byte order.
 * @module
 */
import { type IpAddress, ipAddressBytes } from "../addr/ip_address.ts";
import {
  attributeBytes,
  type AttributeValue,
  u16Bytes,
} from "./attribute_bytes.ts";

/** RTA_ENCAP_TYPE, RTA_ENCAP. */
const ATTRIBUTE = { encapsulationType: 21, encapsulation: 22 } as const;
const NESTED = 0x8000;
/** LWTUNNEL_ENCAP_* */
const TYPE = { mpls: 1, ip: 2, ila: 3, ip6: 4 } as const;
/** LWTUNNEL_IP_*; LWTUNNEL_IP6_* have the same numbers. */
const IP = {
  id: 1,
  destination: 2,
  source: 3,
  hopLimit: 4,
  trafficClass: 5,
  flags: 6,
} as const;
/** MPLS_IPTUNNEL_DST, ILA_ATTR_LOCATOR. */
const ONLY = 1;
const LABEL_SHIFT = 12;
const BOTTOM_OF_STACK = 0x100;

/** A tunnel as the request is to say it. */
export type EncapsulationSpec =
  | {
    readonly kind: "ip" | "ip6";
    readonly id: number | undefined;
    readonly destination: IpAddress | undefined;
    readonly source: IpAddress | undefined;
    readonly hopLimit: number | undefined;
    readonly trafficClass: number | undefined;
    readonly flags: number | undefined;
  }
  | { readonly kind: "mpls"; readonly labels: readonly number[] }
  | { readonly kind: "ila"; readonly locator: readonly number[] };

/** The attributes that say `spec`; none where there is none. */
export function encapsulationAttributes(
  spec: EncapsulationSpec | undefined,
): readonly AttributeValue[] {
  if (spec === undefined) return [];
  return [
    [ATTRIBUTE.encapsulationType, u16Bytes(TYPE[spec.kind])],
    [ATTRIBUTE.encapsulation | NESTED, attributeBytes(partsOf(spec))],
  ];
}

function partsOf(spec: EncapsulationSpec): readonly AttributeValue[] {
  switch (spec.kind) {
    case "mpls":
      return [[ONLY, labelStack(spec.labels)]];
    case "ila":
      return [[ONLY, Uint8Array.from(spec.locator.flatMap(bytesOf16))]];
    case "ip":
    case "ip6": {
      const { id, destination, source, hopLimit, trafficClass, flags } = spec;
      const parts = [
        [IP.id, id === undefined ? undefined : tunnelId(id)],
        [IP.destination, destination && ipAddressBytes(destination)],
        [IP.source, source && ipAddressBytes(source)],
        [IP.hopLimit, hopLimit === undefined ? undefined : byte(hopLimit)],
        [
          IP.trafficClass,
          trafficClass === undefined ? undefined : byte(trafficClass),
        ],
        [
          IP.flags,
          // In the host's order, as keepalived has it, though the kernel reads the network's.
          flags === undefined ? undefined : u16Bytes(flags),
        ],
      ] as const;
      return parts.flatMap(([type, value]) =>
        value === undefined ? [] : [[type, value] as const]
      );
    }
  }
}

function byte(value: number): Uint8Array {
  return Uint8Array.of(value);
}

function bytesOf16(value: number): readonly number[] {
  return [value >>> 8, value & 0xff];
}

function tunnelId(id: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(id), false);
  return bytes;
}

/** Each label with TTL 0: the kernel puts the packet's own. */
function labelStack(labels: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, label] of labels.entries()) {
    const isLast = index === labels.length - 1;
    const entry = label * 2 ** LABEL_SHIFT + (isLast ? BOTTOM_OF_STACK : 0);
    view.setUint32(index * 4, entry, false);
  }
  return bytes;
}
