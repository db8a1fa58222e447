/**
 * Instances that would be the same virtual router.
 *
 * Says:    RFC 9568 §5.2.3: a VRID names one virtual router on a LAN, in one address family.
 * @module
 */
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
  const seen = new Map<string, VrrpInstance>();
  const found: Twins[] = [];
  for (const instance of instances) {
    const { virtualRouterId: vrid } = instance;
    const name = instanceInterface(instance);
    if (vrid === undefined || name === undefined) continue;
    const family = instanceFamily(instance);
    const group = instanceGroup(instance, globals);
    const key = `${name} ${vrid} ${family} ${group}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, instance);
    else found.push({ before, instance });
  }
  return found;
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
