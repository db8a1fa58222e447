import { assertEquals } from "@std/assert";
import type { NotifyFifo } from "../config/notify_model.ts";
import { NotifyFifos } from "./notify_fifos.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

/** FIFOs in a directory of their own, whose readers run until they are told to end. */
class Lab implements AsyncDisposable {
  readonly directory = Deno.makeTempDirSync();
  readonly log: string[] = [];
  readonly readers: string[] = [];
  readonly fifos = new NotifyFifos({
    run: (run) => this.#run(run),
    log: ({ message }) => this.log.push(message),
  });

  async #run({ words, signal }: ScriptRun): Promise<ScriptOutcome> {
    const name = words.join(" ").replace(`${this.directory}/`, "");
    this.readers.push(`${name} starts`);
    const { promise, resolve } = Promise.withResolvers<void>();
    signal?.addEventListener("abort", () => resolve());
    await promise;
    this.readers.push(`${name} is told to end`);
    return { kind: "aborted", errorTail: "" };
  }

  fifo(name: string, reader?: string): NotifyFifo {
    return {
      path: `${this.directory}/${name}`,
      owner: undefined,
      reader: reader === undefined
        ? undefined
        : { words: [reader], user: undefined },
    };
  }

  names(): string[] {
    return [...Deno.readDirSync(this.directory)].map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fifos.close();
    await Deno.remove(this.directory, { recursive: true });
  }
}

Deno.test("NotifyFifos makes FIFOs, starts their readers, and ends both", async () => {
  await using lab = new Lab();
  lab.fifos.replan([lab.fifo("a", "reader"), lab.fifo("b")]);
  assertEquals(lab.names(), ["a", "b"]);
  lab.fifos.write("a line\n");
  await lab.fifos.close();
  assertEquals(lab.names(), []);
  assertEquals(lab.readers, ["reader a starts", "reader a is told to end"]);
  assertEquals(lab.log, []);
});

Deno.test("NotifyFifos leaves alone what a reload leaves as it is", async () => {
  await using lab = new Lab();
  lab.fifos.replan([lab.fifo("a", "reader"), lab.fifo("b", "old")]);
  const { ino } = Deno.statSync(`${lab.directory}/a`);
  lab.fifos.replan([lab.fifo("a", "reader"), lab.fifo("c", "new")]);
  assertEquals(lab.names(), ["a", "c"]);
  assertEquals(Deno.statSync(`${lab.directory}/a`).ino, ino);
  assertEquals(lab.readers.slice(0, 3), [
    "reader a starts",
    "old b starts",
    "new c starts",
  ]);
});

Deno.test("NotifyFifos makes a FIFO again at a reload when somebody removed it", async () => {
  await using lab = new Lab();
  lab.fifos.replan([lab.fifo("a")]);
  Deno.removeSync(`${lab.directory}/a`);
  lab.fifos.replan([lab.fifo("a")]);
  assertEquals(lab.names(), ["a"]);
});

Deno.test("NotifyFifos says what it cannot use, and what was lost", async () => {
  await using lab = new Lab();
  lab.fifos.replan([lab.fifo("no/a"), lab.fifo("b")]);
  while (lab.log.length < 2) lab.fifos.write("x".repeat(4000));
  assertEquals(lab.log[0]?.includes("no/a: Cannot make the FIFO"), true);
  assertEquals(lab.log[1]?.includes("b: it is full, and a line is lost"), true);
});
