/**
 * Policy rules over rtnetlink: requests into a batch, messages into what names a rule.
 *
 * Says:    ip-rule(8), linux/fib_rules.h.
 * Units:   addresses as text in requests, ports and user ids as numbers.
 * Errors:  an encoder returns false when the batch is full, and leaves it as it was.
 * @module
 */
import { type IpAddress, ipAddressBytes } from "../addr/ip_address.ts";
import { flowOf, type RealmsSpec } from "./rtnetlink_route.ts";
import {
  AttributeReader,
  NETLINK_FLAG,
  type NetlinkBatch,
  type NetlinkReader,
} from "./netlink.ts";

/** RTM_NEWRULE, RTM_DELRULE. */
export const RULE_MESSAGE = { newRule: 32, deleteRule: 33 } as const;

const AF_INET = 2;
const AF_INET6 = 10;
/** `struct fib_rule_hdr`. */
const HEADER_LENGTH = 12;
/** FIB_RULE_INVERT */
const INVERT = 2;
/** FRA_* */
const ATTRIBUTE = {
  to: 1,
  from: 2,
  inputInterface: 3,
  gotoPriority: 4,
  priority: 6,
  realms: 11,
  firewallMark: 10,
  tunnelId: 12,
  suppressInterfaceGroup: 13,
  suppressPrefixLength: 14,
  table: 15,
  firewallMask: 16,
  outputInterface: 17,
  isForVrf: 19,
  userIds: 20,
  protocol: 21,
  ipProtocol: 22,
  sourcePorts: 23,
  destinationPorts: 24,
} as const;

/** A rule as the request is to say it. */
export interface RuleSpec {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly action: number;
  readonly table: number;
  readonly isInverted: boolean;
  readonly from: Prefix | undefined;
  readonly to: Prefix | undefined;
  readonly tos: number;
  readonly firewallMark: number | undefined;
  readonly firewallMask: number | undefined;
  readonly inputInterface: string | undefined;
  readonly outputInterface: string | undefined;
  readonly suppressPrefixLength: number | undefined;
  readonly suppressInterfaceGroup: number | undefined;
  readonly tunnelId: number | undefined;
  readonly userIds: Range | undefined;
  readonly isForVrf: boolean;
  readonly ipProtocol: number | undefined;
  readonly sourcePorts: Range | undefined;
  readonly destinationPorts: Range | undefined;
  readonly gotoPriority: number | undefined;
  readonly protocol: number;
  /** FRA_FLOW, as a route's RTA_FLOW. */
  readonly realms: RealmsSpec | undefined;
}

interface Prefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Adds a request that the kernel acknowledges; false when the batch has no room. */
export function encodeNewRule(
  batch: NetlinkBatch,
  sequence: number,
  spec: RuleSpec,
): boolean {
  // Without the last flag the kernel would take the same rule twice.
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.ack | NETLINK_FLAG.create |
    NETLINK_FLAG.exclusive;
  return encodeRule(batch, RULE_MESSAGE.newRule, flags, sequence, spec);
}

/** As {@linkcode encodeNewRule}. */
export function encodeDeleteRule(
  batch: NetlinkBatch,
  sequence: number,
  spec: RuleSpec,
): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.ack;
  return encodeRule(batch, RULE_MESSAGE.deleteRule, flags, sequence, spec);
}

function encodeRule(
  batch: NetlinkBatch,
  type: number,
  flags: number,
  sequence: number,
  spec: RuleSpec,
): boolean {
  batch.begin(type, flags, sequence);
  batch.u8(spec.family === 4 ? AF_INET : AF_INET6);
  batch.u8(spec.to?.prefixLength ?? 0);
  batch.u8(spec.from?.prefixLength ?? 0);
  batch.u8(spec.tos);
  batch.u8(spec.table > 255 ? 0 : spec.table);
  batch.u16(0);
  batch.u8(spec.action);
  batch.u32(spec.isInverted ? INVERT : 0);
  encodePrefix(batch, ATTRIBUTE.to, spec.to);
  encodePrefix(batch, ATTRIBUTE.from, spec.from);
  if (spec.table > 255) batch.attributeU32(ATTRIBUTE.table, spec.table);
  encodeNumbers(batch, spec);
  encodeNames(batch, spec);
  encodeRanges(batch, spec);
  return batch.end();
}

function encodePrefix(
  batch: NetlinkBatch,
  type: number,
  prefix: Prefix | undefined,
): void {
  if (prefix === undefined || prefix.prefixLength === 0) return;
  batch.attributeBytes(type, ipAddressBytes(prefix.address));
}

function encodeNumbers(batch: NetlinkBatch, spec: RuleSpec): void {
  const numbers = [
    [ATTRIBUTE.priority, spec.priority],
    [ATTRIBUTE.firewallMark, spec.firewallMark],
    [ATTRIBUTE.firewallMask, spec.firewallMask],
    [ATTRIBUTE.gotoPriority, spec.gotoPriority],
    [ATTRIBUTE.suppressPrefixLength, spec.suppressPrefixLength],
    [ATTRIBUTE.suppressInterfaceGroup, spec.suppressInterfaceGroup],
  ] as const;
  for (const [type, value] of numbers) {
    if (value !== undefined) batch.attributeU32(type, value);
  }
  batch.attributeU8(ATTRIBUTE.protocol, spec.protocol);
  if (spec.realms !== undefined) {
    batch.attributeU32(ATTRIBUTE.realms, flowOf(spec.realms));
  }
  if (spec.isForVrf) batch.attributeU8(ATTRIBUTE.isForVrf, 1);
  if (spec.ipProtocol !== undefined) {
    batch.attributeU8(ATTRIBUTE.ipProtocol, spec.ipProtocol);
  }
  if (spec.tunnelId !== undefined) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(spec.tunnelId), false);
    batch.attributeBytes(ATTRIBUTE.tunnelId, bytes);
  }
}

function encodeNames(batch: NetlinkBatch, spec: RuleSpec): void {
  if (spec.inputInterface !== undefined) {
    batch.attributeText(ATTRIBUTE.inputInterface, spec.inputInterface);
  }
  if (spec.outputInterface !== undefined) {
    batch.attributeText(ATTRIBUTE.outputInterface, spec.outputInterface);
  }
}

function encodeRanges(batch: NetlinkBatch, spec: RuleSpec): void {
  if (spec.userIds !== undefined) {
    batch.attributeBytes(ATTRIBUTE.userIds, rangeBytes(spec.userIds, 4));
  }
  if (spec.sourcePorts !== undefined) {
    batch.attributeBytes(
      ATTRIBUTE.sourcePorts,
      rangeBytes(spec.sourcePorts, 2),
    );
  }
  if (spec.destinationPorts !== undefined) {
    batch.attributeBytes(
      ATTRIBUTE.destinationPorts,
      rangeBytes(spec.destinationPorts, 2),
    );
  }
}

function rangeBytes({ first, last }: Range, width: 2 | 4): Uint8Array {
  const bytes = new Uint8Array(2 * width);
  const view = new DataView(bytes.buffer);
  if (width === 2) {
    view.setUint16(0, first, true);
    view.setUint16(2, last, true);
  } else {
    view.setUint32(0, first, true);
    view.setUint32(4, last, true);
  }
  return bytes;
}

/** What a message tells of a rule; enough to know it again. */
export interface RuleTold {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly priority: number;
}

const attributes = new AttributeReader();

/** The rule that a RTM_NEWRULE or RTM_DELRULE message is about; undefined for what is no rule of IP. */
export function decodeRule(reader: NetlinkReader): RuleTold | undefined {
  const { view, payloadStart: at } = reader;
  if (reader.payloadLength < HEADER_LENGTH) return undefined;
  const family = view.getUint8(at);
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  let priority = 0;
  let protocol = 0;
  attributes.reset(reader.bytes, view, at + HEADER_LENGTH, reader.payloadEnd);
  while (attributes.next()) {
    if (attributes.type === ATTRIBUTE.priority) {
      priority = attributes.u32() ?? priority;
    } else if (attributes.type === ATTRIBUTE.protocol) {
      protocol = attributes.u8() ?? protocol;
    }
  }
  if (attributes.problem !== undefined) return undefined;
  return { family: family === AF_INET ? 4 : 6, protocol, priority };
}
