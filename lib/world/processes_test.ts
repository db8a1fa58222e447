import { assert, assertEquals } from "@std/assert";
import { libc } from "../../ffi/libc.ts";
import type { ProcEvent } from "../wire/proc_event.ts";
import { linuxProcesses } from "./processes.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

// Loads the library, which stays.
libc();

Deno.test("linuxProcesses.scan() finds this process under its name and command line", () => {
  const own = linuxProcesses.scan(true).get(Deno.pid);
  assertEquals(own?.words[0]?.split("/").at(-1), "deno");
  assertEquals(linuxProcesses.look(Deno.pid, false)?.words, []);
  assertEquals(linuxProcesses.look(2 ** 30, true), undefined);
});

Deno.test("linuxProcesses.listen() tells how a process begins, what it becomes and its end; or why not", async () => {
  const heard: ProcEvent[] = [];
  let wake: () => void = () => undefined;
  const events = linuxProcesses.listen((news) => {
    if (news !== "lost") heard.push(...news);
    wake();
  });
  if (typeof events === "string") {
    // Another namespace, or no right to it: then there are words for it.
    assert(events.length > 0);
    return;
  }
  const { pid } = await new Deno.Command("/bin/true").output().then(() =>
    new Deno.Command("/bin/sh", { args: ["-c", "exit 0"] }).spawn()
  ).then(async (child) => {
    await child.status;
    return child;
  });
  const kinds = () =>
    heard.filter((event) => "pid" in event && event.pid === pid)
      .map(({ kind }) => kind);
  while (!kinds().includes("exit")) {
    await new Promise<void>((resolve) => wake = resolve);
  }
  await events.close();
  assertEquals(kinds().filter((kind) => kind !== "rename"), [
    "fork",
    "exec",
    "exit",
  ]);
});
