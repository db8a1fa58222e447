/**
 * What keepalived corrects when all files are read: settings that contradict each other or do not fit the version.
 *
 * Every correction is reported as keepalived reports it, and afterwards the instance says what is run. So it can
 * be checked and printed like one that was written correctly.
 *
 * Says:    RFC 9568 §5.2.7 and RFC 3768 §5.3.7 for the intervals.
 * @module
 */
import { instanceInterface } from "../instance_identity.ts";
import type { VrrpVersion } from "../../vrrp/router_config.ts";
import { noActiveKey } from "../hmac_checks.ts";
import type { AddressEntry } from "../model.ts";
import type { GlobalDraft } from "./global_defs.ts";
import type { ReadContext } from "./read_context.ts";
import type { InstanceDraft } from "./vrrp_instance.ts";

const NS_PER_SECOND = 1_000_000_000;
/** VRRPv3 counts its interval in these. */
const V3_STEP_NS = 10_000_000;
const V3_STEPS_MAX = 4095;
const OWNER_PRIORITY = 255;
/** What one advert counts, and what fits a packet of 1500 bytes. */
const IPV4_ADDRESSES_MAX = 255;
const IPV6_ADDRESSES_MAX = 89;
/** So many of them have no room beside the trailer of a signed advert. */
const TRAILER_ADDRESSES = 1;

/** Corrects one instance. */
export function correctInstance(
  instance: InstanceDraft,
  globals: GlobalDraft,
  context: ReadContext,
) {
  const version = versionOf(instance, globals);
  correctUnicast(instance, context);
  correctAuthentication(instance, version, context);
  correctInterval(instance, version, context);
  correctPreemption(instance, context);
  correctOwner(instance, context);
  correctAddressCount(instance, context);
}

/**
 * Whether an instance has what it cannot run without; says so if not. keepalived's configuration test only complains,
 * its VRRP process then does not start at all: here the others run.
 */
export function canRun(
  instance: InstanceDraft,
  globals: GlobalDraft,
  context: ReadContext,
): boolean {
  const at = instance.spanOf("name") ?? instance.self;
  const { name } = instance;
  const label = "the instance is not run";
  /** The line whose value was not taken: that is what has to be corrected. */
  const lost = (key: "virtualRouterId" | "interface") => {
    const follows = instance.rejectedAt(key);
    if (follows === undefined) return undefined;
    const message = "this one was ignored";
    return { follows, related: [{ span: follows, message }] };
  };
  let isComplete = true;
  if (instance.get("virtualRouterId") === undefined) {
    isComplete = false;
    context.sink.warning("HK0201", at, `\`${name}\` has no virtual_router_id`, {
      label,
      ...(lost("virtualRouterId") ?? {
        help:
          "give it the virtual_router_id that the other routers of this virtual router have",
      }),
    });
  }
  const device = instanceInterface({
    interface: instance.get("interface"),
    vrf: instance.get("vrf"),
    unicastPeers: instance.peers,
  });
  if (device === undefined) {
    isComplete = false;
    context.sink.warning("HK0202", at, `\`${name}\` has no interface`, {
      label,
      ...(lost("interface") ??
        { help: "name the interface it speaks VRRP on" }),
    });
  }
  const { authHmac } = instance;
  if (authHmac !== undefined && !authHmac.hasActiveKey) {
    isComplete = false;
    context.sink.warning(
      "HK0290",
      authHmac.spanOf("activeKey") ?? authHmac.self,
      noActiveKey(name, authHmac.get("activeKey")),
      { label, help: "give it a `key` of 32 to 64 bytes" },
    );
  }
  const isStrict = instance.get("strictMode") ?? globals.get("strict") ?? false;
  const mayLackAddresses = !isStrict &&
    (instance.get("noVirtualAddresses") === true ||
      versionOf(instance, globals) === 2);
  if (instance.addresses.length === 0 && !mayLackAddresses) {
    isComplete = false;
    context.sink.warning("HK0213", at, `\`${name}\` has no virtual address`, {
      label,
      help: isStrict
        ? "strict mode needs at least one"
        : "VRRPv3 needs at least one",
    });
  }
  return isComplete;
}

function versionOf(
  instance: InstanceDraft,
  globals: GlobalDraft,
): VrrpVersion {
  const own = instance.get("version");
  if (own !== undefined) return own;
  return instance.family === 6 ? 3 : globals.get("vrrpVersion") ?? 2;
}

/** Without peers adverts go to the group, and the unicast settings become multicast ones or nothing. */
function correctUnicast(instance: InstanceDraft, context: ReadContext) {
  if (instance.peers.length > 0) {
    const group = instance.spanOf("multicastDestinationIp");
    if (group === undefined) return;
    context.sink.warning(
      "HK0218",
      group,
      "`mcast_dst_ip` with unicast peers",
      { label: "ignored: adverts go to the peers" },
    );
    instance.clear("multicastDestinationIp");
    return;
  }
  const at = instance.spanOf("unicastSourceIp") ??
    instance.spanOf("unicastPeers") ??
    instance.spanOf("checkUnicastSource") ??
    instance.spanOf("oldUnicastChecksum");
  const isFault = instance.lacksPeers;
  if (at !== undefined) {
    context.sink.warning(
      "HK0217",
      at,
      `\`${instance.name}\` has unicast settings and no peer`,
      {
        label: isFault
          ? "it cannot run, as `unicast_fault_no_peer` asks"
          : "adverts go to the multicast group",
        help: "list the other routers in `unicast_peer`, or use `mcast_src_ip`",
      },
    );
  }
  if (isFault) return;
  const source = instance.get("unicastSourceIp");
  const sourceAt = instance.spanOf("unicastSourceIp");
  if (source !== undefined && sourceAt !== undefined) {
    instance.set("multicastSourceIp", source, sourceAt);
  }
  const ttl = instance.spanOf("unicastTtl");
  if (ttl !== undefined) {
    context.sink.warning("HK0217", ttl, "`unicast_ttl` without a peer", {
      label: "ignored",
    });
  }
  instance.clear("unicastSourceIp");
  instance.clear("unicastPeers");
  instance.clear("unicastTtl");
  instance.clear("checkUnicastSource");
  instance.clear("oldUnicastChecksum");
}

function correctAuthentication(
  instance: InstanceDraft,
  version: VrrpVersion,
  context: ReadContext,
) {
  const { authentication } = instance;
  const at = authentication?.spanOf("type");
  if (authentication === undefined) return;
  if (instance.authHmac !== undefined) {
    context.sink.warning(
      "HK0205",
      at ?? authentication.self,
      "`authentication` beside `auth_hmac`",
      { label: "the block is ignored: adverts are signed" },
    );
    instance.authentication = undefined;
  } else if (at === undefined) {
    if (authentication.get("password") !== undefined) {
      context.sink.advice(
        "HK0207",
        authentication.self,
        "a password without `auth_type`",
        {
          label: "there is no authentication",
          help: "add `auth_type PASS` on all routers, or remove the block",
        },
      );
    }
    instance.authentication = undefined;
  } else if (version === 3 || instance.family === 6) {
    context.sink.warning("HK0205", at, "VRRPv3 has no authentication", {
      label: "the block is ignored",
      help: "remove it; `auth_hmac` signs adverts of any version",
    });
    instance.authentication = undefined;
  } else if ((authentication.get("password") ?? "") === "") {
    context.sink.warning("HK0207", at, "`auth_type` without a password", {
      label: "the block is ignored: there is no authentication",
      help: "add `auth_pass`",
    });
    instance.authentication = undefined;
  }
  if (instance.authentication === undefined) instance.clear("authentication");
}

function correctInterval(
  instance: InstanceDraft,
  version: VrrpVersion,
  context: ReadContext,
) {
  const written = instance.get("advertIntervalNs");
  const at = instance.spanOf("advertIntervalNs");
  if (written === undefined || at === undefined) return;
  const used = version === 2
    ? Math.max(1, Math.round(written / NS_PER_SECOND)) * NS_PER_SECOND
    : Math.min(
      V3_STEPS_MAX,
      Math.max(1, Math.round(written / V3_STEP_NS)),
    ) * V3_STEP_NS;
  if (used === written) return;
  const seconds = used / NS_PER_SECOND;
  context.sink.warning(
    version === 2 ? "HK0208" : "HK0209",
    at,
    `VRRPv${version} cannot send an interval of ${written / NS_PER_SECOND} s`,
    {
      label: `${seconds} s is used`,
      help: version === 2
        ? "write whole seconds, or use `version 3` on all routers"
        : "write steps of 0.01 up to 40.95",
    },
  );
  instance.set("advertIntervalNs", used, at);
}

function correctPreemption(instance: InstanceDraft, context: ReadContext) {
  const isMaster = instance.get("state") === "MASTER";
  const isOwner = isAddressOwner(instance);
  const nopreempt = instance.spanOf("preempt");
  const never = instance.get("preempt") === false;
  if (never && nopreempt !== undefined && (isMaster || isOwner)) {
    context.sink.warning(
      "HK0210",
      nopreempt,
      `\`nopreempt\` means nothing with \`${
        isMaster ? "state MASTER" : `priority ${OWNER_PRIORITY}`
      }\``,
      { label: "ignored", help: "use `state BACKUP` on all routers" },
    );
    instance.clear("preempt");
  }
  const delay = instance.spanOf("preemptDelayNs");
  const expired = instance.spanOf("timerExpiredBackup");
  if (expired !== undefined && instance.get("preempt") !== false) {
    context.sink.warning(
      "HK0293",
      expired,
      "`timer_expired_backup` without `nopreempt`",
      { label: "ignored" },
    );
    instance.clear("timerExpiredBackup");
  }
  const without = isMaster
    ? "state MASTER"
    : instance.get("preempt") === false
    ? "nopreempt"
    : isOwner && instance.get("state") === undefined
    ? `priority ${OWNER_PRIORITY}`
    : undefined;
  if (
    delay === undefined || without === undefined ||
    instance.get("preemptDelayNs") === 0
  ) return;
  context.sink.warning(
    "HK0211",
    delay,
    `\`preempt_delay\` means nothing with \`${without}\``,
    { label: "ignored" },
  );
  instance.clear("preemptDelayNs");
}

/** `state MASTER` without a priority means 255. */
function isAddressOwner(instance: InstanceDraft): boolean {
  const priority = instance.get("priority");
  return priority === OWNER_PRIORITY ||
    (priority === undefined && instance.get("state") === "MASTER");
}

function correctOwner(instance: InstanceDraft, context: ReadContext) {
  const at = instance.spanOf("ownerIgnoreAdverts");
  const written = instance.get("ownerIgnoreAdverts");
  const isOwner = isAddressOwner(instance);
  if (at === undefined || written === isOwner) return;
  context.sink.warning(
    "HK0225",
    at,
    isOwner
      ? "the owner of the addresses ignores adverts"
      : "only the owner of the addresses may ignore adverts",
    { label: `${isOwner} is used` },
  );
  instance.set("ownerIgnoreAdverts", isOwner, at);
}

function correctAddressCount(instance: InstanceDraft, context: ReadContext) {
  const ipv6Max = IPV6_ADDRESSES_MAX -
    (instance.authHmac === undefined ? 0 : TRAILER_ADDRESSES);
  const max = instance.family === 6 ? ipv6Max : IPV4_ADDRESSES_MAX;
  const first: AddressEntry | undefined = instance.addresses[max];
  if (first === undefined) return;
  context.sink.warning(
    "HK0220",
    first.at.self,
    `an advert has no room for more than ${max} addresses`,
    {
      label: "from here on they are held but not advertised",
      help: "put them into `virtual_ipaddress_excluded`, or split the instance",
    },
  );
  const excluded = [
    ...instance.addresses.splice(max),
    ...instance.excluded.splice(0),
  ];
  for (const entry of excluded) instance.excluded.push(entry);
}
