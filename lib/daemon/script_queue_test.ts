import { assertEquals } from "@std/assert";
import { type QueuePatience, ScriptQueue } from "./script_queue.ts";

const PATIENCE: QueuePatience = {
  aloneMs: 60_000,
  followedMs: 60_000,
  closingMs: 60_000,
  waitingMax: 3,
};

/** A queue, what happened in it, and the ends of its jobs. */
function lab(patience: Partial<QueuePatience> = {}) {
  const queue = new ScriptQueue({ ...PATIENCE, ...patience });
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const put = (key: string, name: string) =>
    queue.put(key, {
      run: async (signal) => {
        log.push(`${name} starts`);
        const { promise, resolve } = Promise.withResolvers<void>();
        ends.set(name, resolve);
        signal.addEventListener("abort", () => {
          log.push(`${name} is told to end`);
          resolve();
        });
        await promise;
      },
      onDropped: () => log.push(`${name} is dropped`),
    });
  return { queue, log, put, end: (name: string) => ends.get(name)?.() };
}

/** Lets what can go on go on. */
async function settle() {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

Deno.test("ScriptQueue runs jobs of one key in order, and those of another at once", async () => {
  const { queue, log, put, end } = lab();
  put("a", "a1");
  put("a", "a2");
  put("b", "b1");
  await settle();
  assertEquals(log, ["a1 starts", "b1 starts"]);
  end("a1");
  await settle();
  assertEquals(log, ["a1 starts", "b1 starts", "a2 starts"]);
  end("a2");
  end("b1");
  await queue.idle();
});

Deno.test("ScriptQueue drops what is in the middle, and never the last", async () => {
  const { queue, log, put, end } = lab({ waitingMax: 2 });
  for (const name of ["1", "2", "3", "4"]) put("a", name);
  await settle();
  assertEquals(log, ["1 starts", "2 is dropped"]);
  for (const name of ["1", "3", "4"]) {
    end(name);
    await settle();
  }
  await queue.idle();
  assertEquals(log.slice(2), ["3 starts", "4 starts"]);
});

Deno.test("ScriptQueue ends a job in whose way it is, and not one that is alone", async () => {
  const { queue, log, put, end } = lab({ followedMs: 1 });
  put("a", "slow");
  put("b", "alone");
  put("a", "next");
  const next = queue.idle();
  while (!log.includes("next starts")) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assertEquals(log, [
    "slow starts",
    "alone starts",
    "slow is told to end",
    "next starts",
  ]);
  end("next");
  end("alone");
  await next;
});

Deno.test("ScriptQueue that is closed runs only the last job of each key, and not for long", async () => {
  const { queue, log, put } = lab({ closingMs: 1 });
  put("a", "master");
  put("a", "backup");
  put("a", "stop");
  put("b", "only");
  await queue.close();
  assertEquals(log.slice(0, 3), [
    "master starts",
    "only starts",
    "backup is dropped",
  ]);
  assertEquals(log.slice(3).toSorted(), [
    "master is told to end",
    "only is told to end",
    "stop is told to end",
    "stop starts",
  ]);
});

Deno.test("ScriptQueue goes on after a job that fails", async () => {
  const { queue, log, put, end } = lab();
  queue.put("a", {
    run: () => Promise.reject(new Error("oops")),
    onDropped: () => {},
  });
  put("a", "next");
  await settle();
  assertEquals(log, ["next starts"]);
  end("next");
  await queue.idle();
});
