import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { writeNewFile } from "./write_new_file.ts";

function inTemporaryDirectory(body: (directory: string) => void) {
  const directory = Deno.makeTempDirSync();
  try {
    body(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function names(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name);
}

Deno.test("writeNewFile() writes a file that only its owner reads", () => {
  inTemporaryDirectory((directory) => {
    const path = join(directory, "a.toml");
    assertEquals(writeNewFile(path, "text\n", false), undefined);
    assertEquals(Deno.readTextFileSync(path), "text\n");
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
    assertEquals(names(directory), ["a.toml"]);
  });
});

Deno.test("writeNewFile() leaves an existing file alone without force", () => {
  inTemporaryDirectory((directory) => {
    const path = join(directory, "a.toml");
    Deno.writeTextFileSync(path, "old");
    const problem = writeNewFile(path, "new", false);
    assertStringIncludes(problem ?? "", "exists already");
    assertEquals(Deno.readTextFileSync(path), "old");
    assertEquals(writeNewFile(path, "new", true), undefined);
    assertEquals(Deno.readTextFileSync(path), "new");
    assertEquals(names(directory), ["a.toml"]);
  });
});

Deno.test("writeNewFile() says why it cannot write", () => {
  const problem = writeNewFile("/nonexistent/a.toml", "text", false);
  assertStringIncludes(problem ?? "", "cannot write /nonexistent/a.toml");
});
