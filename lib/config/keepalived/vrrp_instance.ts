/**
 * `vrrp_instance`: its keywords and blocks, and what becomes of them.
 * @module
 */
import { familyOf, type IpAddress } from "../../addr/ip_address.ts";
import type { IpFamily } from "../../vrrp/router_config.ts";
import type {
  AddressEntry,
  AuthenticationBlock,
  UnicastPeerEntry,
  VrrpInstance,
} from "../model.ts";
import { MEANINGLESS_INSTANCE } from "../no_meaning.ts";
import { address, anyMulticastGroup } from "./addresses.ts";
import { readAddressLine } from "./address_line.ts";
import { AuthHmacDraft, authHmacTable } from "./auth_hmac.ts";
import {
  type Argument,
  flag,
  may,
  needs,
  oneOf,
  optionalBoolean,
  word,
  type WordReader,
} from "./argument.ts";
import {
  block,
  custom,
  deprecated,
  entries,
  noted,
  type Row,
  setting,
  type Table,
  table,
} from "./block.ts";
import { Draft } from "./draft.ts";
import type { RouteEntry, RuleEntry } from "../route_model.ts";
import { readRouteLine } from "./route_line.ts";
import { readRuleLine } from "./rule_line.ts";
import { refreshInterval, rounds, vrrpVersion } from "./global_defs.ts";
import { instanceLinkRows, instanceLinksOf } from "./link_keywords.ts";
import type { LogicalLine } from "./logical_line.ts";
import { interfaceName } from "./names.ts";
import {
  instanceNotifyRows,
  notifyRows,
  notifyScriptsOf,
} from "./notify_keywords.ts";
import { seconds, whole, wholeSeconds } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";
import { noTracking, trackRows } from "./track_blocks.ts";
import { laterInterface } from "./server_words.ts";
import { readUnicastPeer } from "./unicast_peer.ts";
import { readUseIpvlan } from "./use_ipvlan.ts";
import { readUseVmac } from "./use_vmac.ts";

/** Bytes of a password that count. */
const PASSWORD_BYTES_MAX = 8;

/** Settings of one instance so far. */
export class InstanceDraft extends Draft<VrrpInstance> {
  readonly addresses: AddressEntry[] = [];
  readonly excluded: AddressEntry[] = [];
  /** `addresses` and `excluded` by what they are, to find them listed again. */
  readonly listed = new Map<string, AddressEntry>();
  readonly listedExcluded = new Map<string, AddressEntry>();
  readonly listedPeers = new Map<string, UnicastPeerEntry>();
  readonly routes: RouteEntry[] = [];
  readonly rules: RuleEntry[] = [];
  readonly peers: UnicastPeerEntry[] = [];
  readonly tracking = noTracking();
  /** Lines of `lvs_sync_daemon_interface`. */
  readonly syncInterfaces: {
    readonly name: string;
    readonly line: LogicalLine;
  }[] = [];
  authentication: Draft<AuthenticationBlock> | undefined;
  authHmac: AuthHmacDraft | undefined;
  /** Of the first address that was read; addresses of the other family are ignored. */
  family: IpFamily | undefined;

  constructor(readonly name: string, line: LogicalLine) {
    super(line.span());
    this.set("name", name, line.wordSpan(1));
  }

  /** Whether an address fits the instance's family, which the first one decides. Reports it when it does not. */
  takes(found: IpAddress, line: LogicalLine, context: ReadContext): boolean {
    const family = familyOf(found);
    this.family ??= family;
    if (this.family === family) return true;
    const index = line.words().findIndex((one) => one.startsWith(found));
    context.warn(
      "HK0214",
      line,
      line.wordSpan(Math.max(index, line.count > 1 && index < 0 ? 1 : 0)),
      `\`${found}\` is not an IPv${this.family} address`,
      {
        label: "the line is ignored",
        notes: [
          `the first address made \`${this.name}\` an IPv${this.family} instance`,
        ],
        help:
          `make an instance of its own for IPv${family}; it may have the same virtual_router_id`,
      },
    );
    return false;
  }

  /** An empty list of peers is none, unless that is to be a fault. */
  get lacksPeers(): boolean {
    return this.peers.length === 0 && this.get("faultWithoutPeers") === true &&
      this.spanOf("unicastPeers") !== undefined;
  }

  finish(): VrrpInstance {
    return {
      name: this.name,
      state: this.get("state"),
      interface: this.get("interface"),
      vrf: this.get("vrf"),
      virtualRouterId: this.get("virtualRouterId"),
      useVmac: this.get("useVmac"),
      vmacName: this.get("vmacName"),
      vmacAddress: this.get("vmacAddress"),
      vmacTransmitBase: this.get("vmacTransmitBase"),
      vmacGroup: this.get("vmacGroup"),
      useVmacAddress: this.get("useVmacAddress"),
      useIpvlan: this.get("useIpvlan"),
      ipvlanName: this.get("ipvlanName"),
      ipvlanAddress: this.get("ipvlanAddress"),
      ipvlanFlag: this.get("ipvlanFlag"),
      ipvlanGroup: this.get("ipvlanGroup"),
      priority: this.get("priority"),
      version: this.get("version"),
      nativeIpv6: this.get("nativeIpv6"),
      advertIntervalNs: this.get("advertIntervalNs"),
      downTimerAdverts: this.get("downTimerAdverts"),
      preempt: this.get("preempt"),
      preemptDelayNs: this.get("preemptDelayNs"),
      authentication: finishAuthentication(this.authentication),
      authHmac: this.authHmac?.finish(),
      unicastSourceIp: this.get("unicastSourceIp"),
      multicastSourceIp: this.get("multicastSourceIp"),
      multicastDestinationIp: this.get("multicastDestinationIp"),
      unicastPeers: this.peers.length > 0 || this.lacksPeers
        ? this.peers
        : undefined,
      unicastTtl: this.get("unicastTtl"),
      checkUnicastSource: this.get("checkUnicastSource"),
      skipCheckAdvertAddresses: this.get("skipCheckAdvertAddresses"),
      lowerPriorityNoAdvert: this.get("lowerPriorityNoAdvert"),
      higherPrioritySendAdvert: this.get("higherPrioritySendAdvert"),
      ownerIgnoreAdverts: this.get("ownerIgnoreAdverts"),
      dontTrackPrimary: this.get("dontTrackPrimary"),
      promoteSecondaries: this.get("promoteSecondaries"),
      strictMode: this.get("strictMode"),
      accept: this.get("accept"),
      noVirtualAddresses: this.get("noVirtualAddresses"),
      v3ChecksumAsV2: this.get("v3ChecksumAsV2"),
      oldUnicastChecksum: this.get("oldUnicastChecksum"),
      timerExpiredBackup: this.get("timerExpiredBackup"),
      garpMasterDelayNs: this.get("garpMasterDelayNs"),
      garpMasterRepeat: this.get("garpMasterRepeat"),
      garpMasterRefreshNs: this.get("garpMasterRefreshNs"),
      garpMasterRefreshRepeat: this.get("garpMasterRefreshRepeat"),
      garpLowerPriorityDelayNs: this.get("garpLowerPriorityDelayNs"),
      garpLowerPriorityRepeat: this.get("garpLowerPriorityRepeat"),
      virtualAddresses: this.addresses,
      excludedAddresses: this.excluded,
      virtualRoutes: this.routes,
      virtualRules: this.rules,
      ...this.tracking,
      ...notifyScriptsOf(this),
      ...instanceLinksOf(this),
      notifyDeleted: this.get("notifyDeleted"),
      notifyMasterRxLowerPriority: this.get("notifyMasterRxLowerPriority"),
      at: this.at,
    };
  }
}

function finishAuthentication(
  draft: Draft<AuthenticationBlock> | undefined,
): AuthenticationBlock | undefined {
  if (draft === undefined) return undefined;
  return {
    type: draft.get("type"),
    password: draft.get("password"),
    at: draft.at,
  };
}

type InstanceRow = Row<InstanceDraft>;

const identity: Readonly<Record<string, InstanceRow>> = {
  interface: setting("interface", needs(ownInterface)),
  vrf: setting("vrf", needs(interfaceName)),
  virtual_router_id: setting("virtualRouterId", needs(whole(1, 255))),
  state: custom(readState),
  priority: setting(
    "priority",
    needs(whole(1, 255, { otherwise: 100, takesLeadingDigits: false })),
  ),
  version: custom(readVersion),
  native_ipv6: custom(readNativeIpv6),
  advert_int: setting("advertIntervalNs", needs(seconds(0.01, 255))),
  down_timer_adverts: setting("downTimerAdverts", needs(whole(1, 100))),
  preempt: custom((draft, line, context) => {
    if (flag(line, context)) draft.set("preempt", true, line.wordSpan(0));
  }),
  nopreempt: custom((draft, line, context) => {
    if (flag(line, context)) draft.set("preempt", false, line.wordSpan(0));
  }),
  preempt_delay: setting(
    "preemptDelayNs",
    needs(seconds(0, 1000, { otherwise: 0 })),
  ),
  dont_track_primary: setting("dontTrackPrimary", flag),
  promote_secondaries: setting("promoteSecondaries", flag),
  strict_mode: setting("strictMode", optionalBoolean),
  accept: custom((draft, line, context) => {
    if (flag(line, context)) draft.set("accept", true, line.wordSpan(0));
  }),
  no_accept: custom((draft, line, context) => {
    if (flag(line, context)) draft.set("accept", false, line.wordSpan(0));
  }),
  no_virtual_ipaddress: setting("noVirtualAddresses", flag),
  use_vmac: custom(readUseVmac),
  vmac_xmit_base: setting("vmacTransmitBase", flag),
  use_vmac_addr: setting("useVmacAddress", flag),
  use_ipvlan: custom(readUseIpvlan),
  authentication: block(
    table<Draft<AuthenticationBlock>>({
      auth_type: setting("type", needs(oneOf(["PASS", "AH"]))),
      auth_pass: setting("password", needs(password)),
    }),
    (draft: InstanceDraft, line) => {
      draft.mark("authentication", line.wordSpan(0));
      return draft.authentication ??= new Draft(line.span());
    },
  ),
  auth_hmac: block(authHmacTable, (draft: InstanceDraft, line) => {
    draft.mark("authHmac", line.wordSpan(0));
    return draft.authHmac ??= new AuthHmacDraft(line.span());
  }),
};

const timerExpired: InstanceRow = setting(
  "timerExpiredBackup",
  may(254, whole(1, 254)),
);

const traffic: Readonly<Record<string, InstanceRow>> = {
  mcast_src_ip: ownAddress("multicastSourceIp", needs(address)),
  unicast_src_ip: ownAddress("unicastSourceIp", needs(address)),
  mcast_dst_ip: ownAddress(
    "multicastDestinationIp",
    needs(anyMulticastGroup),
  ),
  unicast_peer: entries((draft: InstanceDraft, line, context) => {
    const peer = readUnicastPeer(line, draft.listedPeers, context);
    if (peer !== undefined && draft.takes(peer.address, line, context)) {
      draft.peers.push(peer);
      draft.listedPeers.set(peer.address, peer);
    }
  }, (draft, line) => draft.mark("unicastPeers", line.wordSpan(0))),
  unicast_ttl: setting("unicastTtl", needs(whole(0, 255))),
  check_unicast_src: setting("checkUnicastSource", flag),
  skip_check_adv_addr: setting("skipCheckAdvertAddresses", (line, context) => {
    const value = optionalBoolean(line, context);
    if (value === false) {
      context.advise(
        "HK0429",
        line,
        line.wordSpan(1),
        `\`skip_check_adv_addr ${line.word(1)}\` switches it on`,
        {
          label:
            "keepalived takes every truth value for `on`, and so does hakeep",
          help: "remove the line",
        },
      );
    }
    return value === undefined ? undefined : true;
  }),
  lower_prio_no_advert: setting("lowerPriorityNoAdvert", optionalBoolean),
  higher_prio_send_advert: setting("higherPrioritySendAdvert", optionalBoolean),
  owner_ignore_adverts: setting("ownerIgnoreAdverts", optionalBoolean),
  v3_checksum_as_v2: setting("v3ChecksumAsV2", optionalBoolean),
  old_unicast_checksum: setting(
    "oldUnicastChecksum",
    may<true | "never">(true, oneOf(["never"])),
  ),
  timer_expired_backup: timerExpired,
  thread_timer_expired: deprecated("use `timer_expired_backup`", timerExpired),
  garp_master_delay: setting(
    "garpMasterDelayNs",
    needs(wholeSeconds(0, 4294)),
  ),
  garp_master_repeat: setting("garpMasterRepeat", rounds),
  garp_master_refresh: setting("garpMasterRefreshNs", refreshInterval),
  garp_master_refresh_repeat: setting("garpMasterRefreshRepeat", rounds),
  garp_lower_prio_delay: setting(
    "garpLowerPriorityDelayNs",
    needs(wholeSeconds(0, 4294)),
  ),
  garp_lower_prio_repeat: setting(
    "garpLowerPriorityRepeat",
    needs(whole(0, 2_147_483_647)),
  ),
};

const addresses: Readonly<Record<string, InstanceRow>> = {
  virtual_ipaddress: entries((draft: InstanceDraft, line, context) => {
    const entry = readAddressLine(line, context);
    if (entry === undefined || !draft.takes(entry.address, line, context)) {
      return;
    }
    if (!isDuplicate(entry, [draft.listed], line, context)) {
      draft.addresses.push(entry);
      draft.listed.set(listingOf(entry), entry);
    }
  }, (draft, line) => draft.mark("virtualAddresses", line.wordSpan(0))),
  virtual_ipaddress_excluded: entries((draft: InstanceDraft, line, context) => {
    const entry = readAddressLine(line, context);
    if (entry === undefined) return;
    const { listed, listedExcluded } = draft;
    if (!isDuplicate(entry, [listed, listedExcluded], line, context)) {
      draft.excluded.push(entry);
      listedExcluded.set(listingOf(entry), entry);
    }
  }, (draft, line) => draft.mark("excludedAddresses", line.wordSpan(0))),
  virtual_routes: entries((draft: InstanceDraft, line, context) => {
    if (line.kind !== "words") return;
    const entry = readRouteLine(line, context);
    if (entry !== undefined) draft.routes.push(entry);
  }, (draft, line) => draft.mark("virtualRoutes", line.wordSpan(0))),
  virtual_rules: entries((draft: InstanceDraft, line, context) => {
    if (line.kind !== "words") return;
    const entry = readRuleLine(line, context);
    if (entry !== undefined) draft.rules.push(entry);
  }, (draft, line) => draft.mark("virtualRules", line.wordSpan(0))),
};

/** Of two lines the first counts. */
function readSyncInterface(
  draft: InstanceDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  const name = needs(laterInterface)(line, context);
  if (name === undefined) return;
  draft.syncInterfaces.push({ name, line });
}

const others: Readonly<Record<string, InstanceRow>> = {
  track_src_ip: noted(MEANINGLESS_INSTANCE.track_src_ip, flag),
  debug: noted(MEANINGLESS_INSTANCE.debug, needs(whole(0, 4))),
  lvs_sync_daemon_interface: deprecated(
    "use `lvs_sync_daemon` in `global_defs`",
    {
      ...custom(readSyncInterface),
      status: "modelled",
      tomlKey: "lvs_sync_daemon",
    },
  ),
};

/** The keywords of `vrrp_instance`. */
export const vrrpInstanceTable: Table<InstanceDraft> = table<InstanceDraft>({
  ...identity,
  ...traffic,
  ...addresses,
  ...trackRows,
  ...notifyRows,
  ...instanceNotifyRows,
  ...instanceLinkRows,
  ...others,
});

type AddressKey =
  | "multicastSourceIp"
  | "unicastSourceIp"
  | "multicastDestinationIp";

/** An address that must be of the instance's family. */
function ownAddress(
  key: AddressKey,
  argument: Argument<IpAddress>,
): InstanceRow {
  return custom((draft, line, context) => {
    const found = argument(line, context);
    if (found === undefined || !draft.takes(found, line, context)) return;
    draft.set(key, found, line.wordSpan(1));
  });
}

/** What makes two entries the same address. */
function listingOf({ address, interface: name = "" }: AddressEntry): string {
  return `${address} ${name}`;
}

function isDuplicate(
  entry: AddressEntry,
  before: readonly ReadonlyMap<string, AddressEntry>[],
  line: LogicalLine,
  context: ReadContext,
): boolean {
  const key = listingOf(entry);
  const same = before.map((listed) => listed.get(key))
    .find((one) => one !== undefined);
  if (same === undefined) return false;
  context.warn(
    "HK0215",
    line,
    line.wordSpan(0),
    `\`${entry.address}\` is listed twice`,
    {
      label: "the line is ignored",
      related: [{ span: same.at.self, message: "listed first here" }],
    },
  );
  return true;
}

function readNativeIpv6(
  draft: InstanceDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  flag(line, context);
  draft.family ??= 6;
  if (draft.family === 6) {
    draft.set("nativeIpv6", true, line.wordSpan(0));
    return;
  }
  context.warn(
    "HK0110",
    line,
    line.wordSpan(0),
    "`native_ipv6` after an IPv4 address",
    { label: "the line is ignored" },
  );
}

function ownInterface(
  ...[line, index, context]: Parameters<WordReader<string>>
): string | undefined {
  const name = interfaceName(line, index, context);
  if (name !== "lo") return name;
  context.warn(
    "HK0226",
    line,
    line.wordSpan(index),
    "VRRP cannot run on the loopback interface",
    { label: "the line is ignored" },
  );
  return undefined;
}

function readState(
  draft: InstanceDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 2) {
    needs(word)(line, context);
    return;
  }
  const state = oneOf(["MASTER", "BACKUP"])(line, 1, context) ?? "BACKUP";
  if (state === "BACKUP" && draft.get("state") === "MASTER") {
    context.warn(
      "HK0110",
      line,
      line.wordSpan(1),
      "`state BACKUP` after `state MASTER`",
      { label: "the line is ignored" },
    );
    return;
  }
  draft.set("state", state, line.wordSpan(1));
}

function readVersion(
  draft: InstanceDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  const version = vrrpVersion(line, context);
  if (version === undefined) return;
  const before = draft.get("version");
  const problem = before !== undefined && before !== version
    ? `\`version ${version}\` after \`version ${before}\``
    : version === 2 && draft.family === 6
    ? "`version 2` after an IPv6 address"
    : undefined;
  if (problem === undefined) {
    draft.set("version", version, line.wordSpan(1));
    return;
  }
  context.warn("HK0110", line, line.wordSpan(1), problem, {
    label: "the line is ignored",
  });
}

function password(
  ...[line, index, context]: Parameters<WordReader<string>>
): string | undefined {
  const text = line.word(index);
  const bytes = new TextEncoder().encode(text);
  if (text.includes("\ufffd")) {
    context.warn(
      "HK0428",
      line,
      line.wordSpan(index),
      "the password is not UTF-8",
      { label: "other routers will not accept what is sent instead" },
    );
  }
  if (bytes.length <= PASSWORD_BYTES_MAX) return text;
  const used = new TextDecoder().decode(bytes.subarray(0, PASSWORD_BYTES_MAX));
  context.warn(
    "HK0204",
    line,
    line.wordSpan(index),
    `the password is longer than ${PASSWORD_BYTES_MAX} bytes`,
    {
      label: `only \`${used}\` counts`,
      help: "write these on all routers: more is not sent",
    },
  );
  return used;
}
