import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { Epoll } from "./epoll.ts";
import { monotonicNs } from "./libc.ts";
import { Timerfd } from "./timerfd.ts";
import { loadWholeLibc } from "./libc_lab.ts";

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

Deno.test("Timerfd is readable from its deadline on, and not when it is disarmed", () => {
  const epoll = new Epoll(2);
  const timer = new Timerfd();
  epoll.add(timer.fd, 5);
  assertEquals(timer.armedAtNs, Infinity);
  const cases: readonly (readonly [string, number, number])[] = [
    ["a deadline that passed", 1, 1],
    ["the beginning of time", 0, 1],
    ["never", Infinity, 0],
    ["a second that passed", 1e9, 1],
    ["far ahead, which also forgets that it expired", monotonicNs() + 1e15, 0],
  ];
  for (const [name, deadlineNs, ready] of cases) {
    timer.arm(deadlineNs);
    assertEquals(timer.armedAtNs, deadlineNs);
    assertEquals(epoll.wait(0), ready, name);
  }
  const soonNs = monotonicNs() + 20e6;
  timer.arm(soonNs);
  assertEquals(epoll.wait(5000), 1);
  assertGreaterOrEqual(monotonicNs(), soonNs);
  assertEquals(epoll.token(0), 5);
  timer.close();
  epoll.close();
});
