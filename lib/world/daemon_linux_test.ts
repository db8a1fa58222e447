import { assertEquals } from "@std/assert";
import { assert, defined } from "../assert.ts";
import {
  closeDescriptor,
  hasLibrary,
  ignoreSignal,
  monotonicNs,
  openCommandPair,
  openDatagramSender,
  placeLibrary,
  sendCommandBytes,
} from "./daemon_linux.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

const decoder = new TextDecoder();

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

/** A datagram receiver of the test's own; Deno's needs an unstable flag, so socat plays it. */
async function receiveOne(
  address: string,
  provoke: () => Promise<void>,
): Promise<string> {
  await using socat = new Deno.Command("socat", {
    args: ["-u", address, "STDOUT"],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = socat.stdout.getReader();
  const first = reader.read();
  await provoke();
  const { value } = await first;
  await reader.cancel();
  return decoder.decode(value);
}

/** Sends until the receiver is there. */
async function sendUntilSent(path: string, text: string): Promise<void> {
  const sender = defined(openDatagramSender(path), "a sender");
  const bytes = new TextEncoder().encode(text);
  while (sender.send(bytes) !== "sent") {
    await new Promise((then) => setTimeout(then, 5));
  }
  sender.close();
}

Deno.test("openDatagramSender() reaches a socket file", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/log`;
  assertEquals(
    await receiveOne(`UNIX-RECV:${path}`, () => sendUntilSent(path, "READY=1")),
    "READY=1",
  );
  await Deno.remove(directory, { recursive: true });
});

Deno.test("openDatagramSender() reaches an abstract name", async () => {
  const name = `hakeep-test-${Deno.pid}`;
  assertEquals(
    await receiveOne(
      `ABSTRACT-RECV:${name}`,
      () => sendUntilSent(`@${name}`, "STATUS=x"),
    ),
    "STATUS=x",
  );
});

Deno.test("openDatagramSender() does not wait for a receiver that does not read", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/log`;
  await using socat = new Deno.Command("socat", {
    args: ["-u", `UNIX-RECV:${path}`, "STDOUT"],
    stdout: "null",
    stderr: "null",
  }).spawn();
  await sendUntilSent(path, "hello");
  socat.kill("SIGSTOP");
  const sender = defined(openDatagramSender(path), "a sender");
  const bytes = new Uint8Array(1000);
  let sent = 0;
  while (sent < 100_000 && sender.send(bytes) === "sent") sent++;
  assertEquals(sender.send(bytes), "full");
  assertEquals(sender.send(new Uint8Array(10_000_000)), "tooBig");
  sender.close();
  socat.kill("SIGCONT");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("openDatagramSender() says that a receiver is absent", () => {
  const sender = openDatagramSender("/nonexistent/hakeep/log");
  assertEquals(sender?.send(new Uint8Array(1)), "absent");
  sender?.close();
});

Deno.test("openDatagramSender() refuses a name that does not fit", () => {
  assertEquals(openDatagramSender("/".repeat(200)), undefined);
});

Deno.test("sendCommandBytes() fills the pipe without waiting and notices a closed far end", () => {
  const { ours, theirs } = openCommandPair();
  const bytes = new Uint8Array(1000);
  let sent = 0;
  for (;;) {
    const taken = sendCommandBytes(ours, bytes);
    if (taken < bytes.length) break;
    sent++;
  }
  assert(sent > 10, "the pipe takes a few commands");
  closeDescriptor(theirs);
  assertEquals(sendCommandBytes(ours, bytes), 0);
  closeDescriptor(ours);
});

Deno.test("hasLibrary() tells what the linker finds from what it does not", () => {
  assertEquals(hasLibrary("libc.so.6"), true);
  assertEquals(hasLibrary("libhakeep-absent.so.9"), false);
});

Deno.test("placeLibrary() makes bytes loadable without a file", async () => {
  const maps = await Deno.readTextFile("/proc/self/maps");
  const libm = defined(/\S+\/libm\.so\.6/.exec(maps)?.[0], "libm");
  const path = placeLibrary("libm-copy", await Deno.readFile(libm));
  assertEquals(hasLibrary(path), true);
});

Deno.test("monotonicNs() goes forward", () => {
  const before = monotonicNs();
  assert(monotonicNs() >= before, "later is not before");
});

Deno.test("ignoreSignal() makes a real-time signal harmless", async () => {
  ignoreSignal(36);
  const { success } = await new Deno.Command("kill", {
    args: ["-36", String(Deno.pid)],
  }).output();
  assertEquals(success, true);
});
