import { assertEquals } from "@std/assert";
import { buildInfo, readStamp } from "./build_info.ts";

Deno.test("readStamp() takes the three words that the build wrote", () => {
  assertEquals(readStamp("1.2.3 abc1234-dirty aarch64-unknown-linux-gnu"), {
    version: "1.2.3",
    commit: "abc1234-dirty",
    target: "aarch64-unknown-linux-gnu",
  });
});

Deno.test("buildInfo() of a checkout says dev and this machine", () => {
  const info = buildInfo();
  assertEquals(info.commit, "dev");
  assertEquals(info.target, Deno.build.target);
  assertEquals(info.deno, Deno.version.deno);
});
