import { assert, assertEquals } from "@std/assert";
import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import {
  configurationSchema,
  type JsonSchema,
  schemaDocument,
} from "./json_schema.ts";
import { configurationDocument } from "./reference_document.ts";

/** What is wrong with `value`, a line each; as much of JSON Schema as {@linkcode JsonSchema} has. */
function complaints(value: unknown, schema: JsonSchema, at = "$"): string[] {
  if (schema.anyOf !== undefined) {
    const tried = schema.anyOf.map((one) => complaints(value, one, at));
    return tried.some(({ length }) => length === 0) ? [] : tried.flat();
  }
  if (schema.type !== undefined && !isOfType(value, schema.type)) {
    return [`${at} is no ${schema.type}`];
  }
  if (typeof value === "number") {
    const { minimum = -Infinity, maximum = Infinity } = schema;
    return value < minimum || value > maximum ? [`${at} is out of range`] : [];
  }
  if (typeof value === "string") return textComplaints(value, schema, at);
  if (Array.isArray(value)) {
    return value.flatMap((one, i) =>
      complaints(one, schema.items ?? {}, `${at}[${i}]`)
    );
  }
  if (typeof value !== "object" || value === null) return [];
  const missing = (schema.required ?? []).filter((key) => !(key in value));
  return [
    ...missing.map((key) => `${at} lacks ${key}`),
    ...Object.entries(value).flatMap(([key, one]) => {
      const own = schema.properties?.[key] ?? schema.additionalProperties;
      return own === undefined || own === false
        ? [`${at}.${key} is unknown`]
        : complaints(one, own, `${at}.${key}`);
    }),
  ];
}

function textComplaints(
  value: string,
  { enum: words, pattern, maxLength = Infinity }: JsonSchema,
  at: string,
): string[] {
  const isFine = (words === undefined || words.includes(value)) &&
    (pattern === undefined || new RegExp(pattern).test(value)) &&
    value.length <= maxLength;
  return isFine ? [] : [`${at} does not match`];
}

function isOfType(value: unknown, type: JsonSchema["type"]): boolean {
  switch (type) {
    case "object":
      return typeof value === "object" && value !== null &&
        !Array.isArray(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case undefined:
      return true;
  }
}

function judge(toml: string): string[] {
  return complaints(
    getStaticTOMLValue(parseTOML(toml)),
    configurationSchema(),
  );
}

Deno.test("docs/hakeep.schema.json is what `hakeep schema` prints", () => {
  const path = new URL("../../../docs/hakeep.schema.json", import.meta.url);
  assertEquals(Deno.readTextFileSync(path), schemaDocument());
});

Deno.test("the example of docs/configuration.md fits the schema", () => {
  const text = /```toml\n([^`]*)```/.exec(configurationDocument())?.[1] ?? "";
  assert(text.includes("vrrp_instance"));
  assertEquals(judge(text), []);
});

Deno.test("whatever a setting can be fits the schema", () => {
  assertEquals(
    judge(`
[global_defs]
vrrp_mcast_group4 = "224.0.0.19"
[log]
facility = "local6"
[vrrp_instance.VI_1]
interface = "eth0"
virtual_router_id = 51
advert_int = "300ms"
nopreempt = true
authentication = { auth_type = "PASS", auth_pass = "1111" }
unicast_peer = ["10.0.0.2", { address = "fe80::2", min_ttl = 255 }]
virtual_ipaddress = [
  "10.0.0.100/24",
  { address = "10.0.0.101/24", dev = "eth1", scope = 253, brd = "+", no_track = true },
]
`),
    [],
  );
});

for (
  const [what, setting, complaint] of [
    ["an unknown key", "prioriti = 1", "$.vrrp_instance.V.prioriti is unknown"],
    ["a number out of range", "priority = 256", "out of range"],
    ["a value of another type", "priority = true", "is no integer"],
    ["a word that is not allowed", 'state = "SLAVE"', "does not match"],
    [
      "an interface's name that is too long",
      'interface = "0123456789abcdef"',
      "does not match",
    ],
    ["what is no duration", 'advert_int = "1 week"', "does not match"],
    ["a missing key", "", "$.vrrp_instance.V lacks virtual_router_id"],
  ] as const
) {
  Deno.test(`the schema refuses ${what}`, () => {
    const found = judge(`[vrrp_instance.V]\n${setting}\n`);
    assert(found.some((one) => one.includes(complaint)), found.join("\n"));
  });
}
