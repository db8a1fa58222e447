import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { NetlinkBatch, NetlinkReader } from "./netlink.ts";
import { decodeTableChange } from "./nftables_event.ts";

/** A message of `type` and `family` with `name` in its first attribute. */
function message(type: number, family: number, name: string): Uint8Array {
  const batch = new NetlinkBatch(256);
  batch.begin(type, 0, 0);
  batch.u8(family);
  batch.u8(0);
  batch.u16(0);
  batch.attributeText(1, name);
  batch.attributeU32(2, 0);
  batch.end();
  return batch.bytes.slice(0, batch.length);
}

function titles(bytes: Uint8Array): readonly (string | undefined)[] {
  const reader = new NetlinkReader();
  reader.reset(bytes);
  const found: (string | undefined)[] = [];
  while (reader.next()) found.push(decodeTableChange(reader));
  return found;
}

for (
  const [what, type, family, expected] of [
    ["a table that went", 0x0a02, 1, "inet hakeep"],
    ["a new table", 0x0a00, 10, "ip6 hakeep"],
    ["a rule that went", 0x0a08, 2, "ip hakeep"],
    ["an element that went", 0x0a0e, 1, "inet hakeep"],
    ["the end of a transaction", 0x0a0f, 0, undefined],
    ["another subsystem", 0x0102, 1, undefined],
    ["a family that nobody knows", 0x0a02, 77, undefined],
  ] as const
) {
  Deno.test(`decodeTableChange() reads which table ${what} is about`, () => {
    assertEquals(titles(message(type, family, "hakeep")), [expected]);
  });
}

Deno.test("decodeTableChange() takes any bytes", () => {
  fc.assert(fc.property(
    fc.uint8Array({ maxLength: 64 }),
    fc.nat(80),
    (noise, cut) => {
      titles(noise);
      const whole = message(0x0a02, 1, "hakeep");
      whole.set(noise.subarray(0, 40), 16);
      titles(whole);
      titles(message(0x0a02, 1, "hakeep").subarray(0, cut));
    },
  ));
});
