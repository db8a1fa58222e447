import { assertEquals } from "@std/assert";
import { assert } from "../assert.ts";
import { exampleAddress, exampleRouter } from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { closeFd } from "../../ffi/libc.ts";
import { enterNewNetworkNamespace } from "../../ffi/network_namespace.ts";
import { openSocketPair, sendStream } from "../../ffi/unix_socket.ts";
import type { EngineCommand, EngineNotice, EngineStart } from "./port.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

/** A Worker reads its modules first, on whatever is left of a busy machine. */
const PATIENCE_MS = 60_000;

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

/** A Worker with the engine in it, in the network namespace that the test is in. */
class Isolate implements Disposable {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
  });
  readonly #commands: number;
  readonly #theirs: number;
  readonly #notices: EngineNotice[] = [];
  #wake = () => {};

  constructor() {
    [this.#commands, this.#theirs] = openSocketPair();
    this.#worker.onmessage = ({ data }: MessageEvent<EngineNotice>) => {
      this.#notices.push(data);
      this.#wake();
    };
  }

  start(routers: readonly RouterConfig[], libnlPath: string): void {
    const start: EngineStart = {
      resume: [],
      tracked: [],
      plan: { routers },
      commandFd: this.#theirs,
      libnlPath,
    };
    this.#worker.postMessage(start);
  }

  command(command: EngineCommand): void {
    const line = new TextEncoder().encode(`${JSON.stringify(command)}\n`);
    assertEquals(sendStream(this.#commands, line), line.length);
  }

  /** The next notice that `isWanted`; those before it are forgotten. */
  async next(
    isWanted: (notice: EngineNotice) => boolean,
    what: string,
  ): Promise<EngineNotice> {
    const { promise, resolve, reject } = Promise.withResolvers<EngineNotice>();
    const patience = setTimeout(
      () => reject(new Error(`Expected ${what} within a minute`)),
      PATIENCE_MS,
    );
    this.#wake = () => {
      for (;;) {
        const notice = this.#notices.shift();
        if (notice === undefined) return;
        if (isWanted(notice)) return resolve(notice);
      }
    };
    this.#wake();
    try {
      return await promise;
    } finally {
      this.#wake = () => {};
      clearTimeout(patience);
    }
  }

  [Symbol.dispose](): void {
    closeFd(this.#commands);
    this.#worker.terminate();
  }
}

function ip(...args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command("ip", { args })
    .outputSync();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function shown(): string {
  return ip("addr", "show", "dev", "wa");
}

Deno.test("the engine's Worker takes over in a real kernel, answers, and leaves nothing behind", async () => {
  using _namespace = enterNewNetworkNamespace();
  ip("link", "add", "wa", "type", "veth", "peer", "name", "wb");
  ip("addr", "add", "192.0.2.10/24", "dev", "wa");
  ip("link", "set", "wb", "up");
  using isolate = new Isolate();
  isolate.start([
    exampleRouter({
      version: 3,
      interface: "wa",
      advertIntervalNs: 20e6,
      virtualAddresses: [exampleAddress("192.0.2.100", { interface: "wa" })],
    }),
  ], "libnl-3.so.200");
  const gate = await isolate.next(
    ({ kind }) => kind === "gate",
    "a closed gate",
  );
  assert(gate.kind === "gate", "a gate");
  assertEquals(gate.reasons, [{ kind: "interfaceDown", interface: "wa" }]);
  await isolate.next(({ kind }) => kind === "started", "the start");
  ip("link", "set", "wa", "up");
  await isolate.next(
    (notice) =>
      notice.kind === "transition" && notice.transition.to === "MASTER",
    "a MASTER",
  );
  isolate.command({ kind: "ping", id: 3 });
  await isolate.next(({ kind }) => kind === "pong", "a pong");
  isolate.command({ kind: "snapshot", id: 4 });
  const answer = await isolate.next(
    ({ kind }) => kind === "snapshot",
    "a snapshot",
  );
  assert(answer.kind === "snapshot", "a snapshot");
  assertEquals(answer.routers[0]?.addresses[0]?.held, true);
  assert(shown().includes("192.0.2.100/32"), "the address is held");

  ip("addr", "del", "192.0.2.100/32", "dev", "wa");
  await isolate.next(
    ({ kind }) => kind === "addressRestored",
    "the address to be back",
  );
  assert(shown().includes("192.0.2.100/32"), "the address is held");

  isolate.command({ kind: "stop" });
  await isolate.next(({ kind }) => kind === "stopped", "the end");
  assert(!shown().includes("192.0.2.100"), "the address is gone");
});

Deno.test("the engine's Worker tells what it died of", async () => {
  using isolate = new Isolate();
  isolate.start([exampleRouter()], "libhakeep-absent.so.9");
  const died = await isolate.next(({ kind }) => kind === "died", "a death");
  assert(died.kind === "died", "a death");
  assert(died.message.includes("libhakeep-absent.so.9"), died.message);
});
