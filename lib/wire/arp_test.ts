import { assertEquals } from "@std/assert";
import { encodeGratuitousArp, GRATUITOUS_ARP_LENGTH } from "./arp.ts";

// deno-fmt-ignore
Deno.test("encodeGratuitousArp() asks everybody for its own address, target hardware address all ones", () => {
  const into = new Uint8Array(GRATUITOUS_ARP_LENGTH);
  encodeGratuitousArp(
    Uint8Array.of(2, 0, 0, 0, 0, 9), Uint8Array.of(192, 0, 2, 100), into,
  );
  assertEquals([...into], [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, // Ethernet destination
    2, 0, 0, 0, 0, 9,                   // Ethernet source
    0x08, 0x06,                         // ARP
    0x00, 0x01,                         // hardware: Ethernet
    0x08, 0x00,                         // protocol: IPv4
    6, 4,                               // address lengths
    0x00, 0x01,                         // request
    2, 0, 0, 0, 0, 9,                   // sender hardware address
    192, 0, 2, 100,                     // sender
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, // target hardware address
    192, 0, 2, 100,                     // target
  ]);
});
