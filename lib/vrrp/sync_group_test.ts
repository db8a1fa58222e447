import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  faultyMembers,
  syncGroupState,
  type SyncMember,
} from "./sync_group.ts";

function member(change: Partial<SyncMember> = {}): SyncMember {
  return {
    name: "a",
    isFaulty: false,
    isInitial: false,
    wants: "MASTER",
    ...change,
  };
}

Deno.test("syncGroupState() is MASTER only when every member wants it", () => {
  assertEquals(syncGroupState([member(), member()]), "MASTER");
  assertEquals(
    syncGroupState([member(), member({ wants: "BACKUP" })]),
    "BACKUP",
  );
  assertEquals(syncGroupState([]), "BACKUP");
});

Deno.test("syncGroupState() is FAULT as long as one member is in fault or waits for a script", () => {
  assertEquals(syncGroupState([member(), member({ isFaulty: true })]), "FAULT");
  assertEquals(
    syncGroupState([member({ isInitial: true }), member()]),
    "FAULT",
  );
});

Deno.test("faultyMembers() is empty exactly when the group is not in FAULT", () => {
  const members = fc.array(fc.record<SyncMember>({
    name: fc.string(),
    isFaulty: fc.boolean(),
    isInitial: fc.boolean(),
    wants: fc.constantFrom("MASTER", "BACKUP"),
  }));
  fc.assert(fc.property(members, (some) => {
    assertEquals(
      faultyMembers(some).length > 0,
      syncGroupState(some) === "FAULT",
    );
  }));
});
