import { assertEquals } from "@std/assert";
import { RateLimiter } from "./rate_limiter.ts";

Deno.test("RateLimiter.admit() reports the first event and counts those it holds back", () => {
  const limiter = new RateLimiter(100, 8, 100);
  assertEquals(limiter.admit("a", 0), 0);
  assertEquals(limiter.admit("a", 50), undefined);
  assertEquals(limiter.admit("a", 99), undefined);
  assertEquals(limiter.admit("b", 99), 0);
  assertEquals(limiter.admit("a", 100), 2);
  assertEquals(limiter.admit("a", 150), undefined);
  assertEquals(limiter.admit("a", 200), 1);
});

Deno.test("RateLimiter.rearm() makes the events of one prefix news again", () => {
  const limiter = new RateLimiter(100, 8, 100);
  limiter.admit("one/x", 0);
  limiter.admit("two/x", 0);
  limiter.rearm("one/");
  assertEquals(limiter.admit("one/x", 1), 0);
  assertEquals(limiter.admit("two/x", 1), undefined);
});

Deno.test("RateLimiter.admit() forgets the key reported longest ago when it is full", () => {
  const limiter = new RateLimiter(100, 2, 100);
  limiter.admit("a", 0);
  limiter.admit("b", 1);
  limiter.admit("c", 2);
  assertEquals(limiter.admit("b", 3), undefined);
  assertEquals(limiter.admit("a", 3), 0);
});

Deno.test("RateLimiter.admit() reports no more than its budget a period, whatever the keys", () => {
  const limiter = new RateLimiter(100, 8, 2);
  assertEquals(limiter.admit("a", 0), 0);
  assertEquals(limiter.admit("b", 1), 0);
  assertEquals(limiter.admit("c", 2), undefined);
  assertEquals(limiter.admit("c", 100), 0);
});
