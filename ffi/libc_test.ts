import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  addressOf,
  check,
  closeFd,
  lastErrno,
  libc,
  monotonicNs,
} from "./libc.ts";
import { SysError } from "./sys_error.ts";
import { loadWholeLibc } from "./libc_lab.ts";

const EBADF = 9;

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

Deno.test("lastErrno() is the errno of the call that just failed", () => {
  assertEquals(libc().close(-1), -1);
  assertEquals(lastErrno(), EBADF);
  const nothing = new TextEncoder().encode("/nonexistent\0");
  assertEquals(libc().open(nothing, 0), -1);
  assertEquals(lastErrno(), 2);
});

Deno.test("check() hands a result through, and throws the error of a negative one", () => {
  assertEquals(check(0, "x", "y"), 0);
  assertEquals(check(7, "x", "y"), 7);
  const error = assertThrows(
    () => check(libc().close(-1), "close", "close nothing"),
    SysError,
  );
  assertEquals(error.message, "Cannot close nothing: close failed with EBADF");
});

Deno.test("closeFd() closes once and calls a second time an error", () => {
  const fd = libc().epoll_create1(0);
  closeFd(fd);
  assertThrows(() => closeFd(fd), SysError, "EBADF");
});

Deno.test("monotonicNs() never goes back", () => {
  let before = 0;
  for (let i = 0; i < 10_000; i++) {
    const now = monotonicNs();
    assert(now >= before);
    before = now;
  }
  assert(before > 0);
});

Deno.test("addressOf() is where the kernel finds the bytes, also inside a larger buffer", () => {
  const whole = new Uint8Array(64);
  assertEquals(addressOf(whole.subarray(16)) - addressOf(whole), 16n);
});
