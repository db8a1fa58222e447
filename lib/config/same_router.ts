/**
 * Instances that would be the same virtual router.
 *
 * Says:    RFC 9568 §5.2.3: a VRID names one virtual router on a LAN, in one address family. As in keepalived, adverts
 *          to peers are apart from those to a group, and from those between other addresses.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { Span } from "../diag/diagnostic.ts";
import {
  instanceFamily,
  instanceGroup,
  instanceInterface,
} from "./instance_identity.ts";
import type { GlobalDefs, VrrpInstance } from "./model.ts";

/** Two instances whose adverts could not be told apart. */
export interface Twins {
  /** The one that stands first. */
  readonly before: VrrpInstance;
  readonly instance: VrrpInstance;
}

/** Each instance that is a virtual router which another one above it is already. */
export function twinsOf(
  instances: readonly VrrpInstance[],
  globals: GlobalDefs,
): readonly Twins[] {
  const seen = new Map<string, VrrpInstance[]>();
  const found: Twins[] = [];
  for (const instance of instances) {
    const { virtualRouterId: vrid } = instance;
    const name = instanceInterface(instance);
    if (vrid === undefined || name === undefined) continue;
    const key = `${name} ${vrid} ${instanceFamily(instance)}`;
    const others = seen.get(key) ?? [];
    const before = others.find((other) => doMeet(other, instance, globals));
    if (before !== undefined) found.push({ before, instance });
    else seen.set(key, [...others, instance]);
  }
  return found;
}

/** Whether adverts of two instances of one interface, family and VRID come to the same routers. */
function doMeet(
  one: VrrpInstance,
  other: VrrpInstance,
  globals: GlobalDefs,
): boolean {
  const peers = peersOf(one);
  const others = peersOf(other);
  if (peers.size === 0 || others.size === 0) {
    return peers.size === others.size &&
      instanceGroup(one, globals) === instanceGroup(other, globals);
  }
  return one.unicastSourceIp === other.unicastSourceIp &&
    !peers.isDisjointFrom(others);
}

function peersOf({ unicastPeers = [] }: VrrpInstance): ReadonlySet<IpAddress> {
  return new Set(unicastPeers.map(({ address }) => address));
}

/** What a diagnostic says of them; `label` begins with `consequence`. */
export function twinsReport({ before, instance }: Twins, consequence = "") {
  const { virtualRouterId: vrid } = instance;
  const name = instanceInterface(instance);
  const placeOf = ({ at }: VrrpInstance): Span =>
    at.of.virtualRouterId ?? at.of.name ?? at.self;
  return {
    span: placeOf(instance),
    message:
      `\`${before.name}\` and \`${instance.name}\` have the same virtual_router_id`,
    details: {
      label: `${consequence}${vrid} is taken on ${name} for IPv${
        instanceFamily(instance)
      }`,
      related: [{
        span: placeOf(before),
        message: `\`${before.name}\` has it`,
      }],
      help: "give one of them another number, on all of its routers",
    },
  };
}
