/**
 * Mail that tells of changes: one after the other, in order, and never in anybody's way.
 *
 * A mail that fails is logged and not tried again, as in keepalived: the next change has its own.
 *
 * Units:   milliseconds (`…Ms`).
 * @module
 */
import type { MailPlan } from "../config/notify_model.ts";
import type { LogRecord } from "../log/log_record.ts";
import { type MailMessage, mailMessage } from "./mail_message.ts";
import type { NotifyEvent } from "./notify_event.ts";
import { wordMail } from "./notify_wording.ts";

/** Mail of a server that is slow or gone does not pile up without end. */
const WAITING_MAX = 100;
/** How long a stop waits for the last mails. */
const CLOSING_MS = 3000;

/** Hands one message to the server; rejects if that fails. */
export type SendMail = (plan: MailPlan, message: MailMessage) => Promise<void>;

export interface MailerOptions {
  readonly send: SendMail;
  readonly log: (record: LogRecord) => void;
  /** What the router is called without a `router_id`. */
  readonly hostName: string;
  /** How long a stop waits for the last mails; 3 s unless given. */
  readonly closingMs?: number;
}

interface Letter {
  readonly plan: MailPlan;
  readonly message: MailMessage;
}

export class Mailer {
  readonly #options: MailerOptions;
  #waiting: Letter[] = [];
  #sending: Promise<void> | undefined;
  /** On its way. */
  #current: Letter | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: MailerOptions) {
    this.#options = options;
  }

  /** Puts the mail for `event` behind those before; never waits. */
  put(plan: MailPlan, event: NotifyEvent): void {
    if (event.state === "FAULT" && !plan.tellsFaults) return;
    const message = mailMessage(
      event,
      plan.routerId ?? this.#options.hostName,
    );
    if (message === undefined) return;
    this.#waiting.push({ plan, message });
    const dropped = this.#waiting.length > WAITING_MAX
      ? this.#waiting.shift()
      : undefined;
    if (dropped !== undefined) {
      this.#tell(dropped, "there are too many before it");
    }
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when all is sent, or after some seconds: what is not sent by then is logged as lost. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#options.closingMs ?? CLOSING_MS);
    await Promise.race([this.#sending ?? Promise.resolve(), promise]);
    clearTimeout(timer);
    const unsent = this.#current === undefined
      ? this.#waiting
      : [this.#current, ...this.#waiting];
    this.#waiting = [];
    this.#current = undefined;
    for (const letter of unsent) {
      this.#tell(letter, "the daemon stops, and the server did not answer");
    }
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const letter = this.#current = this.#waiting.shift();
      if (letter === undefined) break;
      try {
        await this.#options.send(letter.plan, letter.message);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        // A stop may have given it up.
        if (this.#current === letter) this.#tell(letter, why);
      }
    }
    this.#sending = undefined;
  }

  #tell({ plan, message }: Letter, why: string): void {
    this.#options.log(wordMail(plan.host, message.subject, why));
  }
}
