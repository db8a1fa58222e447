import { assertEquals, assertThrows } from "@std/assert";
import { Epoll } from "./epoll.ts";
import { closeFd } from "./libc.ts";
import { SysError } from "./sys_error.ts";
import { openSocketPair, sendStream } from "./unix_socket.ts";
import { loadWholeLibc } from "./libc_lab.ts";

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

Deno.test("Epoll.wait() tells ready members by their tokens, as long as they are ready", () => {
  const epoll = new Epoll(8);
  const pairs = [openSocketPair(), openSocketPair(), openSocketPair()];
  const tokens = [0, 7, 0xffff_fffe];
  pairs.forEach(([, theirs], i) => epoll.add(theirs, tokens[i] ?? 0));
  assertEquals(epoll.wait(0), 0);
  for (
    const [ours] of [pairs[1], pairs[2]].flatMap((pair) => pair ? [pair] : [])
  ) {
    sendStream(ours, Uint8Array.of(1));
  }
  for (let round = 0; round < 2; round++) {
    const ready = epoll.wait(1000);
    assertEquals(ready, 2);
    assertEquals(
      [epoll.token(0), epoll.token(1)].sort((a, b) => a - b),
      tokens.slice(1),
    );
  }
  for (const fd of pairs.flat()) closeFd(fd);
  // A closed member is one no more.
  assertEquals(epoll.wait(0), 0);
  epoll.close();
});

Deno.test("Epoll.wait() tells no more than its capacity at once", () => {
  const epoll = new Epoll(2);
  const pairs = [openSocketPair(), openSocketPair(), openSocketPair()];
  pairs.forEach(([ours, theirs], i) => {
    epoll.add(theirs, i);
    sendStream(ours, Uint8Array.of(1));
  });
  assertEquals(epoll.capacity, 2);
  assertEquals(epoll.wait(0), 2);
  for (const fd of pairs.flat()) closeFd(fd);
  epoll.close();
});

Deno.test("Epoll.remove() forgets a member, and both refuse what is no descriptor", () => {
  const epoll = new Epoll(2);
  const [ours, theirs] = openSocketPair();
  epoll.add(theirs, 1);
  sendStream(ours, Uint8Array.of(1));
  epoll.remove(theirs);
  assertEquals(epoll.wait(0), 0);
  assertThrows(() => epoll.remove(theirs), SysError, "ENOENT");
  closeFd(theirs);
  closeFd(ours);
  assertThrows(() => epoll.add(theirs, 1), SysError, "EBADF");
  epoll.close();
});
