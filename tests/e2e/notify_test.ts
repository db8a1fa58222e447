/**
 * Notifications of the compiled daemon beside those of keepalived: the same configuration in twin namespaces, the same
 * argument lists and the same lines in the FIFOs.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { instanceText, VIP } from "./configurations.ts";
import {
  type DaemonKind,
  HAKEEP,
  hasState,
  type RunningDaemon,
  startDaemon,
} from "./daemons.ts";
import { eventually, Lab, runCommand } from "./topology.ts";

/** What one daemon told: each script's name with its arguments, and each line of the FIFO. */
interface Told {
  readonly scripts: readonly string[];
  readonly lines: readonly string[];
}

/** A folder with a script that records how it is run, and one that copies a FIFO's lines. */
class Record {
  readonly #directory: string;
  readonly fifo: string;

  constructor(lab: Lab, name: string) {
    this.#directory = `${lab.directory}/${name}`;
    this.fifo = `${this.#directory}/fifo`;
    Deno.mkdirSync(this.#directory);
    // Scripts that run as another user write here.
    Deno.chmodSync(this.#directory, 0o777);
    Deno.chmodSync(lab.directory, 0o755);
    this.#script(
      "run",
      `
line="$(id -un)"
for word in "$@"; do line="$line|$word"; done
echo "$line" >>${this.#directory}/scripts
chmod -f 666 ${this.#directory}/scripts`,
    );
    this.#script("read", `exec cat "$1" >>${this.#directory}/lines`);
  }

  #script(name: string, body: string): void {
    const path = `${this.#directory}/${name}`;
    Deno.writeTextFileSync(path, `#!/bin/sh\n${body}\n`);
    Deno.chmodSync(path, 0o755);
  }

  /** A configuration's line for a script that records its arguments. */
  script(keyword: string, words: string, user = "root"): string {
    return `${keyword} "${this.#directory}/run ${words}" ${user}`;
  }

  get globals(): readonly string[] {
    return [
      "script_user root",
      "vrrp_version 3",
      `vrrp_notify_fifo ${this.fifo}`,
      `vrrp_notify_fifo_script ${this.#directory}/read`,
    ];
  }

  async #read(name: string): Promise<string[]> {
    const text = await Deno.readTextFile(`${this.#directory}/${name}`)
      .catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  async told(): Promise<Told> {
    return {
      scripts: await this.#read("scripts"),
      lines: await this.#read("lines"),
    };
  }

  /** Waits until a script was run with `words` at the end. */
  async ran(words: string): Promise<void> {
    await eventually(`a script is run with ${words}`, 15_000, async () => {
      return (await this.#read("scripts")).some((line) => line.endsWith(words));
    });
  }

  async wrote(line: string): Promise<void> {
    await eventually(`the FIFO gets ${line}`, 15_000, async () => {
      return (await this.#read("lines")).includes(line);
    });
  }
}

function instance(
  record: Record,
  name: string,
  vrid: number,
  more: readonly string[] = [],
): string {
  return `vrrp_instance ${name} {
  interface eth0
  virtual_router_id ${vrid}
  priority ${100 + vrid}
  advert_int 0.2
  virtual_ipaddress {
    10.77.1.${vrid}/32
  }
  ${record.script("notify_master", `${name} master 'two words'`, "nobody")}
  ${record.script("notify_backup", `${name} backup`)}
  ${record.script("notify_fault", `${name} fault`)}
  ${record.script("notify_stop", `${name} stop`)}
  ${record.script("notify", `${name} any`)}
  ${more.join("\n  ")}
}
`;
}

function globals(record: Record): string {
  return `global_defs {\n  ${record.globals.join("\n  ")}\n}\n`;
}

/** The story that both daemons go through, each in its own network. */
async function live(lab: Lab, kind: DaemonKind): Promise<Told> {
  const record = new Record(lab, kind);
  const head = globals(record);
  const group = `vrrp_sync_group G {
  group { C D }
  ${record.script("notify_master", "G master")}
  ${record.script("notify", "G any")}
}
`;
  // keepalived tells nothing until a script has its first result.
  const script = 'vrrp_script check {\n  script "/bin/true"\n  interval 1\n}\n';
  const stays = script +
    instance(record, "A", 1, ["track_script {", "check", "}"]);
  const members = instance(record, "C", 3) + instance(record, "D", 4);
  const gone = instance(record, "plain", 5);
  const deleted = instance(record, "deleted", 6, ["notify_deleted"]);
  const daemon = startDaemon(
    lab,
    "host",
    kind,
    head + group + stays + members + gone + deleted,
  );
  for (const name of ["A", "C", "D", "plain", "deleted"]) {
    await record.wrote(`INSTANCE "${name}" MASTER ${100 + vridOf(name)}`);
  }
  await record.wrote('GROUP "G" MASTER 0');
  await Deno.writeTextFile(
    `${daemon.runtimeDir}/config.conf`,
    head + group + stays + members,
  );
  daemon.kill("SIGHUP");
  await record.ran("|plain|any|INSTANCE|plain|FAULT|105");
  await record.wrote('INSTANCE "deleted" DELETED 106');
  // keepalived starts its reader anew after a reload; only then it writes what it reads.
  await lab.setCable("host", "down");
  await record.wrote('INSTANCE "A" FAULT 101');
  await record.wrote('GROUP "G" FAULT 0');
  await lab.setCable("host", "up");
  // A stop leaves out what scripts have not begun to be told.
  const twice = [
    ...["A", "C", "D"].flatMap((name) => [
      `nobody|${name}|master|two words`,
      `root|${name}|any|INSTANCE|${name}|MASTER|${100 + vridOf(name)}`,
    ]),
    "root|G|master",
    "root|G|any|GROUP|G|MASTER|0",
    'INSTANCE "A" MASTER 101',
    'GROUP "G" MASTER 0',
  ];
  await eventually("all are MASTER again and told so", 15_000, async () => {
    const { scripts, lines } = await record.told();
    const all = [...scripts, ...lines];
    return twice.every((one) =>
      all.filter((line) => line === one).length === 2
    );
  });
  daemon.kill("SIGTERM");
  await daemon.ended;
  for (const words of ["|A|stop", "|G|any|GROUP|G|STOP|0"]) {
    await record.ran(words);
  }
  return await record.told();
}

function vridOf(name: string): number {
  return { A: 1, C: 3, D: 4, plain: 5, deleted: 6 }[name] ?? 0;
}

/** What was told of one instance or group; scripts of one event start at once, so their order is left out. */
function storyOf({ scripts, lines }: Told, name: string) {
  return {
    scripts: scripts.filter((line) => line.split("|")[1] === name).toSorted(),
    lines: lines.filter((line) => line.includes(`"${name}"`)),
  };
}

/** keepalived ends its readers before it tells them of its stop. */
function withoutStop(told: Told): Told {
  return {
    ...told,
    lines: told.lines.filter((line) => !line.includes(" STOP ")),
  };
}

Deno.test("hakeep runs the scripts and writes the lines that keepalived does", async () => {
  await using lab1 = await Lab.create({ hosts: ["host"] });
  await using lab2 = await Lab.create({ hosts: ["host"] });
  const [ours, theirs] = await Promise.all([
    live(lab1, "hakeep"),
    live(lab2, "keepalived"),
  ]);
  for (const name of ["A", "C", "D", "G", "plain", "deleted"]) {
    assertEquals(
      storyOf(withoutStop(ours), name),
      storyOf(withoutStop(theirs), name),
      name,
    );
  }
  const { lines } = storyOf(ours, "A");
  assertEquals(lines.at(-1), 'INSTANCE "A" STOP 101');
});

/** What a MASTER tells that hears a lower priority, and whose own priority changes. */
async function liveInCompany(lab: Lab, kind: DaemonKind): Promise<Told> {
  const record = new Record(lab, kind);
  const instanceOf = (priority: number, lines: readonly string[]) =>
    instanceText({
      priority,
      lines: ["version 3", "advert_int 0.2", ...lines],
      globals: [...record.globals, "vrrp_notify_priority_changes"],
    });
  await lab.ip(
    "host",
    "link",
    "add",
    "t0",
    "type",
    "veth",
    "peer",
    "name",
    "t1",
  );
  await lab.ip("host", "link", "set", "t1", "up");
  await lab.ip("host", "link", "set", "t0", "up");
  const daemon = startDaemon(
    lab,
    "host",
    kind,
    instanceOf(150, [
      "track_interface {",
      "  t0 weight 20",
      "}",
      record.script("notify_master_rx_lower_pri", "VI_1 lower"),
      record.script("notify", "VI_1 any"),
    ]),
  );
  await record.wrote('INSTANCE "VI_1" MASTER 170');
  await lab.ip("host", "link", "set", "t0", "down");
  await record.wrote('INSTANCE "VI_1" MASTER_PRIORITY 150');
  await lab.ip("host", "link", "set", "t0", "up");
  await record.wrote('INSTANCE "VI_1" MASTER_PRIORITY 170');
  // The other one is heard and hears nobody, so it becomes MASTER too and stays it.
  await lab.ip(
    "sw",
    "link",
    "set",
    "p1",
    "type",
    "bridge_slave",
    "mcast_flood",
    "off",
  );
  const other = startDaemon(
    lab,
    "other",
    "hakeep",
    instanceText({ priority: 50, lines: ["version 3", "advert_int 0.2"] }),
  );
  await hasState(other, "MASTER");
  await record.wrote('INSTANCE "VI_1" MASTER_RX_LOWER_PRI 170');
  await record.ran("|VI_1|lower");
  daemon.kill("SIGTERM");
  await daemon.ended;
  await record.ran("|VI_1|any|INSTANCE|VI_1|STOP|170");
  return await record.told();
}

Deno.test("hakeep tells of priorities, its own and lower ones, what keepalived tells", async () => {
  await using lab1 = await Lab.create({ hosts: ["host", "other"] });
  await using lab2 = await Lab.create({ hosts: ["host", "other"] });
  const [ours, theirs] = await Promise.all([
    liveInCompany(lab1, "hakeep"),
    liveInCompany(lab2, "keepalived"),
  ]);
  // How many adverts the other sends meanwhile is chance.
  const once = (told: Told) => {
    const { scripts, lines } = storyOf(withoutStop(told), "VI_1");
    return { scripts: [...new Set(scripts)], lines: [...new Set(lines)] };
  };
  assertEquals(once(ours), once(theirs));
});

Deno.test("hakeep mails what keepalived mails, and its stop", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const server = lab.command(
    "host",
    Deno.execPath(),
    "run",
    "--no-check",
    "--no-config",
    "--allow-net",
    fromFileUrl(new URL("./mail_server.ts", import.meta.url)),
  ).spawn();
  let mails = "";
  const reading = (async () => {
    for await (
      const part of server.stdout.pipeThrough(new TextDecoderStream())
    ) {
      mails += part;
    }
  })();
  lab.defer(async () => {
    server.kill("SIGKILL");
    await server.stderr.cancel();
    await server.status;
    await reading;
  });
  const got = (text: string) =>
    eventually(
      `a mail ${text}; there are\n${mails}`,
      15_000,
      () => Promise.resolve(mails.includes(text)),
    );
  await got("listening");
  const daemon = startDaemon(
    lab,
    "host",
    "hakeep",
    instanceText({
      priority: 100,
      lines: ["version 3", "advert_int 0.2"],
      globals: [
        "router_id r1",
        "notification_email {",
        '  "Ops <ops@example.net>"',
        "}",
        "smtp_server 127.0.0.1",
        "smtp_alert_vrrp",
      ],
    }),
  );
  // The texts are those that keepalived 2.2.7 sent for the same states.
  await got(
    "[r1] VRRP Instance VI_1 - Entering BACKUP state | => VRRP Instance is no longer owning VRRP VIPs <=",
  );
  await got(
    "[r1] VRRP Instance VI_1 - Entering MASTER state | => VRRP Instance is now owning VRRP VIPs <=",
  );
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  await got("[r1] VRRP Instance VI_1 - Stopping");
});

Deno.test("a stop waits for the scripts that it calls, and not for ever", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const log = `${lab.directory}/log`;
  const script = `${lab.directory}/stops`;
  await Deno.writeTextFile(
    script,
    `#!/bin/sh\n[ "$3" = STOP ] || exit 0\necho begins >>${log}\n[ "$2" = VI_1 ] || exec sleep 1000\nsleep 0.5\necho ends >>${log}\n`,
  );
  await Deno.chmod(script, 0o755);
  const text = (name: string, vrid: number) =>
    instanceText({
      priority: 100,
      vrid,
      addresses: [`10.77.1.${vrid}/32`],
      lines: [`notify ${script} root`],
    }).replace("VI_1", name);
  const daemon = startDaemon(
    lab,
    "host",
    "hakeep",
    text("VI_1", 1) + text("VI_2", 2).replace(/global_defs[^}]*\}/, ""),
  );
  await hasState(daemon, "MASTER");
  const startMs = performance.now();
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  const tookMs = performance.now() - startMs;
  assertEquals(await Deno.readTextFile(log), "begins\nbegins\nends\n");
  assert(tookMs > 4000 && tookMs < 20_000, `${tookMs} ms`);
  assertStringIncludes(daemon.log(), "for STOP took too long and was ended");
});

Deno.test("a reload of the same calls no script", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const record = new Record(lab, "record");
  const text = globals(record) + instance(record, "A", 1);
  const daemon = startDaemon(lab, "host", "hakeep", text);
  await record.wrote('INSTANCE "A" MASTER 101');
  await record.ran("|A|any|INSTANCE|A|MASTER|101");
  await record.ran("|A|master|two words");
  const before = await record.told();
  const result = await runCommand(HAKEEP, [
    "reload",
    "--runtime-dir",
    daemon.runtimeDir,
  ]);
  assertEquals(result.code, 0);
  await hasState(daemon, "MASTER");
  daemon.kill("SIGTERM");
  await daemon.ended;
  const after = await record.told();
  assertEquals(after.scripts.slice(0, before.scripts.length), before.scripts);
  assertEquals(after.scripts.slice(before.scripts.length).toSorted(), [
    "root|A|any|INSTANCE|A|STOP|101",
    "root|A|stop",
  ]);
});

Deno.test("a script that hangs delays neither an advert nor another instance, and its order holds", async () => {
  await using lab = await Lab.create({ hosts: ["one", "two"] });
  const slow = `${lab.directory}/slow`;
  const log = `${lab.directory}/log`;
  await Deno.writeTextFile(
    slow,
    `#!/bin/sh\necho "$4 begins" >>${log}\n[ "$4" != MASTER ] || sleep 3\necho "$4 ends" >>${log}\n`,
  );
  await Deno.chmod(slow, 0o755);
  const text = (priority: number, lines: readonly string[]) =>
    instanceText({
      priority,
      lines: ["version 3", "advert_int 0.1", ...lines],
      globals: ["script_user root"],
    });
  const one = startDaemon(
    lab,
    "one",
    "hakeep",
    text(100, [`notify "${slow} own"`]),
  );
  await hasState(one, "MASTER");
  // While the MASTER script sleeps a better router takes over.
  const two = startDaemon(lab, "two", "hakeep", text(200, []));
  await hasState(two, "MASTER");
  await hasState(one, "BACKUP", 2500);
  assert(await lab.holds("two", `${VIP}/16`));
  const lines = await eventually("BACKUP was told", 10_000, async () => {
    const all = (await Deno.readTextFile(log)).trim().split("\n");
    return all.filter((line) => line === "BACKUP ends").length === 2 && all;
  });
  assertEquals(lines, [
    "BACKUP begins",
    "BACKUP ends",
    "MASTER begins",
    "MASTER ends",
    "BACKUP begins",
    "BACKUP ends",
  ]);
});

Deno.test("hakeep says how a script failed, and what it said last", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const script = `${lab.directory}/fails`;
  await Deno.writeTextFile(
    script,
    "#!/bin/sh\necho no such table >&2\nexit 4\n",
  );
  await Deno.chmod(script, 0o755);
  const daemon = startDaemon(
    lab,
    "host",
    "hakeep",
    instanceText({ priority: 100, lines: [`notify_backup "${script}" root`] }),
  );
  await logs(
    daemon,
    `VI_1: script \`${script}\` for BACKUP ended with 4: no such table`,
  );
});

Deno.test("a script finds its event in its environment and on its standard input", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const script = `${lab.directory}/tells`;
  const out = `${lab.directory}/out`;
  await Deno.writeTextFile(
    script,
    `#!/bin/sh\nread -r event\necho "$HAKEEP_SUBJECT $HAKEEP_NAME $HAKEEP_STATE $HAKEEP_PRIORITY $event" >${out}.new\nmv ${out}.new ${out}\n`,
  );
  await Deno.chmod(script, 0o755);
  startDaemon(
    lab,
    "host",
    "hakeep",
    instanceText({ priority: 100, lines: [`notify_backup "${script}" root`] }),
  );
  const text = await eventually(
    "the script wrote",
    10_000,
    () => Deno.readTextFile(out).catch(() => undefined),
  );
  assertEquals(
    text.trim(),
    'INSTANCE VI_1 BACKUP 100 {"subject":"INSTANCE","name":"VI_1","state":"BACKUP","priority":100}',
  );
});

Deno.test("a FIFO that nobody reads delays nothing, and its reader is started again", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const fifo = `${lab.directory}/fifo`;
  const reader = `${lab.directory}/reader`;
  const starts = `${lab.directory}/starts`;
  await Deno.writeTextFile(
    reader,
    `#!/bin/sh\necho "$1" >>${starts}\nexit 3\n`,
  );
  await Deno.chmod(reader, 0o755);
  const daemon = startDaemon(
    lab,
    "host",
    "hakeep",
    instanceText({
      priority: 100,
      globals: [
        "script_user root",
        `vrrp_notify_fifo ${fifo}`,
        `vrrp_notify_fifo_script ${reader}`,
        `notify_fifo ${lab.directory}/unread nobody`,
      ],
    }),
  );
  await hasState(daemon, "MASTER");
  await eventually("the reader is started again", 10_000, async () => {
    const text = await Deno.readTextFile(starts).catch(() => "");
    return text.split(`${fifo}\n`).length > 2;
  });
  assertStringIncludes(
    daemon.log(),
    `the script that reads ${fifo} ended with 3; it is started again`,
  );
  const unread = await Deno.stat(`${lab.directory}/unread`);
  assertEquals([unread.isFifo, (unread.mode ?? 0) & 0o777, unread.uid], [
    true,
    0o600,
    65534,
  ]);
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  for (const path of [fifo, `${lab.directory}/unread`]) {
    assertEquals(await Deno.stat(path).catch(() => undefined), undefined);
  }
});

async function logs(daemon: RunningDaemon, text: string): Promise<void> {
  await eventually(
    `the log says ${text}; it says:\n${daemon.log()}`,
    10_000,
    () => Promise.resolve(daemon.log().includes(text)),
  );
}
