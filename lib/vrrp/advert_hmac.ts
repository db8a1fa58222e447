/**
 * Signed adverts (`auth_hmac`): what an instance signs with and accepts, and the judgement of a received trailer.
 *
 * Says:    draft-cassen-vrrp-auth-hmac-00 and keepalived 2.4.2 and later, whose order of checks it keeps.
 * Errors:  a verdict; never throws on input.
 * Cost:    what hashing a message costs; none for an unsigned advert.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import { NS_PER_S } from "../time/duration.ts";
import {
  isSigned,
  type SignedMessage,
  stampAt,
  TRAILER_FIELD,
  TRAILER_HMAC_SHA256,
  type TrailerKey,
  type TrailerStamp,
} from "../wire/vrrp_trailer.ts";
import { isAfter, secondsAhead } from "./advert_stamp.ts";

/** `auth_hmac` of one instance, plain data. */
export interface AdvertHmac {
  readonly keys: readonly {
    /** 1..255. */
    readonly id: number;
    /** 32..64 bytes in hexadecimal digits. */
    readonly secretHex: string;
  }[];
  /** Id of the key that adverts are signed with. */
  readonly activeKey: number;
  /** `enforce`: unsigned adverts are dropped. `receive-only`: ours are not signed. */
  readonly mode: "enforce" | "permissive" | "receive-only";
  /** `time`: adverts whose time is not ours are dropped. `monotonic`: their times need only grow. */
  readonly antiReplay: "time" | "monotonic";
  /** Whole seconds, 1..300 s. */
  readonly timeWindowNs: number;
}

/** Senders of multicast adverts whose last stamps are remembered. */
const SENDERS_MAX = 4;

/** Keys ready for use, and the last stamp of each sender. */
export interface HmacReceiver {
  readonly config: AdvertHmac;
  readonly secrets: ReadonlyMap<number, Uint8Array>;
  /** By source, the one heard longest ago first. */
  readonly marks: Map<IpAddress, TrailerStamp>;
}

/** Makes the keys of `config` ready. */
export function prepareHmac(config: AdvertHmac): HmacReceiver {
  return {
    config,
    secrets: new Map(
      config.keys.map(({ id, secretHex }) => [id, hexBytes(secretHex)]),
    ),
    marks: new Map(),
  };
}

/** The key that adverts are signed with; undefined when they are not. */
export function signingKey(
  config: AdvertHmac | undefined,
): TrailerKey | undefined {
  if (config === undefined || config.mode === "receive-only") return undefined;
  const active = config.keys.find(({ id }) => id === config.activeKey);
  return active === undefined
    ? undefined
    : { id: active.id, secret: hexBytes(active.secretHex) };
}

/** How far a sequence number may be ahead of the clock before it begins anew; undefined: it never does. */
export function stampWindowNs(config: AdvertHmac): number | undefined {
  return config.antiReplay === "time" ? config.timeWindowNs : undefined;
}

export type TrailerFault =
  | "hmacMalformed"
  | "hmacStale"
  | "hmacUnknownKey"
  | "hmacInvalid"
  | "hmacReplay";

export type TrailerVerdict =
  | {
    readonly kind: "good";
    /** Seconds that the sender's clock is ahead of ours, when that is more than half of what is allowed. */
    readonly aheadS: number | undefined;
  }
  | {
    readonly kind: "bad";
    readonly fault: TrailerFault;
    readonly ours: string | undefined;
    readonly theirs: string | undefined;
  };

/**
 * Judges the trailer of `message`, which `source` sent, and remembers its stamp. `isPeer`: the sender is one of few
 * that are configured, none of which is ever forgotten.
 */
export function judgeTrailer(
  receiver: HmacReceiver,
  message: SignedMessage,
  source: IpAddress,
  isPeer: boolean,
  utcNs: number,
): TrailerVerdict {
  const { config, secrets, marks } = receiver;
  const { bytes } = message;
  const at = message.at + message.length;
  const type = bytes[at + TRAILER_FIELD.type] ?? 0;
  const reserved = ((bytes[at + TRAILER_FIELD.reserved] ?? 0) << 8) |
    (bytes[at + TRAILER_FIELD.reserved + 1] ?? 0);
  if (type !== TRAILER_HMAC_SHA256 || reserved !== 0) {
    return bad("hmacMalformed", `type ${TRAILER_HMAC_SHA256}`, `type ${type}`);
  }
  const stamp = stampAt(bytes, at);
  const aheadS = secondsAhead(stamp, utcNs);
  const windowS = config.timeWindowNs / NS_PER_S;
  const isTimed = config.antiReplay === "time";
  if (isTimed && Math.abs(aheadS) > windowS) {
    return bad("hmacStale", `${windowS} s`, `${aheadS} s`);
  }
  const keyId = bytes[at + TRAILER_FIELD.keyId] ?? 0;
  const secret = secrets.get(keyId);
  if (secret === undefined) {
    return bad("hmacUnknownKey", [...secrets.keys()].join(" "), `${keyId}`);
  }
  if (!isSigned(message, secret)) {
    return bad("hmacInvalid", undefined, `${keyId}`);
  }
  const mark = marks.get(source);
  // What is outside the window was set by a clock that was corrected since.
  const isKept = mark !== undefined &&
    !(isTimed && Math.abs(secondsAhead(mark, utcNs)) > windowS);
  if (isKept && !isAfter(stamp, mark)) {
    return bad("hmacReplay", undefined, undefined);
  }
  remember(marks, source, stamp, isPeer);
  const isFarOff = isTimed && Math.abs(aheadS) > windowS / 2;
  return { kind: "good", aheadS: isFarOff ? aheadS : undefined };
}

function remember(
  marks: Map<IpAddress, TrailerStamp>,
  source: IpAddress,
  stamp: TrailerStamp,
  isPeer: boolean,
): void {
  marks.delete(source);
  marks.set(source, stamp);
  if (isPeer || marks.size <= SENDERS_MAX) return;
  for (const oldest of marks.keys()) {
    marks.delete(oldest);
    return;
  }
}

function bad(
  fault: TrailerFault,
  ours: string | undefined,
  theirs: string | undefined,
): TrailerVerdict {
  return { kind: "bad", fault, ours, theirs };
}

function hexBytes(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}
