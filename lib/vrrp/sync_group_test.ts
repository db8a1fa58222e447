import { assertEquals } from "@std/assert";
import {
  exampleBackup,
  exampleMaster,
  exampleRouter,
} from "./example_router.ts";
import { INITIAL_STATE, type RouterState } from "./router_state.ts";
import {
  groupStateName,
  linksOfMember,
  mayBecomeMaster,
} from "./sync_group.ts";
import type { TrackerLink } from "./tracking.ts";

const MASTER = exampleMaster(exampleRouter());
const BACKUP = exampleBackup(exampleRouter());
const WANTING: RouterState = { ...BACKUP, wantsMaster: true };
const FAULT: RouterState = { kind: "fault", reasons: [] };

Deno.test("mayBecomeMaster() needs every member", () => {
  assertEquals(mayBecomeMaster([WANTING, WANTING]), true);
  assertEquals(mayBecomeMaster([MASTER, WANTING]), true);
  assertEquals(mayBecomeMaster([WANTING, BACKUP]), false);
  assertEquals(mayBecomeMaster([WANTING, FAULT]), false);
  assertEquals(mayBecomeMaster([WANTING, INITIAL_STATE]), false);
});

Deno.test("groupStateName() names the worst of the members", () => {
  assertEquals(groupStateName(["MASTER", "MASTER"]), "MASTER");
  assertEquals(groupStateName(["MASTER", "BACKUP"]), "BACKUP");
  assertEquals(groupStateName(["MASTER", "FAULT", "BACKUP"]), "FAULT");
  assertEquals(groupStateName(["WAITING", "BACKUP"]), "WAITING");
  assertEquals(groupStateName(["STOPPED", "STOPPED"]), "STOPPED");
});

function link(tracker: string, weight: number): TrackerLink {
  return { kind: "script", tracker, weight, reverse: false };
}

Deno.test("linksOfMember() counts an object once, and without a weight if the member says so", () => {
  assertEquals(
    linksOfMember(
      [link("a", 0), link("b", 10), link("c", 5)],
      [link("a", 20), link("b", 30), link("d", 0)],
    ),
    [link("a", 0), link("c", 5), link("b", 30), link("d", 0)],
  );
});
