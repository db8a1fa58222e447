/**
 * Hands mail to a server by SMTP.
 *
 * Says:    RFC 5321 through nodemailer, loaded when the first mail is sent. As keepalived's, mail goes unauthenticated to
 *          a relay; unlike it, encrypted if the server offers that, whatever its certificate says.
 * Errors:  rejects with what the connection or the server said.
 * @module
 */
import { EventEmitter } from "node:events";
import type SMTPConnection from "nodemailer/smtp-connection";
import { assert } from "../assert.ts";
import type { MailPlan } from "../config/notify_model.ts";
import type { MailMessage } from "./mail_message.ts";
import { addressOf, mailText } from "./mail_text.ts";

/** Sends one message to all recipients. */
export async function sendBySmtp(
  plan: MailPlan,
  message: MailMessage,
): Promise<void> {
  const { default: Connection } = await import("nodemailer/smtp-connection");
  const hostName = Deno.hostname();
  const { host, port, heloName = hostName, connectTimeoutMs } = plan;
  const connection = new Connection({
    host,
    port,
    name: heloName,
    secure: false,
    opportunisticTLS: true,
    tls: { rejectUnauthorized: false },
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
  });
  const from = plan.from ?? `root@${hostName}`;
  const text = mailText({
    from,
    to: plan.to,
    date: new Date(),
    messageId: `${crypto.randomUUID()}@${hostName}`,
  }, message);
  const envelope = { from: addressOf(from), to: plan.to.map(addressOf) };
  try {
    await converse(connection, envelope, text);
    connection.quit();
  } catch (error) {
    connection.close();
    throw error;
  }
}

function converse(
  connection: SMTPConnection,
  envelope: { readonly from: string; readonly to: string[] },
  text: string,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Its declarations do not know what it inherits.
  const events: unknown = connection;
  assert(events instanceof EventEmitter, "a connection tells of its errors");
  events.on("error", reject);
  connection.connect((error) => {
    if (error) reject(error);
    else {
      connection.send(envelope, text, (refusal) => {
        if (refusal) reject(refusal);
        else resolve();
      });
    }
  });
  return promise;
}
