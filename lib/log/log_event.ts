/**
 * The registry of what is logged: every kind of event, its MESSAGE_ID and whether repeats are counted.
 *
 * Identifiers are random, never reused and never changed: people write `journalctl MESSAGE_ID=…` and alerts on them.
 * docs/log-messages.md is this table as text; its test compares them.
 * @module
 */

/** What the journal's catalogue and docs/log-messages.md know of one kind of event. */
export interface LogEventEntry {
  /** MESSAGE_ID: 128 random bits in hexadecimal. */
  readonly id: string;
  /** What it is about. */
  readonly area:
    | "daemon"
    | "configuration"
    | "instance"
    | "tracking"
    | "wire"
    | "system";
  /** What it means, one sentence. */
  readonly meaning: string;
  /** `limited`: identical messages are counted and summed up instead of repeated. */
  readonly repeats: "always" | "limited";
}

export const LOG_EVENTS = {
  unknownRouter: {
    id: "9b1027b1af029e980e15c62a1ae95f29",
    area: "wire",
    meaning:
      "An advert of a virtual router that no instance here has, with `log_unknown_vrids`.",
    repeats: "always",
  },
  linkPolled: {
    id: "59e2b9306a7f39f22480ca8cb7e6a213",
    area: "system",
    meaning:
      "How an interface is asked for its carrier, or that its driver says that the carrier came or went.",
    repeats: "always",
  },
  acceptMode: {
    id: "a940aab29f219d9d4fc94ce9cdc925b0",
    area: "system",
    meaning:
      "The table that drops packets to virtual addresses could not be made, or was changed by somebody else and is put back.",
    repeats: "always",
  },
  mldReports: {
    id: "0e92cca642ca4cab9d3bf671cf8eb2d9",
    area: "system",
    meaning:
      "The table that sends MLD reports of virtual links out by their parents could not be made, or was changed by somebody else and is put back.",
    repeats: "always",
  },
  tableNews: {
    id: "5163574dfb3f49ef50e16c1cacb30158",
    area: "system",
    meaning:
      "The kernel does not tell of changes to nftables; the daemon's tables are looked at every few seconds instead.",
    repeats: "always",
  },
  daemonStarted: {
    id: "39f32e599d14e06a337ad05e781e7e2d",
    area: "daemon",
    meaning: "The daemon starts: version and configuration file.",
    repeats: "always",
  },
  daemonReady: {
    id: "2ccd0a4408ef4f1a843f62085355dacd",
    area: "daemon",
    meaning:
      "The engine runs; systemd is told READY=1. Instances may still be waiting.",
    repeats: "always",
  },
  daemonStopping: {
    id: "1a6617cad832963785e64137ddbb2e57",
    area: "daemon",
    meaning: "A signal asked for an orderly stop.",
    repeats: "always",
  },
  daemonStopped: {
    id: "5dad3a79ae36c45dd5d9a82c6a247757",
    area: "daemon",
    meaning: "The orderly stop is complete.",
    repeats: "always",
  },
  startFailed: {
    id: "bd47740b74d7be17c4048a0b459f5ef7",
    area: "daemon",
    meaning: "The daemon cannot start, and why.",
    repeats: "always",
  },
  configDiagnostic: {
    id: "df8469b478c9bfd61a34829e4113ab7b",
    area: "configuration",
    meaning: "An error, warning or advice about a configuration that was read.",
    repeats: "always",
  },
  configRefused: {
    id: "d3d3b655a9eb64716ee8db957fa63cba",
    area: "configuration",
    meaning: "The configuration has errors and is not used.",
    repeats: "always",
  },
  reload: {
    id: "ce7c3b873a1efc0c0d7af3fd200e2475",
    area: "configuration",
    meaning: "A reload was asked for, and what came of it.",
    repeats: "always",
  },
  optionIgnored: {
    id: "eade61f542ffddb277fbb228f351d042",
    area: "configuration",
    meaning: "A command-line option of keepalived that has no effect here.",
    repeats: "always",
  },
  signalIgnored: {
    id: "e47d5c2ae8ba78c23aac32d1e18844ed",
    area: "daemon",
    meaning: "A signal that does something in keepalived and nothing here.",
    repeats: "limited",
  },
  stateChanged: {
    id: "3b46aac9629d985fa4b81e5e8a8d080d",
    area: "instance",
    meaning:
      "An instance changed its state (HAKEEP_STATE); the message says why.",
    repeats: "always",
  },
  groupStateChanged: {
    id: "131d0ad49ea3b83aa4100032e80ce0c0",
    area: "instance",
    meaning: "All members of a sync group have moved to another state.",
    repeats: "always",
  },
  priorityChanged: {
    id: "f59d6898d270f3e59bb5436062abbb7b",
    area: "instance",
    meaning:
      "Trackers changed the effective priority of an instance that runs.",
    repeats: "limited",
  },
  waiting: {
    id: "cb16f7b1d6c44067a1609bc1decdd6c8",
    area: "instance",
    meaning:
      "What an instance waits for changed: an interface, its carrier, an address.",
    repeats: "always",
  },
  masterChanged: {
    id: "15a29f8072c97787fc5a459655bdfaa5",
    area: "instance",
    meaning: "A BACKUP follows another master than before.",
    repeats: "always",
  },
  masterResigned: {
    id: "8eddbeabb0fc9263f963ab44ebc4c415",
    area: "instance",
    meaning: "The master announced that it leaves (priority 0).",
    repeats: "always",
  },
  addressRestored: {
    id: "29c817433e37f77ec4627e02c03e8cb2",
    area: "instance",
    meaning: "Something else removed a virtual address; it was put back.",
    repeats: "limited",
  },
  routeRestored: {
    id: "953860b5655248a18a8f8889f079cf0a",
    area: "instance",
    meaning: "Something else removed a route or rule; it was put back.",
    repeats: "limited",
  },
  pidFileFailed: {
    id: "42124fef91fe2e1b162b814c1c2e5e0d",
    area: "daemon",
    meaning:
      "A pid file cannot be written, and why; the daemon runs without it.",
    repeats: "always",
  },
  lifeScript: {
    id: "c64e182656b7b6e5bba9a2f9c48ef630",
    area: "daemon",
    meaning:
      "startup_script or shutdown_script runs, and how it ended. If it failed or took too long, the start or stop went on all the same.",
    repeats: "always",
  },
  scheduledReload: {
    id: "3a307bf1a2378a1e0d2661e386f7a3b3",
    area: "configuration",
    meaning:
      "reload_time_file names the time of a reload, that time has come, or what it says is no time.",
    repeats: "always",
  },
  staticRestored: {
    id: "4d0f3a8be1c94c55a6c2f0c1de7b9e34",
    area: "system",
    meaning:
      "Something else removed a static address, route or rule; it was put back.",
    repeats: "limited",
  },
  scriptFailed: {
    id: "6239b51f1dccef68395a824419f69fd5",
    area: "instance",
    meaning:
      "A notify script ended with an error, did not end in time, or could not be started.",
    repeats: "limited",
  },
  notifyDropped: {
    id: "ff6f8e3d07503d72975b03de3044f332",
    area: "instance",
    meaning:
      "States changed faster than notify scripts end: one in the middle was not told to them.",
    repeats: "limited",
  },
  mailFailed: {
    id: "14ad61c86c05571cceae2b344376dd97",
    area: "system",
    meaning: "A mail about a change was not sent; it is not tried again.",
    repeats: "limited",
  },
  fifoFailed: {
    id: "6589ac6c86e8695f269757e862e130c3",
    area: "system",
    meaning:
      "A notify FIFO cannot be made or used, or a line was lost because nobody reads it.",
    repeats: "limited",
  },
  fifoReaderEnded: {
    id: "c3ea947a41ac6c42b00be1b61592d18d",
    area: "system",
    meaning: "The script that reads a notify FIFO ended; it is started again.",
    repeats: "limited",
  },
  scriptUp: {
    id: "389fd1990e7d73018f9d19ef389660e8",
    area: "tracking",
    meaning: "A track script (HAKEEP_TRACKER) counts as up now.",
    repeats: "always",
  },
  scriptDown: {
    id: "1347a729c6b4c71e6eb3e82a482c207c",
    area: "tracking",
    meaning:
      "A track script counts as down now: how it ended, and its last words on standard error.",
    repeats: "always",
  },
  scriptStatus: {
    id: "3f562fba297141be6ded01035c280a85",
    area: "tracking",
    meaning:
      "A track script ended otherwise than before, and counts as it did.",
    repeats: "limited",
  },
  scriptSkipped: {
    id: "34325a557ad6ffcb7458231dc928f443",
    area: "tracking",
    meaning:
      "A track script was still running when its next run was due, so that one is left out.",
    repeats: "limited",
  },
  fileChanged: {
    id: "bd15accf6b38c178070188fa6f761837",
    area: "tracking",
    meaning: "The number in a tracked file changed.",
    repeats: "always",
  },
  processUp: {
    id: "4749f96bcb6e4071f5fc30556a318805",
    area: "tracking",
    meaning: "As many of a tracked process run as are to run.",
    repeats: "always",
  },
  processDown: {
    id: "96fcb196e7bcf909faee242ce63bd1da",
    area: "tracking",
    meaning: "Too few or too many of a tracked process run.",
    repeats: "always",
  },
  trackingTrouble: {
    id: "0ac6d844aacdebc3be6722550a2e40f9",
    area: "tracking",
    meaning:
      "A tracked file or process cannot be watched as it should, and what is done instead.",
    repeats: "limited",
  },
  bfdUp: {
    id: "b2d14cae41ebb4af4d1db93626726546",
    area: "tracking",
    meaning: "A BFD session (HAKEEP_TRACKER) is up.",
    repeats: "always",
  },
  bfdDown: {
    id: "f4788c91a33b48e6e1c314880cc4a5b7",
    area: "tracking",
    meaning: "A BFD session is not up any more; the message says why.",
    repeats: "always",
  },
  bfdRejected: {
    id: "562a134bf950dbfb7de80bfb5140c141",
    area: "wire",
    meaning: "BFD packets were dropped (HAKEEP_REASON).",
    repeats: "limited",
  },
  foreignCluster: {
    id: "e76c6e5795e13c02ad7bbe55507a1aeb",
    area: "wire",
    meaning:
      "Adverts with our virtual_router_id whose address list is not ours: often another cluster on the same network.",
    repeats: "limited",
  },
  authenticationMismatch: {
    id: "61b520e57ffd418a8c8be9d112302647",
    area: "wire",
    meaning:
      "Adverts whose authentication type, password or signature is not ours.",
    repeats: "limited",
  },
  unsignedAdvert: {
    id: "dde27ebdc10c439abcfe685e0db157d4",
    area: "wire",
    meaning:
      "Adverts without a signature that `auth_hmac` still lets through (`mode`).",
    repeats: "limited",
  },
  clockDifference: {
    id: "46abaef889b044bd84390de1114f3669",
    area: "wire",
    meaning:
      "The sender of signed adverts has another time than we, by more than half of `time_window`.",
    repeats: "limited",
  },
  versionMismatch: {
    id: "c9e516becc2c5e311f0b25d28b501792",
    area: "wire",
    meaning: "Adverts of another VRRP version.",
    repeats: "limited",
  },
  intervalMismatch: {
    id: "7e60adbea3b03b767f9c7ff05fed238f",
    area: "wire",
    meaning: "Adverts with another interval than ours.",
    repeats: "limited",
  },
  checksumFormMismatch: {
    id: "2ed0015a7cb43fd03d752c4dc2031329",
    area: "wire",
    meaning:
      "Adverts whose VRRPv3 checksum is made the other way (`v3_checksum_as_v2`).",
    repeats: "limited",
  },
  advertRejected: {
    id: "b4a568238e6bc191e6b5e6f144671bcb",
    area: "wire",
    meaning: "Adverts dropped for any other reason (HAKEEP_REASON).",
    repeats: "limited",
  },
  secondMaster: {
    id: "c4cc3049d615cdcd04f377e9f0ac8276",
    area: "wire",
    meaning:
      "Another router sends adverts of lower priority while we are MASTER.",
    repeats: "limited",
  },
  lowerPriorityDiscarded: {
    id: "accc10c28e20baeeb1e610fa4f0e4309",
    area: "wire",
    meaning:
      "A BACKUP hears a master of lower priority and will take over from it.",
    repeats: "limited",
  },
  addressConflict: {
    id: "f0c376769d996b655a404dc3dfad5323",
    area: "wire",
    meaning: "Adverts from our own address: a loop, or another host uses it.",
    repeats: "limited",
  },
  rogueOwner: {
    id: "ca421c8086d6a2a33534f6e991e5eceb",
    area: "wire",
    meaning: "Another router also claims to own the addresses (priority 255).",
    repeats: "limited",
  },
  systemError: {
    id: "b24346e68ab7e0475682f0836e17835a",
    area: "system",
    meaning: "The kernel refused something.",
    repeats: "limited",
  },
  changesMissed: {
    id: "148c06b7e47f4d968879fb43a9f7ec9f",
    area: "system",
    meaning:
      "The kernel had more changes of links and addresses to tell than its socket has room for; all were read anew.",
    repeats: "limited",
  },
  engineLate: {
    id: "415aca921cca53ab21a773098508851c",
    area: "system",
    meaning: "A timer fired late: the machine was stalled, or is overloaded.",
    repeats: "limited",
  },
  engineDied: {
    id: "5ed31be4091c39f95abaa75c09102c5b",
    area: "system",
    meaning: "The VRRP engine died; it is started again with the same plan.",
    repeats: "always",
  },
  engineRestarted: {
    id: "bf68f3c75d8029cb499af8a5c623500b",
    area: "system",
    meaning: "The VRRP engine runs again after it died.",
    repeats: "always",
  },
  engineSilent: {
    id: "a2176ddb35b48b0692935ee1d42bac86",
    area: "system",
    meaning:
      "The VRRP engine does not answer; the watchdog is not fed until it does.",
    repeats: "always",
  },
  controlFailed: {
    id: "bb7d764b90b2842fbea64d41ff229192",
    area: "system",
    meaning: "The control socket cannot be served.",
    repeats: "limited",
  },
  messagesLost: {
    id: "402d8eda7766e53bcdd73dcc8e593a82",
    area: "system",
    meaning:
      "Log messages were dropped because the log's socket was full or gone.",
    repeats: "always",
  },
} as const satisfies Readonly<Record<string, LogEventEntry>>;

/** A kind of event. */
export type LogEvent = keyof typeof LOG_EVENTS;

/** docs/log-messages.md as it is to be. */
export function logEventDocument(): string {
  const rows = Object.entries<LogEventEntry>(LOG_EVENTS).map(([name, entry]) =>
    `| ${name} | ${entry.area} | \`${entry.id}\` | ${entry.repeats} | ${entry.meaning} |`
  );
  return `${DOCUMENT_HEAD}${rows.join("\n")}\n`;
}

const DOCUMENT_HEAD = `# Log messages

Written from \`lib/log/log_event.ts\` by \`deno run --allow-write=docs scripts/write_log_messages.ts\`; do not edit.

Each kind of event has a MESSAGE_ID of its own, so \`journalctl MESSAGE_ID=…\` finds it whatever its wording.
The identifiers and fields are stable; the wording of messages is for people and may change.

Fields of every entry: \`MESSAGE\`, \`PRIORITY\`, \`SYSLOG_FACILITY\`, \`SYSLOG_IDENTIFIER\`, \`SYSLOG_PID\`, \`MESSAGE_ID\`.
Where they apply: \`HAKEEP_INSTANCE\`, \`HAKEEP_TRACKER\`, \`HAKEEP_STATE\`, \`HAKEEP_VRID\`, \`HAKEEP_INTERFACE\`, \`HAKEEP_PEER\`,
\`HAKEEP_PEER_MAC\`, \`HAKEEP_REASON\`, and \`HAKEEP_OCCURRENCES\` when one entry stands for several.

Repeats: \`always\` means that each is logged. \`limited\` means that identical messages are counted: the first is
logged at once, then a sum after 2 minutes, 10 minutes and every hour, for as long as they keep coming.

| event | area | MESSAGE_ID | repeats | meaning |
|---|---|---|---|---|
`;
