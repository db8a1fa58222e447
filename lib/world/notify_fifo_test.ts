import { assert, assertEquals } from "@std/assert";
import { type OpenFifo, openNotifyFifo } from "./notify_fifo.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

function within(test: (directory: string) => void) {
  const directory = Deno.makeTempDirSync();
  try {
    test(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function opened(path: string): OpenFifo {
  const fifo = openNotifyFifo(path, undefined);
  if ("error" in fifo) throw new Error(fifo.error);
  return fifo;
}

Deno.test("openNotifyFifo() makes a FIFO, writes without a reader, and removes what it made", () =>
  within((directory) => {
    const path = `${directory}/fifo`;
    const fifo = opened(path);
    assertEquals(Deno.lstatSync(path).isFifo, true);
    assertEquals(fifo.write("a line\n"), "sent");
    let outcome = fifo.write("another\n");
    while (outcome === "sent") outcome = fifo.write("x".repeat(4000));
    assertEquals(outcome, "full");
    assertEquals(fifo.isInPlace(), true);
    fifo.close();
    assertEquals([...Deno.readDirSync(directory)], []);
  }));

Deno.test("openNotifyFifo() uses a FIFO that is there, and leaves it", () =>
  within((directory) => {
    const path = `${directory}/fifo`;
    const first = opened(path);
    const second = opened(path);
    second.close();
    assertEquals(first.isInPlace(), true);
    Deno.removeSync(path);
    assertEquals(first.isInPlace(), false);
    first.close();
  }));

Deno.test("openNotifyFifo() does not touch what is no FIFO", () =>
  within((directory) => {
    const path = `${directory}/file`;
    Deno.writeTextFileSync(path, "precious");
    assertEquals(openNotifyFifo(path, undefined), {
      error: "there is something else at its place",
    });
    assertEquals(Deno.readTextFileSync(path), "precious");
    const nowhere = openNotifyFifo(`${directory}/no/fifo`, undefined);
    assert("error" in nowhere && nowhere.error.includes("ENOENT"));
  }));
