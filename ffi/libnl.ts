/**
 * The libnl-3 calls hakeep makes, as one table to hold against libnl's netlink/socket.h and netlink/netlink.h.
 *
 * Nothing is loaded at import. Messages are encoded and decoded in lib/wire/, in one buffer; libnl opens, binds,
 * subscribes and sends. `nl_sock*` is a pointer that only these wrappers see.
 *
 * Errors:  {@linkcode nlError} turns a negative result into a {@linkcode SysError}.
 * @module
 */
import { lastErrno } from "./libc.ts";
import { SysError } from "./sys_error.ts";

const SYMBOLS = {
  nl_socket_alloc: { parameters: [], result: "pointer" },
  nl_socket_free: { parameters: ["pointer"], result: "void" },
  nl_connect: {
    parameters: ["pointer", "i32" /* protocol */],
    result: "i32",
  },
  nl_socket_get_fd: { parameters: ["pointer"], result: "i32" },
  nl_socket_get_local_port: { parameters: ["pointer"], result: "u32" },
  nl_socket_add_membership: {
    parameters: ["pointer", "i32" /* group */],
    result: "i32",
  },
  nl_socket_drop_membership: {
    parameters: ["pointer", "i32" /* group */],
    result: "i32",
  },
  nl_socket_set_buffer_size: {
    parameters: ["pointer", "i32", /* receive */ "i32" /* send */],
    result: "i32",
  },
  nl_socket_set_nonblocking: { parameters: ["pointer"], result: "i32" },
  nl_socket_disable_seq_check: { parameters: ["pointer"], result: "void" },
  nl_sendto: {
    parameters: ["pointer", "buffer", "usize" /* bytes */],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** An open libnl-3. */
export type Libnl = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** A `struct nl_sock *` that is not NULL. */
export type NlSock = Deno.PointerObject;

const loaded = new Map<string, Libnl>();

/** Loads libnl-3 from `path`, as dlopen(3) takes it, or gives what was loaded from there before. */
export function libnl(path: string): Libnl {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const { symbols } = Deno.dlopen(path, SYMBOLS);
  loaded.set(path, symbols);
  return symbols;
}

/**
 * Which errnos libnl folds into one of its own codes (its lib/error.c). Index is the code; the first errno is the
 * likeliest one.
 */
const ERRNOS_OF_NLE: readonly (readonly number[])[] = [
  [],
  [5], // FAILURE: whatever else
  [4], // INTR
  [9, 88], // BAD_SOCK
  [11], // AGAIN
  [12, 105], // NOMEM
  [17, 98], // EXIST
  [22, 14, 92], // INVAL
  [34], // RANGE
  [90], // MSGSIZE
  [95], // OPNOTSUPP
  [97], // AF_NOSUPPORT
  [2, 3], // OBJ_NOTFOUND
  [61], // NOATTR
  [61], // MISSING_ATTR
  [97], // AF_MISMATCH
  [71], // SEQ_MISMATCH
  [75], // MSG_OVERFLOW
  [71], // MSG_TRUNC
  [99], // NOADDR
  [95], // SRCRT_NOSUPPORT
  [90], // MSG_TOOSHORT
  [95], // MSGTYPE_NOSUPPORT
  [22], // OBJ_MISMATCH
  [2], // NOCACHE
  [16], // BUSY
  [93], // PROTO_MISMATCH
  [13], // NOACCESS
  [1], // PERM
  [5], // PKTLOC_FILE
  [22], // PARSE_ERR
  [19], // NODEV
  [22], // IMMUTABLE
  [4], // DUMP_INTR
  [22], // ATTRSIZE
];

/**
 * The error behind a negative result of libnl. Most are a system call's, whose errno still stands; some are the
 * kernel's answer to a message, and then libnl's own code is all there is.
 */
export function nlError(result: number, call: string, doing: string): SysError {
  const candidates = ERRNOS_OF_NLE[-result] ?? [];
  const errno = lastErrno();
  const isGeneral = result === -1 && errno !== 0;
  const exact = isGeneral || candidates.includes(errno)
    ? errno
    : candidates[0] ?? 5;
  return new SysError(call, exact, doing);
}
