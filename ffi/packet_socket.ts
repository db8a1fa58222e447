/**
 * Packet sockets: one that only sends whole Ethernet frames, one that learns the
 * hardware addresses of senders.
 *
 * Says:    packet(7); classic BPF as in linux/filter.h.
 * Errors:  {@linkcode SysError}; a socket that failed half-way is closed.
 * @module
 */
import { addressOf, check, closeFd, libc } from "./libc.ts";
import { AF_PACKET, sockaddrLl } from "./sockaddr.ts";

const SOCK_RAW = 3;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;

/** Opens a socket for sending frames; protocol 0 means that it receives none. */
export function openFrameSender(): number {
  return check(
    libc().socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
    "socket",
    "open a packet socket (needs CAP_NET_RAW)",
  );
}

const BPF_LD_B_ABS = 0x30;
const BPF_LD_W_ABS = 0x20;
const BPF_JEQ_K = 0x15;
const BPF_RET_K = 0x06;
const SO_RCVBUF = 8;
/** Room for a handful of packets: only their senders matter. */
const TAP_BUFFER_BYTES = 16_384;
/** Classic BPF jumps at most 255 instructions; an IPv6 address takes eight. */
const IGNORED_MAX = 24;

interface Instruction {
  readonly code: number;
  readonly jumpTrue: number;
  readonly jumpFalse: number;
  readonly k: number;
}

/** Accepts IP packets of `protocol` unless they are from one of `ignored` (4 or 16 bytes each). */
function senderFilter(
  family: 4 | 6,
  protocol: number,
  ignored: readonly Uint8Array[],
): Instruction[] {
  const sourceAt = family === 4 ? 12 : 8;
  const words = family === 4 ? 1 : 4;
  const perAddress = 2 * words;
  const length = 2 + ignored.length * perAddress + 2;
  const accept = length - 2;
  const reject = length - 1;
  const program: Instruction[] = [
    { code: BPF_LD_B_ABS, jumpTrue: 0, jumpFalse: 0, k: family === 4 ? 9 : 6 },
    { code: BPF_JEQ_K, jumpTrue: 0, jumpFalse: reject - 2, k: protocol },
  ];
  for (const [i, address] of ignored.entries()) {
    const view = new DataView(
      address.buffer,
      address.byteOffset,
      address.length,
    );
    const next = i + 1 === ignored.length ? accept : 2 + (i + 1) * perAddress;
    for (let word = 0; word < words; word++) {
      program.push({
        code: BPF_LD_W_ABS,
        jumpTrue: 0,
        jumpFalse: 0,
        k: sourceAt + 4 * word,
      });
      // A jump counts from the instruction after it.
      const after = program.length + 1;
      const isLast = word === words - 1;
      program.push({
        code: BPF_JEQ_K,
        jumpTrue: isLast ? reject - after : 0,
        jumpFalse: next - after,
        k: view.getUint32(4 * word, false),
      });
    }
  }
  program.push({ code: BPF_RET_K, jumpTrue: 0, jumpFalse: 0, k: 64 });
  program.push({ code: BPF_RET_K, jumpTrue: 0, jumpFalse: 0, k: 0 });
  return program;
}

/** Sets which senders a tap of {@linkcode openSenderTap} does not listen to; only the last 24 count. */
export function setTapFilter(
  fd: number,
  family: 4 | 6,
  protocol: number,
  ignored: readonly Uint8Array[],
): void {
  const program = senderFilter(family, protocol, ignored.slice(-IGNORED_MAX));
  const code = new Uint8Array(program.length * 8);
  const codeView = new DataView(code.buffer);
  program.forEach((instruction, i) => {
    codeView.setUint16(i * 8, instruction.code, true);
    codeView.setUint8(i * 8 + 2, instruction.jumpTrue);
    codeView.setUint8(i * 8 + 3, instruction.jumpFalse);
    codeView.setUint32(i * 8 + 4, instruction.k, true);
  });
  // struct sock_fprog: length, padding, pointer.
  const prog = new Uint8Array(16);
  const view = new DataView(prog.buffer);
  view.setUint16(0, program.length, true);
  view.setBigUint64(8, addressOf(code), true);
  check(
    libc().setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, prog, prog.length),
    "setsockopt",
    "attach a packet filter",
  );
}

/**
 * Opens a socket that gets a copy of every packet of `protocol` that comes in on an interface. Nobody has to read it:
 * it keeps the first few, and each one's `sockaddr_ll` tells the hardware address that sent it.
 */
export function openSenderTap(
  family: 4 | 6,
  ifIndex: number,
  protocol: number,
): number {
  const fd = check(
    libc().socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
    "socket",
    "open a packet socket (needs CAP_NET_RAW)",
  );
  try {
    const size = new Uint8Array(4);
    new DataView(size.buffer).setInt32(0, TAP_BUFFER_BYTES, true);
    check(
      libc().setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size, 4),
      "setsockopt",
      "size a packet socket",
    );
    setTapFilter(fd, family, protocol, []);
    const name = sockaddrLl(
      ifIndex,
      family === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6,
    );
    check(libc().bind(fd, name, name.length), "bind", "watch an interface");
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}
