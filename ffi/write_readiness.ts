/**
 * Asks whether a descriptor takes bytes now, for descriptors that are shared and so must stay blocking.
 *
 * Says:    poll(2). For a pipe the answer means that PIPE_BUF (4,096) bytes go through without waiting.
 * @module
 */
import { libc } from "./libc.ts";

const POLLOUT = 4;

/** True if a write to `fd` would not wait. False also for what is closed or broken. */
export function isWritable(fd: number): boolean {
  const pollfd = new Uint8Array(8);
  const view = new DataView(pollfd.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, POLLOUT, true);
  return libc().poll(pollfd, 1n, 0) === 1 &&
    view.getInt16(6, true) === POLLOUT;
}
