/**
 * The daemon's Linux: datagrams to journald, syslog and systemd, the engine's command pipe, clocks, libraries.
 *
 * Nothing here waits, retries or decides. The engine's own world is `engine_linux.ts`.
 *
 * Units:   nanoseconds, monotonic.
 * Errors:  `SysError` for what cannot be opened; sending answers with an outcome.
 * @module
 */
import { releaseFreeMemory as trimHeap } from "../../ffi/heap.ts";
import { closeFd, monotonicNs as readMonotonicNs } from "../../ffi/libc.ts";
import { canLoadLibrary, libraryInMemory } from "../../ffi/shared_library.ts";
import { ignoreSignal as setIgnored } from "../../ffi/signal.ts";
import { sockaddrUn } from "../../ffi/sockaddr.ts";
import {
  openSocketPair,
  openUnixDatagram,
  sendStream,
  sendUnixDatagram,
} from "../../ffi/unix_socket.ts";
import { isWritable } from "../../ffi/write_readiness.ts";

/** What became of a datagram. `full`: the receiver is busy. `absent`: there is no receiver. */
export type SendOutcome = "sent" | "full" | "tooBig" | "absent";

/** Sends datagrams to one address; the receiver may come and go. */
export interface DatagramSender {
  send(bytes: Uint8Array<ArrayBuffer>): SendOutcome;
  close(): void;
}

const EAGAIN = 11;
const ENOMEM = 12;
const EMSGSIZE = 90;
const ENOBUFS = 105;

/**
 * Opens a sender to `path`, or to an abstract name if it begins with `@`. Undefined if the name is too long.
 * Each datagram looks the address up again, so a receiver that was restarted is found.
 */
export function openDatagramSender(path: string): DatagramSender | undefined {
  const address = sockaddrUn(path);
  if (address === undefined) return undefined;
  const fd = openUnixDatagram();
  return {
    send: (bytes) => outcomeOf(sendUnixDatagram(fd, bytes, address)),
    close: () => closeFd(fd),
  };
}

function outcomeOf(errno: number): SendOutcome {
  switch (errno) {
    case 0:
      return "sent";
    case EAGAIN:
    case ENOBUFS:
    case ENOMEM:
      return "full";
    case EMSGSIZE:
      return "tooBig";
    default:
      return "absent";
  }
}

/** The two ends of the engine's command pipe. */
export interface CommandPair {
  /** The daemon's end. */
  readonly ours: number;
  /** The engine's end; the engine closes it. */
  readonly theirs: number;
}

/** Makes the command pipe. */
export function openCommandPair(): CommandPair {
  const [ours, theirs] = openSocketPair();
  return { ours, theirs };
}

/** Sends to the engine what its socket takes now; returns how many bytes, 0 also when the engine is gone. */
export function sendCommandBytes(
  fd: number,
  bytes: Uint8Array<ArrayBuffer>,
): number {
  return Math.max(0, sendStream(fd, bytes));
}

/** Closes a descriptor that one of these functions opened. */
export function closeDescriptor(fd: number): void {
  closeFd(fd);
}

/** Writes to standard error unless that would wait; false if nothing was written. */
export function writeStderrNow(bytes: Uint8Array): boolean {
  if (!isWritable(2)) return false;
  try {
    Deno.stderr.writeSync(bytes);
    return true;
  } catch {
    // A closed pipe: there is nobody left to tell.
    return false;
  }
}

/** CLOCK_MONOTONIC: the engine's clock, and the one systemd asks for. */
export function monotonicNs(): number {
  return readMonotonicNs();
}

/** Whether the dynamic linker finds `name`. */
export function hasLibrary(name: string): boolean {
  return canLoadLibrary(name);
}

/** A path for `dlopen` to a library made from `bytes`. */
export function placeLibrary(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): string {
  return libraryInMemory(name, bytes);
}

/** Makes the process deaf to signal number `signal`. */
export function ignoreSignal(signal: number): void {
  setIgnored(signal);
}

/** Gives memory that was freed back to the system; takes some milliseconds. */
export function releaseFreeMemory(): void {
  trimHeap();
}
