import { noBfdRejections } from "../bfd/counters.ts";
import { assert, assertEquals } from "@std/assert";
import type {
  DiffersNotice,
  EngineNotice,
  RejectedNotice,
  TransitionNotice,
} from "../engine/port.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import { REJECT_REASONS } from "../vrrp/receive.ts";
import type { RouterObservation } from "../vrrp/router_io.ts";
import { type RouterFacts, wordNotice } from "./wording.ts";

const PEER = exampleIp("10.0.0.66");
const MAC = "52:54:00:aa:bb:cc";
const FACTS: RouterFacts = { vrid: 51, interface: "eth0", state: "MASTER" };

function word(notice: EngineNotice) {
  return wordNotice(notice, (name) => name === "VI_1" ? FACTS : undefined);
}

function transition(changes: Partial<TransitionNotice>): EngineNotice {
  return {
    kind: "transition",
    transition: {
      router: "VI_1",
      vrid: 51,
      interface: "eth0",
      from: "BACKUP",
      to: "MASTER",
      cause: "masterDownTimer",
      reasons: [],
      master: undefined,
      priority: 100,
      atNs: 0,
      ...changes,
    },
  };
}

function rejected(changes: Partial<RejectedNotice>): EngineNotice {
  return {
    kind: "rejected",
    rejected: {
      router: "VI_1",
      vrid: 51,
      interface: "eth0",
      source: PEER,
      mac: MAC,
      reason: "versionMismatch",
      ours: "2",
      theirs: "3",
      suppressed: 0,
      ...changes,
    },
  };
}

function differs(changes: Partial<DiffersNotice>): EngineNotice {
  return {
    kind: "differs",
    differs: {
      router: "VI_1",
      vrid: 51,
      interface: "eth0",
      source: PEER,
      mac: MAC,
      difference: "addressListMismatch",
      ours: "10.0.0.100",
      theirs: "10.9.9.9",
      suppressed: 0,
      ...changes,
    },
  };
}

function observed(observation: RouterObservation): EngineNotice {
  return {
    kind: "observed",
    router: "VI_1",
    interface: "eth0",
    mac: MAC,
    observation,
    suppressed: 0,
  };
}

const WHO = "virtual_router_id 51 from 10.0.0.66 (52:54:00:aa:bb:cc) on eth0";

for (
  const [name, notice, message] of [
    [
      "taking over",
      transition({}),
      "VI_1: entering MASTER (was BACKUP): no master was heard",
    ],
    [
      "yielding",
      transition({
        from: "MASTER",
        to: "BACKUP",
        cause: "higherPriorityAdvert",
        master: { address: PEER, priority: 200 },
      }),
      "VI_1: entering BACKUP (was MASTER): a higher priority was heard; master is 10.0.0.66, priority 200",
    ],
    [
      "losing the link",
      transition({
        to: "FAULT",
        cause: "gateClosed",
        reasons: [{ kind: "noCarrier", interface: "eth0" }],
      }),
      "VI_1: entering FAULT (was BACKUP): interface eth0 has no carrier",
    ],
    [
      "waiting",
      {
        kind: "gate",
        router: "VI_1",
        reasons: [{
          kind: "sourceAddressMissing",
          interface: "eth0",
          address: exampleIp("10.0.0.5"),
        }],
      },
      "VI_1: waiting: eth0 has no address 10.0.0.5",
    ],
    [
      "another version",
      rejected({}),
      `VI_1: dropped an advert for ${WHO}: VRRP version: theirs is 3, ours is 2; ` +
      "set the same version on both, or another virtual_router_id if it is not a peer",
    ],
    [
      "another auth_type",
      rejected({ reason: "authTypeMismatch", ours: "PASS", theirs: "none" }),
      `VI_1: dropped an advert for ${WHO}: auth_type: theirs is none, ours is PASS; ` +
      "set the same on both, or another virtual_router_id if it is not a peer",
    ],
    [
      "another password",
      rejected({ reason: "authFailure", ours: undefined, theirs: undefined }),
      `VI_1: dropped an advert for ${WHO}: auth_pass differs from ours; ` +
      "set the same on both, or another virtual_router_id if it is not a peer",
    ],
    [
      "another interval in v2",
      rejected({ reason: "intervalMismatch", ours: "1 s", theirs: "2 s" }),
      `VI_1: dropped an advert for ${WHO}: advert_int: theirs is 2 s, ours is 1 s; VRRPv2 needs the same on both`,
    ],
    [
      "a sender without a known hardware address",
      rejected({ reason: "ownerIgnored", mac: undefined }),
      "VI_1: dropped an advert for virtual_router_id 51 from 10.0.0.66 on eth0: " +
      "owner_ignore_adverts is set and we own the addresses",
    ],
    [
      "a foreign cluster",
      differs({}),
      `VI_1: adverts for ${WHO} are for other addresses: theirs 10.9.9.9, ours 10.0.0.100; ` +
      "another cluster has the same virtual_router_id: change it in one of the two",
    ],
    [
      "a list changed on one side",
      differs({
        difference: "addressCountMismatch",
        ours: "10.0.0.100 10.0.0.101",
        theirs: "10.0.0.100 10.0.0.102 10.0.0.103",
      }),
      `VI_1: adverts for ${WHO} have another address list: theirs has 10.0.0.102 10.0.0.103 and ours not, ` +
      "ours has 10.0.0.101 and theirs not; make virtual_ipaddress the same on both routers",
    ],
    [
      "a long foreign list",
      differs({
        theirs: "1.0.0.1 1.0.0.2 1.0.0.3 1.0.0.4 1.0.0.5 1.0.0.6 1.0.0.7",
      }),
      `VI_1: adverts for ${WHO} are for other addresses: theirs 1.0.0.1 1.0.0.2 1.0.0.3 1.0.0.4 1.0.0.5 and 2 more, ` +
      "ours 10.0.0.100; another cluster has the same virtual_router_id: change it in one of the two",
    ],
    [
      "another interval in v3",
      differs({
        difference: "intervalMismatch",
        ours: "1 s",
        theirs: "100 ms",
      }),
      `VI_1: adverts for ${WHO} have another advert_int: theirs is 100 ms, ours is 1 s; ` +
      "a backup follows the master's, set the same on both",
    ],
    [
      "another form of checksum",
      differs({
        difference: "checksumFormMismatch",
        ours: "with pseudo header",
        theirs: "without pseudo header",
      }),
      `VI_1: adverts for ${WHO} have a checksum made without pseudo header, ours is made with pseudo header; ` +
      "they were accepted, and are answered alike from now on: set v3_checksum_as_v2 alike on both",
    ],
    [
      "an unsigned advert in a migration",
      differs({
        difference: "unsigned",
        ours: "permissive",
        theirs: "unsigned",
      }),
      `VI_1: adverts for ${WHO} are not signed; they were accepted, for auth_hmac has mode permissive`,
    ],
    [
      "a clock that goes wrong",
      differs({ difference: "clockDifference", ours: "5 s", theirs: "-3 s" }),
      `VI_1: adverts for ${WHO} were signed by a clock that is 3 s behind ours; ` +
      "they are dropped from a difference of 5 s on: keep both clocks by NTP",
    ],
    [
      "a second master",
      observed({ kind: "lowerPriorityAdvert", source: PEER, priority: 50 }),
      "VI_1: 10.0.0.66 (52:54:00:aa:bb:cc) on eth0 also sends as MASTER, with the lower priority 50; it was answered",
    ],
    [
      "an address put back",
      {
        kind: "addressRestored",
        router: "VI_1",
        address: exampleIp("10.0.0.100"),
        prefixLength: 24,
        interface: "eth0",
      },
      "VI_1: something removed 10.0.0.100/24 from eth0; it was put back, for this router is MASTER",
    ],
    [
      "something static put back",
      { kind: "staticRestored", what: "10.0.0.7/24 from eth0" },
      "something removed 10.0.0.7/24 from eth0, which is static; it was put back",
    ],
    [
      "changes that were missed",
      { kind: "changesMissed" },
      "links and addresses changed faster than they could be followed; all of them were read anew",
    ],
    [
      "a refusal of the kernel",
      {
        kind: "systemError",
        router: undefined,
        doing: "send adverts",
        call: "sendmmsg",
        errno: 1,
        name: "EPERM",
        suppressed: 0,
      },
      "cannot send adverts: sendmmsg failed with EPERM",
    ],
    [
      "a stalled machine",
      { kind: "late", byNs: 250_000_000 },
      "a timer fired 250 ms late: the machine was stalled or is overloaded",
    ],
    [
      "a dead engine",
      { kind: "died", message: "oops", stack: "" },
      "the VRRP engine died: oops",
    ],
  ] satisfies [string, EngineNotice, string][]
) {
  Deno.test(`wordNotice() has one line for ${name}`, () => {
    assertEquals(word(notice)?.message, message);
  });
}

Deno.test("wordNotice() gives a transition's fields to the journal", () => {
  const record = word(
    transition({ master: { address: PEER, priority: 200 } }),
  );
  assertEquals(record?.event, "stateChanged");
  assertEquals(record?.fields, {
    instance: "VI_1",
    state: "MASTER",
    vrid: 51,
    interface: "eth0",
    reason: "masterDownTimer",
    peer: PEER,
  });
});

Deno.test("wordNotice() gives a wait the fields that its notice lacks", () => {
  const record = word({
    kind: "gate",
    router: "VI_1",
    reasons: [{ kind: "interfaceDown", interface: "eth0" }],
  });
  assertEquals(record?.fields, { instance: "VI_1", ...FACTS });
});

Deno.test("wordNotice() says who sent what was rejected, for filters", () => {
  const record = word(rejected({ suppressed: 9 }));
  assertEquals(record?.event, "versionMismatch");
  assertEquals(record?.occurrences, 10);
  assertEquals(record?.fields, {
    instance: "VI_1",
    vrid: 51,
    interface: "eth0",
    peer: PEER,
    peerMac: MAC,
    reason: "versionMismatch",
  });
});

Deno.test("wordNotice() has words for every reason to reject", () => {
  for (const reason of REJECT_REASONS) {
    const message = word(rejected({ reason }))?.message ?? "";
    assert(message.startsWith(`VI_1: dropped an advert for ${WHO}: `), message);
    assert(!message.includes("undefined"), message);
  }
});

Deno.test("wordNotice() has nothing to say about answers and opened gates", () => {
  const silent: EngineNotice[] = [
    { kind: "started" },
    { kind: "stopped" },
    { kind: "pong", id: 1 },
    {
      kind: "snapshot",
      id: 1,
      routers: [],
      bfd: [],
      bfdRejected: noBfdRejections(),
      staticsRestored: 0,
    },
    { kind: "gate", router: "VI_1", reasons: [] },
  ];
  assertEquals(silent.map(word), silent.map(() => undefined));
});
