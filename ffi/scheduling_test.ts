import { assertEquals } from "@std/assert";

Deno.test("runOnCpus() is what the kernel tells of the thread, and can be taken back", async () => {
  const source = `
import { runOnCpus } from ${
    JSON.stringify(new URL("./scheduling.ts", import.meta.url).href)
  };
const status = () => {
  const text = Deno.readTextFileSync("/proc/thread-self/status");
  return /Cpus_allowed_list:\\s+(.*)/.exec(text)[1];
};
const before = status();
const errnos = [runOnCpus([0])];
const during = status();
errnos.push(runOnCpus(undefined));
const after = status();
console.log(JSON.stringify([errnos, during, after === before]));
`;
  assertEquals(
    await outputOf(source),
    '[[0,0],"0",true]',
  );
});

Deno.test("scheduleAsRealtime() is for the calling thread alone, and not for what it starts", async () => {
  const source = `
import { scheduleAsRealtime } from ${
    JSON.stringify(new URL("./scheduling.ts", import.meta.url).href)
  };
const policies = () => [...Deno.readDirSync("/proc/self/task")].map(({ name }) => {
  const stat = Deno.readTextFileSync("/proc/self/task/" + name + "/stat");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[38];
});
const errno = scheduleAsRealtime(1);
const child = new Deno.Command("cat", { args: ["/proc/self/stat"] }).outputSync();
const stat = new TextDecoder().decode(child.stdout);
console.log(JSON.stringify([errno, policies().filter((one) => one === "2").length, stat.slice(stat.lastIndexOf(")") + 2).split(" ")[38]]));
`;
  assertEquals(await outputOf(source), '[0,1,"0"]');
});

/** What a program of its own prints. */
async function outputOf(source: string): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(path, source);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", path],
  }).output();
  await Deno.remove(path);
  return new TextDecoder().decode(stdout).trim();
}
