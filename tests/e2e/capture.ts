/**
 * What is on the wire, with the kernel's time stamps: tcpdump on the watching host, and its file read back.
 *
 * Says:    pcap-savefile(5) with nanoseconds; RFC 826, RFC 9568 §5, RFC 4861 §4.4 for what is recognised.
 * @module
 */
import { eventually, type Lab } from "./topology.ts";

/** One frame that matters to VRRP. */
export type Sighting =
  | {
    readonly kind: "advert";
    /** Wall clock of the kernel in nanoseconds; a double holds it to 256 ns. */
    readonly atNs: number;
    readonly sourceMac: string;
    readonly family: 4 | 6;
    readonly version: number;
    readonly vrid: number;
    readonly priority: number;
  }
  | {
    readonly kind: "announcement";
    readonly atNs: number;
    readonly sourceMac: string;
    readonly address: string;
  };

const NANOSECOND_MAGIC = 0xa1b23c4d;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const FILTER =
  "ip proto 112 or ip6 proto 112 or arp or (icmp6 and ip6[40] == 136)";

export class Capture {
  readonly #path: string;
  readonly #child: Deno.ChildProcess;

  private constructor(path: string, child: Deno.ChildProcess) {
    this.#path = path;
    this.#child = child;
  }

  /** Listens on a link of `host` for what `filter` names (pcap-filter(7)); ready when this is fulfilled. */
  static async start(
    lab: Lab,
    host: string,
    filter: string = FILTER,
    link = "eth0",
  ): Promise<Capture> {
    const path = `${lab.directory}/${host}-${crypto.randomUUID()}.pcap`;
    const child = lab.command(
      host,
      "tcpdump",
      "-Z",
      "root",
      "-i",
      link,
      "-p",
      "-U",
      // The ring has room for as many frames of this length as its size allows; whole ones of 256 KiB would be few.
      "-s",
      "2048",
      "-B",
      "8192",
      "--time-stamp-precision=nano",
      "--immediate-mode",
      "-w",
      path,
      filter,
    ).spawn();
    lab.defer(async () => {
      try {
        child.kill("SIGKILL");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
      await child.status;
      await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    });
    // tcpdump writes the file's header once it listens.
    await eventually("tcpdump listens", 10_000, async () => {
      try {
        return (await Deno.stat(path)).size >= FILE_HEADER;
      } catch {
        return undefined;
      }
    });
    return new Capture(path, child);
  }

  /** Everything seen so far. */
  async sightings(): Promise<Sighting[]> {
    return parseCapture(await Deno.readFile(this.#path));
  }

  /** The frames seen so far, whole. */
  async frames(): Promise<Uint8Array[]> {
    return recordsOf(await Deno.readFile(this.#path)).map(({ frame }) => frame);
  }

  get pid(): number {
    return this.#child.pid;
  }
}

/** Reads a capture; a record still being written is left out. */
export function parseCapture(bytes: Uint8Array): Sighting[] {
  return recordsOf(bytes).flatMap(({ frame, atNs }) =>
    recognise(frame, atNs) ?? []
  );
}

interface CaptureRecord {
  readonly frame: Uint8Array;
  readonly atNs: number;
}

function recordsOf(bytes: Uint8Array): CaptureRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (
    bytes.length < FILE_HEADER || view.getUint32(0, true) !== NANOSECOND_MAGIC
  ) {
    throw new Error(
      "Cannot read the capture: it is not a pcap file with nanoseconds",
    );
  }
  const records: CaptureRecord[] = [];
  let at = FILE_HEADER;
  while (at + RECORD_HEADER <= bytes.length) {
    const seconds = view.getUint32(at, true);
    const nanoseconds = view.getUint32(at + 4, true);
    const length = view.getUint32(at + 8, true);
    const start = at + RECORD_HEADER;
    if (start + length > bytes.length) break;
    records.push({
      frame: bytes.subarray(start, start + length),
      atNs: seconds * 1e9 + nanoseconds,
    });
    at = start + length;
  }
  return records;
}

function recognise(frame: Uint8Array, atNs: number): Sighting | undefined {
  const sourceMac = Array.from(
    frame.subarray(6, 12),
    (octet) => octet.toString(16).padStart(2, "0"),
  ).join(":");
  const etherType = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
  if (etherType === 0x0806) return recogniseArp(frame, atNs, sourceMac);
  const ipHeader = etherType === 0x0800 ? ((frame[14] ?? 0) & 0xf) * 4 : 40;
  const protocol = etherType === 0x0800 ? frame[23] : frame[20];
  const message = frame.subarray(14 + ipHeader);
  if (protocol === 112) {
    return {
      kind: "advert",
      atNs,
      sourceMac,
      family: etherType === 0x0800 ? 4 : 6,
      version: (message[0] ?? 0) >> 4,
      vrid: message[1] ?? 0,
      priority: message[2] ?? 0,
    };
  }
  if (etherType !== 0x86dd || message[0] !== 136) return undefined;
  const groups: string[] = [];
  for (let i = 8; i < 24; i += 2) {
    groups.push(
      (((message[i] ?? 0) << 8) | (message[i + 1] ?? 0)).toString(16),
    );
  }
  return { kind: "announcement", atNs, sourceMac, address: groups.join(":") };
}

/** Only a gratuitous ARP: sender and target are the same. */
function recogniseArp(
  frame: Uint8Array,
  atNs: number,
  sourceMac: string,
): Sighting | undefined {
  const sender = frame.subarray(28, 32).join(".");
  return sender === frame.subarray(38, 42).join(".")
    ? { kind: "announcement", atNs, sourceMac, address: sender }
    : undefined;
}
