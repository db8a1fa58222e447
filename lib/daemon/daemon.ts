/**
 * The daemon: the main isolate's part of a running hakeep.
 *
 * It owns the engine's isolate, the control socket, systemd's ear and the log, and none of the protocol. It answers
 * signals: TERM and INT stop, HUP reloads.
 *
 * Errors:  {@linkcode Daemon.run} returns the exit code; what cannot start is logged first.
 * @module
 */
import type { ControlRequest, ControlResponse } from "../control/protocol.ts";
import { controlPath } from "../control/protocol.ts";
import { ControlServer } from "../control/server.ts";
import type { EngineNotice } from "../engine/port.ts";
import type { LogEvent } from "../log/log_event.ts";
import { PRIORITY, type Priority } from "../log/log_record.ts";
import type { Logger } from "../log/logger.ts";
import { reasonsText } from "../status/reason_text.ts";
import type { StatusDocument } from "../status/snapshot.ts";
import {
  type InstanceBrief,
  instanceStatus,
  summaryLine,
} from "../status/status_document.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { monotonicNs } from "../world/daemon_linux.ts";
import { EngineHost } from "./engine_host.ts";
import { engineUrl } from "./engine_url.ts";
import { libnlPath } from "./libnl_path.ts";
import type { ServiceManager } from "./service_manager.ts";
import { wordNotice } from "./wording.ts";

/** Removing thousands of addresses takes a while; systemd's own patience is 90 s. */
const STOP_PATIENCE_MS = 10_000;
/** Ping the engine this often when no watchdog sets the pace. */
const PING_MS = 10_000;

export interface DaemonOptions {
  readonly version: string;
  readonly configPath: string;
  readonly runtimeDir: string;
  readonly routers: readonly RouterConfig[];
  readonly logger: Logger;
  readonly serviceManager: ServiceManager;
  /** Reads the configuration anew: the routers, or why it is refused. */
  readonly reread: () => { readonly routers: readonly RouterConfig[] } | {
    readonly refusal: string;
  };
}

export class Daemon {
  readonly #options: DaemonOptions;
  readonly #engine: EngineHost;
  readonly #briefs = new Map<string, InstanceBrief>();
  readonly #startedAt = new Date();
  readonly #startedAtNs = monotonicNs();
  readonly #finished = Promise.withResolvers<number>();
  #phase: StatusDocument["daemon"] = "starting";
  #reloadError: string | null = null;
  #control: ControlServer | undefined;
  #pongsSeen = 0;
  #isSilenceTold = false;

  constructor(options: DaemonOptions) {
    this.#options = options;
    for (const { name } of options.routers) {
      this.#briefs.set(name, { name, state: "WAITING", reason: null });
    }
    this.#engine = new EngineHost({
      plan: { routers: options.routers },
      workerUrl: engineUrl(),
      libnlPath: libnlPath(),
      onNotice: (notice) => this.#hear(notice),
    });
  }

  /** Runs until a signal ends it; returns the exit code. */
  async run(): Promise<number> {
    const { runtimeDir, version, configPath } = this.#options;
    this.#log(
      "daemonStarted",
      PRIORITY.notice,
      `hakeep ${version} starts with ${configPath}`,
    );
    try {
      Deno.mkdirSync(runtimeDir, { recursive: true, mode: 0o755 });
      this.#control = await ControlServer.open(
        controlPath(runtimeDir),
        (request) => this.#answer(request),
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#log(
        "startFailed",
        PRIORITY.error,
        `cannot use the runtime directory ${runtimeDir}: ${why}`,
      );
      return 1;
    }
    this.#listenToSignals();
    this.#engine.start();
    const pulseMs = this.#options.serviceManager.watchdogMs ?? PING_MS;
    const pulse = setInterval(() => this.#pulse(), pulseMs);
    const code = await this.#finished.promise;
    clearInterval(pulse);
    this.#control.close();
    this.#options.logger.flush();
    return code;
  }

  #log(event: LogEvent, priority: Priority, message: string): void {
    this.#options.logger.log({ event, priority, message, fields: {} });
  }

  #listenToSignals(): void {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      Deno.addSignalListener(signal, () => void this.#stop(signal));
    }
    Deno.addSignalListener("SIGHUP", () => void this.#reload());
  }

  #hear(notice: EngineNotice): void {
    const record = wordNotice(notice);
    if (record !== undefined) this.#options.logger.log(record);
    switch (notice.kind) {
      case "started":
        this.#ready();
        break;
      case "transition": {
        const { router, to, reasons } = notice.transition;
        this.#brief({
          name: router,
          state: to,
          reason: reasons.length === 0 ? null : reasonsText(reasons),
        });
        break;
      }
      case "gate": {
        const state = this.#briefs.get(notice.router)?.state ?? "WAITING";
        const reason = notice.reasons.length === 0
          ? null
          : reasonsText(notice.reasons);
        this.#brief({ name: notice.router, state, reason });
        break;
      }
      case "died":
        // What never ran will not run the next time either: let systemd and the operator see it.
        if (this.#phase === "starting") this.#finished.resolve(1);
        break;
    }
  }

  #brief(brief: InstanceBrief): void {
    this.#briefs.set(brief.name, brief);
    if (this.#phase !== "starting") {
      this.#options.serviceManager.status(
        summaryLine([...this.#briefs.values()]),
      );
    }
  }

  #ready(): void {
    const { serviceManager, routers } = this.#options;
    if (this.#phase === "starting") {
      this.#phase = "running";
      const count = routers.length === 1
        ? "1 instance"
        : `${routers.length} instances`;
      this.#log("daemonReady", PRIORITY.info, `ready, ${count}`);
      serviceManager.ready();
    }
    serviceManager.status(summaryLine([...this.#briefs.values()]));
  }

  /** Feeds the watchdog if, and only if, the engine's loop turned since the last time. */
  #pulse(): void {
    const { pongs } = this.#engine;
    if (pongs > this.#pongsSeen) {
      this.#options.serviceManager.alive();
      this.#isSilenceTold = false;
    } else if (this.#pongsSeen > 0 && !this.#isSilenceTold) {
      this.#isSilenceTold = true;
      this.#log(
        "engineSilent",
        PRIORITY.error,
        "the VRRP engine does not answer; the watchdog is not fed until it does",
      );
    }
    this.#pongsSeen = pongs;
    this.#engine.ping();
  }

  async #stop(signal: string): Promise<void> {
    if (this.#phase === "stopping") return;
    this.#phase = "stopping";
    this.#log("daemonStopping", PRIORITY.notice, `stopping on ${signal}`);
    this.#options.serviceManager.stopping();
    const isClean = await this.#engine.stop(STOP_PATIENCE_MS);
    if (isClean) this.#log("daemonStopped", PRIORITY.notice, "stopped");
    else {this.#log(
        "engineSilent",
        PRIORITY.error,
        "the VRRP engine did not stop in time; addresses may remain",
      );}
    this.#finished.resolve(isClean ? 0 : 1);
  }

  /** A reload cannot change a running plan yet; it can prove that the file is as it runs, or say that it is not. */
  #reload(): string {
    const { serviceManager, reread, routers } = this.#options;
    serviceManager.reloading();
    const outcome = this.#compare(reread(), routers);
    this.#reloadError = outcome.error;
    const priority = outcome.error === null ? PRIORITY.notice : PRIORITY.error;
    this.#log("reload", priority, outcome.message);
    serviceManager.ready();
    return outcome.message;
  }

  #compare(
    read: ReturnType<DaemonOptions["reread"]>,
    running: readonly RouterConfig[],
  ): { readonly message: string; readonly error: string | null } {
    if ("refusal" in read) {
      const message =
        `reload refused, everything goes on as before: ${read.refusal}`;
      return { message, error: message };
    }
    if (JSON.stringify(read.routers) === JSON.stringify(running)) {
      return {
        message: "reload: the configuration is as it runs, nothing to do",
        error: null,
      };
    }
    const message =
      "reload refused, everything goes on as before: the configuration is good but changes instances, " +
      "which this version can do only by a restart";
    return { message, error: message };
  }

  async #answer(request: ControlRequest): Promise<ControlResponse> {
    if (request.request === "reload") {
      const message = this.#reload();
      return this.#reloadError === null
        ? { ok: true, message }
        : { ok: false, error: message };
    }
    return { ok: true, status: await this.#status() };
  }

  async #status(): Promise<StatusDocument> {
    const snapshot = await this.#engine.snapshot();
    const nowNs = monotonicNs();
    const nowMs = Date.now();
    const wallClockOf = (ns: number) =>
      new Date(nowMs - (nowNs - ns) / 1e6).toISOString();
    return {
      version: this.#options.version,
      pid: Deno.pid,
      daemon: this.#phase,
      config: {
        file: this.#options.configPath,
        loaded_at: this.#startedAt.toISOString(),
        last_reload_error: this.#reloadError,
      },
      started_at: this.#startedAt.toISOString(),
      uptime_s: (nowNs - this.#startedAtNs) / 1e9,
      engine: {
        restarts: this.#engine.restarts,
        alive: snapshot !== undefined,
      },
      instances: (snapshot ?? []).map((router) =>
        instanceStatus(router, wallClockOf)
      ),
    };
  }
}
