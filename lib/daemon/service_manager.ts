/**
 * What systemd is told: READY, STATUS, RELOADING, STOPPING, WATCHDOG.
 *
 * Says:    sd_notify(3). Without NOTIFY_SOCKET in the environment nothing is told, and that is no error.
 * @module
 */
import {
  type DatagramSender,
  monotonicNs,
  openDatagramSender,
} from "../world/daemon_linux.ts";

const NS_PER_US = 1000;
const US_PER_MS = 1000;
/** systemd cuts STATUS far above this; a terminal does before. */
const STATUS_MAX = 400;

export class ServiceManager {
  readonly #sender: DatagramSender | undefined;
  #status = "";
  /** How often WATCHDOG=1 is wanted, half of WATCHDOG_USEC, in milliseconds; undefined without a watchdog. */
  readonly watchdogMs: number | undefined;

  constructor(
    notifySocket: string | undefined,
    watchdogUsec: string | undefined,
  ) {
    this.#sender = notifySocket === undefined || notifySocket === ""
      ? undefined
      : openDatagramSender(notifySocket);
    const us = Number(watchdogUsec ?? "0");
    this.watchdogMs = this.#sender !== undefined && us > 0
      ? us / 2000
      : undefined;
  }

  ready(): void {
    this.#send("READY=1");
  }

  /** One line for `systemctl status`; told only when it changes. */
  status(text: string): void {
    const line = text.replaceAll("\n", " ").slice(0, STATUS_MAX);
    if (line === this.#status) return;
    this.#status = line;
    this.#send(`STATUS=${line}`);
  }

  reloading(): void {
    this.#send(
      `RELOADING=1\nMONOTONIC_USEC=${Math.floor(monotonicNs() / NS_PER_US)}`,
    );
  }

  /** Starting or stopping takes up to `ms` more. */
  extend(ms: number): void {
    this.#send(`EXTEND_TIMEOUT_USEC=${Math.ceil(ms * US_PER_MS)}`);
  }

  stopping(): void {
    this.#send("STOPPING=1");
  }

  alive(): void {
    this.#send("WATCHDOG=1");
  }

  #send(text: string): void {
    this.#sender?.send(new TextEncoder().encode(text));
  }
}
