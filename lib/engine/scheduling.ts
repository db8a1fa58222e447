/**
 * How the engine's thread is to be scheduled.
 *
 * Says:    keepalived's `vrrp_rt_priority` and `vrrp_cpu_affinity`.
 * @module
 */
import type { BfdSessionConfig } from "../bfd/session_config.ts";
import type { EnginePlan, Scheduling } from "./port.ts";

/** Whole seconds are patient enough for any ordinary scheduler. */
const PATIENT_INTERVAL_NS = 1e9;
/** More adverts than this, sent or expected, and some would always wait for the machine's other work. */
const PATIENT_ADVERTS_A_SECOND = 100;
/** The lowest: before every ordinary thread, behind everything that others made a real-time one. */
const REALTIME_PRIORITY = 1;

/**
 * What `plan` asks for. Who is declared dead within tens of milliseconds cannot queue behind a busy machine's other
 * work, nor can hundreds of adverts a second: then the thread is a real-time one, asked or not.
 */
export function schedulingOf(
  { routers, scheduling, bfdSessions = [] }: Pick<EnginePlan, "routers"> & {
    readonly scheduling?: Scheduling | undefined;
    readonly bfdSessions?: readonly BfdSessionConfig[] | undefined;
  },
): Scheduling {
  const advertsASecond = routers.reduce(
    (sum, { advertIntervalNs }) => sum + 1e9 / advertIntervalNs,
    0,
  );
  const isHurried = advertsASecond > PATIENT_ADVERTS_A_SECOND ||
    routers.some(({ advertIntervalNs }) =>
      advertIntervalNs < PATIENT_INTERVAL_NS
    ) ||
    bfdSessions.some(({ minTxNs, minRxNs }) =>
      Math.min(minTxNs, minRxNs) < PATIENT_INTERVAL_NS
    );
  return {
    realtimePriority: scheduling?.realtimePriority ??
      (isHurried ? REALTIME_PRIORITY : undefined),
    cpus: scheduling?.cpus,
  };
}
