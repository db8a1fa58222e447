import { assertEquals } from "@std/assert";
import { memoryFiles } from "./memory_files.ts";
import { NameTables } from "./name_tables.ts";

const FILES = memoryFiles({
  "/usr/share/iproute2/rt_tables": "100 vendor\n",
  "/usr/share/iproute2/rt_dsfield": "0x28\tAF11 # a comment\n#0x30 AF12\n",
  "/etc/iproute2/rt_tables": "255 local\n 7\tvpn\n",
  "/etc/iproute2/rt_tables.d/more.conf": "8 more\nnonsense\n",
  "/etc/iproute2/rt_tables.d/README": "9 readme\n",
  "/opt/names/rt_tables": "77 vpn\n",
});

Deno.test("a local table stands for the vendor's, and what is in its directory comes on top", () => {
  const names = new NameTables(FILES);
  assertEquals(
    ["vpn", "more", "main", "vendor", "readme"].map((name) =>
      names.number("rt_tables", name)
    ),
    [7, 8, 254, undefined, undefined],
  );
  assertEquals(names.number("rt_dsfield", "AF11"), 40);
  assertEquals(names.number("rt_dsfield", "AF12"), undefined);
});

Deno.test("another directory has other names from then on", () => {
  const names = new NameTables(FILES);
  assertEquals(names.number("rt_tables", "vpn"), 7);
  names.setLocalDirectory("/opt/names");
  assertEquals(names.number("rt_tables", "vpn"), 77);
  names.setLocalDirectory("/nowhere");
  names.setVendorDirectory("/usr/share/iproute2");
  assertEquals(names.number("rt_tables", "vendor"), 100);
});

Deno.test("without files, what has a name everywhere has one", () => {
  const names = new NameTables(undefined);
  assertEquals(names.number("rt_scopes", "link"), 253);
  assertEquals(names.number("rt_realms", "cosmos"), undefined);
});
