/**
 * Process events of the kernel's connector.
 *
 * Says:    linux/cn_proc.h and linux/connector.h: a netlink header, a `cn_msg`, a `proc_event`.
 * Checks:  lengths and the connector's identity. Not who sent it.
 * Errors:  returns undefined for what is none, or of a kind that is not asked for; never throws on input.
 * @module
 */

/** Where things stand in a message. */
const FIELD = {
  /** nlmsghdr.nlmsg_len, u32. */
  length: 0,
  /** nlmsghdr.nlmsg_type, u16. */
  type: 4,
  /** nlmsghdr.nlmsg_pid, u32. */
  portId: 12,
  /** cn_msg.id.idx and .val, u32 each. */
  index: 16,
  value: 20,
  /** cn_msg.len, u16. */
  dataLength: 32,
  /** cn_msg.data: proc_event.what, u32; for a request the operation. */
  what: 36,
  /** proc_event.event_data. */
  data: 52,
} as const;

const NLMSG_DONE = 3;
const CN_IDX_PROC = 1;
const CN_VAL_PROC = 1;
const LISTEN = 1;
const COMM_LENGTH = 16;

/** proc_event.what */
const WHAT = {
  none: 0,
  fork: 0x1,
  exec: 0x2,
  comm: 0x200,
  exit: 0x80000000,
} as const;

/** Something that happened to a process; threads other than its first are not told. */
export type ProcEvent =
  /** The kernel's answer to the request; 0, or an errno. */
  | { readonly kind: "answer"; readonly errno: number }
  | { readonly kind: "fork"; readonly parent: number; readonly pid: number }
  | { readonly kind: "exec"; readonly pid: number }
  | { readonly kind: "rename"; readonly pid: number; readonly name: string }
  | { readonly kind: "exit"; readonly pid: number };

/** The request to be told of processes. */
export function encodeProcListen(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FIELD.what + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(FIELD.length, bytes.length, true);
  view.setUint16(FIELD.type, NLMSG_DONE, true);
  view.setUint32(FIELD.index, CN_IDX_PROC, true);
  view.setUint32(FIELD.value, CN_VAL_PROC, true);
  view.setUint16(FIELD.dataLength, 4, true);
  view.setUint32(FIELD.what, LISTEN, true);
  return bytes;
}

/** The event in one message. */
export function decodeProcEvent(bytes: Uint8Array): ProcEvent | undefined {
  if (bytes.length < FIELD.data + 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u32 = (at: number) =>
    at + 4 <= bytes.length ? view.getUint32(at, true) : 0;
  if (
    u32(FIELD.index) !== CN_IDX_PROC || u32(FIELD.value) !== CN_VAL_PROC ||
    u32(FIELD.portId) !== 0
  ) return undefined;
  const at = FIELD.data;
  switch (u32(FIELD.what)) {
    case WHAT.none:
      return { kind: "answer", errno: u32(at) };
    case WHAT.fork: {
      // Parent's thread and process, child's thread and process.
      const [parent, thread, pid] = [u32(at + 4), u32(at + 8), u32(at + 12)];
      return thread === pid ? { kind: "fork", parent, pid } : undefined;
    }
    case WHAT.exec:
      return { kind: "exec", pid: u32(at + 4) };
    case WHAT.comm:
      return u32(at) === u32(at + 4)
        ? { kind: "rename", pid: u32(at + 4), name: nameAt(bytes, at + 8) }
        : undefined;
    case WHAT.exit:
      return u32(at) === u32(at + 4)
        ? { kind: "exit", pid: u32(at + 4) }
        : undefined;
    default:
      return undefined;
  }
}

function nameAt(bytes: Uint8Array, at: number): string {
  const field = bytes.subarray(at, at + COMM_LENGTH);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
