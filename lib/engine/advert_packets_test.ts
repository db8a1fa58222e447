import { assertEquals } from "@std/assert";
import { ipAddressBytes } from "../addr/ip_address.ts";
import { assert } from "../assert.ts";
import { addWords, isIntact } from "../bytes/internet_checksum.ts";
import {
  exampleAddress,
  exampleIp,
  exampleRouter,
} from "../vrrp/example_router.ts";
import type { AdvertHmac } from "../vrrp/advert_hmac.ts";
import { stampOf } from "../vrrp/advert_stamp.ts";
import { checkAdvert, prepareReceive } from "../vrrp/receive.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { IPV4_HEADER_LENGTH, IPV6_HEADER_LENGTH } from "../wire/ip_header.ts";
import { pseudoHeaderSum } from "../wire/vrrp.ts";
import { TRAILER_LENGTH } from "../wire/vrrp_trailer.ts";
import type { SocketHandle } from "../world/engine_world.ts";
import { RecordingSink } from "../world/recording_sink.ts";
import { AdvertPackets } from "./advert_packets.ts";
import { MemoryWorld, type SentPacket } from "./memory_world.ts";

class Stage {
  readonly world = new MemoryWorld();
  readonly sink = new RecordingSink();
  readonly packets: AdvertPackets;
  readonly sender: SocketHandle;

  constructor(readonly config: RouterConfig) {
    const { family } = config;
    const ifIndex = this.world.kernel.addLink("eth0");
    this.sender = this.world.openSender({
      family,
      interface: "eth0",
      ifIndex,
      isMulticast: config.unicastPeers === undefined,
    });
    this.packets = new AdvertPackets(
      this.world,
      config,
      exampleIp(family === 4 ? "192.0.2.10" : "fe80::10"),
      ifIndex,
      prepareReceive(config).addresses,
    );
  }

  send(priority: number, identification = 1, sequence = 1): void {
    this.packets.send(
      this.world,
      this.sink,
      this.sender,
      priority,
      identification,
      sequence,
      stampOf(UTC_NS),
    );
  }

  /** Sends now and returns what left. */
  sent(priority: number, identification = 1): readonly SentPacket[] {
    const before = this.world.sent.length;
    this.send(priority, identification);
    this.world.flush(this.sink);
    return this.world.sent.slice(before);
  }
}

function peers(...texts: string[]): RouterConfig["unicastPeers"] {
  return texts.map((text) => ({
    address: exampleIp(text),
    ttlMin: undefined,
    ttlMax: undefined,
  }));
}

Deno.test("AdvertPackets.send() writes version 2 over IPv4 with a password", () => {
  const stage = new Stage(
    exampleRouter({ authentication: { kind: "pass", password: "hakeep" } }),
  );
  const [packet] = stage.sent(100, 0x1234);
  // deno-fmt-ignore
  assertEquals(packet?.bytes, Uint8Array.of(
    0x45,               // version 4, five words of header
    0xc0,               // internetwork control
    0x00, 0x28,         // 40 bytes
    0x12, 0x34,         // identification
    0x00, 0x00,         // no flags, no offset
    0xff,               // TTL 255
    0x70,               // VRRP
    0x00, 0x00,         // checksum: the kernel's
    192, 0, 2, 10,      // source
    224, 0, 0, 18,      // destination
    0x21,               // version 2, advertisement
    0x33,               // vrid 51
    0x64,               // priority 100
    0x01,               // one address
    0x01,               // simple password
    0x01,               // a second
    packet?.bytes[26] ?? 0, packet?.bytes[27] ?? 0, // checksum, below
    192, 0, 2, 100,
    0x68, 0x61, 0x6b, 0x65, 0x65, 0x70, 0x00, 0x00, // hakeep
  ));
  assert(
    isIntact(addWords(0, packet?.bytes ?? new Uint8Array(), 20, 20)),
    "the checksum is right",
  );
});

Deno.test("AdvertPackets.send() writes version 3 over IPv6 with its own checksum", () => {
  const stage = new Stage(exampleRouter({ family: 6 }));
  const [packet] = stage.sent(100);
  const bytes = packet?.bytes ?? new Uint8Array();
  assertEquals(bytes.length, IPV6_HEADER_LENGTH + 8 + 16);
  // deno-fmt-ignore
  assertEquals(bytes.slice(0, 8), Uint8Array.of(
    0x6c, 0x00, 0x00, 0x00, // version 6, traffic class 0xc0, flow 0
    0x00, 0x18,             // 24 bytes
    0x70,                   // VRRP
    0xff,                   // hop limit 255
  ));
  const source = ipAddressBytes(exampleIp("fe80::10"));
  const group = ipAddressBytes(exampleIp("ff02::12"));
  assertEquals(bytes.slice(8, 24), source);
  assertEquals(bytes.slice(24, 40), group);
  const pseudo = pseudoHeaderSum(source, 0, group, 0, 16, 24);
  assert(isIntact(addWords(pseudo, bytes, 40, 24)), "the checksum is right");
});

const UTC_NS = 1_790_000_000e9;
const HMAC: AdvertHmac = {
  keys: [{ id: 1, secretHex: "07".repeat(32) }],
  activeKey: 1,
  mode: "enforce",
  antiReplay: "time",
  timeWindowNs: 5e9,
};

const KINDS: readonly (readonly [string, Partial<RouterConfig>])[] = [
  ["version 2", {}],
  ["version 3", { version: 3 }],
  [
    "version 3 without pseudo header",
    { version: 3, v3ChecksumAsV2: true },
  ],
  ["version 2 over IPv6", { version: 2, family: 6 }],
  ["version 3 over IPv6", { version: 3, family: 6 }],
  [
    "a password",
    { authentication: { kind: "pass", password: "12345678" } },
  ],
  ["a slow interval", { version: 3, advertIntervalNs: 40.95e9 }],
  [
    "255 addresses",
    {
      virtualAddresses: Array.from(
        { length: 255 },
        (_, i) => exampleAddress(`198.51.100.${i}`),
      ),
    },
  ],
  ["a signature", { version: 3, advertHmac: HMAC }],
  ["a signature in version 2", { version: 2, advertHmac: HMAC }],
  ["a signature over IPv6", { family: 6, advertHmac: HMAC }],
  [
    "no signature where it only verifies",
    { version: 3, advertHmac: { ...HMAC, mode: "receive-only" } },
  ],
];

for (const [name, changes] of KINDS) {
  Deno.test(`AdvertPackets.send() writes what the receive checks accept: ${name}`, () => {
    const config = exampleRouter({
      ...changes,
      ...(changes.family === 6
        ? {
          multicastGroup: exampleIp("ff02::12"),
          virtualAddresses: [exampleAddress("fe80::64")],
        }
        : {}),
    });
    const stage = new Stage(config);
    const [packet] = stage.sent(77);
    assert(packet !== undefined, "a packet left");
    const start = config.family === 4 ? 0 : IPV6_HEADER_LENGTH;
    const verdict = checkAdvert(
      prepareReceive(config),
      {
        effectivePriority: 100,
        isMaster: false,
        master: undefined,
        utcNs: UTC_NS,
      },
      {
        bytes: packet.bytes,
        start,
        length: packet.bytes.length - start,
        source: exampleIp(config.family === 4 ? "192.0.2.10" : "fe80::10"),
        destination: packet.destination,
        hopLimit: 255,
        isTruncated: false,
      },
    );
    assert(verdict.kind === "accepted", "the advert is accepted");
    assertEquals(verdict.advert.priority, 77);
    assertEquals(verdict.advert.advertIntervalNs, config.advertIntervalNs);
    assertEquals(
      verdict.differences.map(({ kind }) => kind),
      config.advertHmac?.mode === "receive-only" ? ["unsigned"] : [],
    );
  });
}

Deno.test("AdvertPackets.send() sends a copy to every peer, with TTL 255 unless told otherwise", () => {
  for (
    const [unicastTtl, ttl] of [[undefined, 255], [0, 0], [64, 64]] as const
  ) {
    const stage = new Stage(
      exampleRouter({
        unicastPeers: peers("192.0.2.20", "192.0.2.30"),
        unicastTtl,
      }),
    );
    const sent = stage.sent(100, 9);
    assertEquals(
      sent.map(({ destination, bytes }) => [destination, bytes[8], bytes[5]]),
      [["192.0.2.20", ttl, 9], ["192.0.2.30", ttl, 9]],
    );
    assertEquals(sent[1]?.bytes.slice(16, 20), Uint8Array.of(192, 0, 2, 30));
  }
});

Deno.test("AdvertPackets.send() signs once for all peers", () => {
  const stage = new Stage(exampleRouter({
    version: 3,
    advertHmac: HMAC,
    unicastPeers: peers("192.0.2.20", "192.0.2.30"),
  }));
  const [one, other] = stage.sent(100);
  const trailerOf = (packet = one) => packet?.bytes.slice(-TRAILER_LENGTH);
  assertEquals(one?.bytes.length, IPV4_HEADER_LENGTH + 12 + TRAILER_LENGTH);
  assertEquals(trailerOf(one), trailerOf(other));
  assertEquals(trailerOf()?.slice(0, 2), Uint8Array.of(1, 1));
});

Deno.test("AdvertPackets.send() writes a new priority, and leaves a queued packet as it is", () => {
  const stage = new Stage(exampleRouter());
  stage.packets.prepare(100);
  stage.send(100, 1);
  stage.send(0, 2);
  stage.send(0, 3);
  stage.world.flush(stage.sink);
  assertEquals(
    stage.world.sent.map(({ bytes }) => [
      bytes[5],
      bytes[IPV4_HEADER_LENGTH + 2],
    ]),
    [[1, 100], [2, 0], [3, 0]],
  );
});

Deno.test("AdvertPackets.includes() knows its own packets", () => {
  const stage = new Stage(
    exampleRouter({ unicastPeers: peers("192.0.2.20", "192.0.2.30") }),
  );
  const other = new Stage(exampleRouter());
  stage.world.kernel.setFlags("eth0", 0);
  stage.sent(100);
  assertEquals(stage.sink.failedPackets.length, 2);
  for (const packet of stage.sink.failedPackets) {
    assertEquals(stage.packets.includes(packet), true);
    assertEquals(other.packets.includes(packet), false);
  }
});
