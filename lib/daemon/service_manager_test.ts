import { assertEquals } from "@std/assert";
import { monotonicNs } from "../world/daemon_linux.ts";
import { ServiceManager } from "./service_manager.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

/** Runs `act` with a NOTIFY_SOCKET that socat reads, and gives the datagrams, one a line ("|" ends each). */
async function notified(
  act: (manager: ServiceManager) => void,
  watchdogUsec?: string,
): Promise<string[]> {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/notify`;
  await using socat = new Deno.Command("socat", {
    args: ["-u", `UNIX-RECV:${path}`, "STDOUT"],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  while (!isThere(path)) await new Promise((then) => setTimeout(then, 5));
  act(new ServiceManager(path, watchdogUsec));
  const reader = socat.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("STOPPING=1")) {
    text += (await reader.read()).value ?? "";
  }
  await reader.cancel();
  await Deno.remove(directory, { recursive: true });
  return text.split(/(?=READY=|STATUS=|RELOADING=|STOPPING=|WATCHDOG=)/);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("ServiceManager tells systemd each step, and a status only when it changed", async () => {
  const sent = await notified((manager) => {
    manager.status("WAITING: VI_1");
    manager.ready();
    manager.status("WAITING: VI_1");
    manager.status("MASTER: VI_1");
    manager.alive();
    manager.stopping();
  });
  assertEquals(sent, [
    "STATUS=WAITING: VI_1",
    "READY=1",
    "STATUS=MASTER: VI_1",
    "WATCHDOG=1",
    "STOPPING=1",
  ]);
});

Deno.test("ServiceManager keeps a status to one line", async () => {
  const sent = await notified((manager) => {
    manager.status("a\nREADY=1");
    manager.stopping();
  });
  assertEquals(sent.join(""), "STATUS=a READY=1STOPPING=1");
});

Deno.test("ServiceManager says when a reload began, in systemd's clock", async () => {
  const beforeUs = monotonicNs() / 1000;
  const sent = await notified((manager) => {
    manager.reloading();
    manager.stopping();
  });
  const us = Number(
    /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(sent[0] ?? "")?.[1],
  );
  assertEquals(us >= Math.floor(beforeUs) && us <= monotonicNs() / 1000, true);
});

Deno.test("ServiceManager feeds a watchdog at half its period, if there is one", () => {
  assertEquals(new ServiceManager("/run/none", "3000000").watchdogMs, 1500);
  assertEquals(
    new ServiceManager("/run/none", undefined).watchdogMs,
    undefined,
  );
  assertEquals(new ServiceManager("/run/none", "0").watchdogMs, undefined);
  assertEquals(new ServiceManager(undefined, "3000000").watchdogMs, undefined);
});

Deno.test("ServiceManager is silent without a service manager", () => {
  const manager = new ServiceManager(undefined, undefined);
  manager.ready();
  manager.status("x");
  manager.stopping();
});
