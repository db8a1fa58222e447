import { assertEquals, assertThrows } from "@std/assert";
import { giveTo, makeFifo, openFifo, writeFifo } from "./fifo.ts";
import { closeFd } from "./libc.ts";
import { EAGAIN, EEXIST, SysError } from "./sys_error.ts";
import { loadWholeLibc } from "./libc_lab.ts";

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

Deno.test("a FIFO takes whole lines without a reader until it is full", () => {
  const directory = Deno.makeTempDirSync();
  const path = `${directory}/fifo`;
  makeFifo(path);
  assertEquals(((Deno.statSync(path).mode ?? 0) & 0o777).toString(8), "600");
  assertEquals(assertThrows(() => makeFifo(path), SysError).errno, EEXIST);
  const fd = openFifo(path);
  giveTo(fd, Deno.uid() ?? 0, Deno.gid() ?? 0);
  const line = new Uint8Array(4096);
  let written = 0;
  while (writeFifo(fd, line) === 0) written++;
  assertEquals([written, writeFifo(fd, line)], [16, EAGAIN]);
  closeFd(fd);
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("openFifo() follows no symbolic link", () => {
  const directory = Deno.makeTempDirSync();
  makeFifo(`${directory}/fifo`);
  Deno.symlinkSync(`${directory}/fifo`, `${directory}/link`);
  const ELOOP = 40;
  assertEquals(
    assertThrows(() => openFifo(`${directory}/link`), SysError).errno,
    ELOOP,
  );
  Deno.removeSync(directory, { recursive: true });
});
