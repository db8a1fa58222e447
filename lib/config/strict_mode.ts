/**
 * Strict mode: what `vrrp_strict` and `strict_mode` make of an instance, and what they do not let it say.
 *
 * Says:    keepalived's strict mode, whose measure is RFC 9568 (RFC 3768 for version 2).
 * @module
 */
import type { Span } from "../diag/diagnostic.ts";
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { GlobalDefs, VrrpInstance } from "./model.ts";
import {
  instanceFamily,
  instancePriority,
  instanceVersion,
} from "./instance_identity.ts";

const OWNER = 255;
const DOWN_TIMER_ADVERTS = 3;

/** Whether an instance is held to the letter. */
export function isStrict(
  { strictMode }: Pick<VrrpInstance, "strictMode">,
  { strict }: Pick<GlobalDefs, "strict">,
): boolean {
  return strictMode ?? strict ?? false;
}

/** The instance as it is run: `instance` itself where it is not strict. */
export function underStrictMode(
  instance: VrrpInstance,
  globals: GlobalDefs,
): VrrpInstance {
  if (!isStrict(instance, globals)) return instance;
  const isOwner = instancePriority(instance) === OWNER;
  return {
    ...instance,
    // As the priority of the file has it, so that no state may change it.
    priority: instancePriority(instance),
    state: instance.state === undefined
      ? undefined
      : isOwner
      ? "MASTER"
      : "BACKUP",
    version: instanceFamily(instance) === 6 ? 3 : instance.version,
    authentication: undefined,
    authHmac: instance.authHmac && { ...instance.authHmac, mode: "enforce" },
    preemptDelayNs: undefined,
    downTimerAdverts: DOWN_TIMER_ADVERTS,
    lowerPriorityNoAdvert: true,
    higherPrioritySendAdvert: false,
    garpLowerPriorityDelayNs: 0,
    garpLowerPriorityRepeat: 0,
    ownerIgnoreAdverts: isOwner,
    noVirtualAddresses: undefined,
    vmacAddress: undefined,
    vmacTransmitBase: undefined,
  };
}

/**
 * Whether packets to the virtual addresses are taken (RFC 9568 §6.1, Accept_Mode; keepalived's default is to take
 * them). Strict mode leaves the choice to version 3 alone.
 */
export function acceptsPackets(
  instance: VrrpInstance,
  globals: GlobalDefs,
): boolean {
  if (instancePriority(instance) === OWNER) return true;
  if (!isStrict(instance, globals)) return instance.accept ?? true;
  return instanceVersion(instance, globals) === 3 && instance.accept === true;
}

/** Where an instance that is strict names its unicast peers; undefined if it has none. */
export function strictUnicast(
  instance: VrrpInstance,
  globals: GlobalDefs,
): Span | undefined {
  const { unicastPeers = [], at } = instance;
  if (unicastPeers.length === 0 || !isStrict(instance, globals)) {
    return undefined;
  }
  return at.of.unicastPeers ?? at.of.name ?? at.self;
}

/** Says what an instance asks for and strict mode does not give. */
export function checkStrictMode(
  instance: VrrpInstance,
  globals: GlobalDefs,
  sink: DiagnosticSink,
): void {
  if (!isStrict(instance, globals)) return;
  const { state, authentication } = instance;
  const spanOf = (key: keyof VrrpInstance & string): Span =>
    instance.at.of[key] ?? instance.at.of.name ?? instance.at.self;
  const unicast = strictUnicast(instance, globals);
  if (unicast !== undefined) {
    sink.warning(
      "HK0282",
      unicast,
      `\`${instance.name}\` is strict and has unicast peers`,
      {
        label: "keepalived from 2.4 on does not start with them",
        help: "set `strict_mode` off for this instance",
      },
    );
  }
  if (instance.version === 2 && instanceFamily(instance) === 6) {
    sink.warning(
      "HK0283",
      spanOf("version"),
      "`version 2` means nothing in strict mode",
      { label: "IPv6 has version 3" },
    );
  }
  const isOwner = instancePriority(instance) === OWNER;
  if (state !== undefined && (state === "MASTER") !== isOwner) {
    sink.warning(
      "HK0281",
      spanOf("state"),
      `\`state ${state}\` with priority ${
        instancePriority(instance)
      } in strict mode`,
      {
        label: isOwner
          ? "the owner of the addresses starts as MASTER"
          : "only the owner of the addresses starts as MASTER",
      },
    );
  }
  if (authentication?.type !== undefined) {
    sink.warning(
      "HK0280",
      authentication.at.of.type ?? authentication.at.self,
      "there is no authentication in strict mode",
      { label: "ignored" },
    );
  }
  const isTaking = acceptsPackets(instance, globals);
  checkFixed(instance, isOwner, isTaking, sink, spanOf);
}

/** Settings whose value strict mode fixes. */
function checkFixed(
  instance: VrrpInstance,
  isOwner: boolean,
  isTaking: boolean,
  sink: DiagnosticSink,
  spanOf: (key: keyof VrrpInstance & string) => Span,
) {
  const { downTimerAdverts = DOWN_TIMER_ADVERTS } = instance;
  const ignored = ([
    ["preemptDelayNs", "preempt_delay", (instance.preemptDelayNs ?? 0) > 0],
    [
      "downTimerAdverts",
      "down_timer_adverts",
      downTimerAdverts !== DOWN_TIMER_ADVERTS,
    ],
    [
      "lowerPriorityNoAdvert",
      "lower_prio_no_advert",
      instance.lowerPriorityNoAdvert === false,
    ],
    [
      "higherPrioritySendAdvert",
      "higher_prio_send_advert",
      instance.higherPrioritySendAdvert === true,
    ],
    [
      "garpLowerPriorityDelayNs",
      "garp_lower_prio_delay",
      (instance.garpLowerPriorityDelayNs ?? 0) > 0,
    ],
    [
      "garpLowerPriorityRepeat",
      "garp_lower_prio_repeat",
      (instance.garpLowerPriorityRepeat ?? 0) > 0,
    ],
    [
      "ownerIgnoreAdverts",
      "owner_ignore_adverts",
      isOwner && instance.ownerIgnoreAdverts === false,
    ],
    [
      "authHmac",
      "mode",
      (instance.authHmac?.mode ?? "enforce") !== "enforce",
    ],
    ["accept", "accept", instance.accept === true && !isTaking],
    [
      "vmacAddress",
      "vmac_addr",
      instance.vmacAddress !== undefined,
    ],
    [
      "vmacTransmitBase",
      "vmac_xmit_base",
      instance.vmacTransmitBase === true,
    ],
    [
      "noVirtualAddresses",
      "no_virtual_ipaddress",
      instance.noVirtualAddresses === true,
    ],
  ] as const).filter(([, , isSaid]) => isSaid);
  for (const [key, keyword] of ignored) {
    sink.warning(
      "HK0283",
      spanOf(key),
      `\`${keyword}\` means nothing in strict mode`,
      { label: "ignored" },
    );
  }
}
