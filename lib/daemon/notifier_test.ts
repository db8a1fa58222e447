import { assertEquals } from "@std/assert";
import {
  NO_NOTIFY,
  type NotifyPlan,
  type NotifyScript,
  type NotifySubject,
} from "../config/notify_model.ts";
import type { EngineNotice, TransitionNotice } from "../engine/port.ts";
import type { GateReason } from "../vrrp/router_io.ts";
import { parseIpAddress } from "../addr/ip_address.ts";
import { defined } from "../assert.ts";
import { exampleRouter } from "../vrrp/example_router.ts";
import { Notifier } from "./notifier.ts";
import type { ScriptOutcome } from "./script_process.ts";

const ADDRESS = defined(parseIpAddress("192.0.2.1"), "an address");

function script(path: string): NotifyScript {
  return { words: [path, "own"], user: undefined };
}

function subject(changes: Partial<NotifySubject> = {}): NotifySubject {
  return {
    subject: "INSTANCE",
    name: "VI_1",
    group: undefined,
    priority: 150,
    master: script("/master"),
    backup: undefined,
    fault: script("/fault"),
    stop: script("/stop"),
    deleted: undefined,
    lowerPriorityHeard: script("/lower"),
    every: script("/every"),
    tellsDeleted: false,
    tellsPriorityChanges: false,
    tellsByMail: false,
    ...changes,
  };
}

function planOf(...subjects: readonly NotifySubject[]): NotifyPlan {
  return { ...NO_NOTIFY, subjects };
}

function transition(
  to: TransitionNotice["to"],
  cause: TransitionNotice["cause"] = "masterDownTimer",
  router = "VI_1",
): EngineNotice {
  return {
    kind: "transition",
    transition: {
      router,
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

function gate(kind: "interfaceDown" | "noCarrier"): EngineNotice {
  const reason: GateReason = { kind, interface: "eth0" };
  return { kind: "gate", router: "VI_1", reasons: [reason] };
}

/** A notifier whose scripts end at once, and what it ran and logged. */
function lab(
  plan: NotifyPlan = planOf(subject()),
  outcome: ScriptOutcome = { kind: "ended", code: 0, errorTail: "" },
) {
  const lines: string[] = [];
  const log: string[] = [];
  const mails: string[] = [];
  const notifier = new Notifier({
    plan,
    run: ({ words }) => {
      lines.push(words.join(" "));
      return Promise.resolve(outcome);
    },
    log: ({ message }) => log.push(message),
    sendMail: (_plan, { subject }) => {
      mails.push(subject);
      return Promise.resolve();
    },
    hostName: "host",
  });
  return { notifier, lines, log, mails };
}

/** The command lines that `notices` cause, in the order in which they run. */
async function runsOf(
  notices: readonly EngineNotice[],
  plan?: NotifyPlan,
): Promise<readonly string[]> {
  const { notifier, lines } = lab(plan);
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
  const fault = ["/fault own", "/every own INSTANCE VI_1 FAULT 150"];
  assertEquals(
    await runsOf([transition("FAULT"), transition("WAITING")]),
    fault,
  );
  assertEquals(
    await runsOf([gate("interfaceDown"), gate("interfaceDown")]),
    fault,
  );
});

Deno.test("Notifier tells nothing of a wait at the start that is no fault, nor of others that wait for it", async () => {
  const reasons: readonly GateReason[] = [
    { kind: "interfaceDown", interface: "eth0" },
    { kind: "trackerPending", tracker: "script", name: "check" },
    { kind: "startDelayed", remainingNs: 1 },
    { kind: "addressTentative", interface: "eth0", address: ADDRESS },
  ];
  const plan = planOf(
    subject({ name: "A", group: "G", fault: undefined }),
    subject({ name: "B", group: "G", fault: undefined }),
    subject({ subject: "GROUP", name: "G", fault: undefined }),
  );
  for (const reason of reasons) {
    const isFault = reason.kind === "interfaceDown";
    const runs = await runsOf([
      {
        kind: "gate",
        router: "B",
        reasons: [{
          kind: "syncGroup",
          group: "G",
          members: ["A"],
          isFault: false,
        }],
      },
      { kind: "group", group: "G", from: undefined, to: "WAITING" },
      { kind: "gate", router: "A", reasons: [reason] },
    ], plan);
    assertEquals(
      runs.toSorted(),
      isFault
        ? [
          "/every own GROUP G FAULT 0",
          "/every own INSTANCE A FAULT 150",
          "/every own INSTANCE B FAULT 150",
        ]
        : [],
      reason.kind,
    );
  }
});

Deno.test("Notifier tells nothing twice, also not of an engine that was started anew", async () => {
  const notices = [
    transition("MASTER"),
    gate("interfaceDown"),
    transition("MASTER", "resumed"),
  ];
  assertEquals((await runsOf(notices)).length, 2);
});

Deno.test("Notifier tells a removal by `notify` with FAULT, and as DELETED with notify_deleted", async () => {
  const removed = [transition("MASTER"), transition("STOPPED", "removed")];
  assertEquals((await runsOf(removed)).slice(2), [
    "/every own INSTANCE VI_1 FAULT 150",
  ]);
  const faulty = [transition("FAULT"), transition("STOPPED", "removed")];
  assertEquals((await runsOf(faulty)).length, 2);
  const plan = planOf(
    subject({ tellsDeleted: true, deleted: script("/deleted") }),
  );
  assertEquals((await runsOf(faulty, plan)).slice(2), [
    "/deleted own",
    "/every own INSTANCE VI_1 DELETED 150",
  ]);
});

Deno.test("Notifier tells of an advert of lower priority by its own script alone", async () => {
  const heard: EngineNotice = { kind: "lowerPriorityHeard", router: "VI_1" };
  assertEquals(await runsOf([heard]), ["/lower own"]);
});

Deno.test("Notifier that stops tells who was not told, and ends", async () => {
  const { notifier, lines } = lab(planOf(subject(), subject({ name: "VI_2" })));
  notifier.hear(transition("STOPPED", "stop"));
  await notifier.stop();
  assertEquals(lines, [
    "/stop own",
    "/every own INSTANCE VI_1 STOP 150",
    "/stop own",
    "/every own INSTANCE VI_2 STOP 150",
  ]);
});

Deno.test("Notifier tells of a group what the engine tells, and its stop", async () => {
  const { notifier, lines } = lab(
    planOf(subject({ subject: "GROUP", name: "G", priority: 0 })),
  );
  for (const to of ["FAULT", "BACKUP", "BACKUP", "MASTER"] as const) {
    notifier.hear({ kind: "group", group: "G", from: undefined, to });
  }
  await notifier.idle();
  await notifier.stop();
  assertEquals(lines, [
    "/fault own",
    "/every own GROUP G FAULT 0",
    "/every own GROUP G BACKUP 0",
    "/master own",
    "/every own GROUP G MASTER 0",
    "/stop own",
    "/every own GROUP G STOP 0",
  ]);
});

Deno.test("Notifier takes a reload without telling what it told", async () => {
  const { notifier, lines } = lab();
  notifier.hear(transition("MASTER"));
  notifier.replan(planOf(subject({ name: "new name" })), [
    { router: exampleRouter({ name: "new name" }), replaces: "VI_1" },
  ]);
  notifier.hear(transition("MASTER", "resumed", "new name"));
  notifier.settle();
  await notifier.idle();
  assertEquals(lines.length, 2);
});

Deno.test("Notifier tells the priority in effect, also of who no longer runs", async () => {
  const { notifier, lines } = lab(planOf(subject({ master: undefined })));
  notifier.hear(transition("MASTER"));
  notifier.hear({
    kind: "priority",
    router: "VI_1",
    state: "MASTER",
    from: 150,
    to: 130,
  });
  notifier.replan(planOf(subject({ priority: 140, fault: undefined })), [
    {
      router: exampleRouter({ name: "VI_1", priority: 140 }),
      replaces: "VI_1",
    },
  ]);
  notifier.settle();
  notifier.hear(transition("FAULT"));
  await notifier.idle();
  assertEquals(lines.at(-1), "/every own INSTANCE VI_1 FAULT 120");
});

Deno.test("Notifier sends mail about whom mail is wanted", async () => {
  const mail = {
    routerId: "r1",
    from: undefined,
    to: ["ops@example.net"],
    host: "localhost",
    port: 25,
    heloName: undefined,
    connectTimeoutMs: 1000,
    tellsFaults: false,
  };
  const { notifier, mails } = lab({
    ...planOf(subject({ tellsByMail: true }), subject({ name: "VI_2" })),
    mail,
  });
  for (const to of ["BACKUP", "MASTER", "FAULT", "STOPPED"] as const) {
    notifier.hear(transition(to));
    notifier.hear(transition(to, "masterDownTimer", "VI_2"));
  }
  await notifier.close();
  assertEquals(mails, [
    "[r1] VRRP Instance VI_1 - Entering BACKUP state",
    "[r1] VRRP Instance VI_1 - Entering MASTER state",
    "[r1] VRRP Instance VI_1 - Stopping",
  ]);
});

Deno.test("Notifier knows the scripts of an instance until it is gone", async () => {
  const { notifier, lines } = lab();
  notifier.hear(transition("MASTER"));
  notifier.replan(NO_NOTIFY, []);
  notifier.hear(transition("STOPPED", "removed"));
  notifier.settle();
  notifier.hear(transition("MASTER"));
  await notifier.idle();
  assertEquals(lines.slice(2), [
    "/every own INSTANCE VI_1 FAULT 150",
  ]);
});

for (
  const [outcome, message] of [
    [{ kind: "ended", code: 3, errorTail: "one\ntwo\n" }, "ended with 3: two"],
    [
      { kind: "ended", code: 143, signal: "SIGTERM", errorTail: "" },
      "was ended by SIGTERM",
    ],
    [
      { kind: "timedOut", errorTail: "so slow" },
      "took too long and was ended: so slow",
    ],
    [
      { kind: "failed", why: "no such file" },
      "could not be started: no such file",
    ],
  ] satisfies [ScriptOutcome, string][]
) {
  Deno.test(`Notifier logs of a script that it ${message}`, async () => {
    const { notifier, log } = lab(
      planOf(subject({ every: undefined })),
      outcome,
    );
    notifier.hear(transition("MASTER"));
    await notifier.idle();
    assertEquals(log, [`VI_1: script \`/master\` for MASTER ${message}`]);
  });
}

Deno.test("Notifier tells a FAULT at the start with the priority that trackers make", async () => {
  const priority: EngineNotice = {
    kind: "priority",
    router: "VI_1",
    state: "WAITING",
    from: 150,
    to: 170,
  };
  assertEquals(await runsOf([priority, gate("interfaceDown")]), [
    "/fault own",
    "/every own INSTANCE VI_1 FAULT 170",
  ]);
});
