import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import fc from "fast-check";
import { checkConfig } from "../config/checks.ts";
import { memorySurroundings } from "../config/keepalived/memory_files.ts";
import { readKeepalived } from "../config/keepalived/read.ts";
import type { Config } from "../config/model.ts";
import { readToml } from "../config/toml/read.ts";
import type { Diagnostic } from "../diag/diagnostic.ts";
import { importKeepalived } from "./import.ts";

function read(files: Readonly<Record<string, string>>) {
  return readKeepalived("/keepalived.conf", {
    surroundings: memorySurroundings(files),
    keepComments: true,
  });
}

/** A model as plain data without its places. */
function plain(config: Config | undefined): unknown {
  return JSON.parse(
    JSON.stringify(
      config ?? null,
      (key, value) => key === "at" ? undefined : value,
    ),
  );
}

function errors(found: readonly Diagnostic[]): string[] {
  return found.filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code} ${message}`);
}

/** What must hold of every import: it reads back as the same, and is refused only when its source is. */
function checkImport(files: Readonly<Record<string, string>>) {
  const reading = read(files);
  const { toml, diagnostics } = importKeepalived(reading);
  const back = readToml({ name: "t", text: toml, includedFrom: undefined });
  assertEquals(plain(back.config), plain(reading.config), toml);
  assertEquals(errors(back.diagnostics), [], toml);
  if (back.config !== undefined && errors(diagnostics).length === 0) {
    assertEquals(errors(checkConfig(back.config)), [], toml);
  }
}

const FIXTURES = fromFileUrl(
  new URL("../../tests/fixtures/keepalived/", import.meta.url),
);

for (const { name } of Deno.readDirSync(FIXTURES)) {
  if (!name.endsWith(".txt")) continue;
  Deno.test(`fixture ${name} reads back from TOML as the same`, () => {
    const files: Record<string, string> = {};
    const text = Deno.readTextFileSync(FIXTURES + name);
    for (const part of text.split(/^--- /m).slice(1)) {
      const end = part.indexOf("\n");
      files[`/${part.slice(0, end)}`] = part.slice(end + 1);
    }
    checkImport(files);
  });
}

Deno.test("importKeepalived() keeps order, comments and files", () => {
  const { toml } = importKeepalived(read({
    "/keepalived.conf": `! Configuration File

# who we are
global_defs {
  router_id lb1 # shown in mails
}

net_namespace_ipvs blue # relay

vrrp_script chk {
  script /bin/true # inside
}

linkbeat_interfaces {
  eth0 # left out with the rest
}

vrrp_instance VI_1 {
  state MASTER
  # on the DMZ
  interface eth0
  virtual_router_id 51
  priority 150
  advert_int 1
  virtual_ipaddress { # the service
    192.0.2.10/24
    # a second one
    192.0.2.11/24 dev eth1 label eth1:1 # for printing
    # 192.0.2.12/24
  }
  track_script { # must answer
    chk
    # not so hard
    chk2 weight 5
  }
  lvs_sync_daemon_interface eth0
  nopreempt
  # last words
}
include more.conf
! the end
`,
    "/more.conf": `vrrp_instance "VI 2" {
  priority $P
  interface eth1
  virtual_router_id 52
  virtual_ipaddress { 192.0.2.20 }
}
`,
  }));
  assertEquals(
    toml,
    `# Configuration File

# who we are
[global_defs]
router_id = "lb1" # shown in mails
net_namespace_ipvs = "blue" # relay
linkbeat_interfaces = [
  "eth0", # left out with the rest
]
lvs_sync_daemon = { interface = "eth0", inst = "VI_1" }
# last words

[vrrp_script.chk]
script = "/bin/true" # inside

[vrrp_instance.VI_1]
state = "MASTER"
# on the DMZ
interface = "eth0"
virtual_router_id = 51
priority = 150
advert_int = 1
virtual_ipaddress = [ # the service
  "192.0.2.10/24",
  # a second one
  { address = "192.0.2.11/24", dev = "eth1", label = "eth1:1" }, # for printing
  # 192.0.2.12/24
]
track_script = [ # must answer
  "chk",
  # not so hard
]

# from /more.conf
[vrrp_instance."VI 2"]
priority = 100
interface = "eth1"
virtual_router_id = 52
virtual_ipaddress = ["192.0.2.20"]

# the end
`,
  );
});

Deno.test("importKeepalived() leaves a comment for an include that brings nothing", () => {
  const files = {
    "/keepalived.conf": `include conf.d/*.conf
vrrp_instance A {
  include gone.conf
  interface eth0
  virtual_router_id 5
}
`,
  };
  checkImport(files);
  assertEquals(
    importKeepalived(read(files)).toml,
    `# not everything could be included: include conf.d/*.conf
[vrrp_instance.A]
# not everything could be included: include gone.conf
interface = "eth0"
virtual_router_id = 5
`,
  );
});

Deno.test("importKeepalived() tells what TOML cannot say", () => {
  const { toml, diagnostics } = importKeepalived(read({
    "/keepalived.conf": `vrrp_instance V {
  interface eth0
  virtual_router_id 51
  @node1 priority 150
  @node2 priority 100
  advert_int ${"${_RANDOM 1 3}"}
  virtual_ipaddress { 192.0.2.10 }
}
`,
  }));
  assertEquals(diagnostics.map(({ code }) => code), ["HK0434", "HK0433"]);
  assertEquals(
    toml,
    `[vrrp_instance.V]
interface = "eth0"
virtual_router_id = 51
priority = 150
# for another configuration id: @node2 priority 100
advert_int = 1
virtual_ipaddress = ["192.0.2.10"]
`,
  );
});

const word = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,10}$/);
const quoted = fc.string({ maxLength: 20 })
  .map((text) => text.replace(/["\0\r\n\u2028]/g, "_"));
const octet = fc.integer({ min: 1, max: 254 });
const ipv4 = fc.tuple(octet, octet, octet).map((bytes) =>
  `10.${bytes.join(".")}`
);
const seconds = fc.integer({ min: 10_000, max: 255_000_000 })
  .map((micros) => String(micros / 1_000_000));
const whole = (min: number, max: number) =>
  fc.integer({ min, max }).map(String);
const switchWord = fc.constantFrom("", "on", "off", "true", "no");
const comment = fc.oneof(
  fc.constant(""),
  quoted.map((text) => ` # ${text}`),
);

const addressLine = fc.tuple(
  ipv4,
  fc.option(whole(0, 30)),
  fc.subarray([
    "dev eth1",
    "label eth0:1",
    "scope link",
    "scope 77",
    "brd +",
    "no_track",
    "noprefixroute",
    "home",
  ]),
  comment,
).map(([address, prefix, options, behind]) =>
  `${address}${prefix === null ? "" : `/${prefix}`} ${
    options.join(" ")
  }${behind}`
);

const UINT_MAX = 4_294_967_295;

const instanceLine = fc.oneof(
  fc.tuple(
    fc.constantFrom("nopreempt", "preempt", "dont_track_primary", "", "accept"),
    comment,
  ).map((parts) => parts.join("")),
  fc.tuple(
    fc.constantFrom(
      "lower_prio_no_advert",
      "higher_prio_send_advert",
      "owner_ignore_adverts",
      "v3_checksum_as_v2",
      "skip_check_adv_addr",
      "smtp_alert",
    ),
    switchWord,
  ).map((parts) => parts.join(" ")),
  fc.constantFrom("state MASTER", "state BACKUP", "version 2", "version 3"),
  whole(1, 255).map((value) => `priority ${value}`),
  whole(1, 100).map((value) => `down_timer_adverts ${value}`),
  seconds.map((value) => `advert_int ${value}`),
  seconds.map((value) => `preempt_delay ${value}`),
  whole(0, 4294).map((value) => `garp_master_delay ${value}`),
  whole(0, UINT_MAX).map((value) => `garp_master_refresh ${value}`),
  whole(0, UINT_MAX).map((value) => `garp_master_repeat ${value}`),
  whole(0, UINT_MAX).map((value) => `garp_master_refresh_repeat ${value}`),
  whole(0, 2 ** 31 - 1).map((value) => `garp_lower_prio_repeat ${value}`),
  ipv4.map((address) => `unicast_src_ip ${address}`),
  ipv4.map((address) => `mcast_src_ip ${address}`),
  ipv4.map((address) => `unicast_peer { ${address} }`),
  ipv4.map((address) => `unicast_peer {\n ${address} min_ttl 3 max_ttl 9\n}`),
  quoted.map((text) =>
    `authentication {\nauth_type PASS\nauth_pass "${text}"\n}`
  ),
  quoted.map((text) => `# ${text}`),
  fc.tuple(
    fc.constantFrom(
      "notify",
      "notify_backup",
      "notify_master",
      "notify_deleted",
      "notify_master_rx_lower_pri",
    ),
    quoted,
    fc.constantFrom("", "root", "root :adm", '""', 'root ""'),
  ).map(([keyword, text, user]) => `${keyword} "${text}" ${user}`),
  switchWord.map((word) => `notify_priority_changes ${word}`),
  fc.constant("notify_deleted"),
);

const globalLine = fc.oneof(
  fc.constantFrom(
    "script_user nobody",
    "script_user nobody :adm",
    "enable_script_security",
    "fifo_write_vrrp_states_on_reload",
    'vrrp_notify_fifo_script "/opt/reader -v" root',
  ),
  fc.tuple(fc.constantFrom("notify_fifo", "vrrp_notify_fifo"), quoted)
    .map(([keyword, path]) => `${keyword} "${path}" root adm`),
);

/** Names that are defined more than once, once or never. */
const trackedName = fc.constantFrom("a", "b", '"c d"', "missing");
const weight = fc.tuple(
  fc.constantFrom("weight", "weight", "weight", "wieght"),
  fc.oneof(whole(-255, 255), fc.constant("5x"), fc.constant("")),
  fc.constantFrom("", "reverse", "noreverse", "inverse"),
).map((parts) => parts.join(" "));

/** Lines of a block, with its name. */
function blockOf(
  keyword: string,
  line: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  return fc.tuple(trackedName, fc.array(fc.tuple(line, comment)), comment).map(
    ([name, lines, behind]) =>
      `${keyword} ${name} {${behind}\n${
        lines.map((parts) => parts.join("")).join("\n")
      }\n}\n`,
  );
}

const trackedBlock = fc.oneof(
  blockOf(
    "vrrp_script",
    fc.oneof(
      quoted.map((text) => `script "/bin/x ${text}"`),
      fc.constantFrom("script /bin/x", "init_fail", "user nobody nogroup"),
      seconds.map((value) => `interval ${value}`),
      seconds.map((value) => `timeout ${value}`),
      whole(0, 20).map((value) => `rise ${value}`),
      whole(0, 20).map((value) => `fall ${value}`),
      weight,
    ),
  ),
  blockOf(
    "vrrp_track_file",
    fc.oneof(
      quoted.map((text) => `file "/run/${text}"`),
      whole(-300, 300).map((value) => `init_file ${value} overwrite`),
      fc.constantFrom("init_file", "init_file overwrite 3"),
      weight,
    ),
  ),
  blockOf(
    "vrrp_track_process",
    fc.oneof(
      quoted.map((text) => `process nginx "${text}"`),
      fc.constantFrom("param_match", "param_match partial", "full_command"),
      whole(0, 5).map((value) => `quorum ${value}`),
      whole(0, 5).map((value) => `quorum_max ${value}`),
      seconds.map((value) => `delay ${value}`),
      seconds.map((value) => `fork_delay ${value}`),
      weight,
    ),
  ),
);

const trackLines = fc.tuple(
  fc.constantFrom(
    "track_interface",
    "track_script",
    "track_file",
    "track_process",
  ),
  fc.array(
    fc.tuple(trackedName, fc.oneof(fc.constant(""), weight), comment)
      .map(([name, behind, said]) => `${name} ${behind}${said}`),
    { maxLength: 4 },
  ),
  comment,
).map(([keyword, lines, behind]) =>
  `${keyword} {${behind}\n${lines.join("\n")}\n}`
);

const group = fc.record({
  name: fc.constantFrom("G", "H"),
  members: fc.array(fc.tuple(fc.constantFrom("A", "B", "X"), comment), {
    maxLength: 4,
  }),
  lines: fc.array(
    fc.oneof(
      trackLines,
      fc.constantFrom(
        "sync_group_tracking_weight",
        "global_tracking",
        "# said",
      ),
    ),
    { maxLength: 4 },
  ),
}).map(({ name, members, lines }) =>
  `vrrp_sync_group ${name} {\ngroup {\n${
    members.map((parts) => parts.join("")).join("\n")
  }\n}\n${lines.join("\n")}\n}\n`
);

const instance = fc.record({
  name: fc.oneof(word, quoted.map((text) => `"${text}"`)),
  lines: fc.array(instanceLine, { maxLength: 10 }),
  addresses: fc.array(addressLine, { minLength: 1, maxLength: 5 }),
});

Deno.test("what is imported reads back as the same, whatever was configured", () => {
  fc.assert(
    fc.property(
      fc.array(instance, { maxLength: 4 }),
      fc.array(globalLine, { maxLength: 4 }),
      (instances, globals) => {
        const head = `global_defs {\n${globals.join("\n")}\n}\n`;
        const text = head +
          instances.map(({ name, lines, addresses }, index) =>
            `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${
              index + 1
            }\n${lines.join("\n")}\nvirtual_ipaddress {\n${
              addresses.join("\n")
            }\n}\n}\n`
          ).join("\n");
        checkImport({ "/keepalived.conf": text });
      },
    ),
    { numRuns: 300, seed: 3 },
  );
});

Deno.test("what is tracked, and by whom, is imported and reads back as the same", () => {
  const members = fc.tuple(
    fc.array(trackLines, { maxLength: 4 }),
    fc.array(trackLines, { maxLength: 4 }),
  ).map((lists) =>
    lists.map((lines, index) =>
      `vrrp_instance ${index === 0 ? "A" : "B"} {
interface eth0
virtual_router_id ${index + 1}
${lines.join("\n")}
virtual_ipaddress { 10.0.0.${index + 1} }
}
`
    ).join("\n")
  );
  fc.assert(
    fc.property(
      fc.array(trackedBlock, { maxLength: 6 }),
      fc.array(group, { maxLength: 2 }),
      members,
      (blocks, groups, instances) =>
        checkImport({
          "/keepalived.conf": [...blocks, ...groups, instances].join("\n"),
        }),
    ),
    { numRuns: 400, seed: 4 },
  );
});

Deno.test("who follows the interface of a static line is imported as an interface that is tracked", () => {
  const { toml } = importKeepalived(read({
    "/keepalived.conf": `track_group G {
  group {
    A
    B
  }
}
static_ipaddress {
  192.0.2.1/24 dev eth1 track_group G # mine
}
vrrp_instance A {
  interface eth0
  virtual_router_id 1
  virtual_ipaddress { 10.0.0.1 }
}
vrrp_instance B {
  interface eth0
  virtual_router_id 2
  track_interface {
    eth1 weight 5 # gone
    eth2
  }
  virtual_ipaddress { 10.0.0.2 }
}
`,
  }));
  assertEquals(
    toml,
    `[global_defs]
static_ipaddress = [
  { address = "192.0.2.1/24", dev = "eth1" }, # mine
]

[vrrp_instance.A]
interface = "eth0"
virtual_router_id = 1
virtual_ipaddress = ["10.0.0.1"]
track_interface = [
  "eth1", # for 192.0.2.1/24 dev eth1 track_group G
]

[vrrp_instance.B]
interface = "eth0"
virtual_router_id = 2
track_interface = [
  "eth1", # for 192.0.2.1/24 dev eth1 track_group G
  # gone
  "eth2",
]
virtual_ipaddress = ["10.0.0.2"]
`,
  );
});

Deno.test("groups that follow static lines are imported and read back as the same", () => {
  const name = fc.constantFrom("G", "H");
  const tracked = fc.oneof(
    name.map((one) => `track_group ${one}`),
    fc.constant(""),
  );
  const link = fc.constantFrom("dev e0", "dev e1", "dev e2", "");
  const address = fc.tuple(fc.nat(99), link, tracked)
    .map(([n, dev, words]) => `192.0.2.${n}/24 ${dev} ${words}`);
  const route = fc.tuple(fc.nat(99), link, tracked)
    .map(([n, dev, words]) => `10.0.${n}.0/24 via 192.0.2.1 ${dev} ${words}`);
  const members = fc.subarray(["A", "B", "C", "D"], { minLength: 1 });
  const groups = fc.tuple(members, members).map((lists) =>
    lists.map((list, index) =>
      `track_group ${index === 0 ? "G" : "H"} {\n group { ${
        list.join(" ")
      } }\n}`
    ).join("\n")
  );
  const instances = fc.array(
    fc.tuple(
      fc.constantFrom("e0", "e1"),
      fc.subarray(["dont_track_primary", "track_interface { e1 weight 9 }"]),
    ),
    { minLength: 3, maxLength: 3 },
  ).map((all) =>
    all.map(([device, lines], index) =>
      `vrrp_instance ${"ABC"[index]} {
interface ${device}
virtual_router_id ${index + 1}
${lines.join("\n")}
virtual_ipaddress { 10.0.0.${index + 1} }
}
`
    ).join("\n")
  );
  fc.assert(
    fc.property(
      groups,
      fc.array(address, { maxLength: 4 }),
      fc.array(route, { maxLength: 4 }),
      instances,
      (groups, addresses, routes, instances) =>
        checkImport({
          "/keepalived.conf": `${groups}
static_ipaddress {
${addresses.join("\n")}
}
static_routes {
${routes.join("\n")}
}
${instances}`,
        }),
    ),
    { numRuns: 200, seed: 5 },
  );
});
