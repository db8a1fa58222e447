/**
 * The file that is there while a reload reads the configuration: who changes it can wait until it is gone.
 *
 * Says:    keepalived's `reload_file`.
 * Errors:  none are thrown: what goes wrong is in the log.
 * @module
 */
import { removeIfThere } from "../control/remove_if_there.ts";
import { type LogRecord, PRIORITY } from "../log/log_record.ts";

const MODE = 0o644;

export class ReloadMarker {
  readonly #usual: string;
  readonly #log: (record: LogRecord) => void;
  #path: string | undefined;

  /** `usual` is the path where none is named. */
  constructor(usual: string, log: (record: LogRecord) => void) {
    this.#usual = usual;
    this.#log = log;
  }

  /** Makes it, or empties it if it is there; `file` as configured. */
  set(file: string | boolean): void {
    if (file === false) return;
    const path = file === true ? this.#usual : file;
    try {
      Deno.writeTextFileSync(path, "", { mode: MODE });
      this.#path = path;
    } catch (error) {
      this.#trouble(path, error);
    }
  }

  /** Takes away what {@linkcode set} made. */
  clear(): void {
    const path = this.#path;
    if (path === undefined) return;
    this.#path = undefined;
    try {
      removeIfThere(path);
    } catch (error) {
      this.#trouble(path, error);
    }
  }

  #trouble(path: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#log({
      event: "reload",
      priority: PRIORITY.warning,
      message: `reload_file ${path}: ${why}`,
      fields: {},
    });
  }
}
