import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { NS_PER_S } from "../time/duration.ts";
import { isAfter, nextStamp, secondsAhead, stampOf } from "./advert_stamp.ts";

const NOW_NS = 1_790_000_000 * NS_PER_S;
const WINDOW_NS = 5 * NS_PER_S;
/** When 32 bits of seconds are full. */
const WRAP_NS = 2 ** 32 * NS_PER_S;

Deno.test("stampOf() counts 65536ths of a second", () => {
  assertEquals(stampOf(NOW_NS), { seconds: 1_790_000_000, fraction: 0 });
  assertEquals(stampOf(NOW_NS + NS_PER_S / 2), {
    seconds: 1_790_000_000,
    fraction: 0x80000000,
  });
  assertEquals(stampOf(WRAP_NS + 3 * NS_PER_S), { seconds: 3, fraction: 0 });
});

Deno.test("isAfter() orders moments as the clock does, across the wrap too", () => {
  const moment = fc.integer({ min: -1e6, max: 1e6 });
  fc.assert(fc.property(
    fc.constantFrom(NOW_NS, WRAP_NS),
    moment,
    moment,
    (base, a, b) => {
      const [first, second] = [a, b].map((ms) => stampOf(base + ms * 1e6));
      if (first === undefined || second === undefined) return;
      assertEquals(isAfter(first, second), a > b);
    },
  ));
});

Deno.test("nextStamp() is always after the last one while the clock goes forward or stands", () => {
  fc.assert(fc.property(
    fc.array(fc.nat(2000), { minLength: 2, maxLength: 50 }),
    fc.constantFrom(NOW_NS, WRAP_NS),
    fc.constantFrom(WINDOW_NS, undefined),
    (stepsMs, baseNs, windowNs) => {
      let nowNs = baseNs;
      let last = nextStamp(undefined, nowNs, windowNs);
      for (const ms of stepsMs) {
        nowNs += ms * 1e6;
        const next = nextStamp(last, nowNs, windowNs);
        assertEquals(isAfter(next, last), true);
        last = next;
      }
    },
  ));
});

Deno.test("nextStamp() counts on while a clock that was set back is within the window", () => {
  const last = stampOf(NOW_NS);
  assertEquals(nextStamp(last, NOW_NS - 4 * NS_PER_S, WINDOW_NS), {
    seconds: last.seconds,
    fraction: 1,
  });
});

Deno.test("nextStamp() begins anew when the clock was set back further than the window", () => {
  const nowNs = NOW_NS - 6 * NS_PER_S;
  assertEquals(nextStamp(stampOf(NOW_NS), nowNs, WINDOW_NS), stampOf(nowNs));
});

Deno.test("nextStamp() never goes back without a window", () => {
  const last = { seconds: 100, fraction: 0xffffffff };
  assertEquals(nextStamp(last, 6 * NS_PER_S, undefined), {
    seconds: 101,
    fraction: 0,
  });
});

Deno.test("secondsAhead() is negative for what is past", () => {
  assertEquals(secondsAhead(stampOf(NOW_NS - 3 * NS_PER_S), NOW_NS), -3);
  assertEquals(
    secondsAhead(stampOf(WRAP_NS + NS_PER_S), WRAP_NS - NS_PER_S),
    2,
  );
});
