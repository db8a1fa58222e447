import { assertEquals } from "@std/assert";
import type { EngineCommand } from "../engine/port.ts";
import { closeFd } from "../../ffi/libc.ts";
import { openSocketPair, sendStream } from "../../ffi/unix_socket.ts";
import { CommandPipe } from "./command_pipe.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// libc stays loaded; the first test to use it would be called a leak.
loadWholeLibc();

/** A pipe and its far end, both closed afterwards. */
class Ends implements Disposable {
  readonly pipe: CommandPipe;
  readonly taken: EngineCommand[] = [];
  readonly #far: number;
  #isOpen = true;

  constructor() {
    const [far, near] = openSocketPair();
    this.#far = far;
    this.pipe = new CommandPipe(near);
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    assertEquals(sendStream(this.#far, bytes), bytes.length);
  }

  drain(): boolean {
    return this.pipe.drain((command) => this.taken.push(command));
  }

  closeFar(): void {
    if (this.#isOpen) closeFd(this.#far);
    this.#isOpen = false;
  }

  [Symbol.dispose](): void {
    this.closeFar();
    closeFd(this.pipe.fd);
  }
}

function lines(...commands: EngineCommand[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(
    commands.map((command) => `${JSON.stringify(command)}\n`).join(""),
  );
}

const COMMANDS: readonly EngineCommand[] = [
  { kind: "ping", id: 1 },
  { kind: "snapshot", id: 2 },
  { kind: "stop" },
];

Deno.test("CommandPipe.drain() hands out nothing when nothing was written", () => {
  using ends = new Ends();
  assertEquals(ends.drain(), true);
  assertEquals(ends.taken, []);
});

Deno.test("CommandPipe.drain() hands out whole lines wherever they are cut", () => {
  const bytes = lines(...COMMANDS);
  for (let cut = 1; cut < bytes.length; cut++) {
    using ends = new Ends();
    ends.write(bytes.slice(0, cut));
    assertEquals(ends.drain(), true);
    ends.write(bytes.slice(cut));
    assertEquals(ends.drain(), true);
    assertEquals(ends.taken, COMMANDS, `cut at ${cut}`);
  }
});

Deno.test("CommandPipe.drain() puts a line together that comes byte by byte", () => {
  using ends = new Ends();
  for (const byte of lines(...COMMANDS)) {
    ends.write(Uint8Array.of(byte));
    ends.drain();
  }
  assertEquals(ends.taken, COMMANDS);
});

Deno.test("CommandPipe.drain() takes more than one read's worth", () => {
  using ends = new Ends();
  const many = Array.from(
    { length: 4000 },
    (_, id): EngineCommand => ({ kind: "snapshot", id }),
  );
  ends.write(lines(...many));
  assertEquals(ends.drain(), true);
  assertEquals(ends.taken, many);
});

Deno.test("CommandPipe.drain() hands out what came before the end, and tells the end", () => {
  using ends = new Ends();
  ends.write(lines({ kind: "stop" }));
  ends.closeFar();
  assertEquals(ends.drain(), false);
  assertEquals(ends.taken, [{ kind: "stop" }]);
  assertEquals(ends.drain(), false);
});
