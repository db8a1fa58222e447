/**
 * How the kernel treats the engine's thread: what was asked last, so that a reload can take it back.
 *
 * Errors:  what the kernel refuses is returned; the thread goes on as it is.
 * @module
 */
import type { Scheduling } from "../engine/port.ts";
import {
  runOnCpus,
  scheduleAsOrdinary,
  scheduleAsRealtime,
} from "../../ffi/scheduling.ts";
import { errnoName } from "../../ffi/sys_error.ts";
import type { SystemFailure } from "./engine_world.ts";

export class Scheduler {
  #now: Scheduling = {
    realtimePriority: undefined,
    cpus: undefined,
  };

  /** Asks for what is not as it is to be; returns what was refused. */
  apply(wanted: Scheduling): readonly SystemFailure[] {
    const before = this.#now;
    this.#now = wanted;
    const { realtimePriority, cpus } = wanted;
    const failures = [
      realtimePriority === before.realtimePriority ? undefined : failureOf(
        "become a real-time thread",
        "sched_setscheduler",
        realtimePriority === undefined
          ? scheduleAsOrdinary()
          : scheduleAsRealtime(realtimePriority),
      ),
      cpus?.join() === before.cpus?.join() ? undefined : failureOf(
        "choose processors",
        "sched_setaffinity",
        runOnCpus(cpus),
      ),
    ];
    return failures.filter((one) => one !== undefined);
  }
}

function failureOf(
  doing: string,
  call: string,
  errno: number,
): SystemFailure | undefined {
  return errno === 0
    ? undefined
    : { doing, call, errno, name: errnoName(errno) };
}
