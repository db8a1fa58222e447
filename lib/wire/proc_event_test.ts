import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeProcEvent, encodeProcListen } from "./proc_event.ts";

function u32(...values: readonly number[]): number[] {
  return values.flatMap((
    value,
  ) => [...new Uint8Array(Uint32Array.of(value).buffer)]);
}

/** A message as the kernel sends it. */
function message(what: number, data: readonly number[]): Uint8Array {
  return Uint8Array.from([
    ...u32(76), // nlmsg_len
    3,
    0, // nlmsg_type: NLMSG_DONE
    0,
    0, // nlmsg_flags
    ...u32(9), // nlmsg_seq
    ...u32(0), // nlmsg_pid
    ...u32(1, 1), // cn_msg.id: CN_IDX_PROC, CN_VAL_PROC
    ...u32(9, 0), // seq, ack
    40,
    0, // len
    0,
    0, // flags
    ...u32(what),
    ...u32(1), // cpu
    ...u32(5, 6), // timestamp
    ...data,
    ...Array<number>(24 - data.length).fill(0),
  ]);
}

const NAME = [...new TextEncoder().encode("haproxy"), 0];

Deno.test("decodeProcEvent() reads what happens to processes", () => {
  assertEquals(decodeProcEvent(message(0, u32(0))), {
    kind: "answer",
    errno: 0,
  });
  // Parent's thread 11 of process 10, child 12.
  assertEquals(decodeProcEvent(message(1, u32(11, 10, 12, 12))), {
    kind: "fork",
    parent: 10,
    pid: 12,
  });
  assertEquals(decodeProcEvent(message(2, u32(12, 12))), {
    kind: "exec",
    pid: 12,
  });
  assertEquals(decodeProcEvent(message(0x200, [...u32(12, 12), ...NAME])), {
    kind: "rename",
    pid: 12,
    name: "haproxy",
  });
  assertEquals(decodeProcEvent(message(0x80000000, u32(12, 12, 0, 17))), {
    kind: "exit",
    pid: 12,
  });
});

Deno.test("decodeProcEvent() tells nothing of threads, and of kinds nobody asked for", () => {
  for (
    const bytes of [
      message(1, u32(10, 10, 12, 10)),
      message(0x200, [...u32(12, 10), ...NAME]),
      message(0x80000000, u32(12, 10)),
      message(4, u32(12, 12)),
    ]
  ) assertEquals(decodeProcEvent(bytes), undefined);
});

Deno.test("decodeProcEvent() survives any bytes and any cut", () => {
  const whole = message(0x200, [...u32(12, 12), ...NAME]);
  for (let length = 0; length <= whole.length; length++) {
    decodeProcEvent(whole.subarray(0, length));
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    decodeProcEvent(bytes);
  }));
});

Deno.test("encodeProcListen() asks to be told", () => {
  assertEquals([...encodeProcListen()], [
    ...u32(40), // nlmsg_len
    3,
    0, // nlmsg_type: NLMSG_DONE
    0,
    0, // nlmsg_flags
    ...u32(0, 0), // nlmsg_seq, nlmsg_pid
    ...u32(1, 1), // cn_msg.id
    ...u32(0, 0), // seq, ack
    4,
    0, // len
    0,
    0, // flags
    ...u32(1), // PROC_CN_MCAST_LISTEN
  ]);
});
