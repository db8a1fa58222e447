/**
 * How the kernel schedules the calling thread.
 *
 * Says:    sched_setscheduler(2), sched(7).
 * Errors:  none: a kernel or a container that refuses leaves things as they are, and the caller is told.
 * @module
 */
import { lastErrno, libc } from "./libc.ts";

const THIS_THREAD = 0;
const SCHED_RR = 2;
/** Threads and programs that are started later are ordinary ones again. */
const SCHED_RESET_ON_FORK = 0x4000_0000;

/** Lets the calling thread run before all ordinary ones, at `priority` 1..99. Returns 0 or an errno. */
export function scheduleAsRealtime(priority: number): number {
  const result = libc().sched_setscheduler(
    THIS_THREAD,
    SCHED_RR | SCHED_RESET_ON_FORK,
    Int32Array.of(priority),
  );
  return result < 0 ? lastErrno() : 0;
}
