/**
 * What scripts/test counts: runs of tests that fail, and that run once more.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const SCRIPT = fromFileUrl(
  new URL("../scripts/test_runs.sh", import.meta.url),
);

/** What `deno test` prints in the end. */
function ending(
  passed: number,
  ...failures: readonly string[]
): string {
  if (failures.length === 0) return `ok | ${passed} passed | 0 failed (1s)\n`;
  return [
    ...failures.map((one) => `${one}\nerror: Error: no`),
    "",
    " FAILURES ",
    "",
    ...failures,
    "",
    `FAILED | ${passed} passed (2 steps) | ${failures.length} failed (1s)`,
    "",
    "error: Test failed",
    "",
  ].join("\n");
}

const A = "one => ./tests/e2e/a_test.ts:3:6";
const B = "another ... its step => ./tests/e2e/b_test.ts:30:16";
const UNREADABLE = "./tests/e2e/c_test.ts (uncaught error)";

/** What two runs print, and what is made of them: tests that passed and failed, files of the second run, what was unsteady. */
const CASES: readonly (readonly [
  what: string,
  runs: readonly string[],
  told: readonly [
    passed: number,
    failed: number,
    files: string,
    unsteady: string,
  ],
])[] = [
  ["nothing fails", [ending(7)], [7, 0, "", ""]],
  [
    "what failed passes alone",
    [ending(5, A, B), ending(3)],
    [7, 0, "./tests/e2e/a_test.ts ./tests/e2e/b_test.ts", `${A}\n${B}`],
  ],
  [
    "one of two fails again",
    [ending(5, A, B), ending(2, B)],
    [6, 1, "./tests/e2e/a_test.ts ./tests/e2e/b_test.ts", ""],
  ],
  [
    "a file cannot be loaded, besides",
    [ending(5, A, UNREADABLE), ending(1)],
    [5, 2, "", ""],
  ],
  [
    "a test that a helper registered fails, besides",
    [ending(5, A, "told => ./tests/e2e/pair.ts:3:6"), ending(1)],
    [5, 2, "", ""],
  ],
  [
    "too many fail",
    [
      ending(5, ...Array.from({ length: 13 }, (_, line) => `${A}${line}`)),
      ending(9),
    ],
    [5, 13, "", ""],
  ],
  ["the first run breaks off", ["Killed\n"], [0, 1, "", ""]],
  [
    "the second run breaks off",
    [ending(5, A, B), "Killed\n"],
    [5, 3, "./tests/e2e/a_test.ts ./tests/e2e/b_test.ts", ""],
  ],
];

for (const [what, runs, told] of CASES) {
  Deno.test(`timed tests are counted when ${what}`, async () => {
    const directory = await Deno.makeTempDir({ prefix: "hakeep-runs-" });
    try {
      for (const [index, text] of runs.entries()) {
        await Deno.writeTextFile(`${directory}/run${index + 1}`, text);
      }
      const { stdout } = await new Deno.Command("bash", {
        args: ["-uc", DRIVER, "driver", SCRIPT, directory],
        stderr: "inherit",
      }).output();
      const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
      const [passed, failed, files = "", ...unsteady] = lines;
      assertEquals(
        [Number(passed), Number(failed), files, unsteady.join("\n")],
        [...told],
      );
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}

/** A `deno` that prints what is in the next file, and fails unless that begins with `ok`. */
const DRIVER = `
directory=$2 passed=0 failed=0
say() { :; }
note_failed() { failed=$((failed + 1)); }
deno_of_files() {
  local number=$(($(cat "$directory/count" 2>/dev/null) + 1))
  echo "$number" >"$directory/count"
  [ "$number" -eq 1 ] || echo "\${@:5}" >"$directory/files"
  cat "$directory/run$number"
  [ "$(head -c 2 "$directory/run$number")" = ok ]
}
DENO=deno_of_files
. "$1"
timed_tests network tests/e2e >/dev/null
echo "$passed"
echo "$failed"
cat "$directory/files" 2>/dev/null || echo
printf '%s' "$unsteady"
`;
