import { assertEquals } from "@std/assert";
import {
  fifoLine,
  notifyArguments,
  notifyEnvironment,
  type NotifyEvent,
  notifyJson,
} from "./notify_event.ts";

const INSTANCE: NotifyEvent = {
  subject: "INSTANCE",
  name: "VI 1",
  state: "MASTER",
  priority: 150,
};
const GROUP: NotifyEvent = { ...INSTANCE, subject: "GROUP", state: "FAULT" };

Deno.test("notifyArguments() are keepalived's four, a group's priority 0", () => {
  assertEquals(notifyArguments(INSTANCE), [
    "INSTANCE",
    "VI 1",
    "MASTER",
    "150",
  ]);
  assertEquals(notifyArguments(GROUP), ["GROUP", "VI 1", "FAULT", "0"]);
});

Deno.test("fifoLine() quotes the name and ends the line", () => {
  assertEquals(fifoLine(INSTANCE), 'INSTANCE "VI 1" MASTER 150\n');
  assertEquals(fifoLine(GROUP), 'GROUP "VI 1" FAULT 0\n');
});

Deno.test("environment and JSON tell the same event", () => {
  assertEquals(notifyEnvironment(INSTANCE), {
    HAKEEP_SUBJECT: "INSTANCE",
    HAKEEP_NAME: "VI 1",
    HAKEEP_STATE: "MASTER",
    HAKEEP_PRIORITY: "150",
  });
  assertEquals(JSON.parse(notifyJson(GROUP)), {
    subject: "GROUP",
    name: "VI 1",
    state: "FAULT",
    priority: 0,
  });
});
