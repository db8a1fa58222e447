/**
 * What anybody does to tables of nftables, as the kernel tells it.
 *
 * The socket is opened with the first table that is followed. Our own changes are told, too: whoever follows a table
 * looks whether it is as he left it.
 *
 * Errors:  none are thrown: why nothing is told is told once, and the daemon looks by itself every few seconds.
 * Cost:    a sleeping thread, see `read_readiness.ts`; a message of any table is read.
 * @module
 */
import { NetlinkSocket } from "../../ffi/netlink_socket.ts";
import { ReadWatch } from "../../ffi/read_readiness.ts";
import { EAGAIN, ENOBUFS, SysError } from "../../ffi/sys_error.ts";
import { NetlinkReader } from "../wire/netlink.ts";
import {
  decodeTableChange,
  NETLINK_NETFILTER,
  NFTABLES_GROUP,
  type TableTitle,
} from "../wire/nftables_event.ts";

/** The kernel puts messages together in pages. */
const RECEIVE_BYTES = 65536;
const SOCKET_BUFFER_BYTES = 1 << 20;
/** So many datagrams at a time, that nothing else here has to wait for somebody who writes thousands of rules. */
const BATCH = 64;

/** Whom to ask for changes of tables. */
export interface TableNews {
  /** Calls back after changes of the table, and when it may have changed; returns what ends that. */
  follow(table: TableTitle, onChange: () => void): () => void;
}

interface Opened {
  readonly socket: NetlinkSocket;
  readonly watch: ReadWatch;
}

export class LinuxTableNews implements TableNews {
  readonly #libnlPath: string;
  readonly #missing: (why: string) => void;
  readonly #followers = new Map<TableTitle, Set<() => void>>();
  readonly #reader = new NetlinkReader();
  readonly #received = new Uint8Array(RECEIVE_BYTES);
  /** null: it cannot be opened, or failed. */
  #opened: Opened | null | undefined;

  /** `missing` is told once why changes are not heard of. */
  constructor(libnlPath: string, missing: (why: string) => void) {
    this.#libnlPath = libnlPath;
    this.#missing = missing;
  }

  follow(table: TableTitle, onChange: () => void): () => void {
    if (this.#opened === undefined) this.#open();
    const followers = this.#followers.get(table) ?? new Set();
    this.#followers.set(table, followers);
    followers.add(onChange);
    return () => followers.delete(onChange);
  }

  /** Tells nothing more. */
  async close(): Promise<void> {
    this.#followers.clear();
    const opened = this.#opened;
    this.#opened = null;
    if (!opened) return;
    await opened.watch.stop();
    opened.socket.close();
  }

  #open(): void {
    try {
      const socket = new NetlinkSocket({
        libnlPath: this.#libnlPath,
        protocol: NETLINK_NETFILTER,
        groups: [NFTABLES_GROUP],
        receiveBufferBytes: SOCKET_BUFFER_BYTES,
      });
      const watch = new ReadWatch(socket.fd, () => this.#read(socket));
      this.#opened = { socket, watch };
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      this.#opened = null;
      this.#missing(error.message);
    }
  }

  #read(socket: NetlinkSocket): void {
    const changed = new Set<TableTitle>();
    for (let i = 0; i < BATCH; i++) {
      const length = socket.receive(this.#received);
      if (length === -EAGAIN) break;
      if (length === -ENOBUFS) {
        for (const table of this.#followers.keys()) changed.add(table);
        continue;
      }
      if (length < 0) {
        void this.#fail(-length);
        break;
      }
      this.#reader.reset(this.#received, length);
      while (this.#reader.next()) {
        const table = decodeTableChange(this.#reader);
        if (table !== undefined) changed.add(table);
      }
    }
    for (const table of changed) {
      for (const tell of this.#followers.get(table) ?? []) tell();
    }
  }

  async #fail(errno: number): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    this.#opened = null;
    this.#missing(
      new SysError("recv", errno, "hear of changes to nftables").message,
    );
    await opened.watch.stop();
    opened.socket.close();
  }
}
