/**
 * From what a configuration says about notifications to what the daemon does: defaults applied, words cut, users
 * looked up, scripts that may not run left out.
 *
 * Says:    keepalived's defaults: an instance without `notify_priority_changes` goes by its group, then by `global_defs`.
 * Errors:  none: what cannot run is left out, and script_checks.ts says why.
 * @module
 */
import { instancePriority } from "./instance_identity.ts";
import type { Config, GlobalDefs, VrrpInstance } from "./model.ts";
import type {
  FifoLine,
  GlobalNotify,
  MailPlan,
  NotifyFifo,
  NotifyPlan,
  NotifyScript,
  NotifyScripts,
  NotifySubject,
  ScriptLine,
} from "./notify_model.ts";
import {
  lookUpUser,
  prepareScript,
  type ScriptHost,
} from "./prepare_script.ts";
import type { SyncGroup } from "./tracking_model.ts";

const NS_PER_MS = 1e6;
const SMTP_PORT = 25;
const SMTP_CONNECT_TIMEOUT_NS = 30e9;

/** Everything that `config` wants told, and to whom, on this machine. */
export function resolveNotify(config: Config, host: ScriptHost): NotifyPlan {
  const { globals, instances, groups } = config;
  const groupOf = new Map(
    groups.flatMap((group) => group.members.map(({ name }) => [name, group])),
  );
  const prepare: Prepare = (line) =>
    line === undefined
      ? undefined
      : prepareScript(line.command, line.user, globals, host).script;
  return {
    subjects: [
      ...instances.map((one) => {
        const group = groupOf.get(one.name);
        return instanceSubject(one, group, globals, prepare);
      }),
      ...groups.map((one) => groupSubject(one, globals, prepare)),
    ],
    fifos: resolveFifos(globals, prepare, host),
    ...resolveMail(globals),
    writesStatesOnReload: globals.fifoWriteStatesOnReload ?? false,
  };
}

type Prepare = (line: ScriptLine | undefined) => NotifyScript | undefined;

function instanceSubject(
  instance: VrrpInstance,
  group: SyncGroup | undefined,
  globals: GlobalDefs,
  prepare: Prepare,
): NotifySubject {
  const { name, notifyDeleted } = instance;
  return {
    subject: "INSTANCE",
    name,
    group: group?.name,
    priority: instancePriority(instance),
    ...commonScripts(instance, prepare),
    deleted: typeof notifyDeleted === "object"
      ? prepare(notifyDeleted)
      : undefined,
    lowerPriorityHeard: prepare(instance.notifyMasterRxLowerPriority),
    tellsDeleted: notifyDeleted !== undefined && notifyDeleted !== false,
    tellsPriorityChanges: instance.notifyPriorityChanges ??
      group?.notifyPriorityChanges ?? globals.notifyPriorityChanges ?? false,
    tellsByMail: tellsByMail(instance, globals),
  };
}

function groupSubject(
  group: SyncGroup,
  globals: GlobalDefs,
  prepare: Prepare,
): NotifySubject {
  return {
    subject: "GROUP",
    name: group.name,
    group: undefined,
    priority: 0,
    ...commonScripts(group, prepare),
    deleted: undefined,
    lowerPriorityHeard: undefined,
    tellsDeleted: false,
    tellsPriorityChanges: false,
    tellsByMail: tellsByMail(group, globals),
  };
}

function tellsByMail(
  { smtpAlert }: NotifyScripts,
  globals: GlobalDefs,
): boolean {
  return smtpAlert ?? globals.smtpAlertVrrp ?? globals.smtpAlert ?? false;
}

function resolveMail(globals: GlobalDefs): { readonly mail?: MailPlan } {
  const { smtpServer, notificationEmail = [] } = globals;
  if (smtpServer === undefined || notificationEmail.length === 0) return {};
  return {
    mail: {
      routerId: globals.routerId,
      from: globals.notificationEmailFrom,
      to: notificationEmail.map(({ address }) => address),
      host: smtpServer.host,
      port: smtpServer.port ?? SMTP_PORT,
      heloName: globals.smtpHeloName,
      connectTimeoutMs:
        (globals.smtpConnectTimeoutNs ?? SMTP_CONNECT_TIMEOUT_NS) / NS_PER_MS,
      tellsFaults: !(globals.noEmailFaults ?? false),
    },
  };
}

function commonScripts(scripts: NotifyScripts, prepare: Prepare) {
  return {
    master: prepare(scripts.notifyMaster),
    backup: prepare(scripts.notifyBackup),
    fault: prepare(scripts.notifyFault),
    stop: prepare(scripts.notifyStop),
    every: prepare(scripts.notify),
  };
}

/** A second one of the same path would get every line twice. */
function resolveFifos(
  globals: GlobalNotify,
  prepare: Prepare,
  host: ScriptHost,
): readonly NotifyFifo[] {
  const { notifyFifo, vrrpNotifyFifo } = globals;
  const isSame = notifyFifo?.path === vrrpNotifyFifo?.path;
  return [
    resolveFifo(notifyFifo, prepare(globals.notifyFifoScript), globals, host),
    resolveFifo(
      isSame ? undefined : vrrpNotifyFifo,
      prepare(globals.vrrpNotifyFifoScript),
      globals,
      host,
    ),
  ].filter((one) => one !== undefined);
}

function resolveFifo(
  fifo: FifoLine | undefined,
  reader: NotifyScript | undefined,
  globals: GlobalNotify,
  host: ScriptHost,
): NotifyFifo | undefined {
  if (fifo === undefined) return undefined;
  // Nobody runs a FIFO, so that an owner need not be named.
  const found = lookUpUser(
    fifo.owner,
    { ...globals, enableScriptSecurity: false },
    host,
  );
  return "problem" in found
    ? undefined
    : { path: fifo.path, owner: found.account, reader };
}
