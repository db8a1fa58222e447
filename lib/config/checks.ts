/**
 * What the values of a configuration mean together, whichever language it was written in.
 *
 * The keepalived front end corrects what keepalived corrects before this sees it, so what is an error here in TOML
 * was a warning there. What keepalived itself refuses is an error in both.
 *
 * Says:    keepalived's own checks after reading; RFC 9568 §5.2 and §6.1.
 * Checks:  nothing of this machine.
 * @module
 */
import { familyOf, type IpAddress, isLinkLocal } from "../addr/ip_address.ts";
import type { Diagnostic, Span } from "../diag/diagnostic.ts";
import { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import { checkBootWaits } from "./boot_wait_checks.ts";
import { checkHmac } from "./hmac_checks.ts";
import type { VrrpVersion } from "../vrrp/router_config.ts";
import { checkAddressOptions } from "./address_checks.ts";
import { tellInactive } from "./inactive.ts";
import { checkLvs } from "./lvs_checks.ts";
import type { AddressEntry, Config, VrrpInstance } from "./model.ts";
import {
  instanceFamily,
  instanceInterface,
  instancePriority,
  instanceVersion,
} from "./instance_identity.ts";
import { checkGarpGroups } from "./garp_checks.ts";
import { twinsOf, twinsReport } from "./same_router.ts";
import { checkInterfaceDelays } from "./link_checks.ts";
import { checkStrictMode, isStrict, underStrictMode } from "./strict_mode.ts";
import { checkTracking } from "./tracking_checks.ts";
import { checkLinkNames, checkOwnLinks } from "./virtual_link_checks.ts";

const NS_PER_SECOND = 1_000_000_000;
const V3_STEP_NS = 10_000_000;
const V3_INTERVAL_NS_MAX = 40_950_000_000;
const OWNER = 255;
const PASSWORD_BYTES_MAX = 8;
/** What one advert counts, and what fits a packet of 1500 bytes. */
const ADDRESSES_MAX = { 4: 255, 6: 89 } as const;

/**
 * Everything wrong with `config` as a whole, in the order of its instances; `leftOut` are those that are not in it for
 * reasons that were told.
 */
export function checkConfig(
  config: Config,
  leftOut: readonly string[] = [],
): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  if (config.instances.length === 0 && leftOut.length === 0) {
    sink.advice(
      "HK0004",
      config.globals.at.self,
      "there is no `vrrp_instance`",
      {
        label: config.lvs.virtualServers.length === 0
          ? "the daemon would have nothing to do"
          : "virtual servers alone do nothing in this version",
      },
    );
  }
  for (const written of config.instances) {
    checkStrictMode(written, config.globals, sink);
    const instance = underStrictMode(written, config.globals);
    const version = instanceVersion(instance, config.globals);
    checkIdentity(written, sink);
    checkAuthentication(instance, version, sink);
    checkHmac(instance, sink);
    checkInterval(instance, version, sink);
    checkPreemption(instance, sink);
    checkTraffic(instance, version, sink);
    const isHeldToRfc = isStrict(instance, config.globals);
    checkAddresses(instance, version, isHeldToRfc, sink);
    checkOwnLinks(instance, sink);
  }
  for (const entry of config.globals.staticAddresses) {
    checkAddressOptions(entry, sink);
  }
  checkBootWaits(config, sink);
  checkLinkNames(config, sink);
  checkPlainPassword({
    ...config,
    instances: config.instances.map((one) =>
      underStrictMode(one, config.globals)
    ),
  }, sink);
  checkUniqueRouters(config, sink);
  checkSharedAddresses(config, sink);
  checkTracking(config, sink);
  checkGarpGroups(config, sink);
  checkInterfaceDelays(config, sink);
  checkLvs(config, sink);
  tellInactive(config, sink);
  return sink.diagnostics;
}

type Key = keyof VrrpInstance & string;

function spanOf(instance: VrrpInstance, key: Key): Span {
  return instance.at.of[key] ?? instance.at.of.name ?? instance.at.self;
}

function checkIdentity(instance: VrrpInstance, sink: DiagnosticSink) {
  const { name } = instance;
  // A value that was given and refused has been told already.
  if (
    instance.virtualRouterId === undefined &&
    instance.at.of.virtualRouterId === undefined
  ) {
    sink.error(
      "HK0201",
      spanOf(instance, "virtualRouterId"),
      `\`${name}\` has no virtual_router_id`,
      {
        label: "needs one, from 1 to 255",
        help:
          "give it the virtual_router_id that the other routers of this virtual router have",
      },
    );
  }
  checkVrf(instance, sink);
  if (
    instanceInterface(instance) === undefined &&
    instance.at.of.interface === undefined
  ) {
    sink.error(
      "HK0202",
      spanOf(instance, "interface"),
      `\`${name}\` has no interface`,
      { label: "needs the interface it speaks VRRP on" },
    );
  }
  if (instance.interface === "lo") {
    sink.error(
      "HK0226",
      spanOf(instance, "interface"),
      "VRRP cannot run on the loopback interface",
      { label: "nobody can hear it there" },
    );
  }
  if (instance.state === "MASTER" && instance.priority === undefined) {
    sink.advice(
      "HK0212",
      spanOf(instance, "state"),
      "`state MASTER` without a priority",
      {
        label: `makes this router the address owner, with priority ${OWNER}`,
        help: "say which priority it has, such as 150",
      },
    );
  }
}

/** A VRF stands for the interface of an instance that has peers, and for nothing else. */
function checkVrf(instance: VrrpInstance, sink: DiagnosticSink) {
  const { vrf, interface: name, unicastPeers = [] } = instance;
  if (vrf === undefined) return;
  const problem = name !== undefined
    ? "an instance with an interface is in that interface's VRF"
    : unicastPeers.length === 0
    ? "only an instance with unicast peers can do without an interface"
    : undefined;
  if (problem !== undefined) {
    const at = spanOf(instance, "vrf");
    sink.warning("HK0233", at, problem, { label: "it has no effect" });
  } else if (instance.unicastSourceIp === undefined) {
    sink.advice(
      "HK0233",
      spanOf(instance, "vrf"),
      "`vrf` without `unicast_src_ip`",
      {
        label: "the VRF device itself would have to have an address",
        help: "say which address of the VRF adverts come from",
      },
    );
  }
}

function checkAuthentication(
  instance: VrrpInstance,
  version: VrrpVersion,
  sink: DiagnosticSink,
) {
  const { authentication } = instance;
  if (authentication === undefined) return;
  const { type, password, at } = authentication;
  const typeAt = at.of.type ?? at.self;
  if (instance.authHmac !== undefined) {
    sink.warning("HK0205", typeAt, "`authentication` beside `auth_hmac`", {
      label: "it has no effect: adverts are signed",
    });
    return;
  }
  if (type === "AH") {
    sink.advice("HK0206", typeAt, "`auth_type AH` is outdated", {
      label: "removed from VRRP in 2004",
      help: "keep the routers on a network of their own instead",
    });
    if (instance.state === "MASTER") {
      sink.warning(
        "HK0228",
        spanOf(instance, "state"),
        "`state MASTER` means nothing with `auth_type AH`",
        {
          label: "the router starts as BACKUP",
          help: "use `state BACKUP` on all routers",
        },
      );
    }
  }
  // A value that was given and refused has been told already.
  const isRefused = (type === undefined && at.of.type !== undefined) ||
    (password === undefined && at.of.password !== undefined);
  if (isRefused) return;
  if (type === undefined || (password ?? "") === "") {
    sink.warning(
      "HK0207",
      at.self,
      type === undefined
        ? "a password without `auth_type`"
        : "`auth_type` without a password",
      { label: "there is no authentication" },
    );
  } else if (version === 3 || instanceFamily(instance) === 6) {
    sink.warning("HK0205", typeAt, "VRRPv3 has no authentication", {
      label: "it has no effect",
      help: "remove it; `auth_hmac` signs adverts of any version",
    });
  }
  const bytes = new TextEncoder().encode(password ?? "").length;
  if (bytes > PASSWORD_BYTES_MAX) {
    sink.warning(
      "HK0204",
      at.of.password ?? at.self,
      `the password is longer than ${PASSWORD_BYTES_MAX} bytes`,
      { label: `only the first ${PASSWORD_BYTES_MAX} count` },
    );
  }
}

/** Said once, however many instances have a password. */
function checkPlainPassword(
  { instances, globals }: Config,
  sink: DiagnosticSink,
) {
  const first = instances.find((instance) =>
    instance.authHmac === undefined &&
    instance.authentication?.type === "PASS" &&
    (instance.authentication.password ?? "") !== "" &&
    instanceVersion(instance, globals) === 2 && instanceFamily(instance) === 4
  )?.authentication;
  if (first === undefined) return;
  sink.advice(
    "HK0229",
    first.at.of.type ?? first.at.self,
    "`auth_type PASS` protects against nobody",
    {
      label: "the password can be read in every advert",
      help: "let a firewall accept VRRP from the other routers alone",
    },
  );
}

function checkInterval(
  instance: VrrpInstance,
  version: VrrpVersion,
  sink: DiagnosticSink,
) {
  const interval = instance.advertIntervalNs;
  if (interval === undefined) return;
  const seconds = interval / NS_PER_SECOND;
  const at = spanOf(instance, "advertIntervalNs");
  if (version === 2) {
    if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 255) return;
    sink.error(
      "HK0208",
      at,
      `VRRPv2 cannot send an interval of ${seconds} s`,
      {
        label: "must be whole seconds, 1 to 255",
        help: "use whole seconds, or `version` 3 on all routers",
      },
    );
  } else if (
    interval % V3_STEP_NS !== 0 || interval < V3_STEP_NS ||
    interval > V3_INTERVAL_NS_MAX
  ) {
    sink.error(
      "HK0209",
      at,
      `VRRPv3 cannot send an interval of ${seconds} s`,
      { label: "must be 0.01 to 40.95 s, in steps of 0.01 s" },
    );
  }
}

function checkPreemption(instance: VrrpInstance, sink: DiagnosticSink) {
  const isMaster = instance.state === "MASTER";
  const isOwner = instancePriority(instance) === OWNER;
  const reason = isMaster ? "`state` MASTER" : `priority ${OWNER}`;
  if (instance.preempt === false && (isMaster || isOwner)) {
    sink.warning(
      "HK0210",
      spanOf(instance, "preempt"),
      `\`nopreempt\` means nothing with ${reason}`,
      { label: "it has no effect", help: "use `state` BACKUP on all routers" },
    );
  }
  const delay = instance.preemptDelayNs ?? 0;
  if (delay > 0 && (isMaster || instance.preempt === false)) {
    sink.warning(
      "HK0211",
      spanOf(instance, "preemptDelayNs"),
      `\`preempt_delay\` means nothing with ${
        isMaster ? "`state` MASTER" : "`nopreempt`"
      }`,
      { label: "it has no effect" },
    );
  }
  if (
    instance.timerExpiredBackup !== undefined && instance.preempt !== false
  ) {
    sink.warning(
      "HK0293",
      spanOf(instance, "timerExpiredBackup"),
      "`timer_expired_backup` without `nopreempt`",
      { label: "it has no effect" },
    );
  }
  if (instance.ownerIgnoreAdverts === true && !isOwner) {
    sink.warning(
      "HK0225",
      spanOf(instance, "ownerIgnoreAdverts"),
      "only the owner of the addresses may ignore adverts",
      { label: "it has no effect" },
    );
  }
}

function checkTraffic(
  instance: VrrpInstance,
  version: VrrpVersion,
  sink: DiagnosticSink,
) {
  const peers = instance.unicastPeers ?? [];
  const source = instance.unicastSourceIp ?? instance.multicastSourceIp;
  if (peers.length === 0) {
    const key = ([
      "unicastSourceIp",
      "unicastPeers",
      "unicastTtl",
      "checkUnicastSource",
      "oldUnicastChecksum",
    ] as const).find((one) => instance[one] !== undefined);
    const at = key === undefined ? undefined : spanOf(instance, key);
    // Peers that were given and refused have been told already.
    const isRefused = instance.unicastPeers === undefined &&
      instance.at.of.unicastPeers !== undefined;
    if (at !== undefined && !isRefused) {
      sink.warning(
        "HK0217",
        at,
        `\`${instance.name}\` has unicast settings and no peer`,
        {
          label: instance.faultWithoutPeers && instance.unicastPeers
            ? "it cannot run, as `unicast_fault_no_peer` asks"
            : "adverts go to the multicast group",
        },
      );
    }
  } else if (instance.multicastDestinationIp !== undefined) {
    sink.warning(
      "HK0218",
      spanOf(instance, "multicastDestinationIp"),
      "`mcast_dst_ip` with unicast peers",
      { label: "it has no effect: adverts go to the peers" },
    );
  }
  checkFamilies(instance, sink);
  for (const { address, ttlMin = 0, ttlMax = 255, at } of peers) {
    if (address === source) {
      sink.advice("HK0227", at.self, `\`${address}\` is our own address`, {
        label: "a router is not its own peer",
        help: "list the other routers only",
      });
    }
    if (ttlMin > ttlMax) {
      sink.error(
        "HK0224",
        at.of.ttlMin ?? at.self,
        `min_ttl ${ttlMin} is above max_ttl ${ttlMax}`,
        { label: "no advert could be accepted" },
      );
    }
  }
  if (version === 2 && instanceFamily(instance) === 6) {
    sink.error(
      "HK0221",
      spanOf(instance, "version"),
      "there is no VRRPv2 for IPv6",
      { label: "must be 3", help: "use `version` 3 on all routers" },
    );
  }
}

/** Adverts go from and to addresses of the family that they speak for. */
function checkFamilies(instance: VrrpInstance, sink: DiagnosticSink) {
  const family = instanceFamily(instance);
  const check = (address: IpAddress | undefined, at: Span) => {
    if (address === undefined || familyOf(address) === family) return;
    sink.error("HK0214", at, `\`${address}\` is not IPv${family}`, {
      label: `\`${instance.name}\` is an IPv${family} instance`,
    });
  };
  for (
    const key of [
      "unicastSourceIp",
      "multicastSourceIp",
      "multicastDestinationIp",
    ] as const
  ) check(instance[key], spanOf(instance, key));
  for (const { address, at } of instance.unicastPeers ?? []) {
    check(address, at.self);
  }
}

function checkAddresses(
  instance: VrrpInstance,
  version: VrrpVersion,
  isHeldToRfc: boolean,
  sink: DiagnosticSink,
) {
  const { virtualAddresses, excludedAddresses } = instance;
  const family = instanceFamily(instance);
  if (virtualAddresses.length === 0 && instance.noVirtualAddresses !== true) {
    const at = spanOf(instance, "virtualAddresses");
    const message = `\`${instance.name}\` has no virtual address`;
    if (version === 3 || isHeldToRfc) {
      sink.error("HK0213", at, message, {
        label: isHeldToRfc
          ? "strict mode needs at least one"
          : "VRRPv3 needs at least one",
      });
    } else {
      sink.warning("HK0213", at, message, {
        label: "being MASTER changes nothing",
      });
    }
  }
  for (const { address, family: own, at } of virtualAddresses) {
    if (own === family) continue;
    sink.error("HK0214", at.self, `\`${address}\` is not IPv${family}`, {
      label: `\`${instance.name}\` is an IPv${family} instance`,
      help:
        "make an instance of its own for it; it may have the same virtual_router_id",
    });
  }
  checkTwice(instance, sink);
  for (const entry of [...virtualAddresses, ...excludedAddresses]) {
    checkAddressOptions(entry, sink);
  }
  const tooMany = virtualAddresses[ADDRESSES_MAX[family]];
  if (tooMany !== undefined) {
    sink.error(
      "HK0220",
      tooMany.at.self,
      `an advert has no room for more than ${ADDRESSES_MAX[family]} addresses`,
      {
        help: "put the rest into `virtual_ipaddress_excluded`, or split it",
      },
    );
  }
  const [first] = virtualAddresses;
  if (
    first !== undefined && family === 6 && first.family === 6 &&
    !isLinkLocal(first.address)
  ) {
    const message = "the first IPv6 address is not link-local";
    const label = "routers of other makers may reject such adverts";
    if (isHeldToRfc) sink.warning("HK0222", first.at.self, message, { label });
    else sink.advice("HK0222", first.at.self, message, { label });
  }
}

function checkTwice(instance: VrrpInstance, sink: DiagnosticSink) {
  const { virtualAddresses, excludedAddresses } = instance;
  const seen = new Map<string, AddressEntry>();
  for (const entry of [...virtualAddresses, ...excludedAddresses]) {
    const key = `${entry.address} ${entry.interface ?? ""}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, entry);
    else {
      sink.warning(
        "HK0215",
        entry.at.self,
        `\`${entry.address}\` is listed twice`,
        {
          label: "it has no effect",
          related: [{ span: before.at.self, message: "listed first here" }],
        },
      );
    }
  }
}

/** Two virtual routers may not share a vrid where their adverts meet. */
function checkUniqueRouters(
  { instances, globals }: Config,
  sink: DiagnosticSink,
) {
  for (const twins of twinsOf(instances, globals)) {
    const { span, message, details } = twinsReport(twins);
    sink.error("HK0203", span, message, details);
  }
}

/** Whoever leaves MASTER first would remove what the other still needs. */
function checkSharedAddresses({ instances }: Config, sink: DiagnosticSink) {
  const seen = new Map<string, { owner: VrrpInstance; entry: AddressEntry }>();
  for (const owner of instances) {
    for (
      const entry of [...owner.virtualAddresses, ...owner.excludedAddresses]
    ) {
      const device = entry.interface ?? owner.interface ?? "";
      const key = `${entry.address} ${device}`;
      const before = seen.get(key);
      if (before === undefined) seen.set(key, { owner, entry });
      else if (before.owner !== owner) {
        sink.advice(
          "HK0216",
          entry.at.self,
          `\`${entry.address}\` is in \`${before.owner.name}\` too`,
          {
            label: "whichever leaves MASTER first removes it",
            related: [{ span: before.entry.at.self, message: "the other one" }],
          },
        );
      }
    }
  }
}
