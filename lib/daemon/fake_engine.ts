/**
 * An engine for tests: it speaks the port and runs nothing. The query of its URL says how it behaves.
 *
 * `?well` answers everything. `?deaf` answers everything but pings. `?mortal` dies when it is pinged. `?mute` hears a stop, does not answer, and ends.
 * `?talkative` is mortal, and says at its start that each BFD session of the plan is up. `?broken` never comes up. What it is told of tracked objects it shows as notices.
 * @module
 */
/// <reference lib="deno.worker" />
import { noBfdRejections } from "../bfd/counters.ts";
import { newSession } from "../bfd/session.ts";
import type { BfdSessionConfig } from "../bfd/session_config.ts";
import { emptyCounters } from "../vrrp/counters.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { TrackerValue } from "../vrrp/tracking.ts";
import { CommandPipe } from "../world/command_pipe.ts";
import type {
  EngineCommand,
  EngineNotice,
  EngineStart,
  RouterSnapshot,
} from "../engine/port.ts";

declare const self: DedicatedWorkerGlobalScope;

const behaviour = new URL(import.meta.url).search.slice(1);
const LOOK_MS = 2;

if (behaviour === "broken") throw new Error("this engine is broken");

function post(notice: EngineNotice): void {
  self.postMessage(notice);
}

self.onmessage = (event: MessageEvent<EngineStart>) => {
  const { plan, commandFd, tracked, bfd = [] } = event.data;
  const pipe = new CommandPipe(commandFd);
  for (const { name, value } of tracked) showValue(name, value);
  for (const { name } of bfd) show(name, "a session that goes on");
  for (const config of plan.bfdSessions ?? []) tellUp(config);
  for (const { name } of plan.routers) {
    post({
      kind: "gate",
      router: name,
      reasons: [{ kind: "interfaceDown", interface: "eth0" }],
    });
  }
  post({ kind: "started" });
  setInterval(
    () => pipe.drain((command) => obey(command, plan.routers)),
    LOOK_MS,
  );
};

function obey(command: EngineCommand, routers: readonly RouterConfig[]): void {
  switch (command.kind) {
    case "ping":
      answerPing(command.id);
      break;
    case "snapshot":
      post({
        kind: "snapshot",
        id: command.id,
        routers: routers.map(snapshotOf),
        bfd: [],
        bfdRejected: noBfdRejections(),
        staticsRestored: 0,
      });
      break;
    case "replan":
      post({ kind: "replanned", id: command.id });
      break;
    case "tracker":
      showValue(command.name, command.value);
      break;
    case "stop":
      if (behaviour !== "mute") post({ kind: "stopped" });
      self.close();
  }
}

function tellUp(config: BfdSessionConfig): void {
  if (behaviour !== "talkative") return;
  post({
    kind: "bfd",
    name: config.name,
    neighbor: config.neighbor,
    from: "init",
    session: { ...newSession(config, 1), state: "up" },
    detectionTimeNs: 0,
  });
}

function showValue(name: string, value: TrackerValue): void {
  show(name, JSON.stringify(value));
}

/** As what somebody called `name` waits for. */
function show(name: string, detail: string): void {
  post({
    kind: "gate",
    router: name,
    reasons: [{ kind: "socketFailed", detail }],
  });
}

function answerPing(id: number): void {
  if (behaviour === "deaf") return;
  if (behaviour === "mortal" || behaviour === "talkative") {
    post({ kind: "died", message: "pinged to death", stack: "" });
    self.close();
  } else post({ kind: "pong", id });
}

function snapshotOf(config: RouterConfig): RouterSnapshot {
  return {
    name: config.name,
    vrid: config.vrid,
    interface: config.interface,
    family: config.family,
    version: config.version,
    state: "WAITING",
    reasons: [{ kind: "interfaceDown", interface: config.interface }],
    priority: config.priority,
    effectivePriority: config.priority,
    group: undefined,
    source: undefined,
    master: undefined,
    advertIntervalNs: config.advertIntervalNs,
    masterDownIntervalNs: 3 * config.advertIntervalNs,
    lastTransitionAtNs: undefined,
    addresses: [],
    counters: emptyCounters(),
  };
}
