import { assertEquals } from "@std/assert";
import { groupNamed, userNamed } from "./account.ts";
import { loadWholeLibc } from "./libc_lab.ts";

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

Deno.test("userNamed() and groupNamed() know root, and nobody who is not there", () => {
  assertEquals(userNamed("root"), { uid: 0, gid: 0 });
  assertEquals(groupNamed("root"), 0);
  for (const name of ["", "no such user", "a\0b"]) {
    assertEquals(userNamed(name), undefined);
    assertEquals(groupNamed(name), undefined);
  }
});

Deno.test("userNamed() reads what /etc/passwd says", async () => {
  const line = (await Deno.readTextFile("/etc/passwd")).split("\n")
    .find((one) => one.startsWith("nobody:")) ?? "";
  const [, , uid, gid] = line.split(":");
  assertEquals(userNamed("nobody"), { uid: Number(uid), gid: Number(gid) });
});
