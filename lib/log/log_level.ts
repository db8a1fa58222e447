/**
 * Log levels and facilities: the words of the configuration as syslog's numbers.
 * @module
 */
import type { LogFacility, LogLevel } from "../config/model.ts";
import { PRIORITY, type Priority } from "./log_record.ts";

/** Levels from few messages to many. */
export const LOG_LEVELS: readonly LogLevel[] = [
  "error",
  "warning",
  "notice",
  "info",
  "debug",
];

/** Facilities, as the command line and the configuration spell them. */
export const LOG_FACILITIES: readonly LogFacility[] = [
  "daemon",
  "user",
  "local0",
  "local1",
  "local2",
  "local3",
  "local4",
  "local5",
  "local6",
  "local7",
];

const FACILITY_NUMBERS: Readonly<Record<LogFacility, number>> = {
  user: 1,
  daemon: 3,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
};

/** syslog(3)'s number of a facility, unshifted. */
export function facilityNumber(facility: LogFacility): number {
  return FACILITY_NUMBERS[facility];
}

/** The word as a level; undefined if it is none. */
export function parseLogLevel(word: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === word);
}

/** The word as a facility; undefined if it is none. A bare digit `N` is `localN`, as keepalived's `-S` has it. */
export function parseLogFacility(word: string): LogFacility | undefined {
  const name = /^[0-7]$/.test(word) ? `local${word}` : word;
  return LOG_FACILITIES.find((facility) => facility === name);
}

/** Whether a message of `priority` passes at `level`. Critical messages and worse always do. */
export function passesLevel(priority: Priority, level: LogLevel): boolean {
  return priority <= PRIORITY[level];
}
