/**
 * The VRRP isolate: entry of the Worker that runs the engine.
 *
 * The loop is synchronous and never yields, so nothing that happens in the daemon's isolate (garbage, a slow script, a
 * long configuration) can delay an advert. It follows that no message reaches this isolate once the loop runs:
 * commands come through a socket in the loop's epoll set, notices leave by `postMessage`, which only enqueues.
 *
 * When the loop dies of an error, its descriptors are closed and the addresses stay in the kernel: the daemon starts
 * the engine anew.
 * @module
 */
/// <reference lib="deno.worker" />
import { LinuxEngineWorld } from "../world/engine_linux.ts";
import { Engine } from "./engine.ts";
import type { EngineNotice, EngineStart } from "./port.ts";
import { rehearse } from "./rehearsal.ts";

declare const self: DedicatedWorkerGlobalScope;

function post(notice: EngineNotice): void {
  self.postMessage(notice);
}

function run(start: EngineStart): void {
  let world: LinuxEngineWorld | undefined;
  try {
    world = new LinuxEngineWorld(
      start.libnlPath,
      start.commandFd,
      post,
      start.settingsPath,
    );
    const engine = new Engine(world, start.plan, start.resume, start.bfd);
    for (const one of start.tracked) {
      engine.commanded({ kind: "tracker", ...one });
    }
    engine.start();
    const practised = world;
    rehearse(start.plan.routers, {
      encodeAddress: (request) => practised.practiseAddress(request),
      fillBatch: (bytes) => practised.practiseBatch(bytes),
    });
    while (engine.turn());
  } catch (error) {
    const { message, stack } = error instanceof Error
      ? error
      : new Error(String(error));
    post({ kind: "died", message, stack: stack ?? "" });
  } finally {
    world?.dispose();
    self.close();
  }
}

self.onmessage = (event: MessageEvent<EngineStart>) => run(event.data);
