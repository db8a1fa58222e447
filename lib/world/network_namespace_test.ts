import { assertEquals, assertThrows } from "@std/assert";
import { monotonicNs } from "./daemon_linux.ts";
import {
  isInNetworkNamespace,
  restartInNetworkNamespace,
} from "./network_namespace.ts";

// libc is loaded once and stays: it is nobody's leak.
monotonicNs();

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
