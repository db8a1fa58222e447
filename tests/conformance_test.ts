/**
 * docs/conformance.md names tests; every one of them is there.
 * @module
 */
import { assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const ROW = /^\| .* \| `(.+)` \| (\S+_test\.ts) \|$/;

Deno.test("every test that docs/conformance.md names exists in the file it names", () => {
  const lines = Deno.readTextFileSync(new URL("docs/conformance.md", ROOT))
    .split("\n");
  const named = lines.flatMap((line) => {
    const [, name, path] = ROW.exec(line) ?? [];
    return name === undefined || path === undefined ? [] : [{ name, path }];
  });
  assertEquals(named.length > 90, true, `${named.length} rows were understood`);
  const missing = named.filter(({ name, path }) => {
    const text = Deno.readTextFileSync(new URL(path, ROOT));
    return !text.includes(`"${name}"`) && !text.includes(`\`${name}\``);
  });
  assertEquals(missing, []);
});
