/**
 * Packet sockets: one that only sends whole Ethernet frames, one that looks for a sender's hardware address.
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

interface Instruction {
  readonly code: number;
  readonly jumpTrue: number;
  readonly jumpFalse: number;
  readonly k: number;
}

/** Accepts IP packets of `protocol` from `source` (4 or 16 bytes), dropping all others. */
function sourceFilter(protocol: number, source: Uint8Array): Instruction[] {
  const isIpv4 = source.length === 4;
  const view = new DataView(source.buffer, source.byteOffset, source.length);
  const tests: (readonly [code: number, offset: number, value: number])[] = [
    [BPF_LD_B_ABS, isIpv4 ? 9 : 6, protocol],
  ];
  for (let at = 0; at < source.length; at += 4) {
    tests.push([
      BPF_LD_W_ABS,
      (isIpv4 ? 12 : 8) + at,
      view.getUint32(at, false),
    ]);
  }
  const program: Instruction[] = [];
  const length = tests.length * 2 + 2;
  for (const [code, offset, value] of tests) {
    program.push({ code, jumpTrue: 0, jumpFalse: 0, k: offset });
    // The last instruction rejects; a jump counts from the next instruction.
    program.push({
      code: BPF_JEQ_K,
      jumpTrue: 0,
      jumpFalse: length - program.length - 2,
      k: value,
    });
  }
  program.push({ code: BPF_RET_K, jumpTrue: 0, jumpFalse: 0, k: 64 });
  program.push({ code: BPF_RET_K, jumpTrue: 0, jumpFalse: 0, k: 0 });
  return program;
}

function attach(fd: number, program: readonly Instruction[]): void {
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
 * Opens a socket that becomes readable when `source` sends another packet of `protocol` on the interface;
 * its `sockaddr_ll` then tells the hardware address.
 */
export function openSenderProbe(
  ifIndex: number,
  protocol: number,
  source: Uint8Array,
): number {
  const fd = check(
    libc().socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
    "socket",
    "open a packet socket (needs CAP_NET_RAW)",
  );
  try {
    attach(fd, sourceFilter(protocol, source));
    const name = sockaddrLl(
      ifIndex,
      source.length === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6,
    );
    check(libc().bind(fd, name, name.length), "bind", "watch an interface");
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}
