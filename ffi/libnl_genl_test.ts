import { assertEquals, assertThrows } from "@std/assert";
import { libc } from "./libc.ts";
import { resolveGenlFamily } from "./libnl_genl.ts";
import { SysError } from "./sys_error.ts";

const PATHS = { libnl: "libnl-3.so.200", genl: "libnl-genl-3.so.200" };
libc();
// Loads the libraries once for the isolate's life: no test's leak.
const NLCTRL = resolveGenlFamily(PATHS, "nlctrl");

Deno.test("resolveGenlFamily() finds nlctrl at 16, its number on every kernel", () => {
  assertEquals(NLCTRL, 16);
  assertEquals(resolveGenlFamily(PATHS, "nlctrl"), 16);
});

Deno.test("resolveGenlFamily() answers ENOENT for a family that does not exist", () => {
  const error = assertThrows(
    () => resolveGenlFamily(PATHS, "HAKEEP_NONE"),
    SysError,
  );
  assertEquals(error.errnoName, "ENOENT");
  assertEquals(error.call, "genl_ctrl_resolve");
});
