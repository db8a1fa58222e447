/**
 * Becoming another program, or the same one anew, in the same process.
 *
 * Says:    execve(2): the process id, what is open and not close-on-exec, and the namespaces of the calling thread stay;
 *          all other threads end.
 * Errors:  {@linkcode SysError}; on success it does not return.
 * @module
 */
import { addressOf, lastErrno, libc } from "./libc.ts";
import { SysError } from "./sys_error.ts";

/** Runs `program` with `words` (the first is its name) and `environment` in this process's place. */
export function replaceProcess(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): never {
  const kept = [words, pairs(environment)].map((texts) => texts.map(cString));
  const [argv, envp] = kept.map(pointers);
  if (argv !== undefined && envp !== undefined) {
    libc().execve(cString(program), argv, envp);
  }
  throw new SysError("execve", lastErrno(), `start ${program} anew`);
}

function pairs(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([key, value]) => `${key}=${value}`);
}

/** `char *list[]`, with a NULL at the end. */
function pointers(
  texts: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer> {
  const addresses = new BigUint64Array(texts.length + 1);
  texts.forEach((text, i) => addresses[i] = addressOf(text));
  return new Uint8Array(addresses.buffer);
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
