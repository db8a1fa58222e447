/**
 * Names, of links or of tables, that this daemon has for itself among all of its network namespace.
 *
 * A name is a listening unix socket with an abstract address: such addresses are those of a network namespace, and the
 * kernel gives them free when the process ends, however it ends.
 *
 * Says:    unix(7) (abstract sockets, SO_PEERCRED).
 * Errors:  none: where a name cannot be claimed it is as if nobody else could have it.
 * @module
 */
import { closeFd } from "../../ffi/libc.ts";
import { sockaddrUn } from "../../ffi/sockaddr.ts";
import { EADDRINUSE } from "../../ffi/sys_error.ts";
import {
  connectToName,
  isConnected,
  peerOf,
  takeName,
} from "../../ffi/unix_socket.ts";
import type { NameHolder } from "./engine_world.ts";

interface Acquaintance {
  /** Connected to the holder for as long as he has the name. */
  readonly fd: number;
  readonly holder: NameHolder;
}

export class NameClaims {
  readonly #kind: "link" | "table";
  /** Descriptors of the names that are ours. */
  readonly #ours = new Map<string, number>();
  /** Those who have the names that we wait for. */
  readonly #holders = new Map<string, Acquaintance>();
  /** Names of which nobody said who has them. */
  readonly #mute = new Set<string>();

  constructor(kind: "link" | "table") {
    this.#kind = kind;
  }

  /** Claims a name; undefined if it is ours now, or who has it. */
  claim(name: string): NameHolder | undefined {
    const address = sockaddrUn(`@hakeep-${this.#kind}/${name}`);
    if (this.#ours.has(name) || address === undefined) return undefined;
    const fd = takeName(address);
    if (fd === -EADDRINUSE) return this.#ask(name, address);
    this.#forget(name);
    if (fd >= 0) this.#ours.set(name, fd);
    return undefined;
  }

  /** Whoever wants the name may have it, and we no longer wait for it. */
  release(name: string): void {
    this.#forget(name);
    const fd = this.#ours.get(name);
    if (fd !== undefined) closeFd(fd);
    this.#ours.delete(name);
  }

  close(): void {
    for (const name of [...this.#ours.keys(), ...this.#holders.keys()]) {
      this.release(name);
    }
  }

  #ask(
    name: string,
    address: Uint8Array<ArrayBuffer>,
  ): NameHolder | undefined {
    const known = this.#holders.get(name);
    if (known !== undefined && isConnected(known.fd)) return known.holder;
    this.#drop(name);
    const fd = connectToName(address);
    // Released just now, or taken and not ready for us yet. Who stays mute is no daemon of ours.
    if (fd < 0) {
      if (this.#mute.has(name)) return undefined;
      this.#mute.add(name);
      return { pid: undefined };
    }
    this.#mute.delete(name);
    const { pid, uid } = peerOf(fd);
    // Anybody may take a name: only a daemon that could take our link, too, keeps us from it.
    if (uid !== Deno.uid() || pid === Deno.pid) {
      closeFd(fd);
      return undefined;
    }
    const holder = { pid: pid > 0 ? pid : undefined };
    this.#holders.set(name, { fd, holder });
    return holder;
  }

  #forget(name: string): void {
    this.#mute.delete(name);
    this.#drop(name);
  }

  #drop(name: string): void {
    const known = this.#holders.get(name);
    if (known !== undefined) closeFd(known.fd);
    this.#holders.delete(name);
  }
}
