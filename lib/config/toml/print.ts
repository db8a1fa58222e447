/**
 * The TOML printer: a model to a text that a person would have written.
 *
 * Settings stand in the order of their places in the source, defaults are left out because the model leaves them
 * out, and comments come along. What is printed reads back as an equal model.
 *
 * Units:   durations are printed in seconds.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type {
  AddressEntry,
  AuthenticationBlock,
  Config,
  GlobalDefs,
  LogConfig,
  UnicastPeerEntry,
  VrrpInstance,
} from "../model.ts";

const NS_PER_SECOND = 1_000_000_000;

/** Comments that belong to one printed line, without their `#`. */
export interface LineComments {
  /** Above the line and not quite of it: an empty line stands between. */
  readonly apart: readonly string[];
  readonly above: readonly string[];
  readonly behind: string | undefined;
  readonly below: readonly string[];
}

export interface PrintOptions {
  /** Comments of what stands at a place; places are those of the model, by identity. */
  readonly commentsAt?: (at: Span) => LineComments | undefined;
  /** Which of two places comes first; without it the order of the model's keys is kept. */
  readonly compare?: (a: Span, b: Span) => number;
  /** Comments at the end of the file. */
  readonly end?: readonly string[];
}

/** Prints `config` as TOML, with a line end at the end. */
export function printToml(config: Config, options: PrintOptions = {}): string {
  const parts = sections(config, options).map((section) =>
    sectionLines(section, options).join("\n")
  );
  const end = (options.end ?? []).map(comment).join("\n");
  if (end !== "") parts.push(end);
  return parts.length === 0 ? "" : `${parts.join("\n\n")}\n`;
}

/** The places that comments can be attached to, in the order in which they are printed. */
export function printedPlaces(
  config: Config,
  options: Pick<PrintOptions, "compare"> = {},
): readonly Span[] {
  return sections(config, options).flatMap(({ at, items }) => [
    ...(at === undefined ? [] : [at]),
    ...items.flatMap((item) => [
      item.at,
      ...(item.kind === "list" ? item.entries.map((entry) => entry.at) : []),
    ]),
  ]);
}

interface Section {
  readonly at: Span | undefined;
  readonly header: string;
  readonly items: readonly Item[];
}

interface Entry {
  readonly at: Span;
  readonly text: string;
}

/** A line of a table, or a list over several lines. */
type Item =
  | { readonly kind: "line"; readonly at: Span; readonly text: string }
  | {
    readonly kind: "list";
    readonly at: Span;
    readonly key: string;
    readonly entries: readonly Entry[];
  };

function sections(
  config: Config,
  { compare }: Pick<PrintOptions, "compare">,
): readonly Section[] {
  const found: Section[] = [];
  const globals = inOrder(globalItems(config.globals), compare);
  const log = inOrder(logItems(config.log), compare);
  const { self } = config.globals.at;
  if (log.length > 0) {
    found.push({ at: config.log.at.self, header: "[log]", items: log });
  }
  if (globals.length > 0) {
    found.push({ at: self, header: "[global_defs]", items: globals });
  }
  for (const instance of config.instances) {
    found.push({
      at: instance.at.self,
      header: `[vrrp_instance.${key(instance.name)}]`,
      items: inOrder(instanceItems(instance), compare),
    });
  }
  if (compare === undefined) return found;
  return found.sort((a, b) =>
    a.at === undefined || b.at === undefined ? 0 : compare(a.at, b.at)
  );
}

function inOrder(
  items: readonly Item[],
  compare: PrintOptions["compare"],
): readonly Item[] {
  if (compare === undefined) return items;
  return [...items].sort((a, b) => compare(a.at, b.at));
}

function sectionLines(
  { at, header, items }: Section,
  options: PrintOptions,
): string[] {
  return [
    ...around(at, header, "", options),
    ...items.flatMap((item) =>
      item.kind === "line"
        ? around(item.at, item.text, "", options)
        : listLines(item, options)
    ),
  ];
}

function listLines(
  item: Item & { kind: "list" },
  options: PrintOptions,
): string[] {
  const lines = item.entries.map((entry) =>
    around(entry.at, `${entry.text},`, "  ", options)
  );
  const [only] = item.entries;
  const isPlain = lines.every((entry) => entry.length === 1) &&
    item.entries.every((entry) =>
      options.commentsAt?.(entry.at)?.behind === undefined
    );
  if (only !== undefined && item.entries.length === 1 && isPlain) {
    return around(item.at, `${item.key} = [${only.text}]`, "", options);
  }
  const { apart = [], above = [], behind, below = [] } =
    options.commentsAt?.(item.at) ?? {};
  const open = `${item.key} = [${behind === undefined ? "" : " "}`;
  return [
    ...[...apart, ...above].map(comment),
    open + (behind === undefined ? "" : comment(behind)),
    ...lines.flat(),
    "]",
    ...below.map(comment),
  ];
}

/** A line between the comments that belong to it. */
function around(
  at: Span | undefined,
  text: string,
  indent: string,
  { commentsAt }: PrintOptions,
): string[] {
  const found = at === undefined ? undefined : commentsAt?.(at);
  if (found === undefined) return [indent + text];
  const behind = found.behind === undefined ? "" : ` ${comment(found.behind)}`;
  return [
    ...found.apart.map((one) => indent + comment(one)),
    ...(found.apart.length > 0 ? [""] : []),
    ...found.above.map((one) => indent + comment(one)),
    indent + text + behind,
    ...found.below.map((one) => indent + comment(one)),
  ];
}

/** TOML allows no control character but the tab in a comment. */
function comment(text: string): string {
  // deno-lint-ignore no-control-regex
  return `#${text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, "\ufffd")}`
    .trimEnd();
}

/** Collects the items of one table: only what is set. */
class Items<F extends string> {
  readonly items: Item[] = [];
  readonly #at: { readonly self: Span; readonly of: Partial<Record<F, Span>> };

  constructor(at: {
    readonly self: Span;
    readonly of: Readonly<Partial<Record<F, Span>>>;
  }) {
    this.#at = at;
  }

  line<T>(
    name: string,
    field: F,
    value: T | undefined,
    print: (value: T) => string,
  ) {
    if (value === undefined) return;
    const at = this.#at.of[field] ?? this.#at.self;
    this.items.push({ kind: "line", at, text: `${name} = ${print(value)}` });
  }

  text(name: string, field: F, value: string | undefined) {
    this.line(name, field, value, text);
  }

  plain(name: string, field: F, value: number | boolean | undefined) {
    this.line(name, field, value, String);
  }

  seconds(name: string, field: F, valueNs: number | undefined) {
    this.line(name, field, valueNs, seconds);
  }

  list(name: string, field: F, entries: readonly Entry[]) {
    if (entries.length === 0) return;
    const at = this.#at.of[field] ?? this.#at.self;
    this.items.push({ kind: "list", at, key: name, entries });
  }
}

function globalItems(globals: GlobalDefs): readonly Item[] {
  const items = new Items<keyof GlobalDefs & string>(globals.at);
  items.text("router_id", "routerId", globals.routerId);
  items.plain("vrrp_version", "vrrpVersion", globals.vrrpVersion);
  items.text("vrrp_mcast_group4", "multicastGroup4", globals.multicastGroup4);
  items.text("vrrp_mcast_group6", "multicastGroup6", globals.multicastGroup6);
  items.plain(
    "vrrp_skip_check_adv_addr",
    "skipCheckAdvertAddresses",
    globals.skipCheckAdvertAddresses,
  );
  printGarp(items, "vrrp_", globals);
  items.plain(
    "vrrp_lower_prio_no_advert",
    "lowerPriorityNoAdvert",
    globals.lowerPriorityNoAdvert,
  );
  items.plain(
    "vrrp_higher_prio_send_advert",
    "higherPrioritySendAdvert",
    globals.higherPrioritySendAdvert,
  );
  items.plain(
    "vrrp_down_timer_adverts",
    "downTimerAdverts",
    globals.downTimerAdverts,
  );
  items.plain("v3_checksum_as_v2", "v3ChecksumAsV2", globals.v3ChecksumAsV2);
  return items.items;
}

/** The settings that `global_defs` has with a prefix and instances without. */
interface GarpSettings {
  readonly garpMasterDelayNs: number | undefined;
  readonly garpMasterRepeat: number | undefined;
  readonly garpMasterRefreshNs: number | undefined;
  readonly garpMasterRefreshRepeat: number | undefined;
  readonly garpLowerPriorityDelayNs: number | undefined;
  readonly garpLowerPriorityRepeat: number | undefined;
}

function printGarp(
  items: Pick<Items<keyof GarpSettings>, "plain" | "seconds">,
  prefix: string,
  settings: GarpSettings,
) {
  items.seconds(
    `${prefix}garp_master_delay`,
    "garpMasterDelayNs",
    settings.garpMasterDelayNs,
  );
  items.plain(
    `${prefix}garp_master_repeat`,
    "garpMasterRepeat",
    settings.garpMasterRepeat,
  );
  items.seconds(
    `${prefix}garp_master_refresh`,
    "garpMasterRefreshNs",
    settings.garpMasterRefreshNs,
  );
  items.plain(
    `${prefix}garp_master_refresh_repeat`,
    "garpMasterRefreshRepeat",
    settings.garpMasterRefreshRepeat,
  );
  items.seconds(
    `${prefix}garp_lower_prio_delay`,
    "garpLowerPriorityDelayNs",
    settings.garpLowerPriorityDelayNs,
  );
  items.plain(
    `${prefix}garp_lower_prio_repeat`,
    "garpLowerPriorityRepeat",
    settings.garpLowerPriorityRepeat,
  );
}

function logItems(log: LogConfig): readonly Item[] {
  const items = new Items<keyof LogConfig & string>(log.at);
  items.text("target", "target", log.target);
  items.text("facility", "facility", log.facility);
  items.text("level", "level", log.level);
  return items.items;
}

function instanceItems(instance: VrrpInstance): readonly Item[] {
  const items = new Items<keyof VrrpInstance & string>(instance.at);
  items.text("state", "state", instance.state);
  items.text("interface", "interface", instance.interface);
  items.plain("virtual_router_id", "virtualRouterId", instance.virtualRouterId);
  items.plain("priority", "priority", instance.priority);
  items.plain("version", "version", instance.version);
  items.plain("native_ipv6", "nativeIpv6", instance.nativeIpv6);
  items.seconds("advert_int", "advertIntervalNs", instance.advertIntervalNs);
  items.plain(
    "down_timer_adverts",
    "downTimerAdverts",
    instance.downTimerAdverts,
  );
  const { preempt } = instance;
  items.plain(
    preempt === false ? "nopreempt" : "preempt",
    "preempt",
    preempt === undefined ? undefined : true,
  );
  items.seconds("preempt_delay", "preemptDelayNs", instance.preemptDelayNs);
  const { authentication } = instance;
  if (authentication !== undefined) {
    items.items.push(...authenticationItems(authentication));
  }
  printTraffic(items, instance);
  printGarp(items, "", instance);
  items.list(
    "virtual_ipaddress",
    "virtualAddresses",
    instance.virtualAddresses.map(addressEntry),
  );
  items.list(
    "virtual_ipaddress_excluded",
    "excludedAddresses",
    instance.excludedAddresses.map(addressEntry),
  );
  return items.items;
}

function printTraffic(
  items: Items<keyof VrrpInstance & string>,
  instance: VrrpInstance,
) {
  items.text("unicast_src_ip", "unicastSourceIp", instance.unicastSourceIp);
  items.text("mcast_src_ip", "multicastSourceIp", instance.multicastSourceIp);
  items.text(
    "mcast_dst_ip",
    "multicastDestinationIp",
    instance.multicastDestinationIp,
  );
  items.list(
    "unicast_peer",
    "unicastPeers",
    (instance.unicastPeers ?? []).map(peerEntry),
  );
  items.plain("unicast_ttl", "unicastTtl", instance.unicastTtl);
  items.plain(
    "check_unicast_src",
    "checkUnicastSource",
    instance.checkUnicastSource,
  );
  items.plain(
    "skip_check_adv_addr",
    "skipCheckAdvertAddresses",
    instance.skipCheckAdvertAddresses,
  );
  items.plain(
    "lower_prio_no_advert",
    "lowerPriorityNoAdvert",
    instance.lowerPriorityNoAdvert,
  );
  items.plain(
    "higher_prio_send_advert",
    "higherPrioritySendAdvert",
    instance.higherPrioritySendAdvert,
  );
  items.plain(
    "owner_ignore_adverts",
    "ownerIgnoreAdverts",
    instance.ownerIgnoreAdverts,
  );
  items.plain(
    "dont_track_primary",
    "dontTrackPrimary",
    instance.dontTrackPrimary,
  );
  items.plain("v3_checksum_as_v2", "v3ChecksumAsV2", instance.v3ChecksumAsV2);
}

/** Dotted keys, so that each setting keeps its line and its comment. */
function authenticationItems(
  authentication: AuthenticationBlock,
): readonly Item[] {
  const items = new Items<keyof AuthenticationBlock & string>(
    authentication.at,
  );
  items.text("authentication.auth_type", "type", authentication.type);
  items.text("authentication.auth_pass", "password", authentication.password);
  return items.items;
}

function addressEntry(entry: AddressEntry): Entry {
  const { address, prefixLength, peer } = entry;
  const prefixed = text(withPrefix(address, prefixLength));
  const options = [
    option("dev", entry.interface, text),
    option("label", entry.label, text),
    option(
      "scope",
      entry.scope,
      (scope) => typeof scope === "number" ? String(scope) : text(scope),
    ),
    option("brd", entry.broadcast, text),
    option(
      "peer",
      peer,
      ({ address, prefixLength }) => text(withPrefix(address, prefixLength)),
    ),
    option("no_track", entry.noTrack || undefined, String),
    option("noprefixroute", entry.noPrefixRoute || undefined, String),
  ].filter((one) => one !== undefined);
  return {
    at: entry.at.self,
    text: options.length === 0
      ? prefixed
      : `{ address = ${prefixed}, ${options.join(", ")} }`,
  };
}

function peerEntry({ address, ttlMin, ttlMax, at }: UnicastPeerEntry): Entry {
  const options = [
    option("min_ttl", ttlMin, String),
    option("max_ttl", ttlMax, String),
  ].filter((one) => one !== undefined);
  return {
    at: at.self,
    text: options.length === 0
      ? text(address)
      : `{ address = ${text(address)}, ${options.join(", ")} }`,
  };
}

function option<T>(
  name: string,
  value: T | undefined,
  print: (value: T) => string,
): string | undefined {
  return value === undefined ? undefined : `${name} = ${print(value)}`;
}

function withPrefix(address: string, prefixLength: number | undefined): string {
  return prefixLength === undefined ? address : `${address}/${prefixLength}`;
}

/** A basic string: JSON's escapes are TOML's, and TOML has one more. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

/** A bare key where that is possible. */
function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : text(name);
}

/** Seconds without exponent. */
function seconds(valueNs: number): string {
  const whole = Math.trunc(valueNs / NS_PER_SECOND);
  const rest = Math.round(valueNs - whole * NS_PER_SECOND);
  if (rest === 0) return String(whole);
  return `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
}
