/**
 * What instances say about links of their own, and what of it has no effect.
 *
 * Says:    keepalived's own checks of `use_vmac` and `use_ipvlan`.
 * @module
 */
import { familyOf } from "../addr/ip_address.ts";
import type { Span } from "../diag/diagnostic.ts";
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import { instanceFamily } from "./instance_identity.ts";
import type { AddressEntry, Config, VrrpInstance } from "./model.ts";

type Key = keyof VrrpInstance & string;

const OF_VMAC: readonly Key[] = [
  "vmacTransmitBase",
  "vmacName",
  "vmacAddress",
];
const OF_IPVLAN: readonly Key[] = [
  "ipvlanName",
  "ipvlanAddress",
  "ipvlanFlag",
  "ipvlanGroup",
];

function spanOf(instance: VrrpInstance, key: Key): Span {
  return instance.at.of[key] ?? instance.at.of.name ?? instance.at.self;
}

/** Checks one instance. */
export function checkOwnLinks(
  instance: VrrpInstance,
  sink: DiagnosticSink,
): void {
  const hasVmacs = instance.useVmacAddress === true ||
    addressesOf(instance).some(({ useVmac }) => useVmac);
  if (instance.useVmac !== true) {
    tellUseless(instance, OF_VMAC, "use_vmac", sink);
    if (!hasVmacs) tellUseless(instance, ["vmacGroup"], "use_vmac", sink);
  } else checkVmac(instance, sink);
  if (
    (instance.useVmac === true || instance.useIpvlan === true) &&
    instance.promoteSecondaries === true
  ) {
    sink.warning(
      "HK0231",
      spanOf(instance, "promoteSecondaries"),
      "`promote_secondaries` of an instance with a link of its own",
      { label: "it has no effect, as in keepalived" },
    );
  }
  if (instance.useIpvlan === true) checkIpvlan(instance, sink);
  else tellUseless(instance, OF_IPVLAN, "use_ipvlan", sink);
}

function tellUseless(
  instance: VrrpInstance,
  keys: readonly Key[],
  lacking: string,
  sink: DiagnosticSink,
): void {
  const key = keys.find((one) =>
    instance[one] !== undefined && instance[one] !== false
  );
  if (key === undefined) return;
  sink.warning(
    "HK0231",
    spanOf(instance, key),
    `\`${instance.name}\` has no \`${lacking}\``,
    { label: "this setting has no effect" },
  );
}

function checkVmac(instance: VrrpInstance, sink: DiagnosticSink): void {
  if (
    instance.unicastPeers !== undefined && instance.vmacTransmitBase !== true
  ) {
    sink.warning(
      "HK0231",
      spanOf(instance, "useVmac"),
      "`use_vmac` with unicast peers",
      {
        label: "adverts leave by the interface itself",
        help: "say so with `vmac_xmit_base`",
      },
    );
  }
  const family = instanceFamily(instance);
  for (const entry of addressesOf(instance)) {
    const parent = entry.interface ?? instance.interface;
    if (
      !entry.useVmac || entry.family !== family || parent !== instance.interface
    ) continue;
    sink.warning(
      "HK0231",
      entry.at.of.useVmac ?? entry.at.self,
      `\`${entry.address}\` is on the link of \`${instance.name}\` anyway`,
      { label: "`use_vmac` of the address has no effect" },
    );
  }
}

function checkIpvlan(instance: VrrpInstance, sink: DiagnosticSink): void {
  if (instance.useVmac === true) {
    sink.warning(
      "HK0231",
      spanOf(instance, "useIpvlan"),
      `\`${instance.name}\` has \`use_vmac\`, and so no ipvlan`,
      { label: "this setting has no effect" },
    );
    return;
  }
  const family = instanceFamily(instance);
  const { ipvlanAddress } = instance;
  if (
    ipvlanAddress !== undefined && familyOf(ipvlanAddress.address) === family
  ) return;
  if (ipvlanAddress !== undefined) {
    sink.warning(
      "HK0231",
      spanOf(instance, "ipvlanAddress"),
      `\`${ipvlanAddress.address}\` is not an IPv${family} address`,
      { label: "the ipvlan has no address" },
    );
  }
  if (family === 6) return;
  sink.warning(
    "HK0232",
    spanOf(instance, "useIpvlan"),
    `the ipvlan of \`${instance.name}\` has no IPv4 address`,
    {
      label: "the instance waits until somebody gives it one",
      help: "name the address that adverts are to be sent from",
    },
  );
}

function addressesOf(instance: VrrpInstance): readonly AddressEntry[] {
  return [...instance.virtualAddresses, ...instance.excludedAddresses];
}

/** Checks the names that instances give their links. */
export function checkLinkNames(
  { instances, globals }: Config,
  sink: DiagnosticSink,
): void {
  for (const entry of globals.staticAddresses) {
    if (!entry.useVmac) continue;
    sink.warning(
      "HK0231",
      entry.at.of.useVmac ?? entry.at.self,
      `\`${entry.address}\` is of no instance`,
      { label: "`use_vmac` has no effect" },
    );
  }
  const first = new Map<string, Span>();
  for (const instance of instances) {
    const key = instance.useVmac === true ? "vmacName" : "ipvlanName";
    const name = instance[key];
    const isUsed = instance.useVmac === true || instance.useIpvlan === true;
    if (name === undefined || !isUsed) continue;
    const span = spanOf(instance, key);
    const user = instances.find((one) => one.interface === name);
    if (user !== undefined) {
      sink.warning(
        "HK0231",
        span,
        `\`${name}\` is the interface of \`${user.name}\`, and no name for a link`,
        { label: "the name is ignored" },
      );
      continue;
    }
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, span);
      continue;
    }
    sink.warning(
      "HK0231",
      span,
      `another instance has a link called \`${name}\` already`,
      {
        label: "the name is ignored",
        related: [{ span: before, message: "the first one is here" }],
      },
    );
  }
}
