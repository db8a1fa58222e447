/**
 * The mail that tells of a change.
 *
 * Says:    subject and text of keepalived's mails, so that whoever sorts them by rule goes on to.
 * @module
 */
import type { NotifyEvent, NotifyState } from "./notify_event.ts";

export interface MailMessage {
  readonly subject: string;
  readonly text: string;
}

/** The mail for `event` from the router called `routerId`; undefined for what nobody gets mail of. */
export function mailMessage(
  event: NotifyEvent,
  routerId: string,
): MailMessage | undefined {
  const { subject, name, state } = event;
  const what = HEADLINES[state];
  const text = (subject === "GROUP" ? GROUP_TEXTS : INSTANCE_TEXTS)[state];
  if (what === undefined || text === undefined) return undefined;
  const kind = subject === "GROUP" ? "Group" : "Instance";
  return {
    subject: `[${routerId}] VRRP ${kind} ${name} - ${what}`,
    text: `=> ${text} <=\n`,
  };
}

type Texts = Readonly<Partial<Record<NotifyState, string>>>;

const HEADLINES: Texts = {
  MASTER: "Entering MASTER state",
  BACKUP: "Entering BACKUP state",
  FAULT: "Entering FAULT state",
  STOP: "Stopping",
  DELETED: "Deleted",
};

const INSTANCE_TEXTS: Texts = {
  MASTER: "VRRP Instance is now owning VRRP VIPs",
  BACKUP: "VRRP Instance is no longer owning VRRP VIPs",
  FAULT: "VRRP Instance is no longer owning VRRP VIPs",
  STOP: "VRRP Instance stopping",
  DELETED: "VRRP Deleted at reload",
};

const GROUP_TEXTS: Texts = {
  MASTER: "All VRRP group instances are now in MASTER state",
  BACKUP: "All VRRP group instances are now in BACKUP state",
  FAULT: "All VRRP group instances are now in FAULT state",
  STOP: "All VRRP group instances are now stopping",
};
