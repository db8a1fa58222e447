/**
 * The firewall on Linux: nftables through libnftables, and a file that remembers the table that is ours.
 * @module
 */
import { Nftables } from "../../ffi/libnftables.ts";

/** What carries out commands of nft; throws what it says when they fail. */
export interface Firewall {
  run(commands: string): string;
  close(): void;
}

/** A name that outlives the daemon: of the table that it has made. */
export interface TableMark {
  read(): string | undefined;
  write(table: string | undefined): void;
}

/** Loads libnftables. Throws where it is missing. */
export function openFirewall(): Firewall {
  return Nftables.open();
}

/** The name of the table in the file at `path`; without the file there is none. */
export function tableMark(path: string): TableMark {
  return {
    read: () => {
      try {
        return Deno.readTextFileSync(path).trim() || undefined;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    },
    write: (table) => {
      if (table !== undefined) {
        Deno.writeTextFileSync(path, `${table}\n`, { mode: 0o644 });
        return;
      }
      try {
        Deno.removeSync(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    },
  };
}

/**
 * The indexes that rules give for links, by name; what has no IPv6 is not among them.
 *
 * From /proc, for /sys may be that of another network namespace.
 */
export function linkIndexes(): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  let text: string;
  try {
    text = Deno.readTextFileSync("/proc/thread-self/net/igmp6");
  } catch {
    return indexes;
  }
  for (const line of text.split("\n")) {
    const [index, link] = line.trim().split(/\s+/);
    if (link !== undefined) indexes.set(link, Number(index));
  }
  return indexes;
}
