/**
 * An ear for tests of runners: it keeps what is told, and waits for more.
 * @module
 */
import type { LogRecord } from "../log/log_record.ts";
import type { TrackerValue } from "../vrrp/tracking.ts";
import type { Timers } from "./timers.ts";
import type { TrackerWiring } from "./tracker_wiring.ts";

export class TrackerEar {
  /** `NAME STATE`, `NAME VALUE`, in order. */
  readonly told: string[] = [];
  readonly messages: string[] = [];
  #wake: () => void = () => undefined;

  /** What a runner is to be given. */
  wiring(timers: Timers): TrackerWiring {
    return {
      timers,
      tell: (name, value) => {
        this.told.push(`${name} ${textOf(value)}`);
        this.#wake();
      },
      forget: (kind, name) => {
        this.told.push(`${kind} ${name} forgotten`);
        this.#wake();
      },
      log: ({ message }: LogRecord) => {
        this.messages.push(message);
        this.#wake();
      },
    };
  }

  /** Fulfilled when the last that was told is `text`, or has been. */
  async hears(text: string): Promise<void> {
    while (this.told.at(-1) !== text) await this.#more();
  }

  /** Fulfilled when a message was logged that has `part` in it. */
  async reads(part: string): Promise<void> {
    while (!this.messages.some((one) => one.includes(part))) await this.#more();
  }

  #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }
}

function textOf(value: TrackerValue): string {
  switch (value.kind) {
    case "file":
      return String(value.value);
    case "process":
      return `${value.state} ${value.count}`;
    case "script":
      return `${value.state} ${value.exitStatus ?? "-"}`;
    case "interface":
    case "bfd":
      return value.state;
  }
}
