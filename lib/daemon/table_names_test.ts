import { assertEquals } from "@std/assert";
import { TableNames } from "./table_names.ts";

function named(table: string) {
  return { table, priority: -1, hasCounters: false };
}

/** Names of which others have `taken`. */
function names(taken: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    names: new TableNames({
      claim: (name) => {
        asked.push(name);
        return taken.includes(name) ? { pid: 1 } : undefined;
      },
      close: () => {},
    }),
  };
}

Deno.test("TableNames.own() leaves a name that nobody else has, and asks once", () => {
  const { names: own, asked } = names([]);
  const filter = named("hakeep");
  assertEquals(own.own(filter), filter);
  assertEquals(own.own(filter), filter);
  assertEquals(own.own(named("vips")).table, "vips");
  assertEquals(asked, ["hakeep", "vips"]);
});

Deno.test("TableNames.own() takes the first free number behind a name that another daemon has", () => {
  const { names: own } = names(["hakeep", "hakeep_2"]);
  assertEquals(own.own(named("hakeep")), named("hakeep_3"));
});
