import { assertEquals } from "@std/assert";
import { Pace } from "./pace.ts";

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
