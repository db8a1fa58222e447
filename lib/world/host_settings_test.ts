/**
 * What is read back after a killed daemon; that it is set back is tried in a namespace, in tests/e2e/.
 */
import { assertEquals } from "@std/assert";
import { HostSettings } from "./host_settings.ts";

Deno.test("HostSettings writes nothing that a file of somebody else's says", async () => {
  const directory = await Deno.makeTempDir();
  const file = `${directory}/borrowed`;
  await Deno.writeTextFile(
    file,
    `ipv4/../../../../tmp/x 1 2\nnonsense\nipv4/conf/lo/absent 1 0\n`,
  );
  new HostSettings(file);
  assertEquals(
    [...Deno.readDirSync(directory)].map(({ name }) => name),
    [],
  );
  await Deno.remove(directory, { recursive: true });
});
