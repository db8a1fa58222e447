import { assertEquals, assertThrows } from "@std/assert";
import { closeFd } from "./libc.ts";
import { isReadable, ReadWatch } from "./read_readiness.ts";
import {
  openForWriting,
  openMemory,
  openPidfd,
  openPipe,
  readSome,
  reap,
  spawn,
} from "./spawn.ts";
import { SysError } from "./sys_error.ts";
import { loadWholeLibc } from "./libc_lab.ts";

// Loads libc, which stays.
loadWholeLibc();

const ENOENT = 2;

/** Starts a program; returns its id and what it writes. */
function start(
  words: readonly string[],
  input = "",
): { readonly pid: number; readonly output: number } {
  const [output, theirs] = openPipe();
  const stdin = openMemory(new TextEncoder().encode(input));
  const nowhere = openForWriting("/dev/null");
  try {
    const pid = spawn({
      words,
      environment: { PATH: "/usr/bin:/bin", GREETING: "hello" },
      directory: "/usr",
      stdin,
      stdout: theirs,
      stderr: nowhere,
    });
    return { pid, output };
  } finally {
    for (const fd of [theirs, stdin, nowhere]) closeFd(fd);
  }
}

async function end(pid: number) {
  const pidfd = openPidfd(pid);
  const { promise, resolve } = Promise.withResolvers<void>();
  const watch = new ReadWatch(pidfd, resolve);
  await promise;
  await watch.stop();
  closeFd(pidfd);
  return reap(pid);
}

function textOf(output: number): string {
  const bytes = new Uint8Array(4096);
  const length = readSome(output, bytes);
  closeFd(output);
  return new TextDecoder().decode(bytes.subarray(0, length));
}

Deno.test("spawn() gives a program its words, environment, directory and input, and a group of its own", async () => {
  const script =
    'read -r line; echo "$1|$GREETING|$(pwd)|$line|$(ps -o pgid= -p $$)"';
  const { pid, output } = start(["sh", "-c", script, "sh", "a b"], "event\n");
  assertEquals(await end(pid), { code: 0, signal: undefined });
  const [word, greeting, directory, line, group] = textOf(output).split("|");
  assertEquals(
    [word, greeting, directory, line, Number(group)],
    ["a b", "hello", "/usr", "event", pid],
  );
});

Deno.test("reap() tells an exit code, a signal, and that a process still runs", async () => {
  const failing = start(["sh", "-c", "exit 7"]);
  assertEquals(await end(failing.pid), { code: 7, signal: undefined });
  const sleeping = start(["sleep", "1000"]);
  assertEquals(reap(sleeping.pid), undefined);
  Deno.kill(sleeping.pid, "SIGKILL");
  assertEquals(await end(sleeping.pid), { code: 137, signal: 9 });
  for (const { output } of [failing, sleeping]) {
    // Nobody writes any more: the end is there to be read.
    assertEquals(isReadable(output), true);
    assertEquals(textOf(output), "");
  }
});

Deno.test("spawn() says why a program cannot be run", () => {
  const error = assertThrows(() => start(["/nowhere/program"]), SysError);
  assertEquals([error.errno, error.message], [
    ENOENT,
    "Cannot run /nowhere/program: posix_spawn failed with ENOENT",
  ]);
});

Deno.test("a pipe that is empty is not readable", () => {
  const [read, write] = openPipe();
  assertEquals(isReadable(read), false);
  closeFd(write);
  closeFd(read);
});
