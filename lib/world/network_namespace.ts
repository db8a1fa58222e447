/**
 * Running in a named network namespace, all of the process: it is entered, and the program begins anew in it.
 *
 * A namespace belongs to a thread, and a runtime has more than one before it runs a line of ours. execve(2) keeps the
 * process id (which systemd and pid files know) and ends all threads but the one that is inside.
 *
 * Says:    what ip-netns(8) does for `exec`: /sys shows the namespace's devices, and files in /etc/netns/NAME are those
 *          of /etc.
 * Errors:  `SysError` if it cannot be entered.
 * @module
 */
import { replaceProcess } from "../../ffi/exec.ts";
import { bindMount, enterOwnMounts, mountOwnSys } from "../../ffi/mount.ts";
import { enterNamedNetworkNamespace } from "../../ffi/network_namespace.ts";

/** Whether this process is in the network namespace `name`; false if there is none of that name. */
export function isInNetworkNamespace(name: string): boolean {
  const own = identityOf("/proc/self/ns/net");
  return own !== undefined && own === identityOf(`/run/netns/${name}`);
}

/** Enters the network namespace `name` and starts this program anew there, with the same words. */
export function restartInNetworkNamespace(name: string): never {
  const words = Deno.readTextFileSync("/proc/self/cmdline").split("\0");
  // Each word ends with a NUL.
  words.pop();
  enterNamedNetworkNamespace(name);
  enterOwnMounts();
  mountOwnSys(name, isSysReadOnly());
  for (const file of filesOf(`/etc/netns/${name}`)) {
    bindMount(`/etc/netns/${name}/${file}`, `/etc/${file}`);
  }
  replaceProcess(Deno.execPath(), words, Deno.env.toObject());
}

function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** A container's /sys is not to become writable by the way. */
function isSysReadOnly(): boolean {
  const lines = Deno.readTextFileSync("/proc/self/mountinfo").split("\n");
  const words = lines.map((line) => line.split(" "));
  const options = words.findLast(([, , , , target]) => target === "/sys")?.[5];
  return options?.split(",").includes("ro") === true;
}

/** What of /etc has something to be covered with; a file that /etc does not have covers nothing. */
function filesOf(directory: string): readonly string[] {
  try {
    return [...Deno.readDirSync(directory)].map(({ name }) => name)
      .filter((name) => identityOf(`/etc/${name}`) !== undefined);
  } catch {
    return [];
  }
}
