import { assertEquals } from "@std/assert";
import { exampleBfd } from "../bfd/session_lab.ts";
import type { EngineNotice } from "../engine/port.ts";
import { exampleRouter } from "../vrrp/example_router.ts";
import { EngineHost } from "./engine_host.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

/** A host of a fake engine, and the notices it heard. */
class Lab {
  readonly heard: string[] = [];
  readonly host: EngineHost;
  #waiting: { readonly notice: string; readonly then: () => void } | undefined;

  constructor(
    behaviour: "well" | "mortal" | "talkative" | "mute" | "broken",
  ) {
    this.host = new EngineHost(
      new URL(`./fake_engine.ts?${behaviour}`, import.meta.url),
    );
  }

  start(): void {
    this.host.start({
      plan: { routers: [exampleRouter()], bfdSessions: [exampleBfd()] },
      libnlPath: "",
      onNotice: (notice) => this.#hear(notice),
    });
  }

  /** Fulfilled at the next notice of a kind. */
  next(notice: EngineNotice["kind"]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting = { notice, then: resolve };
    return promise;
  }

  #hear(notice: EngineNotice): void {
    const [reason] = notice.kind === "gate" ? notice.reasons : [];
    this.heard.push(
      notice.kind === "gate" && reason?.kind === "socketFailed"
        ? `${notice.router} ${reason.detail}`
        : notice.kind,
    );
    if (this.#waiting?.notice === notice.kind) this.#waiting.then();
  }
}

Deno.test("EngineHost starts an engine, asks it and stops it", async () => {
  const { host, heard, next, start } = bound(new Lab("well"));
  const started = next("started");
  start();
  await started;
  const pong = next("pong");
  host.ping();
  await pong;
  const snapshot = await host.snapshot();
  assertEquals(snapshot?.routers.map(({ name }) => name), ["VI_1"]);
  assertEquals(await host.stop(10_000), "stopped");
  assertEquals(heard, ["gate", "started", "pong", "snapshot", "stopped"]);
  assertEquals(host.restarts, 0);
});

Deno.test("EngineHost starts an engine again that died, with the same plan", async () => {
  const { host, heard, next, start } = bound(new Lab("mortal"));
  const started = next("started");
  start();
  await started;
  const again = next("started");
  host.ping();
  await again;
  assertEquals(host.restarts, 1);
  assertEquals((await host.snapshot())?.routers.length, 1);
  assertEquals(await host.stop(10_000), "stopped");
  assertEquals(heard, [
    "gate",
    "started",
    "died",
    "gate",
    "started",
    "snapshot",
    "stopped",
  ]);
});

Deno.test("EngineHost tells every engine what is known of tracked objects, before it starts", async () => {
  const { host, heard, next, start } = bound(new Lab("mortal"));
  host.track("f", { kind: "file", value: 1 });
  host.track("f", { kind: "file", value: 2 });
  const started = next("started");
  start();
  await started;
  const told = next("gate");
  host.track("p", { kind: "process", state: "up", count: 1 });
  await told;
  host.forget("file", "f");
  const again = next("started");
  host.ping();
  await again;
  const [file, process] = [
    'f {"kind":"file","value":2}',
    'p {"kind":"process","state":"up","count":1}',
  ];
  assertEquals(heard, [
    file,
    "gate",
    "started",
    process,
    "died",
    process,
    "gate",
    "started",
  ]);
  await host.stop(10_000);
});

Deno.test("EngineHost tells the next engine which BFD sessions were up when one died", async () => {
  const { host, heard, next, start } = bound(new Lab("talkative"));
  const started = next("started");
  start();
  await started;
  const again = next("started");
  host.ping();
  await again;
  assertEquals(heard, [
    "bfd",
    "gate",
    "started",
    "died",
    "peer a session that goes on",
    "bfd",
    "gate",
    "started",
  ]);
  await host.stop(10_000);
});

Deno.test("EngineHost.snapshot() of an engine that dies meanwhile is undefined", async () => {
  const { host, next, start } = bound(new Lab("mortal"));
  const started = next("started");
  start();
  await started;
  const again = next("started");
  host.ping();
  assertEquals(await host.snapshot(), undefined);
  await again;
  await host.stop(10_000);
});

Deno.test("EngineHost.stop() does not wait for ever", async () => {
  const { host, next, start } = bound(new Lab("mute"));
  const started = next("started");
  start();
  await started;
  assertEquals(await host.stop(50), "late");
});

Deno.test("EngineHost tells of an engine that does not come up, and of a stop without one", async () => {
  const { host, next, start } = bound(new Lab("broken"));
  const died = next("died");
  start();
  await died;
  assertEquals(await host.stop(10_000), "dead");
});

function bound(lab: Lab) {
  return {
    host: lab.host,
    heard: lab.heard,
    next: (notice: EngineNotice["kind"]) => lab.next(notice),
    start: () => lab.start(),
  };
}
