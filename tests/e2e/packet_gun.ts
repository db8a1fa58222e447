/**
 * Fires malformed adverts: valid ones with one thing wrong each, their checksums made right again, from forged senders.
 * Run by Deno inside a host's namespace: `packet_gun.ts LINK PER_SECOND SECONDS`, or with `lower` behind for valid
 * adverts of low priority. Prints how many frames left.
 *
 * The frames are the same in each run.
 * @module
 */
import { ipAddressBytes, parseIpAddress } from "../../lib/addr/ip_address.ts";
import { addWords, finishChecksum } from "../../lib/bytes/internet_checksum.ts";
import {
  encodeIpv4Header,
  encodeVrrpIpv6Header,
  IPV4_FIELD,
  IPV4_HEADER_LENGTH,
  IPV6_HEADER_LENGTH,
} from "../../lib/wire/ip_header.ts";
import {
  encodeAdvert,
  pseudoHeaderSum,
  VRRP_FIELD,
} from "../../lib/wire/vrrp.ts";
import { addressOf } from "../../ffi/libc.ts";
import { SendBatch } from "../../ffi/message_batch.ts";
import { openFrameSender } from "../../ffi/packet_socket.ts";
import { sockaddrLl } from "../../ffi/sockaddr.ts";
import { Random } from "../sim/random.ts";

/** What is fired at. */
export interface Target {
  readonly name: string;
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly vrid: number;
  readonly password?: string;
}

export const TARGETS: readonly Target[] = [
  { name: "V2", version: 2, family: 4, vrid: 51 },
  { name: "PASS", version: 2, family: 4, vrid: 52, password: "1111" },
  { name: "V3", version: 3, family: 4, vrid: 53 },
  { name: "V6", version: 3, family: 6, vrid: 54 },
];

const ETHERNET = 14;
const FRAMES = 8192;
const A_CALL = 100;

const GROUPS = { 4: "224.0.0.18", 6: "ff02::12" } as const;
/** The address that stands in each advert for `vrid`. */
export function virtualAddress({ family, vrid }: Target): string {
  return family === 4 ? `10.77.9.${vrid}` : `fe80::9:${vrid}`;
}

const bytesOf = (text: string) => ipAddressBytes(address(text));

function address(text: string) {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return parsed;
}

interface Shot {
  /** The VRRP message. */
  message: Uint8Array;
  ttl: number;
  isSumWrong: boolean;
}

type Fault = (shot: Shot, random: Random, target: Target) => void;

const FIRST = VRRP_FIELD.versionAndType;

/** One thing wrong. */
const FAULTS: readonly Fault[] = [
  (shot, random) => {
    shot.ttl = 1 + random.below(254);
  },
  (shot) => {
    shot.isSumWrong = true;
  },
  (shot, random) => {
    shot.message = shot.message.slice(0, random.below(shot.message.length));
  },
  (shot, random) => {
    const { message } = shot;
    shot.message = new Uint8Array(message.length + 4 * random.below(300) + 4);
    shot.message.set(message);
  },
  ({ message }, random, { version }) => {
    const other = (version + 1 + random.below(15)) % 16;
    message[FIRST] = other << 4 | 1;
  },
  ({ message }, random, { version }) => {
    const type = (2 + random.below(15)) % 16;
    message[FIRST] = version << 4 | type;
  },
  ({ message }, random) => {
    message[VRRP_FIELD.count] = 2 + random.below(254);
  },
  (shot, _, { family }) => {
    const { message } = shot;
    const end = VRRP_FIELD.addresses + (family === 4 ? 4 : 16);
    message[VRRP_FIELD.count] = 0;
    message.copyWithin(VRRP_FIELD.addresses, end);
    shot.message = message.slice(
      0,
      message.length + VRRP_FIELD.addresses - end,
    );
  },
  ({ message }, _, { version }) => {
    if (version === 2) message[VRRP_FIELD.intervalSeconds] = 99;
    else message.fill(0, VRRP_FIELD.intervalCs, VRRP_FIELD.intervalCs + 2);
  },
  (shot, random, { version, password }) => {
    const { message } = shot;
    if (version === 3) shot.isSumWrong = true;
    else if (password !== undefined && random.below(2) === 0) {
      message[message.length - 1] = 1 + random.below(255);
    } else {
      message[VRRP_FIELD.authType] = password === undefined
        ? 1 + random.below(255)
        : 2 * random.below(8);
    }
  },
  ({ message }, random) => {
    message[FIRST] = random.below(256);
    for (let i = 2; i < message.length; i++) message[i] = random.below(256);
  },
];

function advertOf(target: Target, source: Uint8Array, priority: number) {
  const { family, version, vrid, password } = target;
  const message = new Uint8Array(64);
  const length = encodeAdvert(
    {
      version,
      family,
      vrid,
      priority,
      addresses: bytesOf(virtualAddress(target)),
      authType: password === undefined ? 0 : 1,
      authentication: new TextEncoder().encode(
        (password ?? "").padEnd(8, "\0"),
      ),
      interval: version === 2 ? 1 : 20,
      isSumWithoutPseudoHeader: false,
    },
    source,
    bytesOf(GROUPS[family]),
    message,
    0,
  );
  return message.slice(0, length);
}

function putSum(
  { version, family }: Target,
  source: Uint8Array,
  message: Uint8Array,
): void {
  if (message.length < VRRP_FIELD.addresses) return;
  message.fill(0, VRRP_FIELD.checksum, VRRP_FIELD.checksum + 2);
  const pseudo = version === 2 ? 0 : pseudoHeaderSum(
    source,
    0,
    bytesOf(GROUPS[family]),
    0,
    source.length,
    message.length,
  );
  // Behind the authentication data of version 2 nothing counts, and neither do they.
  const sum = finishChecksum(addWords(pseudo, message, 0, message.length));
  message[VRRP_FIELD.checksum] = sum >> 8;
  message[VRRP_FIELD.checksum + 1] = sum & 0xff;
}

function sourceOf(random: Random, family: 4 | 6): Uint8Array {
  const source = bytesOf(family === 4 ? "10.77.0.0" : "fe80::");
  source[source.length - 2] = 1 + random.below(254);
  source[source.length - 1] = random.below(256);
  return source;
}

function frameOf(
  random: Random,
  target: Target,
  isLower: boolean,
): Uint8Array<ArrayBuffer> {
  const { family } = target;
  const source = sourceOf(random, family);
  const shot: Shot = {
    message: advertOf(target, source, isLower ? 1 : 250),
    ttl: 255,
    isSumWrong: false,
  };
  if (!isLower) {
    FAULTS[random.below(FAULTS.length)]?.(shot, random, target);
    putSum(target, source, shot.message);
  }
  const { message, ttl } = shot;
  if (shot.isSumWrong) {
    message[VRRP_FIELD.checksum] = (message[VRRP_FIELD.checksum] ?? 0) ^ 0x55;
  }
  const header = family === 4 ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH;
  const frame = new Uint8Array(ETHERNET + header + message.length);
  frame.set(family === 4 ? [1, 0, 0x5e, 0, 0, 18] : [0x33, 0x33, 0, 0, 0, 18]);
  frame.set([2, 0, 0, 0, random.below(256), random.below(256)], 6);
  frame.set(family === 4 ? [8, 0] : [0x86, 0xdd], 12);
  const packet = frame.subarray(ETHERNET);
  const group = bytesOf(GROUPS[family]);
  if (family === 4) {
    encodeIpv4Header(source, group, ttl, message.length, packet);
    const sum = finishChecksum(addWords(0, packet, 0, header));
    packet[IPV4_FIELD.checksum] = sum >> 8;
    packet[IPV4_FIELD.checksum + 1] = sum & 0xff;
  } else encodeVrrpIpv6Header(source, group, ttl, message.length, packet);
  packet.set(message, header);
  return frame;
}

async function fire(
  link: string,
  perSecond: number,
  seconds: number,
  isLower: boolean,
): Promise<number> {
  const random = new Random(1);
  const frames = Array.from({ length: FRAMES }, (_, i) => {
    const target = TARGETS[i % TARGETS.length];
    if (target === undefined) throw new Error("No target");
    return frameOf(random, target, isLower);
  });
  const addresses = frames.map((frame) => addressOf(frame));
  const index = Number(
    await Deno.readTextFile(`/sys/class/net/${link}/ifindex`),
  );
  const name = sockaddrLl(index, 0);
  const fd = openFrameSender();
  const batch = new SendBatch(A_CALL);
  const total = perSecond * seconds;
  const beganMs = performance.now();
  let sent = 0;
  for (let i = 0; i < total;) {
    const dueMs = beganMs + i * 1000 / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
    for (let n = 0; n < A_CALL && i < total; n++, i++) {
      const place = i % FRAMES;
      batch.add(addresses[place] ?? 0n, frames[place]?.length ?? 0, name);
    }
    sent += batch.send(fd, 0, () => {});
  }
  return sent;
}

if (import.meta.main) {
  const [link = "", perSecond, seconds, how] = Deno.args;
  const isLower = how === "lower";
  console.log(await fire(link, Number(perSecond), Number(seconds), isLower));
}
