/**
 * The list of diagnostic codes as a document: `docs/diagnostics.md`.
 * @module
 */
import { codeEntry, type DiagnosticCode, diagnosticCodes } from "./codes.ts";
import { shownExample } from "./examples/example.ts";
import { exampleOf } from "./examples/examples.ts";

/** Headlines of the hundreds that codes come in. */
const CHAPTERS: readonly (readonly [from: string, headline: string])[] = [
  ["HK0001", "Files and syntax"],
  ["HK0101", "Keywords and values"],
  ["HK0201", "What the values mean together"],
  ["HK0301", "This machine"],
  ["HK0401", "keepalived.conf alone"],
  ["HK0601", "Load balancing"],
];

const HEAD = `# Diagnostics

Written from the lists of codes in \`lib/diag/\` by
\`deno run --allow-write=docs scripts/write_diagnostics.ts\`; do not edit.

\`hakeep check\`, \`hakeep import\` and the daemon say what is wrong with a configuration by a code, which
never changes its meaning, and a message, which may. \`hakeep explain CODE\` prints what stands here.
Each has an example: without the lines marked + it triggers the code, without those marked - it does not. The tests run them all.

| severity | meaning |
|---|---|
| \`error\` | the configuration is refused |
| \`warning\` | a mistake that keepalived complains about too, or a line that has no effect; with \`--strict\` it refuses |
| \`advice\` | hakeep's own remark; it never refuses |

Most mistakes are errors in TOML, because the file was written for hakeep, and warnings in keepalived syntax
wherever keepalived goes on; so a code has no severity of its own. What depends on this machine has the scope
\`host\` and is left out with \`--no-host\`; all else has the scope \`file\`.

With \`--json\` a diagnostic is an object with exactly these keys:

| key | value |
|---|---|
| \`code\` | a code of this list |
| \`severity\` | \`error\`, \`warning\` or \`advice\` |
| \`scope\` | \`file\` or \`host\` |
| \`file\` | the file as given, or as the include line wrote it |
| \`line\`, \`column\` | from 1, columns in characters; null where the file as a whole is meant |
| \`message\` | what is wrong |
| \`help\` | what to do, or null |
`;

/** The whole document, in Markdown. */
export function diagnosticsDocument(): string {
  const codes = diagnosticCodes();
  const chapters = CHAPTERS.map(([from, headline], i) => {
    const next = CHAPTERS[i + 1]?.[0];
    const own = codes.filter((code) =>
      code >= from && (next === undefined || code < next)
    );
    return `\n## ${headline}\n${own.map(paragraph).join("")}`;
  });
  return HEAD + chapters.join("");
}

function paragraph(code: DiagnosticCode): string {
  const { title, explanation } = codeEntry(code);
  const example = shownExample(exampleOf(code));
  return `\n### ${code}: ${title}\n\n${explanation}\n\n\`\`\`diff\n${example}\n\`\`\`\n`;
}
