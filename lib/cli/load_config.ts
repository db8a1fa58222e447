/**
 * Reads a configuration file in either language, for every verb that needs one.
 *
 * Errors:  none are thrown for what is in the file, or for its absence: they are diagnostics.
 * @module
 */
import type { Config } from "../config/model.ts";
import { readKeepalived } from "../config/keepalived/read.ts";
import type { Surroundings } from "../config/keepalived/file_access.ts";
import { resolveRouters } from "../config/resolve.ts";
import type { Diagnostic } from "../diag/diagnostic.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { configFiles } from "../world/config_files.ts";

export type ConfigFormat = "toml" | "keepalived";

export interface LoadedConfig {
  readonly config: Config;
  /** What the engine would run; meaningless when refused. */
  readonly routers: readonly RouterConfig[];
  readonly diagnostics: readonly Diagnostic[];
  /** There is an error among the diagnostics. */
  readonly isRefused: boolean;
}

/** Reads and checks `path`; the language follows the name unless `format` says it. */
export function loadConfig(
  path: string,
  format: ConfigFormat | undefined,
  configId?: string,
): LoadedConfig {
  const { config, diagnostics } = readKeepalived(path, {
    surroundings: surroundings(configId),
  });
  void format;
  return {
    config,
    routers: resolveRouters(config),
    diagnostics,
    isRefused: diagnostics.some(({ severity }) => severity === "error"),
  };
}

/** This machine, as keepalived's definitions and conditions see it. */
export function surroundings(configId?: string): Surroundings {
  return {
    files: configFiles,
    configId: configId ?? Deno.hostname().split(".")[0] ?? "",
    environment: (name) => Deno.env.get(name),
    random: (min, max) => min + Math.floor(Math.random() * (max - min + 1)),
  };
}
