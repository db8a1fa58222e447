import { assert, assertEquals } from "@std/assert";
import { GLOBAL_DEFS_TABLE } from "./global_defs_settings.ts";
import { LOG_TABLE } from "./log_settings.ts";
import { readToml } from "./read.ts";
import { configurationDocument } from "./reference_document.ts";
import { tableShape } from "./setting.ts";
import { VRRP_INSTANCE_TABLE } from "./vrrp_instance_settings.ts";

const TABLES = [
  tableShape(VRRP_INSTANCE_TABLE),
  tableShape(GLOBAL_DEFS_TABLE),
  tableShape(LOG_TABLE),
];

Deno.test("docs/configuration.md is what scripts/write_configuration.ts writes", () => {
  const path = new URL("../../../docs/configuration.md", import.meta.url);
  assertEquals(Deno.readTextFileSync(path), configurationDocument());
});

Deno.test("the example of docs/configuration.md is a configuration", () => {
  const text = /```toml\n([^`]*)```/.exec(configurationDocument())?.[1] ?? "";
  const { config, diagnostics } = readToml({
    name: "example",
    text,
    includedFrom: undefined,
  });
  assertEquals(diagnostics, []);
  assertEquals(config?.instances.length, 1);
});

Deno.test("no table has a key twice, and each key says what it is for", () => {
  for (const { name, settings } of TABLES) {
    const keys = settings.map(({ key }) => key);
    assertEquals(new Set(keys).size, keys.length, name);
    for (const { key, about } of settings) {
      assert(about !== "" && !about.endsWith("."), `${name} ${key}`);
    }
  }
});
