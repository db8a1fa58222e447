import { assertEquals } from "@std/assert";
import type { InitFile } from "../config/tracking_model.ts";
import { PathWatches } from "../world/path_watches.ts";
import { FileRunner } from "./file_runner.ts";
import { ManualTimers } from "./manual_timers.ts";
import { systemTimers } from "./timers.ts";
import { TrackerEar } from "./tracker_ear.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// Loads libc, which stays.
loadWholeLibc();

interface Bench {
  readonly directory: string;
  readonly file: string;
  readonly ear: TrackerEar;
  readonly runner: FileRunner;
}

/** A runner of `directory/PATH`, not started. */
function withRunner(
  name: string,
  act: (bench: Bench) => Promise<void>,
  { path = "f", initFile }: {
    readonly path?: string;
    readonly initFile?: InitFile;
  } = {},
): void {
  Deno.test(name, async () => {
    const directory = Deno.makeTempDirSync();
    const file = `${directory}/${path}`;
    const watches = new PathWatches();
    const ear = new TrackerEar();
    const runner = new FileRunner(
      { kind: "file", name: "n", file, initFile },
      watches,
      ear.wiring(systemTimers),
    );
    try {
      await act({ directory, file, ear, runner });
    } finally {
      runner.stop();
      await watches.close();
      Deno.removeSync(directory, { recursive: true });
    }
  });
}

withRunner(
  "a file is told when its writer is done, moved in, moved away and deleted",
  async ({ directory, file, ear, runner }) => {
    runner.start();
    Deno.writeTextFileSync(file, "5\n");
    await ear.hears("n 5");
    Deno.writeTextFileSync(`${directory}/other`, "6");
    Deno.renameSync(`${directory}/other`, file);
    await ear.hears("n 6");
    Deno.renameSync(file, `${directory}/away`);
    await ear.hears("n 0");
    Deno.writeTextFileSync(file, "-7");
    await ear.hears("n -7");
    Deno.removeSync(file);
    await ear.hears("n 0");
    assertEquals(ear.told, ["n 0", "n 5", "n 6", "n 0", "n -7", "n 0"]);
    assertEquals(ear.messages[0], `file n is 5, it was 0 (${file})`);
  },
);

withRunner(
  "a file is told as it is at the start, and not while it is written",
  async ({ file, ear, runner }) => {
    Deno.writeTextFileSync(file, "12");
    runner.start();
    {
      using open = Deno.openSync(file, { write: true, truncate: true });
      open.writeSync(new TextEncoder().encode("3"));
      open.writeSync(new TextEncoder().encode("4"));
    }
    await ear.hears("n 34");
    assertEquals(ear.told, ["n 12", "n 34"]);
  },
);

withRunner(
  "a number of more than 32 bits changes nothing and is told",
  async ({ file, ear, runner }) => {
    Deno.writeTextFileSync(file, "5");
    runner.start();
    Deno.writeTextFileSync(file, "99999999999");
    await ear.reads("needs more than 32 bits, so 5 stays");
    assertEquals(ear.told, ["n 5"]);
    assertEquals(runner.facts.value, 5);
  },
);

withRunner(
  "a directory that appears later, goes and comes back is followed",
  async ({ directory, file, ear, runner }) => {
    runner.start();
    Deno.mkdirSync(`${directory}/a/b`, { recursive: true });
    Deno.writeTextFileSync(file, "5");
    await ear.hears("n 5");
    Deno.renameSync(`${directory}/a/b`, `${directory}/a/c`);
    await ear.hears("n 0");
    Deno.writeTextFileSync(`${directory}/a/c/f`, "8");
    Deno.renameSync(`${directory}/a/c`, `${directory}/a/b`);
    await ear.hears("n 8");
    Deno.removeSync(`${directory}/a`, { recursive: true });
    await ear.hears("n 0");
    Deno.mkdirSync(`${directory}/new`);
    Deno.mkdirSync(`${directory}/new/b`);
    Deno.writeTextFileSync(`${directory}/new/b/f`, "9");
    Deno.renameSync(`${directory}/new`, `${directory}/a`);
    await ear.hears("n 9");
  },
  { path: "a/b/f" },
);

withRunner(
  "a link is followed to where it leads, as Kubernetes swaps its directories",
  async ({ directory, file, ear, runner }) => {
    Deno.mkdirSync(`${directory}/v1`);
    Deno.mkdirSync(`${directory}/v2`);
    Deno.writeTextFileSync(`${directory}/v1/f`, "1");
    Deno.writeTextFileSync(`${directory}/v2/f`, "2");
    Deno.symlinkSync("v1", `${directory}/data`);
    Deno.symlinkSync("data/f", file);
    runner.start();
    Deno.writeTextFileSync(`${directory}/v1/f`, "11");
    await ear.hears("n 11");
    Deno.symlinkSync("v2", `${directory}/data.new`);
    Deno.renameSync(`${directory}/data.new`, `${directory}/data`);
    await ear.hears("n 2");
    Deno.writeTextFileSync(`${directory}/v2/f`, "22");
    await ear.hears("n 22");
    assertEquals(ear.told, ["n 1", "n 11", "n 2", "n 22"]);
  },
);

withRunner(
  "what is no file counts as 0, and its reason is told",
  async ({ file, ear, runner }) => {
    Deno.mkdirSync(file);
    runner.start();
    assertEquals(ear.told, ["n 0"]);
    await ear.reads("counts as 0: it is no file");
    assertEquals(runner.facts.problem, `${file} counts as 0: it is no file`);
    Deno.removeSync(file);
    Deno.writeTextFileSync(file, "3");
    await ear.hears("n 3");
    assertEquals(runner.facts.problem, undefined);
  },
);

withRunner("init_file makes a file that is missing", async (bench) => {
  bench.runner.initialize();
  bench.runner.start();
  assertEquals(Deno.readTextFileSync(bench.file), "4\n");
  await bench.ear.hears("n 4");
}, { initFile: { value: 4, overwrite: false } });

withRunner("init_file leaves a file that is there", async (bench) => {
  Deno.writeTextFileSync(bench.file, "9");
  bench.runner.initialize();
  bench.runner.start();
  await bench.ear.hears("n 9");
  assertEquals(bench.ear.messages, []);
}, { initFile: { value: 4, overwrite: false } });

withRunner("init_file overwrite writes over a file", async (bench) => {
  Deno.writeTextFileSync(bench.file, "9");
  bench.runner.initialize();
  bench.runner.start();
  await bench.ear.hears("n 4");
}, { initFile: { value: 4, overwrite: true } });

withRunner("init_file that cannot be written is told", async (bench) => {
  bench.runner.initialize();
  await bench.ear.reads("cannot write 4 to");
}, { path: "missing/f", initFile: { value: 4, overwrite: false } });

Deno.test("a file is read each second where the kernel tells of no changes", async () => {
  const watches = new PathWatches();
  const ear = new TrackerEar();
  const runner = new FileRunner(
    { kind: "file", name: "n", file: "/proc/uptime", initFile: undefined },
    watches,
    ear.wiring(systemTimers),
  );
  runner.start();
  await ear.reads("does not tell all changes: it is read each second");
  const { value } = runner.facts;
  while (runner.facts.value === value) await ear.reads(`it was ${value} `);
  runner.stop();
  await watches.close();
});

Deno.test("a file is read each second where inotify is used up, and it is told", async () => {
  const directory = Deno.makeTempDirSync();
  const ear = new TrackerEar();
  const timers = new ManualTimers();
  const used: PathWatches[] = [];
  const runner = (watches: PathWatches) =>
    new FileRunner(
      { kind: "file", name: "n", file: `${directory}/f`, initFile: undefined },
      watches,
      ear.wiring(timers),
    );
  // Instances of inotify are counted for each user; 128 unless the machine says otherwise.
  const limit = Number(
    Deno.readTextFileSync("/proc/sys/fs/inotify/max_user_instances"),
  );
  const runners: FileRunner[] = [];
  while (ear.messages.length === 0 && used.length <= Math.min(limit, 4096)) {
    const watches = new PathWatches();
    used.push(watches);
    const one = runner(watches);
    runners.push(one);
    one.start();
  }
  const last = runners.at(-1);
  if (ear.messages.length > 0) {
    assertEquals(
      ear.messages[0],
      `file n: inotify refuses ${directory} (EMFILE): it is read each second`,
    );
    Deno.writeTextFileSync(`${directory}/f`, "5");
    await timers.moveTo(1e9);
    assertEquals(last?.facts.value, 5);
  }
  for (const one of runners) one.stop();
  await Promise.all(used.map((watches) => watches.close()));
  Deno.removeSync(directory, { recursive: true });
});
