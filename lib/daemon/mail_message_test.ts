import { assertEquals } from "@std/assert";
import { mailMessage } from "./mail_message.ts";
import type { NotifyEvent } from "./notify_event.ts";

function event(
  subject: NotifyEvent["subject"],
  state: NotifyEvent["state"],
): NotifyEvent {
  return { subject, name: "X", state, priority: 1 };
}

for (
  const [subject, state, headline, text] of [
    [
      "INSTANCE",
      "MASTER",
      "[r1] VRRP Instance X - Entering MASTER state",
      "=> VRRP Instance is now owning VRRP VIPs <=\n",
    ],
    [
      "INSTANCE",
      "FAULT",
      "[r1] VRRP Instance X - Entering FAULT state",
      "=> VRRP Instance is no longer owning VRRP VIPs <=\n",
    ],
    [
      "INSTANCE",
      "DELETED",
      "[r1] VRRP Instance X - Deleted",
      "=> VRRP Deleted at reload <=\n",
    ],
    [
      "GROUP",
      "BACKUP",
      "[r1] VRRP Group X - Entering BACKUP state",
      "=> All VRRP group instances are now in BACKUP state <=\n",
    ],
    [
      "GROUP",
      "STOP",
      "[r1] VRRP Group X - Stopping",
      "=> All VRRP group instances are now stopping <=\n",
    ],
  ] as const
) {
  Deno.test(`mailMessage() tells of ${subject} and ${state} as keepalived does`, () => {
    assertEquals(mailMessage(event(subject, state), "r1"), {
      subject: headline,
      text,
    });
  });
}

Deno.test("mailMessage() has none for what only FIFOs are told", () => {
  assertEquals(
    mailMessage(event("INSTANCE", "MASTER_PRIORITY"), "r1"),
    undefined,
  );
  assertEquals(mailMessage(event("GROUP", "DELETED"), "r1"), undefined);
});
