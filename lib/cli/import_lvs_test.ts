import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { checkConfig } from "../config/checks.ts";
import { memorySurroundings } from "../config/keepalived/memory_files.ts";
import { readKeepalived } from "../config/keepalived/read.ts";
import type { Config } from "../config/model.ts";
import { readToml } from "../config/toml/read.ts";
import { importKeepalived } from "./import.ts";

function importText(text: string) {
  const reading = readKeepalived("/keepalived.conf", {
    surroundings: memorySurroundings({ "/keepalived.conf": text }),
    keepComments: true,
  });
  return { reading, ...importKeepalived(reading) };
}

Deno.test("importKeepalived() writes virtual servers as a person would", () => {
  const { toml } = importText(`# the web
virtual_server 192.0.2.1 443 { # TLS
    delay_loop 6
    lb_algo wrr
    lb_kind DR
    protocol TCP
    ! who apologises
    sorry_server 10.0.0.99 443

    # the strong one
    real_server 10.0.0.1 443 {
        weight 3
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 10.0.0.2 443 {
        weight 1 # weak
        SSL_GET {
            # the front page
            url {
              path /
              status_code 200
            }
            url {
              path /health
              digest 640205b7b0fc66c1ea91c463fac6334d
            }
            connect_timeout 3
            # more often
            retry 3
        }
    }
    real_server 10.0.0.3 443 {
        TCP_CHECK {
        }
        TCP_CHECK {
            # the other port
            connect_port 80
        }
    }
}
virtual_server_group many {
    192.0.2.8-20 80 # thirteen
    198.51.100.0/28 80
}
virtual_server group many {
    lb_algo rr
    lb_kind TUN type gue port 6080
    protocol UDP
    real_server 10.0.0.1 {
    }
}
`);
  assertEquals(
    toml,
    `# the web
[[virtual_server]]
address = "192.0.2.1"
port = 443 # TLS
delay_loop = 6
lb_algo = "wrr"
lb_kind = "DR"
protocol = "TCP"
# who apologises
sorry_server = { address = "10.0.0.99", port = 443 }

# the strong one
[[virtual_server.real_server]]
address = "10.0.0.1"
port = 443
weight = 3
TCP_CHECK = { connect_timeout = 3 }

[[virtual_server.real_server]]
address = "10.0.0.2"
port = 443
weight = 1 # weak

[virtual_server.real_server.SSL_GET]
connect_timeout = 3
# more often
retry = 3

# the front page
[[virtual_server.real_server.SSL_GET.url]]
path = "/"
status_code = [200]

[[virtual_server.real_server.SSL_GET.url]]
path = "/health"
digest = "640205b7b0fc66c1ea91c463fac6334d"

[[virtual_server.real_server]]
address = "10.0.0.3"
port = 443

[[virtual_server.real_server.TCP_CHECK]]

[[virtual_server.real_server.TCP_CHECK]]
# the other port
connect_port = 80

[virtual_server_group.many]
entries = [
  { address = "192.0.2.8-20", port = 80 }, # thirteen
  { address = "198.51.100.0/28", port = 80 },
]

[[virtual_server]]
group = "many"
lb_algo = "rr"
lb_kind = { method = "TUN", type = "gue", port = 6080 }
protocol = "UDP"

[[virtual_server.real_server]]
address = "10.0.0.1"
`,
  );
});

const address = fc.constantFrom(
  "10.0.0.1",
  "10.0.0.2",
  "10.0.0.3/24",
  "10.0.0.300",
  "2001:db8::1",
  "fe80::1",
);
const port = fc.constantFrom("", "80", "80", "81", "0", "x");
const number = fc.constantFrom("", "0", "1", "3", "0.5", "-1", "x", "3x");
const method = fc.constantFrom(
  "NAT",
  "DR",
  "TUN",
  "nat",
  "TUN type gue port 80 csum",
  "TUN type gue",
  "DR type ipip",
);
const switchWord = fc.constantFrom("", "on", "off", "x");
const word = fc.constantFrom("a", "b", "/x", '"a b"', "");

function lineOf(
  keywords: readonly string[],
  value: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...keywords), value)
    .map((words) => words.join(" "));
}

function blockOf(
  head: fc.Arbitrary<string>,
  line: fc.Arbitrary<string>,
  maxLength = 4,
): fc.Arbitrary<string> {
  return fc.tuple(head, fc.array(line, { maxLength })).map(([name, lines]) =>
    `${name} {\n${lines.join("\n")}\n}`
  );
}

const checkerLine = fc.oneof(
  lineOf(["connect_ip", "bindto"], address),
  lineOf([
    "connect_port",
    "bind_port",
    "connect_timeout",
    "fwmark",
    "retry",
    "delay_before_retry",
    "warmup",
    "delay_loop",
    "min_reply_length",
    "max_reply_length",
    "misc_timeout",
  ], number),
  lineOf(["alpha", "log_all_failures", "enable_sni"], switchWord),
  lineOf([
    "bind_if",
    "helo_name",
    "name",
    "misc_path",
    "virtualhost",
    "sni_name",
    "user",
  ], word),
  fc.constantFrom(
    "payload 01 2",
    "require_reply",
    "require_reply x1",
    "type a",
    "misc_dynamic",
    "track_file tf",
    "weight 3 reverse",
    "http_protocol 1.0c",
  ),
  blockOf(
    fc.constant("url"),
    fc.oneof(
      lineOf(["path", "virtualhost", "regex"], word),
      fc.constantFrom(
        "path /",
        "digest 640205B7b0fc66c1ea91c463fac6334d",
        "status_code 200 300-399 x",
        "regex_options caseless x",
        "regex_min_offset 5",
        "regex_max_offset x",
        "regex_stack 5 9",
        "regex_no_match",
        "tls_compliant",
      ),
    ),
  ),
  blockOf(fc.constant("host"), lineOf(["connect_ip"], address), 1),
);

const common = fc.oneof(
  lineOf([
    "retry",
    "delay_before_retry",
    "warmup",
    "connect_timeout",
    "delay_loop",
    "weight",
    "uthreshold",
    "lthreshold",
  ], number),
  lineOf(["lvs_method", "lvs_method", "lb_kind"], method),
  lineOf(["smtp_alert", "alpha", "inhibit_on_failure"], switchWord),
  lineOf(["virtualhost", "snmp_name", "notify_up", "quorum_up"], word),
);

const realServer = blockOf(
  fc.tuple(address, port).map((parts) => `real_server ${parts.join(" ")}`),
  fc.oneof(
    common,
    blockOf(
      fc.constantFrom(
        "TCP_CHECK",
        "PING_CHECK",
        "UDP_CHECK",
        "DNS_CHECK",
        "SMTP_CHECK",
        "HTTP_GET",
        "SSL_GET",
        "MISC_CHECK",
        "FILE_CHECK",
        "BFD_CHECK",
      ),
      checkerLine,
      6,
    ),
  ),
  5,
);

const virtualServer = blockOf(
  fc.oneof(
    fc.tuple(address, port).map((parts) => `virtual_server ${parts.join(" ")}`),
    fc.constantFrom(
      "virtual_server fwmark 5",
      "virtual_server group G",
      "virtual_server group NONE",
    ),
  ),
  fc.oneof(
    common,
    realServer,
    realServer,
    lineOf(["protocol"], fc.constantFrom("TCP", "UDP", "udp", "x")),
    lineOf(["lb_algo", "lvs_sched"], fc.constantFrom("rr", "sh", "mh", "x")),
    lineOf(["persistence_timeout", "quorum", "hysteresis"], number),
    fc.tuple(address, port).map((parts) => `sorry_server ${parts.join(" ")}`),
    lineOf(["sorry_server_lvs_method"], method),
    fc.constantFrom(
      "ops",
      "ha_suspend",
      "omega",
      "hashed",
      "flag-1",
      "sh-port",
      "sh-fallback",
      "mh-port",
      "sorry_server_inhibit",
      "ip_family inet6",
      "persistence_granularity 255.255.0.0",
      "persistence_granularity 64",
      "persistence_engine sip",
    ),
  ),
  12,
);

const group = blockOf(
  fc.constantFrom("virtual_server_group G", "virtual_server_group H"),
  fc.constantFrom(
    "10.0.0.1 80",
    "10.0.0.1",
    "10.0.0.1-20 80",
    "10.0.0.9-5 80",
    "10.0.0.0/24 80",
    "fe80::1-1f 80",
    "fwmark 5",
    "fwmark 6 inet",
    "x",
  ),
);

/** A model as plain data without its places. */
function plain(config: Config | undefined): unknown {
  return JSON.parse(
    JSON.stringify(
      config ?? null,
      (key, value) => key === "at" ? undefined : value,
    ),
  );
}

Deno.test("whatever virtual servers a file has, its import reads back as the same and is not refused", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(group, virtualServer), { maxLength: 4 }),
      (blocks) => {
        const { reading, toml } = importText(
          `track_file tf {\nfile /run/x\n}\n${blocks.join("\n")}\n`,
        );
        const back = readToml({
          name: "t",
          text: toml,
          includedFrom: undefined,
        });
        assertEquals(plain(back.config), plain(reading.config), toml);
        const found = [
          ...back.diagnostics,
          ...back.config === undefined ? [] : checkConfig(back.config),
        ].filter(({ severity }) => severity === "error");
        assertEquals(found.map(({ message }) => message), [], toml);
      },
    ),
    { numRuns: 300 },
  );
});
