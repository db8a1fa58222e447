/**
 * How the kernel schedules the calling thread.
 *
 * Says:    sched_setscheduler(2), sched(7), sched_setaffinity(2).
 * Leaves:  mlockall(2): V8 gives memory back to the system, takes for granted that it can, and dies where it is locked.
 * Errors:  none: a kernel or a container that refuses leaves things as they are, and the caller is told.
 * @module
 */
import { lastErrno, libc } from "./libc.ts";

const THIS_THREAD = 0;
const SCHED_OTHER = 0;
const SCHED_RR = 2;
/** Threads and programs that are started later are ordinary ones again. */
const SCHED_RESET_ON_FORK = 0x4000_0000;
const CPUS_MAX = 4096;

/** Lets the calling thread run before all ordinary ones, at `priority` 1..99. Returns 0 or an errno. */
export function scheduleAsRealtime(priority: number): number {
  return errnoOf(
    libc().sched_setscheduler(
      THIS_THREAD,
      SCHED_RR | SCHED_RESET_ON_FORK,
      Int32Array.of(priority),
    ),
  );
}

/** Makes the calling thread an ordinary one. Returns 0 or an errno. */
export function scheduleAsOrdinary(): number {
  return errnoOf(
    libc().sched_setscheduler(THIS_THREAD, SCHED_OTHER, Int32Array.of(0)),
  );
}

/** Lets the calling thread run on `cpus` alone, counted from 0; undefined: on all. Returns 0 or an errno. */
export function runOnCpus(cpus: readonly number[] | undefined): number {
  const mask = new Uint8Array(CPUS_MAX / 8);
  if (cpus === undefined) mask.fill(0xff);
  else {
    for (const cpu of cpus) {
      mask[cpu >> 3] = (mask[cpu >> 3] ?? 0) | (1 << (cpu & 7));
    }
  }
  return errnoOf(
    libc().sched_setaffinity(THIS_THREAD, BigInt(mask.length), mask),
  );
}

function errnoOf(result: number): number {
  return result < 0 ? lastErrno() : 0;
}
