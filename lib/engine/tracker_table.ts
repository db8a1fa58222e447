/**
 * What scripts, files and processes were last told to be.
 * @module
 */
import type {
  TrackerKind,
  TrackerLink,
  TrackerValue,
} from "../vrrp/tracking.ts";

/** The key of an object that is tracked; names are unique within a kind only. */
export function trackerKey(kind: TrackerKind, name: string): string {
  return `${kind} ${name}`;
}

export class TrackerTable {
  readonly #values = new Map<string, TrackerValue>();
  /** The value of what `link` follows; undefined before it was told. */
  readonly valueOf = (link: TrackerLink): TrackerValue | undefined =>
    this.#values.get(trackerKey(link.kind, link.tracker));

  tell(key: string, value: TrackerValue): void {
    this.#values.set(key, value);
  }

  /** Forgets what nobody follows any more. */
  keep(isFollowed: (key: string) => boolean): void {
    for (const key of [...this.#values.keys()]) {
      if (!isFollowed(key)) this.#values.delete(key);
    }
  }
}
