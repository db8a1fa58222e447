import { assertEquals } from "@std/assert";
import { assert, defined } from "../../assert.ts";
import { pieceEnds } from "./pieces.ts";
import { parseToml, type TomlNode } from "./tree.ts";

const SERVERS = 2500;

/** More than a text that is read as a whole. */
function servers(count = SERVERS): string {
  return Array.from(
    { length: count },
    (_, i) =>
      `[[virtual_server]]
address = "10.0.${i >> 8}.${i & 0xff}" # of server ${i}
[[virtual_server.real_server]]
address = "a"
[virtual_server.real_server.HTTP_GET]
url = [{ path = "/${i}" }]
[[virtual_server.real_server]]
address = "b"
`,
  ).join("");
}

function parse(text: string) {
  return parseToml({ name: "long.toml", text, includedFrom: undefined });
}

function member(node: TomlNode | undefined, key: string): TomlNode | undefined {
  return node?.kind === "table" ? node.entries.get(key)?.node : undefined;
}

/** What a node says, without where. */
function plain(node: TomlNode | undefined): unknown {
  switch (node?.kind) {
    case "table":
      return Object.fromEntries(
        [...node.entries].map(([key, entry]) => [key, plain(entry.node)]),
      );
    case "array":
      return node.items.map(plain);
    case "string":
    case "number":
    case "boolean":
      return node.value;
    default:
      return node?.kind;
  }
}

Deno.test("pieceEnds() cuts a long text before headlines of lists, and no short one", () => {
  assertEquals(pieceEnds(servers(10)).length, 1);
  const text = servers();
  const ends = pieceEnds(text);
  assert(ends.length > 5, "several pieces");
  assertEquals(ends.at(-1), text.length);
  for (const end of ends.slice(0, -1)) {
    assert(text.startsWith("[[virtual_server]]\n", end), "a headline");
  }
});

Deno.test("parseToml() reads a long text as it reads a short one, and knows where all of it stands", () => {
  const text = `log = { level = "info" }\n${servers()}`;
  const parsed = parse(text);
  assert(parsed.kind === "tree", "a tree");
  const list = member(parsed.table, "virtual_server");
  assert(list?.kind === "array", "a list");
  assertEquals(list.items.length, SERVERS);
  for (const i of [0, 1000, SERVERS - 1]) {
    assertEquals(plain(list.items[i]), {
      address: `10.0.${i >> 8}.${i & 0xff}`,
      real_server: [
        { address: "a", HTTP_GET: { url: [{ path: `/${i}` }] } },
        { address: "b" },
      ],
    });
    const { start, end } =
      defined(member(list.items[i], "address"), "an address").span;
    assertEquals(text.slice(start, end), `"10.0.${i >> 8}.${i & 0xff}"`);
  }
});

const WHOLE: readonly (readonly [string, string, string])[] = [
  ["a table behind the lists", servers() + '[log]\nlevel = "info"\n', "tree"],
  [
    "a list within an element that an earlier piece began",
    `${servers()}[[other]]\n${servers()}[[other.part]]\nx = 1\n`,
    "tree",
  ],
  [
    "headlines within a text of several lines",
    `note = """\n${"[[virtual_server]]\n".repeat(2500)}"""\n${servers()}`,
    "tree",
  ],
  [
    "a list that is there already",
    `virtual_server = []\n${servers()}`,
    "wrong",
  ],
  [
    "a table that is there already",
    `[virtual_server.x]\ny = 1\n${servers()}`,
    "wrong",
  ],
  ["the same table twice", `${servers()}[x]\n${servers()}[x]\n`, "wrong"],
];

for (const [what, text, kind] of WHOLE) {
  Deno.test(`parseToml() reads a long text as a whole for ${what}`, () => {
    assertEquals(parse(text).kind, kind);
  });
}

Deno.test("parseToml() says of a mistake in a long text where it is", () => {
  const text = servers();
  const parsed = parse(`${text}[[virtual_server]]\naddress = \n`);
  assert(parsed.kind === "wrong", "a mistake");
  const [first] = parsed.diagnostics;
  assert((first?.span?.start ?? 0) > text.length, "the last line");
});
