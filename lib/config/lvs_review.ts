/**
 * What the settings of a virtual server mean together, for both languages.
 *
 * keepalived corrects each mistake and says so; its front end takes the corrected server, so that it is run, printed
 * and checked as if it had been written correctly. In TOML each is an error. One pass does both: it reports a mistake
 * and goes on with what keepalived would use.
 *
 * Says:    keepalived's checks after reading, in their order.
 * @module
 */
import { familyOf, isLinkLocal } from "../addr/ip_address.ts";
import type { DiagnosticCode } from "../diag/codes.ts";
import type { RelatedPlace, Span } from "../diag/diagnostic.ts";
import type {
  ForwardingMethod,
  RealServer,
  VirtualServer,
  VirtualServerGroup,
} from "./lvs_model.ts";
import { serverMethod, serverWeight, serviceFamily } from "./resolve_lvs.ts";

const NS_PER_SECOND = 1e9;
const PERSISTENCE_NS = 360 * NS_PER_SECOND;

/** A mistake, and what keepalived makes of it. */
export interface Mistake {
  readonly code: DiagnosticCode;
  readonly at: Span;
  readonly message: string;
  /** What is used instead, or what becomes of it. */
  readonly used: string;
  /** What would be right. */
  readonly wanted: string;
  /** What to do. */
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
  /** keepalived does not complain. */
  readonly isSilent?: true;
}

/** The groups of a configuration by name. */
export type Groups = ReadonlyMap<string, VirtualServerGroup>;

type Report = (mistake: Mistake) => void;

/** Reports what is wrong with `server`; returns it corrected, or undefined when keepalived drops it. */
export function reviewVirtualServer(
  server: VirtualServer,
  groups: Groups,
  report: Report,
): VirtualServer | undefined {
  const group = server.group === undefined
    ? undefined
    : groups.get(server.group);
  if (server.group !== undefined && group === undefined) {
    report({
      code: "HK0607",
      at: server.at.of.group ?? server.at.self,
      message: `no \`virtual_server_group ${server.group}\``,
      used: "the virtual server is dropped",
      wanted: "must be the name of a group",
      isSilent: true,
    });
    return undefined;
  }
  const service = new ServiceReview(server, group, report);
  service.reviewService();
  service.reviewServers();
  service.reviewPorts();
  service.reviewQuorum();
  return service.server;
}

class ServiceReview {
  server: VirtualServer;
  readonly #group: VirtualServerGroup | undefined;
  readonly #report: Report;

  constructor(
    server: VirtualServer,
    group: VirtualServerGroup | undefined,
    report: Report,
  ) {
    this.server = server;
    this.#group = group;
    this.#report = report;
  }

  #spanOf(key: keyof VirtualServer & string): Span {
    return this.server.at.of[key] ?? this.server.at.self;
  }

  #change(change: Partial<VirtualServer>) {
    this.server = { ...this.server, ...change };
  }

  get #hasMark(): boolean {
    return this.server.firewallMark !== undefined ||
      (this.#group?.entries.some(({ kind }) => kind === "firewallMark") ??
        false);
  }

  /** No packet is told by its protocol. */
  get #isMarkOnly(): boolean {
    return this.server.firewallMark !== undefined ||
      (this.#group?.entries.every(({ kind }) => kind === "firewallMark") ??
        false);
  }

  /** Protocol, flags and persistence. */
  reviewService() {
    const { server } = this;
    if (server.haSuspend === true && this.#hasMark) {
      this.#means("haSuspend", "`ha_suspend`", "a fwmark");
    }
    if (this.#isMarkOnly) {
      if (server.protocol !== undefined) {
        this.#means("protocol", "`protocol`", "a fwmark");
      }
    } else if (server.protocol === undefined) {
      this.#report({
        code: "HK0610",
        at: server.at.self,
        message: "the virtual server has no `protocol`",
        used: "`UDP` is used",
        wanted: "must be given: TCP, UDP or SCTP",
        help: "say which protocol clients use",
      });
      this.#change({ protocol: "UDP" });
    }
    if (
      server.onePacket === true && !this.#isMarkOnly &&
      this.server.protocol !== "UDP"
    ) this.#means("onePacket", "`ops`", `protocol ${this.server.protocol}`);
    this.#reviewZeroPort();
  }

  /** Reports a setting that means nothing beside another, and takes it back. */
  #means(
    key: "haSuspend" | "protocol" | "onePacket",
    name: string,
    beside: string,
  ) {
    this.#report({
      code: "HK0609",
      at: this.#spanOf(key),
      message: `${name} means nothing with ${beside}`,
      used: "ignored",
      wanted: "must not be given",
    });
    this.#change({ [key]: undefined });
  }

  #reviewZeroPort() {
    const { server } = this;
    const isPersistent = server.persistenceTimeoutNs !== undefined ||
      server.persistenceGranularity !== undefined;
    if (isPersistent) return;
    const open = this.#group?.entries.find((entry) =>
      entry.kind === "addresses" && entry.port === undefined
    );
    const isOpen = server.address !== undefined && server.port === undefined;
    if (open === undefined && !isOpen) return;
    this.#report({
      code: "HK0606",
      at: isOpen ? this.#spanOf("address") : this.#spanOf("group"),
      message: "all ports without persistence",
      used: "`persistence_timeout 360` is used",
      wanted: "needs a port, or `persistence_timeout`",
      help: "give it a port, or say how long a client stays with its server",
      ...(open === undefined ? {} : {
        related: [{ span: open.at.self, message: "this entry has no port" }],
      }),
    });
    this.#change({ persistenceTimeoutNs: PERSISTENCE_NS });
  }

  /** Families, and servers that are listed twice. */
  reviewServers() {
    const { server } = this;
    const family = serviceFamily(server);
    const seen = new Map<string, RealServer>();
    const kept: RealServer[] = [];
    for (const one of server.realServers) {
      const { address } = one;
      if (address === undefined) continue;
      const isTunnel = serverMethod(one, server).kind === "TUN";
      if (!isTunnel && family !== undefined && familyOf(address) !== family) {
        this.#report({
          code: "HK0604",
          at: one.at.of.address ?? one.at.self,
          message: `\`${address}\` is not IPv${family}`,
          used: "the real server is dropped",
          wanted: "must be of the virtual server's family, unless by TUN",
          help: "only tunnels lead to another family",
        });
        continue;
      }
      // Without a port of its own it has the virtual server's.
      const key = `${address} ${one.port ?? server.port ?? 0}`;
      const before = seen.get(key);
      if (before === undefined) {
        seen.set(key, one);
        kept.push(one);
      } else this.#twice(one, before);
    }
    if (kept.length < server.realServers.length) {
      this.#change({ realServers: kept });
    }
  }

  #twice(one: RealServer, before: RealServer) {
    this.#report({
      code: "HK0603",
      at: one.at.of.address ?? one.at.self,
      message: `the real server ${one.address} is listed twice`,
      used: "this one is dropped",
      wanted: "must be listed once",
      help: "to send more clients there, raise its `weight`",
      related: [{
        span: before.at.of.address ?? before.at.self,
        message: "listed first here",
      }],
    });
  }

  /** What the servers weigh together bounds the quorum, and that the hysteresis. */
  reviewQuorum() {
    const { server } = this;
    const sum = server.realServers.reduce(
      (all, one) => all + serverWeight(one, server),
      0,
    );
    const asked = server.quorum ?? 1;
    const quorum = Math.min(asked, sum);
    // With weights of 0 alone there is nothing to lower it to that could be written; `lvs_checks.ts` warns.
    if (sum === 0) return;
    if (quorum < asked) {
      this.#report({
        code: "HK0435",
        at: this.#spanOf("quorum"),
        message: `the real servers weigh ${sum} together`,
        used: `${sum} is used`,
        wanted: `must be ${sum} at most`,
        help: "lower the quorum, or raise the weights",
      });
      this.#change({ quorum });
    }
    const { hysteresis } = server;
    if (hysteresis === undefined || hysteresis < quorum) return;
    const used = quorum - 1;
    this.#report({
      code: "HK0608",
      at: this.#spanOf("hysteresis"),
      message: `hysteresis ${hysteresis} is not below the quorum of ${quorum}`,
      used: `${used} is used`,
      wanted: `must be below ${quorum}`,
    });
    this.#change({ hysteresis: used });
  }

  /** Without NAT a server gets packets for the port that clients sent them to. */
  reviewPorts() {
    const { server } = this;
    let isChanged = false;
    const realServers = server.realServers.map((one) => {
      const wrong = this.#wrongPort(one.port, serverMethod(one, server));
      if (wrong === undefined) return one;
      isChanged = true;
      this.#reportPort(one.at.of.port ?? one.at.self, wrong);
      return { ...one, port: undefined };
    });
    if (isChanged) {
      this.#change({ realServers });
      this.reviewServers();
    }
    const { sorryServer } = server;
    if (sorryServer === undefined) return;
    const wrong = this.#wrongPort(sorryServer.port, sorryMethod(server));
    if (wrong === undefined) return;
    this.#reportPort(this.#spanOf("sorryServer"), wrong);
    this.#change({ sorryServer: { ...sorryServer, port: undefined } });
  }

  /** Why a server's port cannot be; undefined when it can. */
  #wrongPort(
    port: number | undefined,
    method: ForwardingMethod,
  ): string | undefined {
    if (port === undefined || method.kind === "NAT") return undefined;
    if (this.server.firewallMark !== undefined) {
      return `port ${port} behind a fwmark with ${method.kind}`;
    }
    const other = this.#group === undefined
      ? this.server.port !== port
      : this.#group.entries.some((entry) =>
        entry.kind === "firewallMark" || entry.port !== port
      );
    return other
      ? `port ${port} is not the virtual server's, with ${method.kind}`
      : undefined;
  }

  #reportPort(at: Span, message: string) {
    this.#report({
      code: "HK0605",
      at,
      message,
      used: "ignored: packets keep the port that they were sent to",
      wanted: "must not be given: packets keep the port they were sent to",
      help: "leave the port out, or use NAT",
    });
  }
}

function sorryMethod(server: VirtualServer): ForwardingMethod {
  return server.sorryServerMethod ?? server.method ??
    { kind: "NAT", tunnel: undefined };
}

/** Whether a checker cannot reach its address for lack of an interface. */
export function isUnreachable(
  target: Parameters<typeof isLinkLocal>[0] | undefined,
  bindInterface: string | undefined,
): boolean {
  return target !== undefined && bindInterface === undefined &&
    familyOf(target) === 6 && isLinkLocal(target);
}
