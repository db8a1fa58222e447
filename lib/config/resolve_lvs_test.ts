import { assertEquals } from "@std/assert";
import type { Config } from "./model.ts";
import { resolveVirtualServers } from "./resolve_lvs.ts";
import { readToml } from "./toml/read.ts";

function config(text: string): Config {
  const { config: read, diagnostics } = readToml({
    name: "t",
    text,
    includedFrom: undefined,
  });
  assertEquals(diagnostics.map(({ message }) => message), []);
  if (read === undefined) throw new Error("the text is TOML");
  return read;
}

/** What comes of one virtual server with `settings` and one real server with `server`. */
function resolveOne(settings: string, server = "", globals = "") {
  const [service] = resolveVirtualServers(config(`
[global_defs]
${globals}
[[virtual_server]]
${settings}
[[virtual_server.real_server]]
address = "10.0.0.1"
${server}
`));
  if (service === undefined) throw new Error("it is run");
  return service;
}

const ADDRESS = 'address = "192.0.2.1"\nport = 80\nprotocol = "TCP"\n';

Deno.test("resolveVirtualServers() gives a virtual server keepalived's defaults", () => {
  const { realServers, ...service } = resolveOne(ADDRESS);
  assertEquals({ ...service, selector: { ...service.selector } }, {
    selector: { kind: "address", address: ip("192.0.2.1"), port: 80 },
    family: 4,
    protocol: "TCP",
    scheduler: "wlc",
    schedulerFlags: 0,
    onePacket: false,
    persistence: undefined,
    haSuspend: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    quorumUp: undefined,
    quorumDown: undefined,
    smtpAlert: false,
    snmpName: undefined,
    sorryServer: undefined,
  });
  assertEquals(realServers, [{
    address: ip("10.0.0.1"),
    port: 80,
    method: { kind: "NAT", tunnel: undefined },
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    inhibitOnFailure: false,
    notifyUp: undefined,
    notifyDown: undefined,
    smtpAlert: true,
    snmpName: undefined,
    checkers: [],
  }]);
});

/** An address of the model, as the reader makes it. */
function ip(text: string) {
  const [service] = config(
    `[[virtual_server]]\naddress = "${text}"`,
  ).lvs.virtualServers;
  if (service?.address === undefined) throw new Error("it is an address");
  return service.address;
}

Deno.test("resolveVirtualServers() turns flags of schedulers into those of IPVS", () => {
  const flags = (settings: string) =>
    resolveOne(ADDRESS + settings).schedulerFlags;
  assertEquals(flags("flag-1 = true\nflag-3 = true"), 0x28);
  assertEquals(flags('lb_algo = "sh"\nsh-port = true'), 0x10);
  assertEquals(flags('lb_algo = "mh"\nmh-fallback = true'), 0x08);
});

Deno.test("resolveVirtualServers() switches persistence on by its granularity", () => {
  const { persistence } = resolveOne(
    `${ADDRESS}persistence_granularity = "255.255.255.0"`,
  );
  assertEquals(persistence, {
    timeoutNs: 360e9,
    granularity: ip("255.255.255.0"),
    engine: undefined,
  });
  assertEquals(
    resolveOne(`${ADDRESS}persistence_timeout = 1.6`).persistence?.timeoutNs,
    2e9,
  );
});

Deno.test("resolveVirtualServers() keeps ports of packets without NAT", () => {
  const port = (settings: string, server: string) =>
    resolveOne(settings, server).realServers[0]?.port;
  assertEquals(port(ADDRESS, "port = 8080"), 8080);
  assertEquals(port(ADDRESS, 'port = 8080\nlvs_method = "DR"'), 80);
  assertEquals(port("fwmark = 5", ""), 0);
  assertEquals(port("fwmark = 5", "port = 8080"), 8080);
});

Deno.test("resolveVirtualServers() bounds the quorum by the weights", () => {
  const quorum = (settings: string, server: string) => {
    const service = resolveOne(ADDRESS + settings, server);
    return [service.quorum, service.hysteresis];
  };
  assertEquals(quorum("quorum = 5\nhysteresis = 9", "weight = 3"), [3, 2]);
  assertEquals(quorum("quorum = 5\nhysteresis = 9", "weight = 0"), [0, 0]);
  assertEquals(quorum("weight = 7\nquorum = 5", ""), [5, 0]);
});

Deno.test("resolveVirtualServers() leaves out a virtual server of an unknown group", () => {
  const text = `
[virtual_server_group.a]
entries = ["192.0.2.8-9"]
[[virtual_server]]
group = "a"
real_server = [{ address = "2001:db8::1", lvs_method = "TUN" }]
[[virtual_server]]
group = "b"
real_server = [{ address = "10.0.0.1" }]
`;
  const found = resolveVirtualServers(config(text));
  assertEquals(found.map(({ selector }) => selector.kind), ["group"]);
  assertEquals(found.map(({ family }) => family), [6]);
});

Deno.test("a checker's own setting counts, then the real server's, then the virtual server's", () => {
  const timing = (settings: string, server: string) => {
    const [checker] = resolveOne(ADDRESS + settings, server)
      .realServers[0]?.checkers ?? [];
    return checker !== undefined && "timing" in checker
      ? checker.timing
      : undefined;
  };
  assertEquals(timing("", "TCP_CHECK = {}"), {
    delayLoopNs: 60e9,
    retry: 1,
    delayBeforeRetryNs: 1e9,
    warmupNs: 60e9,
    alpha: false,
    logAllFailures: false,
  });
  assertEquals(
    timing(
      "retry = 9\ndelay_loop = 5\nalpha = true\ndelay_before_retry = 4",
      "retry = 8\nwarmup = 3\nTCP_CHECK = { retry = 7 }",
    ),
    {
      delayLoopNs: 5e9,
      retry: 7,
      delayBeforeRetryNs: 4e9,
      warmupNs: 3e9,
      alpha: true,
      logAllFailures: false,
    },
  );
});

Deno.test("each kind of checker has defaults of its own", () => {
  const timings = (checker: string) => {
    const [found] = resolveOne(`${ADDRESS}delay_loop = 6`, checker)
      .realServers[0]?.checkers ?? [];
    if (found === undefined || !("timing" in found)) return undefined;
    const { retry, delayBeforeRetryNs } = found.timing;
    return [found.kind, retry, delayBeforeRetryNs / 1e9];
  };
  assertEquals(timings("DNS_CHECK = {}"), ["dns", 3, 6]);
  assertEquals(timings('HTTP_GET = { url = [{ path = "/" }] }'), [
    "http",
    1,
    3,
  ]);
  assertEquals(timings('SSL_GET = { url = [{ path = "/" }] }'), ["ssl", 1, 3]);
  assertEquals(timings('MISC_CHECK = { misc_path = "/x" }'), ["misc", 0, 1]);
  assertEquals(timings("PING_CHECK = {}"), ["ping", 1, 1]);
  assertEquals(timings("SMTP_CHECK = {}"), ["smtp", 1, 1]);
  assertEquals(timings("UDP_CHECK = {}"), ["udp", 1, 1]);
});

Deno.test("a checker connects to the real server, by the port that is written for it", () => {
  const target = (settings: string, server: string) => {
    const [checker] = resolveOne(settings, server).realServers[0]?.checkers ??
      [];
    if (checker === undefined || !("connection" in checker)) return undefined;
    const { address, port, bindPort, timeoutNs } = checker.connection;
    return [String(address), port, bindPort, timeoutNs / 1e9];
  };
  assertEquals(target(ADDRESS, "TCP_CHECK = {}"), ["10.0.0.1", 80, 0, 5]);
  assertEquals(
    target(
      `${ADDRESS}connect_timeout = 2`,
      'port = 8080\nlvs_method = "DR"\nTCP_CHECK = { bind_port = 4 }',
    ),
    ["10.0.0.1", 8080, 0, 2],
  );
  assertEquals(
    target(
      ADDRESS,
      'TCP_CHECK = { connect_ip = "10.0.0.7", connect_port = 81, bindto = "10.0.0.8", bind_port = 4 }',
    ),
    ["10.0.0.7", 81, 4, 5],
  );
});

Deno.test("a web checker asks for its urls with the nearest virtual host", () => {
  const [checker] = resolveOne(
    `${ADDRESS}virtualhost = "service"`,
    `[virtual_server.real_server.SSL_GET]
sni_name = "sni"
tls_compliant = true
[[virtual_server.real_server.SSL_GET.url]]
path = "/a"
[[virtual_server.real_server.SSL_GET.url]]
path = "/b"
virtualhost = "own"
status_code = [204]
regex = "x"
regex_no_match = true
regex_min_offset = 9
regex_max_offset = 3
`,
  ).realServers[0]?.checkers ?? [];
  if (checker?.kind !== "ssl") throw new Error("it is an SSL_GET");
  assertEquals(checker.sniName, "sni");
  assertEquals(checker.urls, [
    {
      path: "/a",
      digest: undefined,
      statusCodes: [{ first: 200, last: 299 }],
      virtualHost: "service",
      regex: undefined,
      tlsCompliant: true,
    },
    {
      path: "/b",
      digest: undefined,
      statusCodes: [{ first: 204, last: 204 }],
      virtualHost: "own",
      regex: {
        pattern: "x",
        mustMatch: false,
        options: [],
        minOffset: 0,
        maxOffset: undefined,
        stack: undefined,
      },
      tlsCompliant: true,
    },
  ]);
});
