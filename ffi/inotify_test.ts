import { assertEquals } from "@std/assert";
import {
  addWatch,
  IN,
  openInotify,
  readInotify,
  removeWatch,
} from "./inotify.ts";
import { closeFd } from "./libc.ts";
import { fileSystemType } from "./statfs.ts";
import { loadWholeLibc } from "./libc_lab.ts";

// Loads libc, which stays.
loadWholeLibc();

const ENOENT = 2;
const PROC = 0x9fa0;

Deno.test("inotify tells what happens in a directory, by name and kind", () => {
  const directory = Deno.makeTempDirSync();
  const fd = openInotify();
  const mask = IN.create | IN.closeWrite | IN.movedTo | IN.delete;
  const watch = addWatch(fd, directory, mask);
  assertEquals(readInotify(fd), []);
  Deno.writeTextFileSync(`${directory}/a`, "1");
  Deno.renameSync(`${directory}/a`, `${directory}/a longer name`);
  Deno.removeSync(`${directory}/a longer name`);
  assertEquals(readInotify(fd), [
    { watch, mask: IN.create, name: "a" },
    { watch, mask: IN.closeWrite, name: "a" },
    { watch, mask: IN.movedTo, name: "a longer name" },
    { watch, mask: IN.delete, name: "a longer name" },
  ]);
  removeWatch(fd, watch);
  assertEquals(readInotify(fd), [{ watch, mask: IN.ignored, name: "" }]);
  closeFd(fd);
  Deno.removeSync(directory);
});

Deno.test("addWatch() gives the same thing the same watch, and a missing one its errno", () => {
  const directory = Deno.makeTempDirSync();
  const fd = openInotify();
  const watch = addWatch(fd, directory, IN.create);
  assertEquals(addWatch(fd, `${directory}/.`, IN.create), watch);
  assertEquals(addWatch(fd, `${directory}/missing`, IN.create), -ENOENT);
  closeFd(fd);
  Deno.removeSync(directory);
});

Deno.test("fileSystemType() knows proc, and nothing of what is not there", () => {
  assertEquals(fileSystemType("/proc/self"), PROC);
  assertEquals(fileSystemType("/nowhere"), undefined);
});
