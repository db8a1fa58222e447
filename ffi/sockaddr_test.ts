import { assertEquals } from "@std/assert";
import { sockaddrIn, sockaddrIn6, sockaddrLl, sockaddrUn } from "./sockaddr.ts";

Deno.test("sockaddrIn() has the family in the host's order, port 0 and the address", () => {
  assertEquals(
    sockaddrIn(Uint8Array.of(192, 0, 2, 1)),
    // deno-fmt-ignore
    Uint8Array.of(
      2, 0,         // AF_INET
      0, 0,         // port
      192, 0, 2, 1, // address
      0, 0, 0, 0, 0, 0, 0, 0,
    ),
  );
});

Deno.test("sockaddrIn6() has the scope at its end, in the host's order", () => {
  const address = new Uint8Array(16);
  address.set([0xff, 0x02]);
  address[15] = 0x12;
  assertEquals(
    sockaddrIn6(address, 0x01020304),
    // deno-fmt-ignore
    Uint8Array.of(
      10, 0,        // AF_INET6
      0, 0,         // port
      0, 0, 0, 0,   // flow
      0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12,
      4, 3, 2, 1,   // scope
    ),
  );
});

Deno.test("sockaddrLl() has the protocol in the network's order and the index in the host's", () => {
  assertEquals(
    sockaddrLl(0x0102, 0x86dd),
    // deno-fmt-ignore
    Uint8Array.of(
      17, 0,        // AF_PACKET
      0x86, 0xdd,   // protocol
      2, 1, 0, 0,   // index
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ),
  );
});

Deno.test("sockaddrUn() ends a path with NUL, an abstract name with nothing, and refuses what is too long", () => {
  assertEquals(sockaddrUn("/a"), Uint8Array.of(1, 0, 0x2f, 0x61, 0));
  assertEquals(sockaddrUn("@ab"), Uint8Array.of(1, 0, 0, 0x61, 0x62));
  assertEquals(sockaddrUn("x".repeat(107))?.length, 110);
  assertEquals(sockaddrUn("x".repeat(108)), undefined);
  // Two bytes each.
  assertEquals(sockaddrUn("é".repeat(54)), undefined);
});
