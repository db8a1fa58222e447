/**
 * What is wrong with the keys of `auth_hmac`, of the file and of this machine.
 *
 * Says:    keepalived's checks. What makes it switch the extension off makes hakeep refuse the instance: adverts that
 *          nobody signed are not what was asked for, and peers that have keys drop them.
 * @module
 */
import type { Diagnostic, Severity } from "../diag/diagnostic.ts";
import { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import {
  type HmacKeyEntry,
  readHmacFile,
  readHmacValue,
} from "./hmac_model.ts";
import type { FileFacts } from "./keepalived/file_access.ts";
import type { Config, VrrpInstance } from "./model.ts";
import type { KeyFiles } from "./resolve_hmac.ts";

/** Group and others. */
const OPEN_BITS = 0o077;

/** Checks what the file itself says. */
export function checkHmac(instance: VrrpInstance, sink: DiagnosticSink) {
  const { authHmac, name } = instance;
  if (authHmac === undefined) return;
  const first = new Map<number, HmacKeyEntry>();
  for (const key of authHmac.keys) {
    const before = first.get(key.id);
    const secret = readHmacValue(key.value);
    if (before !== undefined) {
      sink.error("HK0291", key.at.of.id ?? key.at.self, repeated(key.id), {
        related: [{ span: before.at.self, message: "first given here" }],
      });
    } else if (secret.kind === "unusable") {
      sink.error("HK0291", key.at.of.value ?? key.at.self, unusable(key.id), {
        label: secret.why,
      });
    } else first.set(key.id, key);
  }
  const { activeKey, at } = authHmac;
  if (activeKey !== undefined && first.has(activeKey)) return;
  // A value that was given and refused has been told already.
  if (activeKey === undefined && at.of.activeKey !== undefined) return;
  if (authHmac.keys.some(({ id }) => id === activeKey)) return;
  sink.error(
    "HK0290",
    at.of.activeKey ?? at.self,
    noActiveKey(name, activeKey),
    { label: "no advert could be signed" },
  );
}

/** Says which key has the id of another. */
export function repeated(id: number): string {
  return `there are two keys ${id}`;
}

/** Says which key cannot be used. */
export function unusable(id: number): string {
  return `key ${id} cannot be used`;
}

/** Says what an instance without its active key lacks. */
export function noActiveKey(name: string, id: number | undefined): string {
  return id === undefined
    ? `\`${name}\` has \`auth_hmac\` and no \`active_key\``
    : `\`${name}\` has no key ${id}, which is its \`active_key\``;
}

/** What a machine tells of key files. */
export interface KeyFileHost {
  readonly factsOf: (path: string) => FileFacts | undefined;
  /** Undefined when it cannot be read. */
  readonly contentOf: (path: string) => Uint8Array | undefined;
}

export interface KeyFileReading {
  readonly diagnostics: readonly Diagnostic[];
  readonly keyFiles: KeyFiles;
  /** Instances that cannot sign, for a file is missing or wrong. */
  readonly unable: readonly string[];
}

/** Reads every key file of `config`; `severity` is for a file that cannot be used. */
export function readKeyFiles(
  { instances }: Config,
  host: KeyFileHost,
  severity: Exclude<Severity, "advice">,
): KeyFileReading {
  const sink = new DiagnosticSink();
  const secrets = new Map<string, string | undefined>();
  const unable: string[] = [];
  for (const { name, authHmac } of instances) {
    for (const key of authHmac?.keys ?? []) {
      const value = readHmacValue(key.value);
      if (value.kind !== "file") continue;
      const { path } = value;
      const isActive = key.id === authHmac?.activeKey;
      if (!secrets.has(path)) {
        secrets.set(path, readOne(key, path, host, severity, sink));
      }
      if (isActive && secrets.get(path) === undefined) unable.push(name);
    }
  }
  return {
    diagnostics: sink.diagnostics,
    keyFiles: (path) => secrets.get(path),
    unable,
  };
}

function readOne(
  key: HmacKeyEntry,
  path: string,
  host: KeyFileHost,
  severity: Exclude<Severity, "advice">,
  sink: DiagnosticSink,
): string | undefined {
  const at = key.at.of.value ?? key.at.self;
  const content = host.contentOf(path);
  const secret = content === undefined ? undefined : readHmacFile(content);
  if (secret?.kind !== "secret") {
    sink[severity]("HK0291", at, unusable(key.id), {
      scope: "host",
      label: secret?.kind === "unusable"
        ? `${path}: ${secret.why}`
        : `${path} cannot be read`,
    });
    return undefined;
  }
  const facts = host.factsOf(path);
  if (facts !== undefined && (facts.mode & OPEN_BITS) !== 0) {
    sink.warning("HK0292", at, `others can read the key in ${path}`, {
      scope: "host",
      label: `its mode is ${(facts.mode & 0o777).toString(8).padStart(4, "0")}`,
      help: `chmod 0600 ${path}`,
    });
  }
  return secret.hex;
}
