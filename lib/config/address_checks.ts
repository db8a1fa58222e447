/**
 * Options of addresses that mean nothing for their family, or contradict the address.
 * @module
 */
import { familyOf, isMulticast } from "../addr/ip_address.ts";
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { AddressEntry } from "./model.ts";

/** The kernel takes them for an IPv4 address too, and does nothing; keepalived says nothing. */
const OF_IPV6_ALONE = {
  home: "home",
  detectsDuplicates: "duplicate address detection",
  managesTemporary: "mngtmpaddr",
  preferredSeconds: "preferred lifetime",
} as const;

/** Options of `entry` that its family does not have. */
export function checkAddressOptions(entry: AddressEntry, sink: DiagnosticSink) {
  const { address, family, broadcast, peer, at } = entry;
  if (family === 6) {
    for (const key of ["label", "scope", "broadcast"] as const) {
      if (entry[key] === undefined) continue;
      sink.warning(
        "HK0223",
        at.of[key] ?? at.self,
        `an IPv6 address has no ${key}`,
        { label: "it has no effect" },
      );
    }
  }
  if (family === 4) tellMeaningless(entry, sink);
  if (entry.autojoin === true && !isMulticast(address)) {
    sink.advice(
      "HK0223",
      at.of.autojoin ?? at.self,
      `\`${address}\` is no group to join`,
      { label: "it has no effect" },
    );
  }
  if (
    family === 4 && broadcast !== undefined && broadcast !== "+" &&
    broadcast !== "-" &&
    familyOf(broadcast) !== 4
  ) {
    sink.error(
      "HK0214",
      at.of.broadcast ?? at.self,
      `\`${broadcast}\` is not IPv4`,
      { label: "must be an IPv4 address, `+` or `-`" },
    );
  }
  if (peer !== undefined && familyOf(peer.address) !== family) {
    sink.error(
      "HK0214",
      at.of.peer ?? at.self,
      `\`${peer.address}\` is not IPv${family}`,
      { label: `the peer of \`${address}\` must be` },
    );
  }
}

function tellMeaningless(entry: AddressEntry, sink: DiagnosticSink) {
  for (
    const key of [
      "home",
      "detectsDuplicates",
      "managesTemporary",
      "preferredSeconds",
    ] as const
  ) {
    if (entry[key] === undefined || entry[key] === false) continue;
    sink.advice(
      "HK0223",
      entry.at.of[key] ?? entry.at.self,
      `an IPv4 address has no ${OF_IPV6_ALONE[key]}`,
      { label: "it has no effect" },
    );
  }
}
