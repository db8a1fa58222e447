/**
 * A mail as it goes to a server: envelope addresses, headers and body.
 *
 * Says:    RFC 5322, and RFC 2047 for what is not ASCII.
 * Checks:  nothing of addresses, for the server does. Line ends in names cannot add headers.
 * @module
 */
import type { MailMessage } from "./mail_message.ts";

export interface MailHead {
  readonly from: string;
  readonly to: readonly string[];
  readonly date: Date;
  /** Unique in the world, without brackets. */
  readonly messageId: string;
}

/** The whole message. */
export function mailText(
  { from, to, date, messageId }: MailHead,
  { subject, text }: MailMessage,
): string {
  const heads = [
    `Date: ${date.toUTCString().replace("GMT", "+0000")}`,
    `From: ${mailbox(from)}`,
    `Subject: ${encoded(subject)}`,
    "X-Mailer: hakeep",
    `To: ${to.map(mailbox).join(", ")}`,
    `Message-ID: <${messageId}>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
  ];
  return `${heads.join("\r\n")}\r\n\r\n${text.replaceAll("\n", "\r\n")}`;
}

/** The address in `Name <user@host>`, or all of it. */
export function addressOf(written: string): string {
  return /<([^<>]*)>\s*$/.exec(written)?.[1]?.trim() ?? written.trim();
}

function mailbox(written: string): string {
  const bracket = written.lastIndexOf("<");
  if (bracket <= 0) return encoded(written);
  return `${encoded(written.slice(0, bracket).trim())} <${addressOf(written)}>`;
}

function encoded(text: string): string {
  // deno-lint-ignore no-control-regex
  const line = text.replace(/[\x00-\x1f\x7f]+/g, " ");
  if (/^[\x20-\x7e]*$/.test(line)) return line;
  const bytes = new TextEncoder().encode(line);
  return `=?UTF-8?B?${btoa(String.fromCharCode(...bytes))}?=`;
}
