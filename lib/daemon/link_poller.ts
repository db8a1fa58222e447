/**
 * Asks drivers every second whether interfaces have a carrier, and tells the engine what changed.
 *
 * It is done here and not in the engine: a PHY behind a slow bus takes its time, and no advert may wait for it.
 *
 * Says:    keepalived's `linkbeat_interfaces` and `linkbeat_use_polling`. An interface that is not there is left to
 *          netlink.
 * @module
 */
import { PRIORITY } from "../log/log_record.ts";
import type { BeatMethod, PolledLink } from "../vrrp/link_watch_config.ts";
import type { LinkBeats } from "../world/link_beats.ts";
import type { TrackerWiring } from "./tracker_wiring.ts";

const PERIOD_NS = 1e9;

interface Known {
  readonly hasCarrier: boolean;
  readonly method: BeatMethod | undefined;
}

const UNKNOWN: Known = { hasCarrier: true, method: undefined };

export class LinkPoller {
  readonly #wiring: TrackerWiring;
  readonly #open: () => LinkBeats;
  #polled: readonly PolledLink[] = [];
  readonly #known = new Map<string, Known>();
  #beats: LinkBeats | undefined;
  #cancel: (() => void) | undefined;

  /** `open` makes whom to ask; the engine is told by `wiring`. */
  constructor(wiring: TrackerWiring, open: () => LinkBeats) {
    this.#wiring = wiring;
    this.#open = open;
  }

  /** Asks about these from now on; what they say now is told before this returns. */
  replace(polled: readonly PolledLink[]): void {
    const names = new Set(polled.map((one) => one.interface));
    for (const name of this.#known.keys()) {
      if (names.has(name)) continue;
      this.#known.delete(name);
      this.#wiring.tell(name, { kind: "interface", state: "up" });
      this.#wiring.forget("interface", name);
    }
    this.#polled = polled;
    this.#cancel?.();
    this.#cancel = undefined;
    if (polled.length > 0) this.#poll();
    else this.#close();
  }

  /** Asks no more. */
  stop(): void {
    this.#cancel?.();
    this.#close();
  }

  #close(): void {
    this.#beats?.close();
    this.#beats = undefined;
  }

  #poll(): void {
    this.#beats ??= this.#open();
    for (const { interface: name, method } of this.#polled) {
      const beat = this.#beats.ask(name, method);
      this.#take(name, beat ?? UNKNOWN, method);
    }
    const { timers } = this.#wiring;
    this.#cancel = timers.at(timers.nowNs() + PERIOD_NS, () => this.#poll());
  }

  #take(name: string, now: Known, wanted: BeatMethod): void {
    const { tell, log } = this.#wiring;
    const before = this.#known.get(name) ?? UNKNOWN;
    this.#known.set(name, now);
    if (now.method !== undefined && now.method !== before.method) {
      const instead = now.method === wanted ? "" : `, for want of ${wanted}`;
      log({
        event: "linkPolled",
        priority: PRIORITY.info,
        message:
          `${name}: its carrier is asked for every second by ${now.method}${instead}`,
        fields: { interface: name },
      });
    }
    if (now.hasCarrier === before.hasCarrier) return;
    log({
      event: "linkPolled",
      priority: PRIORITY.notice,
      message: now.hasCarrier
        ? `${name}: its driver says that it has a carrier again`
        : `${name}: its driver says that it has no carrier`,
      fields: { interface: name },
    });
    const state = now.hasCarrier ? "up" : "down";
    tell(name, { kind: "interface", state });
  }
}
