import { assertEquals } from "@std/assert";
import { BFD_REJECT_REASONS, DIAGNOSTIC } from "../bfd/packet.ts";
import { type BfdSession, newSession } from "../bfd/session.ts";
import { exampleBfd, MS } from "../bfd/session_lab.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import { wordBfd, wordBfdRejected } from "./bfd_wording.ts";

const SESSION = newSession(exampleBfd(), 1);
const NEIGHBOR = exampleIp("192.0.2.2");

function said(
  from: BfdSession["state"] | undefined,
  session: Partial<BfdSession>,
): string | undefined {
  return wordBfd({
    kind: "bfd",
    name: "gw",
    neighbor: NEIGHBOR,
    from,
    session: { ...SESSION, ...session },
    detectionTimeNs: 150 * MS,
  })?.message;
}

Deno.test("wordBfd() tells that a session came up, or why it went down, and no step between", () => {
  const remote = { ...SESSION.remote, diagnostic: DIAGNOSTIC.timeExpired };
  assertEquals([
    said("down", { state: "init" }),
    said("init", { state: "up" }),
    said(undefined, { state: "up" }),
    said("up", { state: "down", diagnostic: DIAGNOSTIC.timeExpired }),
    said("up", { state: "down", diagnostic: DIAGNOSTIC.neighborDown }),
    said("up", { state: "down", diagnostic: DIAGNOSTIC.neighborDown, remote }),
    said("up", {
      state: "down",
      diagnostic: DIAGNOSTIC.neighborDown,
      remote: { ...remote, state: "adminDown" },
    }),
    said("up", {
      state: "adminDown",
      diagnostic: DIAGNOSTIC.administrativelyDown,
    }),
    said("init", { state: "down", diagnostic: DIAGNOSTIC.timeExpired }),
  ], [
    undefined,
    "BFD session gw with 192.0.2.2 is up",
    undefined,
    "BFD session gw with 192.0.2.2 is down: nothing was heard for 150 ms",
    "BFD session gw with 192.0.2.2 is down: the neighbour says the session is down",
    "BFD session gw with 192.0.2.2 is down: the neighbour says the session is down (detection time expired)",
    "BFD session gw with 192.0.2.2 is down: the neighbour ended it; those who track it go on as if it were up",
    "BFD session gw with 192.0.2.2 is down: administratively down",
    undefined,
  ]);
});

Deno.test("wordBfdRejected() has words for every reason, and the hop limit where that is it", () => {
  for (const reason of BFD_REJECT_REASONS) {
    const { message, occurrences } = wordBfdRejected({
      kind: "bfdRejected",
      name: reason === "unknownSession" ? undefined : "gw",
      source: NEIGHBOR,
      reason,
      hopLimit: 3,
      suppressed: 2,
    });
    assertEquals(message.includes("undefined"), false);
    assertEquals(message.includes("(3; see"), reason === "hopLimit");
    assertEquals(occurrences, 3);
  }
});
