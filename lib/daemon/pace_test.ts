import { assertEquals } from "@std/assert";
import { Pace, paced } from "./pace.ts";

Deno.test("Pace gives each a turn of its own, in order, and others theirs in between", async () => {
  const pace = new Pace();
  const order: string[] = [];
  const turns = ["a", "b"].map((name) =>
    pace.turn().then(() => {
      order.push(name);
      setTimeout(() => order.push(`after ${name}`));
    })
  );
  await Promise.all(turns);
  await pace.turn();
  assertEquals(order.slice(0, 3), ["a", "after a", "b"]);
});

Deno.test("paced() starts scripts in turns, and none that was given up before", async () => {
  const started: string[] = [];
  const run = paced(({ words }) => {
    started.push(words.join(" "));
    return Promise.resolve({ kind: "ended", code: 0, errorTail: "" });
  });
  const giveUp = new AbortController();
  const script = (name: string) => ({
    words: [name],
    user: undefined,
    environment: {},
    input: "",
    timeoutMs: 1000,
    signal: giveUp.signal,
  });
  const first = run(script("a"));
  const second = first.then(() => giveUp.abort());
  const third = run(script("b"));
  assertEquals(started, []);
  await second;
  assertEquals(await third, { kind: "aborted", errorTail: "" });
  assertEquals(started, ["a"]);
});
