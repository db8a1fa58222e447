/**
 * Whether interfaces have a carrier, as their drivers say when they are asked.
 *
 * Errors:  `SysError` from opening; a driver that cannot say leaves it to another method, and the last one always can.
 * @module
 */
import { closeFd } from "../../ffi/libc.ts";
import {
  ethtoolCarrier,
  flagsCarrier,
  miiCarrier,
  openLinkQuestions,
} from "../../ffi/link_carrier.ts";
import { BEAT_METHODS, type BeatMethod } from "../vrrp/link_watch_config.ts";

/** What a driver said, and by which method; undefined where there is no such interface. */
export interface Beat {
  readonly hasCarrier: boolean;
  readonly method: BeatMethod;
}

/** Whom to ask. */
export interface LinkBeats {
  ask(name: string, method: BeatMethod): Beat | undefined;
  close(): void;
}

const METHODS = {
  MII: miiCarrier,
  ETHTOOL: ethtoolCarrier,
  IOCTL: flagsCarrier,
} as const satisfies Record<BeatMethod, unknown>;

/** Asks the drivers of this network namespace. */
export function openLinkBeats(): LinkBeats {
  const fd = openLinkQuestions();
  return {
    ask: (name, preferred) => {
      if (flagsCarrier(fd, name) === undefined) return undefined;
      const others = BEAT_METHODS.filter((one) => one !== preferred);
      for (const method of [preferred, ...others]) {
        const hasCarrier = METHODS[method](fd, name);
        if (hasCarrier !== undefined) return { hasCarrier, method };
      }
      return undefined;
    },
    close: () => closeFd(fd),
  };
}
