/**
 * What hakeep knows of the trade, as a table: each lint speaks where it should in both languages, and nowhere else.
 */
import { assertEquals } from "@std/assert";
import { checkConfig } from "../config/checks.ts";
import { memorySurroundings } from "../config/keepalived/memory_files.ts";
import { readKeepalived } from "../config/keepalived/read.ts";
import { readToml } from "../config/toml/read.ts";
import type { Diagnostic } from "../diag/diagnostic.ts";

interface Texts {
  /** In keepalived's language. */
  readonly conf: string;
  readonly toml: string;
}

interface Lint {
  readonly name: string;
  readonly code: string;
  readonly wrong: Texts;
  /** As near to it as can be, and right. */
  readonly right: Texts;
}

/** Instances with nothing wrong but what `conf` and `toml` say. */
function instance(
  conf: string,
  toml: string,
  {
    name = "V",
    vrid = 5,
    link = "eth0",
    addresses = ["192.0.2.1/24"],
  } = {},
): Texts {
  return {
    conf: `vrrp_instance ${name} {
interface ${link}
virtual_router_id ${vrid}
${conf}
virtual_ipaddress {
${addresses.join("\n")}
}
}
`,
    toml: `[vrrp_instance.${name}]
interface = "${link}"
virtual_router_id = ${vrid}
virtual_ipaddress = ${JSON.stringify(addresses)}
${toml}
`,
  };
}

function globals(conf: string, toml: string): Texts {
  return {
    conf: `global_defs {\n${conf}\n}\n`,
    toml: `[global_defs]\n${toml}\n`,
  };
}

function both(...texts: readonly Texts[]): Texts {
  return {
    conf: texts.map(({ conf }) => conf).join(""),
    toml: texts.map(({ toml }) => toml).join(""),
  };
}

function password(type: string, text: string): Texts {
  return instance(
    `authentication {\nauth_type ${type}\nauth_pass ${text}\n}`,
    `authentication = { auth_type = "${type}", auth_pass = "${text}" }`,
  );
}

function state(word: string, conf: string, toml: string): Texts {
  return instance(
    `state ${word}\npriority 150\n${conf}`,
    `state = "${word}"\npriority = 150\n${toml}`,
  );
}

function weight(priority: number, by: number): Texts {
  return instance(
    `priority ${priority}\ntrack_interface {\neth1 weight ${by}\n}`,
    `priority = ${priority}\ntrack_interface = [{ name = "eth1", weight = ${by} }]`,
  );
}

function servers(addresses: readonly string[], quorum = 1): Texts {
  const list = addresses.map((address) =>
    `{ address = "${address}", port = 80 }`
  );
  return {
    conf: `virtual_server 192.0.2.9 80 {
protocol TCP
lb_algo rr
lb_kind NAT
quorum ${quorum}
${addresses.map((one) => `real_server ${one} 80 {\n}`).join("\n")}
}
`,
    toml: `[[virtual_server]]
address = "192.0.2.9"
port = 80
protocol = "TCP"
lb_algo = "rr"
lb_kind = "NAT"
quorum = ${quorum}
real_server = [${list.join(", ")}]
`,
  };
}

function numbered(count: number): string[] {
  return Array.from(
    { length: count },
    (_, i) => `10.0.${i >> 8}.${i & 255}/16`,
  );
}

const PLAIN = instance("", "");
const PEER = [
  "unicast_peer {\n192.0.2.3\n}",
  'unicast_peer = ["192.0.2.3"]',
] as const;

const LINTS: readonly Lint[] = [
  {
    name: "a track weight that can never cause a failover",
    code: "HK0249",
    wrong: weight(254, 20),
    right: weight(100, 20),
  },
  {
    name: "a negative weight below the lowest priority",
    code: "HK0249",
    wrong: weight(1, -20),
    right: weight(150, -20),
  },
  {
    name: "state MASTER with nopreempt",
    code: "HK0210",
    wrong: state("MASTER", "nopreempt", "nopreempt = true"),
    right: state("BACKUP", "nopreempt", "nopreempt = true"),
  },
  {
    name: "state MASTER without a priority",
    code: "HK0212",
    wrong: instance("state MASTER", 'state = "MASTER"'),
    right: state("MASTER", "", ""),
  },
  {
    name: "strict mode with unicast",
    code: "HK0282",
    wrong: both(
      globals("vrrp_strict", "vrrp_strict = true"),
      instance(...PEER),
    ),
    right: both(globals("vrrp_strict", "vrrp_strict = true"), PLAIN),
  },
  {
    name: "strict mode with a password",
    code: "HK0280",
    wrong: both(
      globals("vrrp_strict", "vrrp_strict = true"),
      password("PASS", "abc"),
    ),
    right: password("PASS", "abc"),
  },
  {
    name: "an interval that VRRPv2 cannot carry",
    code: "HK0208",
    wrong: instance("advert_int 0.3", "advert_int = 0.3"),
    right: instance(
      "version 3\nadvert_int 0.3",
      "version = 3\nadvert_int = 0.3",
    ),
  },
  {
    name: "auth_type AH",
    code: "HK0206",
    wrong: password("AH", "abc"),
    right: password("PASS", "abc"),
  },
  {
    name: "a password that is cut",
    code: "HK0204",
    wrong: password("PASS", "abcdefghi"),
    right: password("PASS", "abcdefgh"),
  },
  {
    name: "the false safety of a password",
    code: "HK0229",
    wrong: password("PASS", "abc"),
    right: PLAIN,
  },
  {
    name: "a vrid used twice on an interface",
    code: "HK0203",
    wrong: both(
      PLAIN,
      instance("", "", { name: "W", addresses: ["192.0.2.2/24"] }),
    ),
    right: both(
      PLAIN,
      instance("", "", { name: "W", addresses: ["fe80::1/64"] }),
      instance("", "", {
        name: "X",
        link: "eth1",
        addresses: ["198.51.100.1/24"],
      }),
      instance("", "", { name: "Y", vrid: 6, addresses: ["192.0.2.2/24"] }),
    ),
  },
  {
    name: "an address in two instances",
    code: "HK0216",
    wrong: both(PLAIN, instance("", "", { name: "W", vrid: 6 })),
    right: both(
      PLAIN,
      instance("", "", { name: "W", vrid: 6, addresses: ["192.0.2.11/24"] }),
    ),
  },
  {
    name: "both families in one instance",
    code: "HK0214",
    wrong: instance("", "", { addresses: ["192.0.2.1/24", "2001:db8::1/64"] }),
    right: instance(
      "virtual_ipaddress_excluded {\n2001:db8::1/64\n}",
      'virtual_ipaddress_excluded = ["2001:db8::1/64"]',
    ),
  },
  {
    name: "unicast without peers",
    code: "HK0217",
    wrong: instance("unicast_ttl 9", "unicast_ttl = 9"),
    right: instance(
      `unicast_ttl 9\n${PEER[0]}`,
      `unicast_ttl = 9\n${PEER[1]}`,
    ),
  },
  {
    name: "preempt_delay with state MASTER",
    code: "HK0211",
    wrong: state("MASTER", "preempt_delay 5", "preempt_delay = 5"),
    right: state("BACKUP", "preempt_delay 5", "preempt_delay = 5"),
  },
  {
    name: "a delay before the start",
    code: "HK0234",
    wrong: both(
      globals("vrrp_startup_delay 30", "vrrp_startup_delay = 30"),
      PLAIN,
    ),
    right: both(
      globals("router_id lb1", 'router_id = "lb1"'),
      PLAIN,
    ),
  },
  {
    name: "a sleep before the start",
    code: "HK0234",
    wrong: both(
      globals(
        'enable_script_security\nstartup_script "/bin/sleep 10"',
        'enable_script_security = true\nstartup_script = "/bin/sleep 10"',
      ),
      PLAIN,
    ),
    right: both(
      globals(
        'enable_script_security\nstartup_script "/opt/sleep_well"',
        'enable_script_security = true\nstartup_script = "/opt/sleep_well"',
      ),
      PLAIN,
    ),
  },
  {
    name: "more addresses than fit an advert",
    code: "HK0220",
    wrong: instance("", "", { addresses: numbered(256) }),
    right: instance("", "", { addresses: numbered(255) }),
  },
  {
    name: "a real server listed twice",
    code: "HK0603",
    wrong: servers(["10.0.0.1", "10.0.0.1"]),
    right: servers(["10.0.0.1", "10.0.0.2"]),
  },
  {
    name: "a quorum above the sum of weights",
    code: "HK0435",
    wrong: servers(["10.0.0.1", "10.0.0.2"], 3),
    right: servers(["10.0.0.1", "10.0.0.2"], 2),
  },
];

function codesOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code }) => code);
}

function saidOfKeepalived(text: string): readonly string[] {
  const { config, diagnostics, leftOut } = readKeepalived("/k.conf", {
    surroundings: memorySurroundings({ "/k.conf": text }),
  });
  const more = config === undefined ? [] : checkConfig(config, leftOut);
  return codesOf([...diagnostics, ...more]);
}

function saidOfToml(text: string): readonly string[] {
  const read = readToml({ name: "k.toml", text, includedFrom: undefined });
  const more = read.config === undefined ? [] : checkConfig(read.config);
  return codesOf([...read.diagnostics, ...more]);
}

/** What every text of the table may have: passwords are what they are, and virtual servers come later. */
const BESIDE = ["HK0004", "HK0102", "HK0229"];

for (const { name, code, wrong, right } of LINTS) {
  Deno.test(`check tells of ${name} in both languages, and not where all is right`, () => {
    for (
      const [said, quiet] of [
        [saidOfKeepalived(wrong.conf), saidOfKeepalived(right.conf)],
        [saidOfToml(wrong.toml), saidOfToml(right.toml)],
      ]
    ) {
      assertEquals(said?.filter((one) => one === code), [code]);
      const rest = BESIDE.filter((one) => one !== code);
      assertEquals(quiet?.filter((one) => !rest.includes(one)), []);
    }
  });
}
