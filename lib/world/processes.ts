/**
 * The machine's processes: all of them at once, and what happens to them as the kernel tells it.
 *
 * Errors:  none are thrown: why events cannot be had is answered, and a process that is gone is none.
 * @module
 */
import { closeFd } from "../../ffi/libc.ts";
import {
  openProcConnector,
  receiveProcMessage,
  sendProcRequest,
} from "../../ffi/proc_connector.ts";
import { ReadWatch } from "../../ffi/read_readiness.ts";
import { ENOBUFS, SysError } from "../../ffi/sys_error.ts";
import {
  decodeProcEvent,
  encodeProcListen,
  type ProcEvent,
} from "../wire/proc_event.ts";

/** So many messages at a time, that nothing else here has to wait for a storm of them. */
const BATCH = 512;

/** EPROTONOSUPPORT, ECONNREFUSED: in another network namespace there is nobody to ask. */
const ELSEWHERE = new Set([93, 111]);

/** What is to be known of a process. */
export interface ProcessFace {
  /** The kernel's name for it. */
  readonly name: string;
  /** Its command line; empty if it was not asked for. */
  readonly words: readonly string[];
}

/** `lost`: some events are missing. */
export type ProcessNews = readonly ProcEvent[] | "lost";

/** Being told of processes. */
export interface ProcessEvents {
  close(): Promise<void>;
}

/** The machine, as the runner of tracked processes sees it. */
export interface ProcessWorld {
  /** Every process that has not ended, and its command line if `withWords`. */
  readonly scan: (withWords: boolean) => ReadonlyMap<number, ProcessFace>;
  /** One process; undefined when it is gone. */
  readonly look: (pid: number, withWords: boolean) => ProcessFace | undefined;
  /** Begins to be told; or the reason why not, in words. */
  readonly listen: (
    onNews: (news: ProcessNews) => void,
  ) => ProcessEvents | string;
}

/** Linux. */
export const linuxProcesses: ProcessWorld = {
  scan: scanProcesses,
  look: lookAtProcess,
  listen: listenToProcesses,
};

function scanProcesses(withWords: boolean): ReadonlyMap<number, ProcessFace> {
  const found = new Map<number, ProcessFace>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    const face = lookAtProcess(pid, withWords);
    if (face !== undefined) found.set(pid, face);
  }
  return found;
}

function lookAtProcess(
  pid: number,
  withWords: boolean,
): ProcessFace | undefined {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    const end = stat.lastIndexOf(")");
    // A zombie, or on its way out: it ended.
    if ("ZXx".includes(stat.charAt(end + 2))) return undefined;
    return {
      name: stat.slice(stat.indexOf("(") + 1, end),
      words: withWords ? wordsOf(pid) : [],
    };
  } catch {
    // It ended meanwhile, or is hidden from us.
    return undefined;
  }
}

function wordsOf(pid: number): readonly string[] {
  const text = Deno.readTextFileSync(`/proc/${pid}/cmdline`);
  if (text === "") return [];
  return (text.endsWith("\0") ? text.slice(0, -1) : text).split("\0");
}

function listenToProcesses(
  onNews: (news: ProcessNews) => void,
): ProcessEvents | string {
  let fd: number;
  try {
    fd = openProcConnector();
  } catch (error) {
    return refusalOf(error);
  }
  const refusal = request(fd, onNews);
  if (refusal !== undefined) {
    closeFd(fd);
    return refusal;
  }
  const watch = new ReadWatch(fd, () => onNews(receive(fd)));
  return {
    close: async () => {
      await watch.stop();
      closeFd(fd);
    },
  };
}

function refusalOf(error: unknown): string {
  if (!(error instanceof SysError)) throw error;
  return ELSEWHERE.has(error.errno)
    ? "the kernel tells of processes only in its first network namespace"
    : error.message;
}

/** The kernel answers at once, or never: to whom it does not tell of processes it does not answer either. */
function request(
  fd: number,
  onNews: (news: ProcessNews) => void,
): string | undefined {
  try {
    sendProcRequest(fd, encodeProcListen());
  } catch (error) {
    return refusalOf(error);
  }
  for (;;) {
    const news = receive(fd);
    if (news === "lost") return undefined;
    if (news.length === 0) {
      return "the kernel tells of processes only in its first process namespace";
    }
    const answer = news.find((event) => event.kind === "answer");
    if (answer === undefined) continue;
    if (answer.errno !== 0) return `the kernel refuses with ${answer.errno}`;
    onNews(news);
    return undefined;
  }
}

function receive(fd: number): ProcessNews {
  const events: ProcEvent[] = [];
  try {
    for (let i = 0; i < BATCH; i++) {
      const message = receiveProcMessage(fd);
      if (message === undefined) break;
      const event = decodeProcEvent(message);
      if (event !== undefined) events.push(event);
    }
  } catch (error) {
    if (error instanceof SysError && error.errno === ENOBUFS) return "lost";
    throw error;
  }
  return events;
}
