/**
 * What reading a keepalived configuration needs of the machine, so that the reader itself stays pure.
 * @module
 */

/** Why a file was not read. keepalived reads regular files without any execute bit, and nothing else. */
export type FileRefusal =
  | "missing"
  | "unreadable"
  | "directory"
  | "notRegular"
  | "executable"
  | "tooLarge";

export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "refused"; readonly reason: FileRefusal };

/** What a file system tells of one name, symbolic links followed. */
export interface FileFacts {
  readonly kind: "file" | "directory" | "other";
  /** Permission bits with set-uid, set-gid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Files by absolute path. */
export interface FileAccess {
  /** `path` made absolute and free of `.` and `..`, against the working directory. */
  absolute(path: string): string;
  /** Decodes as UTF-8, wrong bytes becoming U+FFFD; a byte order mark stays. */
  read(absolutePath: string): FileContent;
  /** Whether anything has that name. */
  exists(absolutePath: string): boolean;
  /** Names in a directory, in any order; undefined when it cannot be listed. */
  list(absolutePath: string): readonly string[] | undefined;
}

/** What the built-in definitions and conditions stand for. */
export interface Surroundings {
  readonly files: FileAccess;
  /** What `@id` compares with and `$_INSTANCE` stands for: `--config-id`, or the node name up to its first dot. */
  readonly configId: string;
  /** `${_ENV NAME}`; undefined when it is not set. */
  environment(name: string): string | undefined;
  /** `${_RANDOM MIN MAX}`: a whole number, both ends included. */
  random(min: number, max: number): number;
}

/** The directory part of an absolute path. */
export function directoryOf(absolutePath: string): string {
  const slash = absolutePath.lastIndexOf("/");
  return slash <= 0 ? "/" : absolutePath.slice(0, slash);
}
