/**
 * Which hosts of a simulated cluster sign their adverts, and how: always so that all of them can hear each other.
 * @module
 */
import type { AdvertHmac } from "../../lib/vrrp/advert_hmac.ts";
import type { Random } from "./random.ts";

/** More than the clocks of a scenario can be apart. */
const TIME_WINDOW_NS = 60e9;
const KEYS: AdvertHmac["keys"] = [1, 2].map((id) => ({
  id,
  secretHex: `0${id}`.repeat(32),
}));

/** Modes that go together. */
const TOGETHER: readonly (readonly (AdvertHmac["mode"] | "no keys")[])[] = [
  ["enforce"],
  ["enforce", "permissive"],
  ["permissive", "receive-only"],
  ["receive-only", "no keys"],
];

/** How each host of a cluster signs; undefined for a cluster without keys. */
export type Signing = readonly (AdvertHmac | undefined)[] | undefined;

/** One cluster in ten signs. */
export function chooseSigning(random: Random, hosts: number): Signing {
  if (!random.chance(0.1)) return undefined;
  const modes = random.pick(TOGETHER);
  const antiReplay = random.pick(["time", "time", "monotonic"] as const);
  return Array.from({ length: hosts }, () => {
    const mode = random.pick(modes);
    return mode === "no keys" ? undefined : {
      keys: KEYS,
      activeKey: random.pick([1, 2]),
      mode,
      antiReplay,
      timeWindowNs: TIME_WINDOW_NS,
    };
  });
}
