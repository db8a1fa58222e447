import { assertEquals } from "@std/assert";
import { ipAddressBytes } from "../addr/ip_address.ts";
import { NS_PER_S } from "../time/duration.ts";
import {
  type SignedMessage,
  signMessage,
  TRAILER_LENGTH,
} from "../wire/vrrp_trailer.ts";
import {
  type AdvertHmac,
  type HmacReceiver,
  judgeTrailer,
  prepareHmac,
  signingKey,
} from "./advert_hmac.ts";
import { stampOf } from "./advert_stamp.ts";
import { exampleIp } from "./example_router.ts";

const NOW_NS = 1_790_000_000 * NS_PER_S;
const SOURCE = exampleIp("192.0.2.1");
const SECRET = new Uint8Array(32).fill(7);

function hmacOf(changes: Partial<AdvertHmac> = {}): AdvertHmac {
  return {
    keys: [{ id: 1, secretHex: "07".repeat(32) }],
    activeKey: 1,
    mode: "enforce",
    antiReplay: "time",
    timeWindowNs: 10 * NS_PER_S,
    ...changes,
  };
}

function messageAt(utcNs: number, id = 1, source = SOURCE): SignedMessage {
  const bytes = new Uint8Array(12 + TRAILER_LENGTH);
  bytes.set([0x31, 51, 100, 1, 0, 100, 0, 0, 192, 0, 2, 100]);
  const message = { bytes, at: 0, length: 12, source: ipAddressBytes(source) };
  signMessage(message, { id, secret: SECRET }, stampOf(utcNs));
  return message;
}

/** What the receiver says to an advert that was signed `aheadS` from now. */
function judge(
  receiver: HmacReceiver,
  aheadS: number,
  options: { readonly source?: string; readonly isPeer?: boolean } = {},
): string {
  const source = exampleIp(options.source ?? SOURCE);
  const message = messageAt(NOW_NS + aheadS * NS_PER_S, 1, source);
  const verdict = judgeTrailer(
    receiver,
    message,
    source,
    options.isPeer ?? false,
    NOW_NS,
  );
  if (verdict.kind === "bad") return verdict.fault;
  return verdict.aheadS === undefined ? "good" : `good, ${verdict.aheadS} s`;
}

Deno.test("judgeTrailer() takes what is within the window, and tells a clock that is off by more than half of it", () => {
  for (
    const [aheadS, expected] of [
      [0, "good"],
      [5, "good"],
      [-5, "good"],
      [6, "good, 6 s"],
      [-10, "good, -10 s"],
      [11, "hmacStale"],
      [-11, "hmacStale"],
    ] as const
  ) {
    assertEquals(judge(prepareHmac(hmacOf()), aheadS), expected, `${aheadS}`);
  }
});

Deno.test("judgeTrailer() does not look at the time in monotonic mode, but at the order", () => {
  const receiver = prepareHmac(hmacOf({ antiReplay: "monotonic" }));
  assertEquals(judge(receiver, 1e6), "good");
  assertEquals(judge(receiver, 1e6), "hmacReplay");
  assertEquals(judge(receiver, 0), "hmacReplay");
  assertEquals(judge(receiver, 1e6 + 1), "good");
});

Deno.test("judgeTrailer() takes no advert of a sender twice, nor an older one", () => {
  const receiver = prepareHmac(hmacOf());
  assertEquals(judge(receiver, 0), "good");
  assertEquals(judge(receiver, 0), "hmacReplay");
  assertEquals(judge(receiver, -1), "hmacReplay");
  assertEquals(judge(receiver, 0, { source: "192.0.2.2" }), "good");
  assertEquals(judge(receiver, 1), "good");
});

Deno.test("judgeTrailer() forgets the mark of a clock that was corrected since", () => {
  const receiver = prepareHmac(hmacOf());
  receiver.marks.set(SOURCE, stampOf(NOW_NS + 60 * NS_PER_S));
  assertEquals(judge(receiver, 0), "good");
});

Deno.test("judgeTrailer() remembers four senders of a group, and every peer", () => {
  const sources = ["1", "2", "3", "4", "5"].map((last) => `192.0.2.${last}`);
  for (const isPeer of [false, true]) {
    const receiver = prepareHmac(hmacOf());
    for (const source of sources) judge(receiver, 0, { source, isPeer });
    assertEquals(
      sources.map((source) => judge(receiver, 0, { source, isPeer })),
      isPeer
        ? sources.map(() => "hmacReplay")
        // Each one pushes the next out.
        : sources.map(() => "good"),
    );
  }
});

Deno.test("judgeTrailer() tells type, key and signature apart, in keepalived's order", () => {
  const receiver = prepareHmac(hmacOf());
  const faultOf = (message: SignedMessage) => {
    const verdict = judgeTrailer(receiver, message, SOURCE, false, NOW_NS);
    return verdict.kind === "bad" ? verdict.fault : "good";
  };
  const changed = (at: number, value: number, utcNs = NOW_NS) => {
    const message = messageAt(utcNs);
    message.bytes[at] = value;
    return message;
  };
  const stale = NOW_NS + 60 * NS_PER_S;
  assertEquals(faultOf(changed(12, 2, stale)), "hmacMalformed");
  assertEquals(faultOf(changed(15, 1, stale)), "hmacMalformed");
  assertEquals(faultOf(changed(13, 2, stale)), "hmacStale");
  assertEquals(faultOf(changed(13, 2)), "hmacUnknownKey");
  assertEquals(faultOf(changed(2, 200)), "hmacInvalid");
  assertEquals(receiver.marks.size, 0);
});

Deno.test("signingKey() is the active key, and none in receive-only mode", () => {
  assertEquals(signingKey(hmacOf()), { id: 1, secret: SECRET });
  assertEquals(signingKey(hmacOf({ mode: "permissive" }))?.id, 1);
  assertEquals(signingKey(hmacOf({ mode: "receive-only" })), undefined);
  assertEquals(signingKey(undefined), undefined);
});
