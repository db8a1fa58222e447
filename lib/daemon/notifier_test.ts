import { assertEquals } from "@std/assert";
import type { NotifyScript } from "../config/notify_model.ts";
import type { EngineNotice, TransitionNotice } from "../engine/port.ts";
import { Notifier } from "./notifier.ts";

function script(path: string): NotifyScript {
  return { words: [path, "own"], user: undefined };
}

function transition(
  to: TransitionNotice["to"],
  cause: TransitionNotice["cause"] = "masterDownTimer",
): EngineNotice {
  return {
    kind: "transition",
    transition: {
      router: "VI_1",
      vrid: 51,
      interface: "eth0",
      from: "BACKUP",
      to,
      cause,
      reasons: [],
      master: undefined,
      priority: 150,
      atNs: 0,
    },
  };
}

/** The command lines that `notices` cause, in the order in which they run. */
async function runsOf(notices: readonly EngineNotice[]) {
  const lines: string[] = [];
  const notifier = new Notifier({
    instances: [{
      instance: "VI_1",
      master: script("/master"),
      fault: script("/fault"),
      stop: script("/stop"),
      every: script("/every"),
    }],
    run: ({ words }) => {
      lines.push(words.join(" "));
      return Promise.resolve({ kind: "ended", code: 0, errorTail: "" });
    },
    onOutcome: () => {},
    timeoutMs: 1000,
  });
  for (const notice of notices) notifier.hear(notice);
  await notifier.idle();
  return lines;
}

Deno.test("Notifier runs the script of the state and then the generic one with four arguments", async () => {
  const notices = [transition("MASTER"), transition("BACKUP")];
  assertEquals(await runsOf(notices), [
    "/master own",
    "/every own INSTANCE VI_1 MASTER 150",
    "/every own INSTANCE VI_1 BACKUP 150",
  ]);
});

Deno.test("Notifier tells a wait as FAULT, and FAULT once", async () => {
  const notices = [transition("FAULT"), transition("WAITING")];
  assertEquals(await runsOf(notices), [
    "/fault own",
    "/every own INSTANCE VI_1 FAULT 150",
  ]);
});

Deno.test("Notifier tells a stop, but not yet a removal", async () => {
  assertEquals(await runsOf([transition("STOPPED", "removed")]), []);
  assertEquals(await runsOf([transition("STOPPED", "stop")]), [
    "/stop own",
    "/every own INSTANCE VI_1 STOP 150",
  ]);
});
