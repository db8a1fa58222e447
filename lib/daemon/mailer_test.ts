import { assertEquals, assertStrictEquals } from "@std/assert";
import type { MailPlan } from "../config/notify_model.ts";
import { Mailer } from "./mailer.ts";
import type { NotifyEvent } from "./notify_event.ts";

const PLAN: MailPlan = {
  routerId: undefined,
  from: "from@example.net",
  to: ["to@example.net"],
  host: "mail.example.net",
  port: 25,
  heloName: undefined,
  connectTimeoutMs: 1000,
  tellsFaults: true,
};

function event(state: NotifyEvent["state"]): NotifyEvent {
  return { subject: "INSTANCE", name: "A", state, priority: 1 };
}

/** A mailer whose server takes a message when it is told to. */
function lab(options: { readonly closingMs?: number } = {}) {
  const sent: string[] = [];
  const log: string[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const mailer = new Mailer({
    send: async (_plan, { subject }) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      answers.push((error) => error === undefined ? resolve() : reject(error));
      await promise;
      sent.push(subject);
    },
    log: ({ message }) => log.push(message),
    hostName: "host",
    ...options,
  });
  return { mailer, sent, log, answers };
}

async function settle() {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

Deno.test("Mailer sends one mail after the other", async () => {
  const { mailer, sent, answers } = lab();
  mailer.put(PLAN, event("BACKUP"));
  mailer.put(PLAN, event("MASTER"));
  await settle();
  assertEquals(answers.length, 1);
  answers[0]?.();
  await settle();
  answers[1]?.();
  await mailer.close();
  assertEquals(sent, [
    "[host] VRRP Instance A - Entering BACKUP state",
    "[host] VRRP Instance A - Entering MASTER state",
  ]);
});

Deno.test("Mailer logs what fails, and goes on", async () => {
  const { mailer, sent, log, answers } = lab();
  mailer.put(PLAN, event("BACKUP"));
  mailer.put({ ...PLAN, routerId: "r1" }, event("MASTER"));
  await settle();
  answers[0]?.(new Error("no route"));
  await settle();
  answers[1]?.();
  await mailer.close();
  assertEquals(sent, ["[r1] VRRP Instance A - Entering MASTER state"]);
  assertEquals(log, [
    "no mail `[host] VRRP Instance A - Entering BACKUP state` by mail.example.net: no route",
  ]);
});

Deno.test("Mailer does not pile up mail, and leaves faults out if it is told to", async () => {
  const { mailer, log, answers } = lab();
  mailer.put({ ...PLAN, tellsFaults: false }, event("FAULT"));
  await settle();
  assertEquals(answers.length, 0);
  for (let i = 0; i < 102; i++) mailer.put(PLAN, event("MASTER"));
  assertEquals(log.length, 1);
  for (let i = 0; i < 102; i++) {
    answers[i]?.();
    await settle();
  }
  await mailer.close();
});

Deno.test("Mailer waits once for a server that hangs when the daemon stops, and says what was not sent", async () => {
  const { mailer, sent, log, answers } = lab({ closingMs: 10 });
  mailer.put(PLAN, event("MASTER"));
  mailer.put(PLAN, event("STOP"));
  const [first, second] = [mailer.close(), mailer.close()];
  assertStrictEquals(first, second);
  await first;
  assertEquals(log, [
    "no mail `[host] VRRP Instance A - Entering MASTER state` by mail.example.net: the daemon stops, and the server did not answer",
    "no mail `[host] VRRP Instance A - Stopping` by mail.example.net: the daemon stops, and the server did not answer",
  ]);
  answers[0]?.(new Error("too late"));
  await settle();
  assertEquals([sent.length, log.length], [0, 2]);
});
