/**
 * What a configuration needs of the machine it is checked on. hakeep waits for what is missing, so this only advises.
 * @module
 */
import { isInPrefix } from "../addr/ip_address.ts";
import type { Diagnostic, Span } from "../diag/diagnostic.ts";
import { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import { didYouMean } from "../diag/suggest.ts";
import type { HostAddress, HostInterfaces } from "./host_facts.ts";
import type { FileFacts } from "./keepalived/file_access.ts";
import { instanceInterface } from "./instance_identity.ts";
import { strictUnicast } from "./strict_mode.ts";
import type { AddressEntry, Config, VrrpInstance } from "./model.ts";

/** What `config` asks of interfaces and they do not have; nothing when `existing` is empty. */
export function checkInterfaces(
  config: Config,
  existing: HostInterfaces,
): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  if (existing.size === 0) return [];
  // What instances make themselves is there as soon as they run.
  const told = new Set(
    config.instances.flatMap(({ vmacName, ipvlanName }) => [
      vmacName,
      ipvlanName,
    ]),
  );
  const check = (
    name: string | undefined,
    span: Span | undefined,
    label = "the instance would wait for it",
  ) => {
    if (
      name === undefined || span === undefined || existing.has(name) ||
      told.has(name)
    ) return;
    told.add(name);
    const near = didYouMean(name, existing.keys());
    sink.advice("HK0301", span, `no interface \`${name}\` on this machine`, {
      scope: "host",
      label,
      ...(near === undefined ? {} : { help: near }),
    });
  };
  const virtual = new Set(
    config.instances.flatMap((instance) =>
      entriesOf(instance).map(({ address }) => address)
    ),
  );
  for (const instance of config.instances) {
    check(instance.interface, instance.at.of.interface);
    checkMulticast(instance, existing, sink);
    if (instanceInterface(instance) === instance.vrf) {
      check(instance.vrf, instance.at.of.vrf);
    }
    for (const entry of entriesOf(instance)) {
      check(entry.interface, entry.at.of.interface ?? entry.at.self);
      const name = entry.interface ?? instance.interface;
      const own = name === undefined
        ? undefined
        : existing.get(name)?.addresses.filter(({ address }) =>
          !virtual.has(address)
        );
      checkSubnet(entry, name ?? "", own ?? [], sink);
    }
  }
  for (const { trackInterfaces } of [...config.instances, ...config.groups]) {
    for (const { name, weight = 0, at } of trackInterfaces) {
      check(
        name,
        at.of.name ?? at.self,
        weight === 0
          ? "an interface that is not there is down: FAULT until it is up"
          : "an interface that is not there is down",
      );
    }
  }
  return sink.diagnostics;
}

/** An instance whose adverts would reach nobody. */
function checkMulticast(
  { name, interface: on, unicastPeers, at }: VrrpInstance,
  existing: HostInterfaces,
  sink: DiagnosticSink,
) {
  if (on === undefined || unicastPeers !== undefined) return;
  if (existing.get(on)?.canMulticast !== false) return;
  sink.warning(
    "HK0305",
    at.of.interface ?? at.of.name ?? at.self,
    `\`${name}\` has no unicast peers, and ${on} cannot multicast`,
    {
      scope: "host",
      label: "the instance waits until it can",
      help: "name the other routers with `unicast_peer`",
    },
  );
}

/** What is held against instances that are strict and have unicast peers, unless their interfaces leave no choice. */
export function withoutExcused(
  diagnostics: readonly Diagnostic[],
  { instances, globals }: Config,
  existing: HostInterfaces,
): readonly Diagnostic[] {
  const excused = new Set(
    instances.filter(({ interface: on = "" }) =>
      existing.get(on)?.canMulticast === false
    ).map((instance) => strictUnicast(instance, globals)),
  );
  return diagnostics.filter(({ code, span }) =>
    code !== "HK0282" || !excused.has(span)
  );
}

/** Tracked files whose directory is not there; the files themselves may come and go. */
export function checkTrackFiles(
  { files }: Config,
  factsOf: (path: string) => FileFacts | undefined,
): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  for (const { file = "", at } of files) {
    const directory = /^(\/.*)\/[^/]*$/.exec(file)?.[1];
    if (
      directory === undefined || factsOf(directory)?.kind === "directory"
    ) continue;
    sink.advice(
      "HK0310",
      at.of.file ?? at.self,
      `there is no directory \`${directory}\``,
      {
        scope: "host",
        label: "the file counts as 0 until it is there",
      },
    );
  }
  return sink.diagnostics;
}

function entriesOf(instance: VrrpInstance): readonly AddressEntry[] {
  return [...instance.virtualAddresses, ...instance.excludedAddresses];
}

/** A host address outside the networks of its interface is reached through a route only, which neighbours may lack. */
function checkSubnet(
  { address, family, prefixLength, peer, at }: AddressEntry,
  name: string,
  own: readonly HostAddress[],
  sink: DiagnosticSink,
) {
  const isHost = prefixLength === undefined ||
    prefixLength === (family === 4 ? 32 : 128);
  if (!isHost || peer !== undefined || name === "lo") return;
  const networks = own.filter((one) =>
    isInPrefix(address, one.address, 0) &&
    one.prefixLength < (family === 4 ? 32 : 128)
  );
  const isInside = networks.some((one) =>
    isInPrefix(address, one.address, one.prefixLength)
  );
  if (networks.length === 0 || isInside) return;
  const list = networks.map((one) => `${one.address}/${one.prefixLength}`);
  sink.advice("HK0302", at.self, `\`${address}\` is in no network of ${name}`, {
    scope: "host",
    label: `${name} has ${list.join(", ")}`,
    help: "check the address, or give it the prefix length of its own network",
  });
}
