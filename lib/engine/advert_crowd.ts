/**
 * Keeps adverts of many routers apart: those that became MASTER in one moment would send in one moment for ever, and
 * when they die, their backups would all have to take over in one moment.
 *
 * Of adverts that are due together only some keep their time; the next ones of the others leave earlier, once, never
 * later. Few routers are no crowd.
 *
 * Units:   nanoseconds, monotonic.
 * Cost:    three numbers.
 * @module
 */

/** Adverts due within this time are due together. */
const TOGETHER_NS = 4e6;
/** Between one such time and the next: enough to take over, and for what comes after. */
const SPACING_NS = 16e6;
/** So many take-overs end long before the next. */
const CROWD_MIN = 32;

export class AdvertCrowd {
  #beganAtNs = -Infinity;
  #count = 0;

  /**
   * An advert was due at `atNs`, not before the one told last. Returns how much less than `intervalNs` is to pass until
   * the router's next one: 0 up to half of it. `routers` is how many there are.
   */
  earlyNs(atNs: number, intervalNs: number, routers: number): number {
    if (atNs - this.#beganAtNs > TOGETHER_NS) {
      this.#beganAtNs = atNs;
      this.#count = 0;
    }
    const place = this.#count++;
    const places = Math.floor(intervalNs / 2 / SPACING_NS);
    if (place < CROWD_MIN || places === 0) return 0;
    // Where there is no room for all at this distance, they share what there is.
    const crowdMax = Math.max(CROWD_MIN, Math.ceil(routers / places));
    return Math.floor(place / crowdMax) % places * SPACING_NS;
  }
}
