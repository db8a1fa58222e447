import { assertEquals, assertThrows } from "@std/assert";
import {
  isInNetworkNamespace,
  restartInNetworkNamespace,
} from "./network_namespace.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

Deno.test("restartInNetworkNamespace() says which one it cannot find", () => {
  assertThrows(
    () => restartInNetworkNamespace("hakeep-absent"),
    Error,
    "Cannot find the network namespace hakeep-absent: open failed with ENOENT",
  );
});

Deno.test("isInNetworkNamespace() is false for one that is not there", () => {
  assertEquals(isInNetworkNamespace("hakeep-absent"), false);
});
