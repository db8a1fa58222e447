/**
 * Judges a received advert for one virtual router: every check of RFC 9568 §7.1 and of keepalived, in its order.
 *
 * Says:    RFC 9568 §7.1, RFC 3768 §7.1. Differences in the address list and in the v3 interval are accepted and
 *          counted, as RFC 9568 and keepalived from 2.3.3 on have it.
 * Deviates: an interval of 0 (v3) and an empty list where ours is not are rejected; keepalived takes both. A v3
 *          checksum over IPv4 may be made in several ways; one that is not ours is counted, and its sender answered in
 *          the same (checksum_forms.ts).
 * Errors:  a verdict; never throws on input.
 * Cost:    an accepted advert allocates the verdict and its advert.
 * @module
 */
import {
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
  isMulticast,
} from "../addr/ip_address.ts";
import { addWords, isIntact } from "../bytes/internet_checksum.ts";
import { formatDuration, NS_PER_CS, NS_PER_S } from "../time/duration.ts";
import { AH_LENGTH, IPPROTO_AH, isAuthentic, sequenceOf } from "../wire/ah.ts";
import { IPV4_FIELD, IPV4_HEADER_LENGTH } from "../wire/ip_header.ts";
import {
  ADVERTISEMENT,
  advertLength,
  pseudoHeaderSum,
  VRRP_AUTH_LENGTH,
  VRRP_FIELD,
  VRRP_HEADER_LENGTH,
} from "../wire/vrrp.ts";
import { TRAILER_LENGTH } from "../wire/vrrp_trailer.ts";
import { type HmacReceiver, judgeTrailer, prepareHmac } from "./advert_hmac.ts";
import { type ChecksumForm, ChecksumForms } from "./checksum_forms.ts";
import type { ToleratedDifference } from "./counters.ts";
import type { RouterConfig, UnicastPeer } from "./router_config.ts";
import type { AcceptedAdvert } from "./router_io.ts";

/** Every reason to drop an advert; each is a counter. */
export const REJECT_REASONS = [
  "packetTooShort",
  "packetTruncated",
  "packetLengthMismatch",
  "ttlInvalid",
  "versionMismatch",
  "authTypeInvalid",
  "authTypeMismatch",
  "authFailure",
  "hmacMissing",
  "hmacMalformed",
  "hmacStale",
  "hmacUnknownKey",
  "hmacInvalid",
  "hmacReplay",
  "intervalMismatch",
  "intervalZero",
  "packetTypeInvalid",
  "checksumInvalid",
  "destinationMismatch",
  "addressCountZero",
  "ownerIgnored",
  "unicastSourceUnknown",
  "unicastTtlOutOfBounds",
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];

/** One datagram. IPv4: the bytes begin with the IP header. IPv6: they begin with the VRRP message. */
export interface ReceivedDatagram {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** 0..255; undefined when the kernel did not say. */
  readonly hopLimit: number | undefined;
  readonly isTruncated: boolean;
}

/** What a router's checks need, made once from its configuration. */
export interface ReceiveContext {
  readonly config: RouterConfig;
  /** Virtual addresses one behind the other. */
  readonly addresses: Uint8Array;
  readonly addressSize: 4 | 16;
  readonly authType: number;
  /** 8 bytes, zero padded. */
  readonly password: Uint8Array;
  /** The highest sequence number of authentication headers sent or accepted; one counter for both, as keepalived's. */
  sequence: number;
  /** As on the wire: seconds in v2, centiseconds in v3. */
  readonly interval: number;
  readonly peers: ReadonlyMap<IpAddress, UnicastPeer> | undefined;
  /** Keys and marks of signed adverts; undefined without `auth_hmac`. */
  readonly hmac: HmacReceiver | undefined;
  /** How checksums are made for each peer. */
  readonly checksumForms: ChecksumForms;
  /** IPv6: bytes of the senders and destinations seen lately. */
  readonly bytesSeen: Map<IpAddress, Uint8Array>;
}

/** What depends on the router's state. */
export interface ReceiveState {
  readonly effectivePriority: number;
  readonly isMaster: boolean;
  /** The master whose adverts were accepted last. */
  readonly master: IpAddress | undefined;
  /** The wall clock in nanoseconds since 1970, which signed adverts are judged by. */
  readonly utcNs: number;
}

export type ReceiveVerdict =
  | {
    readonly kind: "accepted";
    readonly advert: AcceptedAdvert;
    readonly differences: readonly Difference[];
  }
  | Rejection;

export interface Rejection {
  readonly kind: "rejected";
  readonly reason: RejectReason;
  /** Both sides' values as text, where the reason has them. Never a password. */
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

/** A difference that does not reject. */
export interface Difference {
  readonly kind: ToleratedDifference;
  readonly ours: string;
  readonly theirs: string;
}

const NO_DIFFERENCES: readonly Difference[] = [];
/** Ethernet pads shorter payloads to this: 60 bytes without its header of 14. */
const PADDED_LENGTH = 46;
/** More than any cluster has; forged senders cannot make it grow. */
const BYTES_SEEN_MAX = 64;
const AUTH_NONE = 0;
const AUTH_PASS = 1;
const AUTH_AH = 2;
export const AUTH_TYPE = {
  none: AUTH_NONE,
  pass: AUTH_PASS,
  ah: AUTH_AH,
} as const;
const NO_PASSWORD = new Uint8Array(VRRP_AUTH_LENGTH);

/** Makes the context of a router. */
export function prepareReceive(config: RouterConfig): ReceiveContext {
  const addressSize = config.family === 4 ? 4 : 16;
  const addresses = new Uint8Array(
    addressSize * config.virtualAddresses.length,
  );
  config.virtualAddresses.forEach(({ address }, i) =>
    addresses.set(ipAddressBytes(address), i * addressSize)
  );
  const { authentication } = config;
  return {
    config,
    addresses,
    addressSize,
    authType: AUTH_TYPE[authentication.kind],
    password: authentication.kind === "none"
      ? NO_PASSWORD
      : passwordBytes(authentication.password),
    sequence: 0,
    interval: intervalOnWire(config),
    peers: config.unicastPeers === undefined
      ? undefined
      : new Map(config.unicastPeers.map((peer) => [peer.address, peer])),
    checksumForms: new ChecksumForms(config),
    hmac: config.advertHmac === undefined
      ? undefined
      : prepareHmac(config.advertHmac),
    bytesSeen: new Map(),
  };
}

/** The eight bytes of RFC 2338 §5.3.6.1; only the first eight of a longer password count. */
export function passwordBytes(password: string): Uint8Array {
  if (password === "") return NO_PASSWORD;
  const bytes = new Uint8Array(VRRP_AUTH_LENGTH);
  bytes.set(new TextEncoder().encode(password).subarray(0, VRRP_AUTH_LENGTH));
  return bytes;
}

/** The advertisement interval as the router's version writes it. */
export function intervalOnWire(config: RouterConfig): number {
  return Math.round(
    config.advertIntervalNs / (config.version === 2 ? NS_PER_S : NS_PER_CS),
  );
}

/** The vrid of a datagram, for choosing the router; undefined when it is too short to have one. */
export function peekVrid(
  datagram: ReceivedDatagram,
  family: 4 | 6,
): number | undefined {
  const at = messageStart(datagram, family);
  if (
    at === undefined ||
    at + VRRP_HEADER_LENGTH > datagram.start + datagram.length
  ) return undefined;
  return datagram.bytes[at + VRRP_FIELD.vrid];
}

/** Judges `datagram` for the router of `context`. */
export function checkAdvert(
  context: ReceiveContext,
  state: ReceiveState,
  datagram: ReceivedDatagram,
): ReceiveVerdict {
  const at = messageStart(datagram, context.config.family);
  if (
    at === undefined ||
    at + VRRP_HEADER_LENGTH > datagram.start + datagram.length
  ) {
    return rejected("packetTooShort", undefined, `${datagram.length} bytes`);
  }
  const unfit = checkFrame(context, datagram, at) ??
    checkVersion(context, datagram, at);
  if (unfit !== undefined) return unfit;
  const trailer = checkTrailer(context, state, datagram, at);
  if (trailer?.kind === "rejected") return trailer;
  const malformed = checkMessage(context, datagram, at);
  if (malformed !== undefined) return malformed;
  const form = checksumForm(context, datagram, at);
  if (form === "wrong") {
    return rejected("checksumInvalid", undefined, undefined);
  }
  return checkPolicy(context, state, datagram, at) ??
    accept(context, state, datagram, at, form, trailer);
}

/** Where the VRRP message begins; undefined when there is no room for the header before it. */
function messageStart(
  datagram: ReceivedDatagram,
  family: 4 | 6,
): number | undefined {
  if (family === 6) return datagram.start;
  if (datagram.length < IPV4_HEADER_LENGTH) return undefined;
  const at = headerEnd(datagram);
  if (at < datagram.start + IPV4_HEADER_LENGTH) return undefined;
  return isAuthenticated(datagram) ? at + AH_LENGTH : at;
}

/** Where an IPv4 header says that it ends. */
function headerEnd(datagram: ReceivedDatagram): number {
  return datagram.start + (byte(datagram, datagram.start) & 0xf) * 4;
}

/** Whether an authentication header follows the IPv4 header. */
function isAuthenticated(datagram: ReceivedDatagram): boolean {
  return byte(datagram, datagram.start + IPV4_FIELD.protocol) === IPPROTO_AH;
}

function byte(datagram: ReceivedDatagram, at: number): number {
  return datagram.bytes[at] ?? 0;
}

/** Length and hop limit. */
function checkFrame(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): Rejection | undefined {
  const { length, hopLimit } = datagram;
  if (datagram.isTruncated) {
    return rejected("packetTruncated", undefined, `more than ${length} bytes`);
  }
  const expected = expectedLength(context, datagram, at);
  if (
    !isPaddedTo(expected, length) && trailerAt(context, datagram, at) < 0
  ) {
    return rejected(
      "packetLengthMismatch",
      `${expected} bytes`,
      `${length} bytes`,
    );
  }
  if (
    context.peers === undefined && hopLimit !== undefined && hopLimit !== 255
  ) {
    return rejected("ttlInvalid", "255", String(hopLimit));
  }
  return undefined;
}

/**
 * Bytes of the datagram as its own version and address count have it. The version is the packet's, so that a foreign
 * version is told as such and not as a wrong length.
 */
function expectedLength(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): number {
  const version = byte(datagram, at + VRRP_FIELD.versionAndType) >> 4;
  return at - datagram.start + advertLength(
    version,
    context.config.family,
    byte(datagram, at + VRRP_FIELD.count),
  );
}

/** Whether `length` is `expected`, or more because Ethernet padded; a VLAN tag that was removed took 4 bytes along. */
function isPaddedTo(expected: number, length: number): boolean {
  if (length === expected) return true;
  return expected < PADDED_LENGTH && length > expected &&
    (length - expected) % 4 === 2;
}

/**
 * Where the trailer of a signed advert begins, -1 without one. It is known by its length alone, and only by a router
 * that has keys.
 */
function trailerAt(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): number {
  if (context.hmac === undefined) return -1;
  const end = expectedLength(context, datagram, at);
  return datagram.length === end + TRAILER_LENGTH ? datagram.start + end : -1;
}

function checkVersion(
  { config }: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): Rejection | undefined {
  const version = byte(datagram, at + VRRP_FIELD.versionAndType) >> 4;
  return version === config.version ? undefined : rejected(
    "versionMismatch",
    String(config.version),
    String(version),
  );
}

/** Of a signed advert its trailer, of an unsigned one whether it may be; a difference where it is worth telling. */
function checkTrailer(
  context: ReceiveContext,
  state: ReceiveState,
  datagram: ReceivedDatagram,
  at: number,
): Rejection | Difference | undefined {
  const { hmac, peers } = context;
  if (hmac === undefined) return undefined;
  const end = trailerAt(context, datagram, at);
  if (end < 0) {
    return hmac.config.mode === "enforce"
      ? rejected("hmacMissing", undefined, undefined)
      : { kind: "unsigned", ours: hmac.config.mode, theirs: "unsigned" };
  }
  if (peers !== undefined && !peers.has(datagram.source)) {
    return rejected("unicastSourceUnknown", undefined, datagram.source);
  }
  const verdict = judgeTrailer(
    hmac,
    {
      bytes: datagram.bytes,
      at,
      length: end - at,
      source: bytesSeen(context, datagram.source),
    },
    datagram.source,
    peers !== undefined,
    state.utcNs,
  );
  if (verdict.kind === "bad") {
    return rejected(verdict.fault, verdict.ours, verdict.theirs);
  }
  return verdict.aheadS === undefined ? undefined : {
    kind: "clockDifference",
    ours: formatDuration(hmac.config.timeWindowNs),
    theirs: `${verdict.aheadS} s`,
  };
}

/** What the VRRP message itself says. */
function checkMessage(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): Rejection | undefined {
  const { config } = context;
  const first = byte(datagram, at + VRRP_FIELD.versionAndType);
  if (config.version === 2) {
    const rejection = checkVersion2(context, datagram, at);
    if (rejection !== undefined) return rejection;
  }
  if ((first & 0xf) !== ADVERTISEMENT) {
    return rejected("packetTypeInvalid", "1", String(first & 0xf));
  }
  if (config.family === 4) {
    const total = word(datagram, datagram.start + IPV4_FIELD.totalLength);
    const trailer = trailerAt(context, datagram, at) < 0 ? 0 : TRAILER_LENGTH;
    const expected = expectedLength(context, datagram, at) + trailer;
    if (!isPaddedTo(expected, total)) {
      return rejected(
        "packetLengthMismatch",
        `${expected} bytes`,
        `${total} bytes in the IP header`,
      );
    }
  }
  if (config.version === 3 && intervalCs(datagram, at) === 0) {
    return rejected(
      "intervalZero",
      formatDuration(config.advertIntervalNs),
      formatDuration(0),
    );
  }
  return undefined;
}

function checkVersion2(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): Rejection | undefined {
  const authType = byte(datagram, at + VRRP_FIELD.authType);
  if (authType > AUTH_AH) {
    return rejected(
      "authTypeInvalid",
      authName(context.authType),
      String(authType),
    );
  }
  if (authType !== context.authType) {
    return rejected(
      "authTypeMismatch",
      authName(context.authType),
      authName(authType),
    );
  }
  if (authType === AUTH_PASS && context.config.family === 4) {
    const end = at + VRRP_FIELD.addresses +
      4 * byte(datagram, at + VRRP_FIELD.count);
    if (!isPassword(context.password, datagram.bytes, end)) {
      return rejected("authFailure", undefined, undefined);
    }
  }
  if (authType === AUTH_AH && !passesAuthentication(context, datagram)) {
    return rejected("authFailure", undefined, undefined);
  }
  const seconds = byte(datagram, at + VRRP_FIELD.intervalSeconds);
  if (seconds !== context.interval) {
    return rejected(
      "intervalMismatch",
      `${context.interval} s`,
      `${seconds} s`,
    );
  }
  return undefined;
}

/** Takes the same time wherever the first difference is. */
function isPassword(
  password: Uint8Array,
  bytes: Uint8Array,
  at: number,
): boolean {
  let difference = 0;
  for (let i = 0; i < VRRP_AUTH_LENGTH; i++) {
    difference |= (password[i] ?? 0) ^ (bytes[at + i] ?? 0);
  }
  return difference === 0;
}

/** Also takes the sequence number over: whatever is not above it is a replay. */
function passesAuthentication(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
): boolean {
  if (context.config.family !== 4 || !isAuthenticated(datagram)) return false;
  const { bytes, start } = datagram;
  const at = headerEnd(datagram);
  const length = word(datagram, start + IPV4_FIELD.totalLength);
  if (length > datagram.length) return false;
  const isUnicast = context.peers !== undefined;
  if (!isAuthentic(bytes, start, at, length, context.password, isUnicast)) {
    return false;
  }
  const sequence = sequenceOf(bytes, at);
  if (sequence <= context.sequence) return false;
  context.sequence = sequence;
  return true;
}

function authName(authType: number): string {
  if (authType === AUTH_NONE) return "none";
  if (authType === AUTH_PASS) return "PASS";
  return authType === AUTH_AH ? "AH" : String(authType);
}

function word(datagram: ReceivedDatagram, at: number): number {
  return (byte(datagram, at) << 8) | byte(datagram, at + 1);
}

/** RFC 9568 §5.2.6: the upper four bits are reserved and ignored. */
function intervalCs(datagram: ReceivedDatagram, at: number): number {
  return word(datagram, at + VRRP_FIELD.intervalCs) & 0xfff;
}

/** The form of a right checksum where there are several, else `only`. */
function checksumForm(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): ChecksumForm | "only" | "wrong" {
  const { family, version, multicastGroup } = context.config;
  const { bytes, start } = datagram;
  const length = advertLength(
    version,
    family,
    byte(datagram, at + VRRP_FIELD.count),
  );
  if (family === 6) {
    // As the kernel does it: all that follows the IP header.
    const isSigned = trailerAt(context, datagram, at) >= 0;
    const all = length + (isSigned ? TRAILER_LENGTH : 0);
    const source = bytesSeen(context, datagram.source);
    const destination = bytesSeen(context, datagram.destination);
    const pseudo = pseudoHeaderSum(source, 0, destination, 0, 16, all);
    return isIntact(addWords(pseudo, bytes, at, all)) ? "only" : "wrong";
  }
  const sum = addWords(0, bytes, at, length);
  if (version === 2) return isIntact(sum) ? "only" : "wrong";
  const withPseudoHeader = sum + pseudoHeaderSum(
    bytes,
    start + IPV4_FIELD.source,
    bytes,
    start + IPV4_FIELD.destination,
    4,
    length,
  );
  if (isIntact(withPseudoHeader)) return "with pseudo header";
  if (isIntact(sum)) return "without pseudo header";
  if (
    context.peers === undefined || context.config.oldUnicastChecksum === false
  ) return "wrong";
  const withGroup = sum + pseudoHeaderSum(
    bytes,
    start + IPV4_FIELD.source,
    bytesSeen(context, multicastGroup),
    0,
    4,
    length,
  );
  return isIntact(withGroup) ? "with the group in its pseudo header" : "wrong";
}

/** The bytes of an address without reading its text anew for each advert. */
function bytesSeen(
  { bytesSeen }: ReceiveContext,
  address: IpAddress,
): Uint8Array {
  const known = bytesSeen.get(address);
  if (known !== undefined) return known;
  if (bytesSeen.size >= BYTES_SEEN_MAX) bytesSeen.clear();
  const bytes = ipAddressBytes(address);
  bytesSeen.set(address, bytes);
  return bytes;
}

/** What our own configuration asks of senders. */
function checkPolicy(
  context: ReceiveContext,
  state: ReceiveState,
  datagram: ReceivedDatagram,
  at: number,
): Rejection | undefined {
  const { config, peers } = context;
  const isToGroup = datagram.destination === config.multicastGroup ||
    isMulticast(datagram.destination);
  if (isToGroup !== (peers === undefined)) {
    return rejected(
      "destinationMismatch",
      peers === undefined ? "multicast" : "unicast",
      datagram.destination,
    );
  }
  if (config.ownerIgnoreAdverts && state.effectivePriority === 255) {
    return rejected("ownerIgnored", undefined, undefined);
  }
  if (
    byte(datagram, at + VRRP_FIELD.count) === 0 && context.addresses.length > 0
  ) {
    return rejected(
      "addressCountZero",
      String(config.virtualAddresses.length),
      "0",
    );
  }
  if (peers === undefined || !config.checkUnicastSource) return undefined;
  const peer = peers.get(datagram.source);
  if (peer === undefined) {
    return rejected("unicastSourceUnknown", undefined, datagram.source);
  }
  const { hopLimit } = datagram;
  if (hopLimit === undefined) return undefined;
  if (hopLimit < (peer.ttlMin ?? 0) || hopLimit > (peer.ttlMax ?? 255)) {
    return rejected(
      "unicastTtlOutOfBounds",
      `${peer.ttlMin ?? 0}..${peer.ttlMax ?? 255}`,
      String(hopLimit),
    );
  }
  return undefined;
}

function accept(
  context: ReceiveContext,
  state: ReceiveState,
  datagram: ReceivedDatagram,
  at: number,
  form: ChecksumForm | "only",
  trailer: Difference | undefined,
): ReceiveVerdict {
  const { config } = context;
  const advert: AcceptedAdvert = {
    source: datagram.source,
    priority: byte(datagram, at + VRRP_FIELD.priority),
    advertIntervalNs: config.version === 3
      ? intervalCs(datagram, at) * NS_PER_CS
      : config.advertIntervalNs,
  };
  const isListSkipped = config.skipCheckAdvertAddresses && !state.isMaster &&
    state.master === datagram.source;
  const isListDifferent = !isListSkipped && !isListEqual(context, datagram, at);
  const isIntervalDifferent =
    advert.advertIntervalNs !== config.advertIntervalNs;
  const ourForm = context.checksumForms.of(datagram.source);
  const isChecksumForeign = form !== "only" && form !== ourForm;
  if (
    !isListDifferent && !isIntervalDifferent && !isChecksumForeign &&
    trailer === undefined
  ) return { kind: "accepted", advert, differences: NO_DIFFERENCES };
  const differences: Difference[] = trailer === undefined ? [] : [trailer];
  if (isListDifferent) differences.push(listDifference(context, datagram, at));
  if (isIntervalDifferent) {
    differences.push({
      kind: "intervalMismatch",
      ours: formatDuration(config.advertIntervalNs),
      theirs: formatDuration(advert.advertIntervalNs),
    });
  }
  if (isChecksumForeign) {
    context.checksumForms.learn(datagram.source, form);
    differences.push({
      kind: "checksumFormMismatch",
      ours: ourForm,
      theirs: form,
    });
  }
  return { kind: "accepted", advert, differences };
}

/** Lists are sets: order does not matter, each of ours must be in theirs, and theirs must be as long. */
function isListEqual(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): boolean {
  const { addresses, addressSize } = context;
  const count = byte(datagram, at + VRRP_FIELD.count);
  return count * addressSize === addresses.length && isSubset(
    addresses,
    addressSize,
    datagram.bytes,
    at + VRRP_FIELD.addresses,
    count,
  );
}

function listDifference(
  context: ReceiveContext,
  datagram: ReceivedDatagram,
  at: number,
): Difference {
  const { addressSize, config } = context;
  const count = byte(datagram, at + VRRP_FIELD.count);
  const ours = config.virtualAddresses.map(({ address }) => address);
  const theirs: IpAddress[] = [];
  for (let i = 0; i < count; i++) {
    const place = at + VRRP_FIELD.addresses + i * addressSize;
    theirs.push(ipAddressFromBytes(datagram.bytes, place, config.family));
  }
  return {
    kind: count === ours.length
      ? "addressListMismatch"
      : "addressCountMismatch",
    ours: listText(ours),
    theirs: listText(theirs),
  };
}

function listText(addresses: readonly IpAddress[]): string {
  return addresses.length === 0 ? "none" : addresses.join(" ");
}

function isSubset(
  ours: Uint8Array,
  size: number,
  bytes: Uint8Array,
  theirsAt: number,
  count: number,
): boolean {
  for (let i = 0; i < ours.length; i += size) {
    // Lists nearly always are in the same order: look there first.
    if (isEqualAt(ours, i, bytes, theirsAt + i, size)) continue;
    let isFound = false;
    for (let j = 0; j < count && !isFound; j++) {
      isFound = isEqualAt(ours, i, bytes, theirsAt + j * size, size);
    }
    if (!isFound) return false;
  }
  return true;
}

function isEqualAt(
  a: Uint8Array,
  aAt: number,
  b: Uint8Array,
  bAt: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) {
    if (a[aAt + i] !== b[bAt + i]) return false;
  }
  return true;
}

function rejected(
  reason: RejectReason,
  ours: string | undefined,
  theirs: string | undefined,
): Rejection {
  return { kind: "rejected", reason, ours, theirs };
}
