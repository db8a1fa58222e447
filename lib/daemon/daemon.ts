/**
 * The daemon: the main isolate's part of a running hakeep.
 *
 * It owns the engine's isolate, the control socket, systemd's ear and the log, and none of the protocol. It answers
 * signals: TERM and INT stop, HUP reloads.
 *
 * Errors:  {@linkcode Daemon.run} returns how it ended; why it could not start is in the log.
 * @module
 */
import { dirname } from "@std/path";
import type { NotifyPlan } from "../config/notify_model.ts";
import type { ProcessPlan } from "../config/process_model.ts";
import type { ControlRequest, ControlResponse } from "../control/protocol.ts";
import { controlPath } from "../control/protocol.ts";
import { removeIfThere } from "../control/remove_if_there.ts";
import { ControlServer, RuntimeDirInUseError } from "../control/server.ts";
import type { ResolvedPlan } from "../config/resolve_plan.ts";
import type { EngineNotice, RouterSnapshot } from "../engine/port.ts";
import type { LogEvent } from "../log/log_event.ts";
import { PRIORITY, type Priority } from "../log/log_record.ts";
import type { Logger } from "../log/logger.ts";
import { noBfdRejections } from "../bfd/counters.ts";
import { bfdStatus } from "../status/bfd_status.ts";
import type { StatusDocument } from "../status/snapshot.ts";
import { instanceStatus, syncGroupStatus } from "../status/status_document.ts";
import { trackerStatus } from "../status/tracker_status.ts";
import type { FilterOptions } from "../vrrp/accept_filter.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import {
  ignoreSignal,
  monotonicNs,
  releaseFreeMemory,
} from "../world/daemon_linux.ts";
import { openLinkBeats } from "../world/link_beats.ts";
import { NameClaims } from "../world/name_claims.ts";
import { PathWatches } from "../world/path_watches.ts";
import { linuxProcesses } from "../world/processes.ts";
import { LinuxTableNews } from "../world/table_news.ts";
import { linkIndexes, openFirewall, tableMark } from "../world/firewall.ts";
import { HostSettings } from "../world/host_settings.ts";
import { AcceptKeeper, type AcceptKeeperOptions } from "./accept_keeper.ts";
import type { EngineHost } from "./engine_host.ts";
import { InstanceBoard } from "./instance_board.ts";
import { runLifeScript } from "./life_script.ts";
import { MldKeeper } from "./mld_keeper.ts";
import { Notifier } from "./notifier.ts";
import { paced } from "./pace.ts";
import { ReloadMarker } from "./reload_marker.ts";
import { ReloadSchedule } from "./reload_schedule.ts";
import { compareRouters } from "./router_changes.ts";
import { runScript } from "./script_process.ts";
import { enginePlan, sharedChanges, sharedPlan } from "./shared_changes.ts";
import { sendBySmtp } from "./smtp.ts";
import type { ServiceManager } from "./service_manager.ts";
import { startsAtAfterReload, startsAtNs } from "./start_delay.ts";
import { systemTimers } from "./timers.ts";
import { LinkPoller } from "./link_poller.ts";
import { TableNames } from "./table_names.ts";
import { TrackerRunners } from "./tracker_runners.ts";
import type { TrackerWiring } from "./tracker_wiring.ts";
import { wordNotice } from "./wording.ts";

/** Removing thousands of addresses takes a while; systemd's own patience is 90 s. */
const STOP_PATIENCE_MS = 10_000;
/** SIGRTMIN+2, SIGRTMAX-1 and SIGRTMAX with glibc: dumps that scripts written for keepalived ask for. */
const KEEPALIVED_REALTIME_SIGNALS = [36, 63, 64];
/** The wall clock and the monotonic one drift apart by less; more is somebody who set the clock. */
const CLOCK_STEP_MS = 20;
/** More names than this make no line that anybody reads. */
const NAMES_MAX = 5;
/** What a script may take beyond its time until it is ended for good. */
const LIFE_SCRIPT_SPARE_MS = 5000;
/** Ping the engine this often when no watchdog sets the pace. */
const PING_MS = 10_000;

export interface DaemonOptions {
  readonly version: string;
  readonly configPath: string;
  readonly runtimeDir: string;
  readonly plan: ResolvedPlan;
  /** Whom to tell of changes. */
  readonly notify: NotifyPlan;
  /** What to do beside running instances. */
  readonly process: ProcessPlan;
  /** The file of `reload_file` without a path. */
  readonly reloadMarker: string;
  /** The engine, not started yet. */
  readonly engine: EngineHost;
  /** See `libnlPath`. */
  readonly libnlPath: string;
  /** Files that hold our process id while the daemon runs. */
  readonly pidFiles: readonly string[];
  readonly logger: Logger;
  readonly serviceManager: ServiceManager;
  /** Reads the configuration anew: what to run, or why it is refused. */
  readonly reread: () => Promise<Reread>;
}

/** A configuration read anew: what to run, or why it is refused. */
export type Reread =
  | {
    readonly plan: ResolvedPlan;
    readonly notify: NotifyPlan;
    readonly process: ProcessPlan;
  }
  | { readonly refusal: string };

/**
 * How it ended. `stopped`: in order. `occupied`: another daemon has the runtime directory. `failed`: it could not
 * start, or not stop in order; the log says which.
 */
export type DaemonOutcome = "stopped" | "occupied" | "failed";

/** Whether the kernel reports groups of 224.0.0.0/24. */
const LOCAL_IGMP = "ipv4/igmp_link_local_mcast_reports";

export class Daemon {
  readonly #options: DaemonOptions;
  readonly #board: InstanceBoard;
  readonly #startedAt = new Date();
  readonly #startedAtNs = monotonicNs();
  readonly #trackers: TrackerRunners;
  readonly #poller: LinkPoller;
  readonly #finished = Promise.withResolvers<DaemonOutcome>();
  /** What the engine runs. */
  #plan: ResolvedPlan;
  /** When instances may start, as far as a configuration delays them. */
  #startsAtNs = 0;
  #notify: NotifyPlan;
  #process: ProcessPlan;
  readonly #schedule: ReloadSchedule;
  readonly #marker: ReloadMarker;
  /** Ends `startup_script`. */
  readonly #startup = new AbortController();
  /** The first start is over: the engine runs, or never will. */
  readonly #begun = Promise.withResolvers<void>();
  #hasEngine = false;
  readonly #tableNews: LinuxTableNews;
  readonly #tableNames = new TableNames(new NameClaims("table"));
  readonly #accept: AcceptKeeper;
  readonly #mld: MldKeeper;
  /** There while the runtime directory is ours. */
  #notifier: Notifier | undefined;
  #loadedAt = new Date();
  #lastEpochMs = 0;
  /** One reload after the other. */
  #reloads: Promise<unknown> = Promise.resolve();
  /** The one that has not begun yet: whoever asks meanwhile is served by it. */
  #nextReload: Promise<ControlResponse> | undefined;
  #phase: StatusDocument["daemon"] = "starting";
  #reloadError: string | null = null;
  /** Since the start. */
  #settings: HostSettings | undefined;
  #isAnswerAwaited = false;
  #isSilenceTold = false;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.#plan = options.plan;
    this.#notify = options.notify;
    this.#process = options.process;
    this.#board = new InstanceBoard(options.plan.routers);
    const { engine, logger } = options;
    this.#tableNews = new LinuxTableNews(
      options.libnlPath,
      (why) =>
        this.#log(
          "tableNews",
          PRIORITY.debug,
          `changes of nftables are found within ten seconds only: ${why}`,
        ),
    );
    const firewall: AcceptKeeperOptions = {
      open: openFirewall,
      mark: tableMark(`${options.runtimeDir}/nftables`),
      log: (record) => logger.log(record),
      later: (act) => void setTimeout(act, 0),
      timers: systemTimers,
      news: this.#tableNews,
    };
    this.#accept = new AcceptKeeper(firewall);
    this.#mld = new MldKeeper({
      ...firewall,
      mark: tableMark(`${options.runtimeDir}/nftables-mld`),
      indexes: linkIndexes,
    });
    const wiring: TrackerWiring = {
      timers: systemTimers,
      tell: (name, value) => engine.track(name, value),
      forget: (kind, name) => engine.forget(kind, name),
      log: (record) => logger.log(record),
    };
    this.#poller = new LinkPoller(wiring, openLinkBeats);
    const watches = new PathWatches();
    this.#schedule = new ReloadSchedule({
      watches,
      log: (record) => logger.log(record),
      onTime: () => void this.#reload(),
    });
    this.#marker = new ReloadMarker(
      options.reloadMarker,
      (record) => logger.log(record),
    );
    this.#trackers = new TrackerRunners({
      wiring,
      run: paced(runScript),
      watches,
      processes: linuxProcesses,
    });
  }

  /** Runs until a signal ends it. */
  async run(): Promise<DaemonOutcome> {
    const { version, configPath, pidFiles } = this.#options;
    this.#log(
      "daemonStarted",
      PRIORITY.notice,
      `hakeep ${version} starts with ${configPath}`,
    );
    const control = await this.#openRuntimeDir();
    if (typeof control === "string") {
      this.#options.engine.discard();
      return control;
    }
    const endSignals = this.#listenToSignals();
    await this.#runLifeScript("startup_script");
    if (this.#phase === "starting") this.#start();
    const pulseMs = this.#options.serviceManager.watchdogMs ?? PING_MS;
    const pulse = setInterval(() => this.#pulse(), pulseMs);
    const outcome = await this.#finished.promise;
    clearInterval(pulse);
    this.#begun.resolve();
    this.#schedule.close();
    this.#accept.close();
    this.#mld.close();
    await this.#tableNews.close();
    this.#tableNames.close();
    this.#settings?.restore();
    await this.#notifier?.close();
    this.#poller.stop();
    await this.#trackers.stop();
    await this.#runLifeScript("shutdown_script");
    endSignals();
    control.close();
    for (const path of pidFiles) removeIfThere(path);
    this.#options.logger.flush();
    return outcome;
  }

  /** Runs it to its end, if there is one. */
  async #runLifeScript(
    keyword: "startup_script" | "shutdown_script",
  ): Promise<void> {
    const { startup, shutdown } = this.#process;
    const isStartup = keyword === "startup_script";
    const script = isStartup ? startup : shutdown;
    if (script === undefined) return;
    const { logger, serviceManager } = this.#options;
    serviceManager.extend(script.timeoutMs + LIFE_SCRIPT_SPARE_MS);
    await runLifeScript({
      keyword,
      script,
      run: runScript,
      log: (record) => logger.log(record),
      ...(isStartup ? { signal: this.#startup.signal } : {}),
    });
  }

  #start(): void {
    const { engine, plan, libnlPath, runtimeDir } = this.#options;
    this.#notifier = new Notifier({
      plan: this.#notify,
      run: runScript,
      log: (record) => this.#options.logger.log(record),
      sendMail: sendBySmtp,
      hostName: Deno.hostname(),
    });
    // Before the engine, so that it knows from the beginning what files hold and which processes run.
    this.#trackers.start(plan.definitions);
    this.#poller.replace(plan.polledLinks);
    this.#keepTables(plan.routers, plan.filter);
    // As in keepalived, a reload leaves it as it is.
    this.#settings = new HostSettings(`${runtimeDir}/borrowed-igmp`);
    if (!plan.hasLocalIgmp) this.#settings.borrow(LOCAL_IGMP, "0");
    this.#startsAtNs = startsAtNs(plan.startDelay, this.#startedAtNs);
    engine.start({
      plan: enginePlan({ ...plan, startsAtNs: this.#startsAtNs }),
      libnlPath,
      settingsPath: `${runtimeDir}/borrowed`,
      onNotice: (notice) => this.#hear(notice),
    });
    this.#hasEngine = true;
    const { reloadTimeFile, reloadRepeats } = this.#process;
    this.#schedule.follow(reloadTimeFile, reloadRepeats);
  }

  /** Takes possession of the runtime directory; if that cannot be, it is logged and this is the end. */
  async #openRuntimeDir(): Promise<ControlServer | "occupied" | "failed"> {
    const { runtimeDir, pidFiles } = this.#options;
    try {
      Deno.mkdirSync(runtimeDir, { recursive: true, mode: 0o755 });
      const control = await ControlServer.open(
        controlPath(runtimeDir),
        (request) => this.#answer(request),
      );
      for (const path of pidFiles) this.#writePidFile(path);
      return control;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const advice = error instanceof Deno.errors.PermissionDenied
        ? "; run hakeep as root, or name another with --runtime-dir"
        : "";
      this.#log(
        "startFailed",
        PRIORITY.error,
        `cannot use the runtime directory ${runtimeDir}: ${why}${advice}`,
      );
      return error instanceof RuntimeDirInUseError ? "occupied" : "failed";
    }
  }

  /** A full disk is no reason to leave addresses to nobody. */
  #writePidFile(path: string): void {
    try {
      Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
      Deno.writeTextFileSync(path, `${Deno.pid}\n`, { mode: 0o644 });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#log(
        "pidFileFailed",
        PRIORITY.error,
        `cannot write the pid file: ${why}`,
      );
    }
  }

  #log(event: LogEvent, priority: Priority, message: string): void {
    this.#options.logger.log({ event, priority, message, fields: {} });
  }

  /** Returns what ends the listening. */
  #listenToSignals(): () => void {
    const actions = [
      ["SIGTERM", () => void this.#stop("SIGTERM")],
      ["SIGINT", () => void this.#stop("SIGINT")],
      ["SIGHUP", () => void this.#reload()],
      // keepalived's dumps; without a listener they would end us.
      ["SIGUSR1", () => this.#pointToStatus("SIGUSR1")],
      ["SIGUSR2", () => this.#pointToStatus("SIGUSR2")],
    ] as const;
    for (const signal of KEEPALIVED_REALTIME_SIGNALS) ignoreSignal(signal);
    for (const [signal, act] of actions) Deno.addSignalListener(signal, act);
    return () => {
      for (const [signal, act] of actions) {
        Deno.removeSignalListener(signal, act);
      }
    };
  }

  #pointToStatus(signal: string): void {
    this.#log(
      "signalIgnored",
      PRIORITY.notice,
      `${signal} writes no file in this version; \`hakeep status --json\` shows state and counters`,
    );
  }

  /** What nftables does for these routers from now on, in tables that no other daemon has. */
  #keepTables(routers: readonly RouterConfig[], wanted: FilterOptions): void {
    const filter = this.#tableNames.own(wanted);
    this.#accept.replan(routers, filter);
    this.#mld.replan(routers, filter);
  }

  #hear(notice: EngineNotice): void {
    this.#accept.hear(notice);
    this.#mld.hear(notice);
    this.#notifier?.hear(notice);
    const isNews = this.#board.hear(notice);
    // A gate that says what the transition before it said is told already.
    if (notice.kind !== "gate" || isNews) this.#tell(notice);
    if (isNews && this.#phase !== "starting") {
      this.#options.serviceManager.status(this.#board.summary);
    }
    switch (notice.kind) {
      case "started":
        this.#ready();
        break;
      case "pong":
        this.#answered();
        break;
      case "died":
        // What never ran will not run the next time either: let systemd and the operator see it.
        if (this.#phase === "starting") this.#finished.resolve("failed");
        else {this.#options.serviceManager.status(
            "the VRRP engine died and is started again",
          );}
        break;
    }
  }

  #tell(notice: EngineNotice): void {
    const record = wordNotice(notice, (name) => this.#board.facts(name));
    if (record !== undefined) this.#options.logger.log(record);
  }

  #ready(): void {
    const { serviceManager } = this.#options;
    serviceManager.status(this.#board.summary);
    if (this.#phase === "starting") {
      this.#phase = "running";
      const instances = counted(this.#plan.routers.length, "instance");
      this.#log("daemonReady", PRIORITY.info, `ready, ${instances}`);
      serviceManager.ready();
      this.#begun.resolve();
      // Starting took buffers that running does not need: 3 MB.
      releaseFreeMemory();
    } else {
      const times = counted(this.#options.engine.restarts, "restart");
      this.#log(
        "engineRestarted",
        PRIORITY.warning,
        `the VRRP engine runs again, ${times} so far`,
      );
    }
  }

  /** Asks the engine for a sign of life; its answer feeds the watchdog. */
  #pulse(): void {
    if (!this.#hasEngine) return;
    if (this.#isAnswerAwaited && !this.#isSilenceTold) {
      this.#isSilenceTold = true;
      this.#log(
        "engineSilent",
        PRIORITY.critical,
        "the VRRP engine does not answer; the watchdog is not fed until it does",
      );
    }
    this.#isAnswerAwaited = true;
    this.#options.engine.ping();
    this.#accept.check();
    this.#mld.check();
  }

  #answered(): void {
    this.#isAnswerAwaited = false;
    this.#options.serviceManager.alive();
    if (!this.#isSilenceTold) return;
    this.#isSilenceTold = false;
    this.#log(
      "engineSilent",
      PRIORITY.notice,
      "the VRRP engine answers again",
    );
  }

  async #stop(signal: string): Promise<void> {
    if (this.#phase === "stopping") return;
    this.#phase = "stopping";
    this.#log("daemonStopping", PRIORITY.notice, `stopping on ${signal}`);
    this.#options.serviceManager.stopping();
    this.#startup.abort();
    if (!this.#hasEngine) {
      this.#options.engine.discard();
      this.#log("daemonStopped", PRIORITY.notice, "stopped");
      this.#finished.resolve("stopped");
      return;
    }
    // Scripts end while routers resign; run() waits for them.
    void this.#trackers.stop();
    const outcome = await this.#options.engine.stop(STOP_PATIENCE_MS);
    // The engine is gone and answers no more; the scripts have some seconds.
    this.#options.serviceManager.alive();
    await this.#notifier?.stop();
    switch (outcome) {
      case "stopped":
        this.#log("daemonStopped", PRIORITY.notice, "stopped");
        break;
      case "late":
        this.#log(
          "engineSilent",
          PRIORITY.critical,
          "the VRRP engine did not stop in time; addresses may remain",
        );
        break;
      case "dead":
        this.#log(
          "engineDied",
          PRIORITY.critical,
          "stopped without the VRRP engine; the addresses it held remain",
        );
    }
    this.#finished.resolve(outcome === "stopped" ? "stopped" : "failed");
  }

  /** Reads the configuration and lets the engine do what changed. */
  #reload(): Promise<ControlResponse> {
    if (this.#nextReload !== undefined) return this.#nextReload;
    // Who is starting takes up what it is told when it runs.
    const turn = Promise.all([this.#reloads, this.#begun.promise]);
    const reload = turn.then(() => {
      this.#nextReload = undefined;
      return this.#reloadNow();
    });
    this.#reloads = reload;
    this.#nextReload = reload;
    return reload;
  }

  async #reloadNow(): Promise<ControlResponse> {
    const { serviceManager, reread } = this.#options;
    // systemd was not told READY=1 yet, or was told STOPPING=1: another READY=1 would be a lie.
    if (this.#phase !== "running") {
      const error = `reload refused: the daemon is ${this.#phase}`;
      return { ok: false, error };
    }
    serviceManager.reloading();
    this.#marker.set(this.#process.reloadFile);
    const read = this.#withSomething(await reread().catch(refusalOf));
    this.#marker.clear();
    const response: ControlResponse = "refusal" in read
      ? {
        ok: false,
        error: `reload refused, everything goes on as before: ${read.refusal}`,
      }
      : { ok: true, message: await this.#adopt(read) };
    const message = response.ok ? response.message : response.error;
    this.#reloadError = response.ok ? null : response.error;
    const priority = response.ok ? PRIORITY.notice : PRIORITY.error;
    this.#log("reload", priority, message);
    if (this.#phase === "running") serviceManager.ready();
    return response;
  }

  async #adopt(
    { plan, notify, process }: Exclude<Reread, { readonly refusal: string }>,
  ): Promise<string> {
    this.#process = process;
    this.#schedule.follow(process.reloadTimeFile, process.reloadRepeats);
    return await this.#replan(plan, notify);
  }

  /** A file that is being written is empty for a moment: who runs instances is not to drop all of them for it. */
  #withSomething(read: Reread): Reread {
    const isEmptied = "plan" in read && read.plan.routers.length === 0 &&
      this.#plan.routers.length > 0;
    return isEmptied
      ? {
        refusal:
          "it has no instance any more; stop the daemon if that is what is meant",
      }
      : read;
  }

  /** Makes the engine run `plan`, and `notify` be told; returns what that changed, in a sentence. */
  async #replan(plan: ResolvedPlan, notify: NotifyPlan): Promise<string> {
    this.#loadedAt = new Date();
    const { routers } = plan;
    const changes = compareRouters(this.#plan.routers, routers);
    const { added, changed, removed } = changes;
    const total = added.length + changed.length + removed.length;
    const areTrackersSame = isSame(this.#plan.definitions, plan.definitions);
    const isNotifySame = isSame(this.#notify, notify);
    const before = { ...this.#plan, startsAtNs: this.#startsAtNs };
    this.#startsAtNs = startsAtAfterReload(
      this.#startsAtNs,
      plan.startDelay,
      this.#startedAtNs,
      monotonicNs(),
    );
    const next = { ...plan, startsAtNs: this.#startsAtNs };
    this.#keepTables(routers, plan.filter);
    const shared = sharedChanges(before, next);
    this.#notify = notify;
    this.#notifier?.replan(notify, changed);
    // Before the engine: what is new to it may depend on them.
    this.#trackers.replace(plan.definitions);
    this.#poller.replace(plan.polledLinks);
    if (total === 0 && shared.length === 0) {
      this.#plan = plan;
      this.#notifier?.settle();
      const others = [
        areTrackersSame ? undefined : "tracked objects",
        isNotifySame ? undefined : "notifications",
      ].filter((one) => one !== undefined);
      return others.length === 0
        ? "reload: the configuration is as it runs, nothing to do"
        : `reload: ${others.join(" and ")} changed; all instances untouched`;
    }
    const done = this.#options.engine.replan(enginePlan(next), {
      remove: removed.map(({ name }) => name),
      put: [
        ...added.map((router) => ({ router, replaces: undefined })),
        ...changed,
      ],
      ...sharedPlan(next),
    });
    this.#plan = plan;
    // The instances that go still tell their last state.
    this.#board.replan([...routers, ...removed], changed);
    const isDone = await done;
    this.#board.replan(routers);
    this.#notifier?.settle();
    this.#options.serviceManager.status(this.#board.summary);
    const parts = [
      counting("added", added),
      counting("changed", changed.map(({ router }) => router)),
      counting("removed", removed),
      ...shared,
      areTrackersSame ? undefined : "tracked objects changed",
    ].filter((part) => part !== undefined);
    const untouched = routers.length - added.length - changed.length;
    const late = isDone ? "" : "; the VRRP engine takes it up when it is back";
    return `reload: ${parts.join(", ")}; ${
      counted(untouched, "instance")
    } untouched${late}`;
  }

  /** Wall clock of monotonic zero: the same from one status to the next, unless somebody set the clock. */
  #epochMs(nowNs: number): number {
    const epochMs = Date.now() - nowNs / 1e6;
    if (Math.abs(epochMs - this.#lastEpochMs) > CLOCK_STEP_MS) {
      this.#lastEpochMs = epochMs;
    }
    return this.#lastEpochMs;
  }

  /** Snapshots in the order of the configuration. */
  #inOrder(snapshot: readonly RouterSnapshot[]): readonly RouterSnapshot[] {
    const place = new Map(this.#plan.routers.map(({ name }, i) => [name, i]));
    return snapshot.toSorted((a, b) =>
      (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0)
    );
  }

  async #answer(request: ControlRequest): Promise<ControlResponse> {
    if (request.request === "reload") return await this.#reload();
    return { ok: true, status: await this.#status() };
  }

  async #status(): Promise<StatusDocument> {
    const snapshot = await this.#options.engine.snapshot();
    const { routers, bfd } = snapshot ?? { routers: [], bfd: [] };
    const nowNs = monotonicNs();
    const epochMs = this.#epochMs(nowNs);
    const wallClockOf = (ns: number) =>
      new Date(epochMs + ns / 1e6).toISOString();
    return {
      version: this.#options.version,
      pid: Deno.pid,
      daemon: this.#phase,
      config: {
        file: this.#options.configPath,
        loaded_at: this.#loadedAt.toISOString(),
        last_reload_error: this.#reloadError,
      },
      started_at: this.#startedAt.toISOString(),
      uptime_s: (nowNs - this.#startedAtNs) / 1e9,
      engine: {
        restarts: this.#options.engine.restarts,
        alive: snapshot !== undefined,
      },
      instances: this.#inOrder(routers).map((router) =>
        instanceStatus(router, wallClockOf)
      ),
      sync_groups: syncGroupStatus(this.#plan.groups ?? [], routers),
      trackers: this.#trackers.facts.map((facts) =>
        trackerStatus(facts, wallClockOf)
      ),
      bfd_sessions: bfd.map((one) => bfdStatus(one, wallClockOf)),
      bfd_rejected: snapshot?.bfdRejected ?? noBfdRejections(),
      statics_restored: snapshot?.staticsRestored ?? 0,
    };
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A reader that fails is our fault, and no reason to fall. */
function refusalOf(error: unknown): Reread {
  const why = error instanceof Error ? error.message : String(error);
  return { refusal: `reading it failed: ${why}` };
}

/** `2 instances added (VI_1, VI_2)`; undefined for none. */
function counting(
  verb: string,
  routers: readonly RouterConfig[],
): string | undefined {
  if (routers.length === 0) return undefined;
  const names = routers.slice(0, NAMES_MAX).map(({ name }) => name);
  const more = routers.length > names.length ? ", …" : "";
  return `${counted(routers.length, "instance")} ${verb} (${
    names.join(", ")
  }${more})`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
