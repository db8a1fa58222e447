/**
 * `virtual_server`, its `real_server` blocks, and `SSL`: their keywords, and what becomes of them.
 *
 * Says:    keepalived's checker process, which reads these blocks; what it corrects when all is read is for
 *          `lvs_review.ts`.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  parseIpAddress,
} from "../../addr/ip_address.ts";
import type { Span } from "../../diag/diagnostic.ts";
import type { IpFamily } from "../../vrrp/router_config.ts";
import {
  type ForwardingMethod,
  LVS_PROTOCOLS,
  type RealServer,
  SCHEDULERS,
  type ServerSettings,
  type SslSettings,
  type VirtualServer,
  type VirtualServerGroup,
} from "../lvs_model.ts";
import type { Positions } from "../model.ts";
import {
  NO_REAL_SERVER,
  NO_SSL_SETTINGS,
  NO_VIRTUAL_SERVER,
} from "../nothing_set.ts";
import {
  flag,
  may,
  needs,
  needsEach,
  needsScript,
  oneOf,
  optionalBoolean,
  textUpTo,
  wants,
  word,
} from "./argument.ts";
import {
  custom,
  KeywordBlock,
  lacks,
  modelledTable,
  type Opened,
  type Row,
  setting,
  type Table,
} from "./block.ts";
import { checkerRows, delay, loop, oneOfAnyCase, timeout } from "./checkers.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { first, script } from "./notify_keywords.ts";
import { whole, wholeSeconds } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";
import { lastCounts } from "./repeated.ts";
import {
  forwardingMethod,
  onlyWord,
  readServerAddress,
} from "./server_words.ts";
import { virtualServerGroup } from "./virtual_server_group.ts";

const UINT_MAX = 4_294_967_295;
const WEIGHT_MAX = 2_147_483_647;
const NS_PER_SECOND = 1e9;
/** What a bare `persistence_timeout` means. */
const PERSISTENCE_SECONDS = 360;
const IPV6_PREFIX_MAX = 128;

/** What files say about load balancing, while they are being read. */
export class LvsDraft {
  readonly groups: VirtualServerGroup[] = [];
  readonly virtualServers: VirtualServer[] = [];
  ssl: SslSettings | undefined;
}

/** What holds all of it. */
interface LvsHolder {
  readonly lvs: LvsDraft;
}

class RealServerDraft extends Draft<RealServer> {
  /** `lb_kind` as far as it was read when the block began. */
  constructor(
    line: LogicalLine,
    readonly copiedMethod: ForwardingMethod | undefined,
  ) {
    super(line.span());
  }
}

class VirtualServerDraft extends Draft<VirtualServer> {
  readonly realServers: RealServer[] = [];
  /** Real servers without a method of their own, and what they copied. */
  readonly copied = new Map<RealServer, ForwardingMethod | undefined>();
  /** `lb_kind` as far as it was read when `sorry_server` was. */
  sorryCopied: ForwardingMethod | undefined;
  /** Of its address or `ip_family`, or of the first server that is no tunnel's end. */
  family: IpFamily | undefined;
}

type At<T> = T & { readonly at: Positions<keyof T & string> };

/** What virtual and real servers both know. */
const anyServer: Readonly<Record<string, Row<Draft<At<ServerSettings>>>>> = {
  retry: setting(
    "retry",
    needs(whole(1, UINT_MAX, { takesLeadingDigits: false })),
  ),
  delay_before_retry: setting("delayBeforeRetryNs", delay),
  warmup: setting("warmupNs", delay),
  connect_timeout: setting("connectTimeoutNs", timeout),
  delay_loop: setting("delayLoopNs", loop),
  lvs_method: setting("method", forwardingMethod),
  smtp_alert: setting("smtpAlert", optionalBoolean),
  virtualhost: lastCounts("virtualHost", setting("virtualHost", wants(word))),
  snmp_name: lastCounts("snmpName", setting("snmpName", onlyWord)),
};

const realServerTable: Table<RealServerDraft> = modelledTable<RealServerDraft>({
  ...anyServer,
  weight: setting("weight", needs(whole(0, WEIGHT_MAX))),
  uthreshold: setting("upperThreshold", needs(whole(0, UINT_MAX))),
  lthreshold: setting("lowerThreshold", needs(whole(0, UINT_MAX))),
  inhibit_on_failure: setting("inhibitOnFailure", optionalBoolean),
  notify_up: first("notifyUp", script(needsScript)),
  notify_down: first("notifyDown", script(needsScript)),
  alpha: setting("alpha", optionalBoolean),
  ...checkerRows,
});

const method: Row<Draft<VirtualServer>> = setting("method", forwardingMethod);
const scheduler = setting<VirtualServer, "scheduler">(
  "scheduler",
  needs(oneOf(SCHEDULERS)),
);

const service: Readonly<Record<string, Row<VirtualServerDraft>>> = {
  ...anyServer,
  ip_family: custom(readFamily),
  inhibit_on_failure: setting("inhibitOnFailure", flag),
  lb_algo: scheduler,
  lvs_sched: { ...scheduler, tomlKey: "lb_algo" },
  hashed: {
    status: "noted",
    note: "it has no effect in keepalived either",
    read: readHashed,
  },
  ops: setting("onePacket", flag),
  "flag-1": setting("flag1", flag),
  "flag-2": setting("flag2", flag),
  "flag-3": setting("flag3", flag),
  "sh-port": schedulerFlag("shPort", "sh"),
  "sh-fallback": schedulerFlag("shFallback", "sh"),
  "mh-port": schedulerFlag("mhPort", "mh"),
  "mh-fallback": schedulerFlag("mhFallback", "mh"),
  lb_kind: method,
  lvs_method: { ...method, tomlKey: "lb_kind" },
  persistence_engine: setting("persistenceEngine", needs(textUpTo(16))),
  persistence_timeout: setting(
    "persistenceTimeoutNs",
    may(
      PERSISTENCE_SECONDS * NS_PER_SECOND,
      wholeSeconds(1, 2_678_400, { takesLeadingDigits: false }),
    ),
  ),
  persistence_granularity: custom(readGranularity),
  protocol: setting("protocol", needs(oneOfAnyCase(LVS_PROTOCOLS))),
  ha_suspend: setting("haSuspend", flag),
  alpha: setting("alpha", flag),
  omega: setting("omega", flag),
  weight: setting("weight", needs(whole(1, WEIGHT_MAX))),
};

const virtualServerTable: Table<VirtualServerDraft> = modelledTable<
  VirtualServerDraft
>({
  ...service,
  quorum_up: first("quorumUp", script(needsScript)),
  quorum_down: first("quorumDown", script(needsScript)),
  quorum: setting("quorum", needs(whole(1, UINT_MAX, { otherwise: 1 }))),
  hysteresis: setting("hysteresis", needs(whole(0, UINT_MAX))),
  sorry_server: custom(readSorryServer),
  sorry_server_inhibit: custom((draft, line, context) => {
    flag(line, context);
    if (hasSorryServer(draft, line, context)) {
      draft.set("sorryServerInhibit", true, line.wordSpan(0));
    }
  }),
  sorry_server_lvs_method: custom((draft, line, context) => {
    if (!hasSorryServer(draft, line, context)) return;
    const found = forwardingMethod(line, context);
    if (found === undefined) return;
    draft.set("sorryServerMethod", found, line.wordSpan(1));
  }),
  real_server: {
    status: "modelled",
    block: realServerTable,
    read: openRealServer,
  },
});

const sslTable: Table<Draft<SslSettings>> = modelledTable<Draft<SslSettings>>({
  password: lastCounts("password", setting("password", wants(word))),
  ca: lastCounts("ca", setting("ca", wants(word))),
  certificate: lastCounts("certificate", setting("certificate", wants(word))),
  key: lastCounts("key", setting("key", wants(word))),
});

/** Top-level keywords of the checker process. */
export const checkerTop: Readonly<Record<string, Row<LvsHolder>>> = {
  virtual_server: {
    status: "modelled",
    block: virtualServerTable,
    read: ({ lvs }, line, context) => {
      const draft = openVirtualServer(line, context);
      if (draft === undefined) return "skip";
      return new KeywordBlock(line, virtualServerTable, draft, (_, end, at) => {
        const server = closeVirtualServer(draft, line, end, at);
        if (server !== undefined) lvs.virtualServers.push(server);
      });
    },
  },
  virtual_server_group: virtualServerGroup,
  SSL: { status: "modelled", block: sslTable, read: openSsl },
};

function openSsl(
  { lvs }: LvsHolder,
  line: LogicalLine,
  context: ReadContext,
): Opened {
  if (lvs.ssl !== undefined) {
    context.warn("HK0440", line, line.wordSpan(0), "`SSL` is given already", {
      label: "this one replaces it",
      related: [{ span: lvs.ssl.at.self, message: "the first one" }],
    });
  }
  const draft = new Draft<SslSettings>(line.span());
  lvs.ssl = { ...NO_SSL_SETTINGS, at: draft.at };
  return new KeywordBlock(line, sslTable, draft, () => {
    lvs.ssl = { ...NO_SSL_SETTINGS, ...draft.values, at: draft.at };
  });
}

/** undefined: the block is skipped. */
function openVirtualServer(
  line: LogicalLine,
  context: ReadContext,
): VirtualServerDraft | undefined {
  const draft = new VirtualServerDraft(line.span());
  const selector = line.word(1);
  if (selector === "group" || selector === "fwmark") {
    if (line.count < 3) {
      needsEach(word)(line, context);
      if (line.count < 3) stopHere(line, context);
      return draft;
    }
    if (selector === "group") {
      draft.set("group", line.word(2), line.wordSpan(2));
      return draft;
    }
    const mark = whole(0, UINT_MAX)(line, 2, context);
    if (mark === undefined) return undefined;
    draft.set("firewallMark", mark, line.wordSpan(2));
    return draft;
  }
  if (line.count < 2) {
    needs(word)(line, context);
    return undefined;
  }
  const found = readServerAddress(line, 1, context);
  if (found === undefined) return undefined;
  draft.set("address", found.address, line.wordSpan(1));
  if (found.port !== undefined) draft.set("port", found.port, line.wordSpan(2));
  draft.family = familyOf(found.address);
  return draft;
}

/** keepalived ends itself when the word behind `group` or `fwmark` is missing. */
function stopHere(line: LogicalLine, context: ReadContext) {
  context.refuse(
    "HK0406",
    line,
    line.wordSpan(1),
    `\`${line.word(1)}\` lacks its value`,
    { label: "keepalived stops reading here" },
  );
}

function openRealServer(
  service: VirtualServerDraft,
  line: LogicalLine,
  context: ReadContext,
): Opened {
  if (line.count < 2) needs(word)(line, context);
  const found = readServerAddress(line, 1, context);
  if (found === undefined) return "skip";
  const draft = new RealServerDraft(line, service.get("method"));
  draft.set("address", found.address, line.wordSpan(1));
  if (found.port !== undefined) draft.set("port", found.port, line.wordSpan(2));
  return new KeywordBlock(line, realServerTable, draft, (_, end, at) => {
    const used = draft.get("method") ?? draft.copiedMethod;
    const place = line.wordSpan(1);
    if (!fits(service, found.address, used, "real", place, end, at)) return;
    const server = { ...NO_REAL_SERVER, ...draft.values, at: draft.at };
    service.mark("realServers", line.wordSpan(0));
    service.realServers.push(server);
    if (draft.get("method") === undefined) {
      service.copied.set(server, draft.copiedMethod);
    }
  });
}

/** Whether a server's family is the service's, which the first server decides that is no tunnel's end; says so if not. */
function fits(
  service: VirtualServerDraft,
  address: IpAddress,
  method: ForwardingMethod | undefined,
  kind: "real" | "sorry",
  place: Span,
  end: LogicalLine,
  context: ReadContext,
): boolean {
  if (method?.kind === "TUN") return true;
  const family = familyOf(address);
  service.family ??= family;
  if (service.family === family) return true;
  context.warn(
    "HK0604",
    end,
    end.span(),
    `\`${address}\` is not IPv${service.family}`,
    {
      label: `the ${kind} server is dropped`,
      related: [{ span: place, message: "its address" }],
      help: "only tunnels lead to another family",
    },
  );
  return false;
}

function readSorryServer(
  draft: VirtualServerDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 2) {
    needs(word)(line, context);
    return;
  }
  const found = readServerAddress(line, 1, context);
  draft.clear("sorryServer");
  draft.clear("sorryServerInhibit");
  draft.clear("sorryServerMethod");
  if (found === undefined) return;
  draft.set("sorryServer", found, line.wordsSpan(1, line.count - 1));
  draft.sorryCopied = draft.get("method");
}

function hasSorryServer(
  draft: VirtualServerDraft,
  line: LogicalLine,
  context: ReadContext,
): boolean {
  if (draft.get("sorryServer") !== undefined) return true;
  context.warn(
    "HK0609",
    line,
    line.wordSpan(0),
    `\`${line.word(0)}\` without a sorry_server above it`,
    { label: "the line is ignored" },
  );
  return false;
}

function readFamily(
  draft: VirtualServerDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  const found = needs(oneOf(["inet", "inet6"]))(line, context);
  if (found === undefined) return;
  const family = found === "inet" ? 4 : 6;
  if (draft.family === undefined || draft.family === family) {
    draft.family = family;
    // An address says it already.
    if (draft.get("address") === undefined) {
      draft.set("ipFamily", family, line.wordSpan(1));
    }
    return;
  }
  context.warn(
    "HK0604",
    line,
    line.wordSpan(1),
    `\`${found}\` for an IPv${draft.family} virtual server`,
    { label: "the line is ignored" },
  );
}

/** A word without any effect, which keepalived reports unless the scheduler is a hashing one. */
function readHashed(
  draft: VirtualServerDraft,
  line: LogicalLine,
  context: ReadContext,
): undefined {
  const used = draft.get("scheduler");
  const message = "`hashed` has no effect";
  const details = { help: "remove the line" };
  if (used === "sh" || used === "mh") {
    context.advise("HK0423", line, line.wordSpan(0), message, details);
  } else context.warn("HK0423", line, line.wordSpan(0), message, details);
}

/** A flag that goes with one scheduler, which must stand above it; the other hashing one ignores it without a word. */
function schedulerFlag(
  key: "shPort" | "shFallback" | "mhPort" | "mhFallback",
  needed: "sh" | "mh",
): Row<VirtualServerDraft> {
  return custom((draft, line, context) => {
    flag(line, context);
    const used = draft.get("scheduler");
    if (used === needed) {
      draft.set(key, true, line.wordSpan(0));
      return;
    }
    const message = `\`${line.word(0)}\` goes with \`lb_algo ${needed}\``;
    const details = {
      label: "ignored: no such `lb_algo` stands above it",
    };
    const isSilent = used === "sh" || used === "mh";
    if (isSilent) {
      context.advise("HK0609", line, line.wordSpan(0), message, details);
    } else context.warn("HK0609", line, line.wordSpan(0), message, details);
  });
}

/** A netmask for IPv4, a prefix length for IPv6; the family is the service's, or goes by a dot. */
function readGranularity(
  draft: VirtualServerDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  const text = needs(word)(line, context);
  if (text === undefined) return;
  const family = draft.family ?? (text.includes(".") ? 4 : 6);
  const found = family === 6
    ? needs(whole(1, IPV6_PREFIX_MAX))(line, context)
    : netmask(text);
  if (found !== undefined) {
    draft.family = family;
    draft.set("persistenceGranularity", found, line.wordSpan(1));
  } else if (family === 4) {
    context.warn(
      "HK0105",
      line,
      line.wordSpan(1),
      `\`${text}\` is not a netmask`,
      { label: "the line is ignored", help: "write one such as 255.255.255.0" },
    );
  }
}

/** A dotted mask; keepalived takes a plain number for the bits of one, as C libraries do. */
function netmask(text: string): IpAddress | undefined {
  if (!/^[0-9]{1,10}$/.test(text)) {
    const found = parseIpAddress(text);
    return found === undefined || familyOf(found) !== 4 ? undefined : found;
  }
  const bits = Number(text);
  if (bits > UINT_MAX) return undefined;
  const octets = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff);
  return parseIpAddress(octets.join("."));
}

/** The service, or undefined when it is dropped; says what keepalived says at the end of the block. */
function closeVirtualServer(
  draft: VirtualServerDraft,
  head: LogicalLine,
  end: LogicalLine,
  context: ReadContext,
): VirtualServer | undefined {
  if (draft.realServers.length === 0) {
    lacks(head, end, ["real_server"], context);
    return undefined;
  }
  const sorry = draft.get("sorryServer");
  const place = draft.spanOf("sorryServer") ?? head.span();
  const sorryMethod = draft.get("sorryServerMethod") ?? draft.sorryCopied ??
    draft.get("method");
  if (
    sorry !== undefined &&
    !fits(draft, sorry.address, sorryMethod, "sorry", place, end, context)
  ) {
    draft.clear("sorryServer");
    draft.clear("sorryServerInhibit");
    draft.clear("sorryServerMethod");
  }
  keepCopiedMethods(draft);
  dropStrangeFlags(draft);
  return {
    ...NO_VIRTUAL_SERVER,
    ...draft.values,
    sorryServerMethod: sorryMethodOf(draft),
    realServers: draft.realServers,
    at: draft.at,
  };
}

/** A real server has the `lb_kind` that stood above it, whatever comes later. */
function keepCopiedMethods(draft: VirtualServerDraft) {
  const final = draft.get("method");
  draft.realServers.forEach((server, index) => {
    const copied = draft.copied.get(server);
    if (copied === undefined || copied === final) return;
    draft.realServers[index] = { ...server, method: copied };
  });
}

/** So has the sorry server. */
function sorryMethodOf(
  draft: VirtualServerDraft,
): ForwardingMethod | undefined {
  const own = draft.get("sorryServerMethod");
  const { sorryCopied } = draft;
  return own ?? (draft.get("sorryServer") === undefined ||
      sorryCopied === draft.get("method")
    ? undefined
    : sorryCopied);
}

/** A scheduler that came after the flags of another. */
function dropStrangeFlags(draft: VirtualServerDraft) {
  const used = draft.get("scheduler");
  if (used !== "sh") {
    draft.clear("shPort");
    draft.clear("shFallback");
  }
  if (used !== "mh") {
    draft.clear("mhPort");
    draft.clear("mhFallback");
  }
}
