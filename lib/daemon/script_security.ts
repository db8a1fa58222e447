/**
 * Whether a script that runs as root could be changed by somebody who is not root: pure.
 *
 * Says:    keepalived's check for `enable_script_security`: every component of the path belongs to root and is
 *          writable by root alone (or by root's group); a directory with the sticky bit is accepted.
 * Checks:  what it is given. The caller gives every component of the path, and of the resolved path where a
 *          symbolic link is involved.
 * @module
 */

const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** One component of a path, as lstat(2) tells it. */
export interface PathComponent {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, sticky bit included. */
  readonly mode: number;
  readonly isDirectory: boolean;
  /** Its own permission bits mean nothing: its directory's do. */
  readonly isSymlink: boolean;
}

/** What is wrong with a component, and the command that mends it. */
export interface InsecureComponent {
  readonly path: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The first component that somebody other than root could change; undefined when there is none. */
export function insecureComponent(
  components: readonly PathComponent[],
): InsecureComponent | undefined {
  for (const { path, uid, gid, mode, isDirectory, isSymlink } of components) {
    if (uid !== 0) {
      const remedy = `chown ${isSymlink ? "-h " : ""}root ${path}`;
      return { path, problem: `it belongs to user ${uid}`, remedy };
    }
    if (isSymlink || (isDirectory && (mode & STICKY) !== 0)) continue;
    if ((mode & OTHERS_WRITE) !== 0) {
      const problem = "everybody may write it";
      return { path, problem, remedy: `chmod o-w ${path}` };
    }
    if (gid !== 0 && (mode & GROUP_WRITE) !== 0) {
      const problem = `group ${gid} may write it`;
      return { path, problem, remedy: `chmod g-w ${path}` };
    }
  }
  return undefined;
}
