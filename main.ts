/**
 * The entry of the binary: maps the verb to its file in `lib/cli/` and sets the exit code.
 *
 * Verbs are imported when they are called, so that `hakeep check` does not pay for the daemon.
 * @module
 */
import { isInvokedAsKeepalived } from "./lib/cli/invoked_as.ts";
import type { Verb } from "./lib/cli/verb.ts";

const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  run: async () => (await import("./lib/cli/run.ts")).run,
  check: async () => (await import("./lib/cli/check.ts")).check,
  import: async () => (await import("./lib/cli/import.ts")).importFile,
  status: async () => (await import("./lib/cli/status.ts")).status,
  reload: async () => (await import("./lib/cli/reload.ts")).reload,
  explain: async () => (await import("./lib/cli/explain.ts")).explain,
  schema: async () => (await import("./lib/cli/schema.ts")).schema,
  version: async () => (await import("./lib/cli/version.ts")).version,
  help: async () => (await import("./lib/cli/usage.ts")).help,
};

const ALIASES: Readonly<Record<string, string>> = {
  "--version": "version",
  "-V": "version",
  "--help": "help",
  "-h": "help",
};

async function main(args: readonly string[]): Promise<number> {
  if (isInvokedAsKeepalived()) {
    return await (await import("./lib/cli/keepalived.ts")).keepalived(args);
  }
  const [word, ...rest] = args;
  const name = word === undefined ? undefined : ALIASES[word] ?? word;
  const load = name !== undefined && Object.hasOwn(VERBS, name)
    ? VERBS[name]
    : undefined;
  if (load === undefined) {
    return (await import("./lib/cli/usage.ts")).unknownVerb(
      word,
      Object.keys(VERBS),
    );
  }
  return await (await load())(rest);
}

Deno.exit(await main(Deno.args));
