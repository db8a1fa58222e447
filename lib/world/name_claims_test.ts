import { assertEquals } from "@std/assert";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";
import { NameClaims } from "./name_claims.ts";

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

const NAME = `claim${Deno.pid}`;

/** A process of its own that claims a name, says who has it, and ends when it is told to. */
function claimant() {
  const url = new URL("./name_claims.ts", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-check",
      `const { NameClaims } = await import(${JSON.stringify(url)});
       const claims = new NameClaims("link");
       console.log(JSON.stringify(claims.claim("${NAME}") ?? "ours"));
       for await (const _ of Deno.stdin.readable) claims.release("${NAME}");`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return { child, said: async () => (await lines.read()).value?.trim(), lines };
}

Deno.test("NameClaims.claim() tells which process has a name, until that process is killed", async () => {
  const claims = new NameClaims("link");
  const other = claimant();
  assertEquals(await other.said(), '"ours"');
  const holder = { pid: other.child.pid };
  assertEquals([claims.claim(NAME), claims.claim(NAME)], [holder, holder]);
  other.child.kill("SIGKILL");
  await other.child.status;
  assertEquals(claims.claim(NAME), undefined);
  const next = claimant();
  assertEquals(await next.said(), JSON.stringify({ pid: Deno.pid }));
  claims.close();
  for (const { child, lines } of [other, next]) {
    await child.stdin.close().catch(() => {});
    await lines.cancel();
    await child.status;
  }
});

Deno.test("NameClaims.release() lets the next one have the name", () => {
  const claims = new NameClaims("link");
  assertEquals(claims.claim(NAME), undefined);
  assertEquals(claims.claim(NAME), undefined);
  // What another engine of this very process has is no other daemon's.
  const again = new NameClaims("link");
  assertEquals(again.claim(NAME), undefined);
  claims.release(NAME);
  assertEquals(again.claim(NAME), undefined);
  again.close();
  claims.close();
});
