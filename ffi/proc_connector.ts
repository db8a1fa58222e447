/**
 * The kernel's process connector: a socket on which it tells of every process that begins, ends or becomes another.
 *
 * It is there in the first network namespace and the first process namespace only, and for CAP_NET_ADMIN.
 *
 * Says:    linux/cn_proc.h, socket(7) (SO_ATTACH_FILTER).
 * Errors:  {@linkcode SysError}; ENOBUFS from reading means that events were lost.
 * @module
 */
import { addressOf, check, closeFd, lastErrno, libc } from "./libc.ts";
import { EAGAIN, EINTR, SysError } from "./sys_error.ts";

const AF_NETLINK = 16;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_CONNECTOR = 11;
const CN_IDX_PROC = 1;
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;
/** A message is 76 bytes long and takes ten times that of the buffer. */
const BUFFER_BYTES = 1 << 20;
const MESSAGE_BYTES_MAX = 256;

const LD_W_ABS = 0x20;
const JEQ_K = 0x15;
const JEQ_X = 0x1d;
const TAX = 0x07;
const RET_K = 0x06;
const WHAT_AT = 36;

/**
 * Lets through: answers, fork of a process (not of a thread), exec, exit and renaming of a process. A classic BPF
 * program: it loads in network order, so the constants are the host's turned around.
 */
const FILTER:
  readonly (readonly [code: number, jt: number, jf: number, k: number])[] = [
    [LD_W_ABS, 0, 0, WHAT_AT],
    [JEQ_K, 10, 0, 0x01000000], // fork
    [JEQ_K, 5, 0, 0x00000080], // exit
    [JEQ_K, 4, 0, 0x00020000], // comm
    [JEQ_K, 2, 0, 0x02000000], // exec
    [JEQ_K, 1, 0, 0], // the kernel's answer
    [RET_K, 0, 0, 0],
    [RET_K, 0, 0, 0xffffffff],
    // exit, comm: is the thread at 52 its process at 56?
    [LD_W_ABS, 0, 0, 52],
    [TAX, 0, 0, 0],
    [LD_W_ABS, 0, 0, 56],
    [JEQ_X, 4, 5, 0],
    // fork: is the new thread at 60 its process at 64?
    [LD_W_ABS, 0, 0, 60],
    [TAX, 0, 0, 0],
    [LD_W_ABS, 0, 0, 64],
    [JEQ_X, 0, 1, 0],
    [RET_K, 0, 0, 0xffffffff],
    [RET_K, 0, 0, 0],
  ];

/** Opens the socket and hears the group; the kernel tells nothing before it is sent a request. */
export function openProcConnector(): number {
  const doing = "be told of processes";
  const fd = check(
    libc().socket(
      AF_NETLINK,
      SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
      NETLINK_CONNECTOR,
    ),
    "socket",
    doing,
  );
  try {
    attachFilter(fd, doing);
    const size = Uint32Array.of(BUFFER_BYTES);
    // Without the right to it the system's own size has to do.
    libc().setsockopt(
      fd,
      SOL_SOCKET,
      SO_RCVBUFFORCE,
      new Uint8Array(size.buffer),
      4,
    );
    const address = new Uint8Array(12);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_NETLINK, true);
    view.setUint32(8, CN_IDX_PROC, true);
    check(libc().bind(fd, address, address.length), "bind", doing);
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

function attachFilter(fd: number, doing: string): void {
  const program = new Uint8Array(FILTER.length * 8);
  const view = new DataView(program.buffer);
  FILTER.forEach(([code, jt, jf, k], i) => {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, jt);
    view.setUint8(i * 8 + 3, jf);
    view.setUint32(i * 8 + 4, k, true);
  });
  const sockFprog = new Uint8Array(16);
  const fprog = new DataView(sockFprog.buffer);
  fprog.setUint16(0, FILTER.length, true);
  fprog.setBigUint64(8, addressOf(program), true);
  check(
    libc().setsockopt(
      fd,
      SOL_SOCKET,
      SO_ATTACH_FILTER,
      sockFprog,
      sockFprog.length,
    ),
    "setsockopt(SO_ATTACH_FILTER)",
    doing,
  );
}

/** Sends a request to the kernel. */
export function sendProcRequest(
  fd: number,
  request: Uint8Array<ArrayBuffer>,
): void {
  check(
    libc().send(fd, request, BigInt(request.length), MSG_DONTWAIT),
    "send",
    "be told of processes",
  );
}

/** The next message; undefined when there is none. Throws ENOBUFS when some were lost. */
export function receiveProcMessage(fd: number): Uint8Array | undefined {
  const buffer = new Uint8Array(MESSAGE_BYTES_MAX);
  for (;;) {
    const length = libc().recv(
      fd,
      buffer,
      BigInt(buffer.length),
      MSG_DONTWAIT,
    );
    if (length >= 0) return buffer.subarray(0, length);
    const errno = lastErrno();
    if (errno === EAGAIN) return undefined;
    if (errno !== EINTR) {
      throw new SysError("recv", errno, "be told of processes");
    }
  }
}
