import { assertEquals } from "@std/assert";
import type { ProcessTracker } from "../config/tracking_model.ts";
import {
  linuxProcesses,
  type ProcessFace,
  type ProcessNews,
  type ProcessWorld,
} from "../world/processes.ts";
import { ManualTimers } from "./manual_timers.ts";
import { ProcessRunners } from "./process_runners.ts";
import { systemTimers } from "./timers.ts";
import { TrackerEar } from "./tracker_ear.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

const S = 1e9;

// Loads libc, which stays.
loadWholeLibc();

const HAPROXY: ProcessTracker = {
  kind: "process",
  name: "ha",
  command: "haproxy",
  parameters: [],
  parameterMatch: "exact",
  fullCommand: false,
  quorum: 1,
  quorumMax: undefined,
  terminateDelayNs: 0,
  forkDelayNs: 0,
};

/** A machine with processes of the test's making. */
class Machine implements ProcessWorld {
  readonly processes = new Map<number, ProcessFace>();
  refusal: string | undefined;
  tell: (news: ProcessNews) => void = () => undefined;
  scans = 0;
  isListening = false;

  scan = () => {
    this.scans++;
    return new Map(this.processes);
  };
  look = (pid: number) => this.processes.get(pid);
  listen = (onNews: (news: ProcessNews) => void) => {
    if (this.refusal !== undefined) return this.refusal;
    this.tell = onNews;
    this.isListening = true;
    return {
      close: () => {
        this.isListening = false;
        return Promise.resolve();
      },
    };
  };

  run(pid: number, name = "haproxy"): void {
    this.processes.set(pid, { name, words: [] });
    this.tell([{ kind: "exec", pid }]);
  }

  end(pid: number): void {
    this.processes.delete(pid);
    this.tell([{ kind: "exit", pid }]);
  }
}

function bench() {
  const timers = new ManualTimers();
  const ear = new TrackerEar();
  const machine = new Machine();
  const runners = new ProcessRunners(ear.wiring(timers), machine);
  return { timers, ear, machine, runners };
}

Deno.test("ProcessRunners tells at once what runs, and then each change", async () => {
  const { ear, machine, runners } = bench();
  machine.run(7);
  runners.replace([HAPROXY, { ...HAPROXY, name: "ng", command: "nginx" }]);
  assertEquals(ear.told, ["ha up 1", "ng down 0"]);
  machine.run(8, "nginx");
  machine.end(7);
  machine.tell([{ kind: "fork", parent: 8, pid: 9 }]);
  assertEquals(ear.told.slice(2), ["ng up 1", "ha down 0"]);
  assertEquals(ear.messages, [
    "process ng is up: 1 of nginx runs, wanted: at least 1",
    "process ha is down: 0 of haproxy run, wanted: at least 1",
  ]);
  assertEquals(runners.facts.map(({ count }) => count), [0, 2]);
  await runners.stop();
  assertEquals(machine.isListening, false);
});

Deno.test("ProcessRunners waits as long as a change is to last", async () => {
  const { ear, machine, runners, timers } = bench();
  machine.run(7);
  runners.replace([{ ...HAPROXY, terminateDelayNs: 2 * S }]);
  machine.end(7);
  await timers.moveTo(1.9 * S);
  machine.run(8);
  await timers.moveTo(3 * S);
  assertEquals(ear.told, ["ha up 1"]);
  machine.end(8);
  await timers.moveTo(4.9 * S);
  assertEquals(ear.told, ["ha up 1"]);
  await timers.moveTo(5 * S);
  assertEquals(ear.told, ["ha up 1", "ha down 0"]);
  await runners.stop();
  assertEquals(timers.pending, 0);
});

Deno.test("ProcessRunners looks at all processes when the kernel's news were lost", async () => {
  const { ear, machine, runners, timers } = bench();
  runners.replace([HAPROXY]);
  machine.processes.set(7, { name: "haproxy", words: [] });
  machine.tell("lost");
  machine.tell("lost");
  await timers.moveTo(1 * S);
  assertEquals(ear.told, ["ha down 0", "ha up 1"]);
  assertEquals(machine.scans, 2);
  await runners.stop();
});

Deno.test("ProcessRunners looks each second where the kernel tells nothing, and says so", async () => {
  const { ear, machine, runners, timers } = bench();
  machine.refusal = "another namespace";
  runners.replace([HAPROXY]);
  assertEquals(ear.messages, [
    "processes are looked at each second: another namespace",
  ]);
  machine.run(7);
  await timers.moveTo(1 * S);
  assertEquals(ear.told, ["ha down 0", "ha up 1"]);
  machine.end(7);
  await timers.moveTo(2 * S);
  assertEquals(ear.told.at(-1), "ha down 0");
  assertEquals(runners.facts[0]?.watchedBy, "scans");
  await runners.stop();
  assertEquals(timers.pending, 0);
});

Deno.test("ProcessRunners leaves alone at a reload what stays, its patience too", async () => {
  const { ear, machine, runners, timers } = bench();
  machine.run(7);
  const patient = { ...HAPROXY, terminateDelayNs: 2 * S };
  runners.replace([patient]);
  machine.end(7);
  await timers.moveTo(1 * S);
  runners.replace([{ ...HAPROXY, name: "ng", command: "nginx" }, patient]);
  await timers.moveTo(2 * S);
  assertEquals(ear.told, ["ha up 1", "ng down 0", "ha down 0"]);
  runners.replace([]);
  assertEquals(runners.facts, []);
  assertEquals(timers.pending, 0);
});

Deno.test("ProcessRunners hears of a real process", async () => {
  const ear = new TrackerEar();
  const runners = new ProcessRunners(ear.wiring(systemTimers), linuxProcesses);
  const command = `hakeep-test-${Deno.pid}`;
  runners.replace([{
    ...HAPROXY,
    command: "/bin/sleep",
    parameters: [command.replace(/\D/g, "")],
    fullCommand: true,
  }]);
  const child = new Deno.Command("/bin/sleep", {
    args: [command.replace(/\D/g, "")],
  }).spawn();
  await ear.hears("ha up 1");
  child.kill();
  await child.status;
  await ear.hears("ha down 0");
  await runners.stop();
});
