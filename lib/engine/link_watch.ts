/**
 * Interfaces as routers are to see them: what netlink told, unless it has not lasted long enough yet, and unless whoever
 * asks the driver knows better.
 *
 * A change that does not last is none: the interface is shown as it was. An interface that was never up comes up at
 * once, and one that is gone is gone.
 *
 * Says:    keepalived's `interface_up_down_delays` and `linkbeat_interfaces`. A virtual link has the delays of the
 *          interface it is on, with which it goes up and down.
 * Units:   nanoseconds, monotonic.
 * @module
 */
import {
  LINK_RUNNING,
  LINK_UP,
  type ObservedLink,
} from "../route/observed_link.ts";
import { isUpAndRunning } from "../vrrp/gate.ts";
import type { LinkDelay } from "../vrrp/link_watch_config.ts";
import type { LinkTable } from "./link_table.ts";

const UP = LINK_UP | LINK_RUNNING;
/** An interface that has delays. */
interface Watched {
  /** Of the link that this is about: another one with the name is another interface. */
  readonly index: number;
  isShownUp: boolean;
  wasUp: boolean;
  /** When a change will have lasted long enough; Infinity while there is none. */
  changesAtNs: number;
}

export class LinkWatch {
  readonly #links: LinkTable;
  readonly #patience: (name: string) => number;
  #delays = new Map<string, LinkDelay>();
  readonly #watched = new Map<string, Watched>();
  /** Interfaces whose driver says that there is no carrier. */
  readonly #silent = new Set<string>();
  /** When the next change will have lasted long enough; Infinity if none is pending. */
  deadlineNs = Infinity;

  /** `patience` is the longest that routers may keep silent on an interface without losing it; 0 allows no delays. */
  constructor(links: LinkTable, patience: (name: string) => number) {
    this.#links = links;
    this.#patience = patience;
  }

  /** Delays from now on; changes that are pending count at once where there is none any more. */
  delay(delays: readonly LinkDelay[], nowNs: number): readonly string[] {
    this.#delays = new Map(delays.map((one) => [one.interface, one]));
    const names = new Set(this.#watched.keys());
    if (delays.length > 0) {
      for (const { name } of this.#links.links()) names.add(name);
    }
    return [...names].filter((name) => this.#settle(name, nowNs));
  }

  /** What the driver of an interface says of its carrier; true also when nobody asks it any more. */
  beat(name: string, hasCarrier: boolean, nowNs: number): void {
    if (hasCarrier) this.#silent.delete(name);
    else this.#silent.add(name);
    this.changed(name, nowNs);
  }

  /** Netlink told something new of an interface. */
  changed(name: string, nowNs: number): void {
    if (this.#delays.size > 0) this.#settle(name, nowNs);
  }

  /** The interface is no more; one of its name begins anew. */
  gone(name: string): void {
    if (this.#watched.delete(name)) this.#findDeadline();
  }

  /** The interface as it counts. */
  readonly named = (name: string): ObservedLink | undefined => {
    const link = this.#links.named(name);
    if (link === undefined) return undefined;
    const watched = this.#watched.get(name);
    const isUp = this.#isUp(link);
    const isShownUp = watched?.index === link.index ? watched.isShownUp : isUp;
    if (isShownUp === isUpAndRunning(link)) return link;
    const flags = isShownUp ? link.flags | UP : link.flags & ~LINK_RUNNING;
    return { ...link, flags };
  };

  /** Changes that have lasted by now; the names of the interfaces. */
  expire(nowNs: number): readonly string[] {
    if (nowNs < this.deadlineNs) return [];
    const due: string[] = [];
    for (const [name, watched] of this.#watched) {
      if (nowNs < watched.changesAtNs) continue;
      watched.isShownUp = !watched.isShownUp;
      watched.changesAtNs = Infinity;
      due.push(name);
    }
    this.#findDeadline();
    return due;
  }

  /** Takes in how the interface is; true if it counts at once. */
  #settle(name: string, nowNs: number): boolean {
    const link = this.#links.named(name);
    const delay = this.#delayOf(name, link);
    if (link === undefined || delay === undefined) {
      const wasWatched = this.#watched.delete(name);
      this.#findDeadline();
      return wasWatched;
    }
    const isUp = this.#isUp(link);
    const before = this.#watched.get(name);
    if (before?.index !== link.index) {
      this.#watched.set(name, {
        index: link.index,
        isShownUp: isUp,
        wasUp: isUp,
        changesAtNs: Infinity,
      });
      this.#findDeadline();
      return true;
    }
    const delayNs = !before.wasUp ? 0 : this.#durationOf(delay, isUp);
    const isAtOnce = delayNs === 0 && isUp !== before.isShownUp;
    if (isAtOnce) before.isShownUp = isUp;
    before.wasUp ||= isUp;
    if (isUp === before.isShownUp) before.changesAtNs = Infinity;
    else if (before.changesAtNs === Infinity) {
      before.changesAtNs = nowNs + delayNs;
    }
    this.#findDeadline();
    return isAtOnce;
  }

  /** Where nobody may wait with bad news, nobody waits with good ones either. */
  #durationOf(delay: LinkDelay, isUp: boolean): number {
    const maxNs = this.#patience(delay.interface);
    if (isUp) return maxNs > 0 ? delay.upNs : 0;
    return Math.min(delay.downNs, maxNs);
  }

  #isUp(link: ObservedLink): boolean {
    return isUpAndRunning(link) && !this.#silent.has(link.name);
  }

  #delayOf(
    name: string,
    link: ObservedLink | undefined,
  ): LinkDelay | undefined {
    const own = this.#delays.get(name);
    if (own !== undefined || link?.parentIndex === undefined) return own;
    const parent = this.#links.at(link.parentIndex);
    return parent && this.#delays.get(parent.name);
  }

  #findDeadline(): void {
    this.deadlineNs = Infinity;
    for (const { changesAtNs } of this.#watched.values()) {
      this.deadlineNs = Math.min(this.deadlineNs, changesAtNs);
    }
  }
}
