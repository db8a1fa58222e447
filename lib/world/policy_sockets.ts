/**
 * rtnetlink for routes and policy rules: one socket that orders, one that listens. Opened only where a configuration
 * has some, for the kernel tells of every route there is.
 *
 * Says:    rtnetlink(7). The kernel puts the port of who ordered a change into what it tells of it.
 * Errors:  what the kernel refuses goes to the sink; adding what is there and removing what is not is no failure.
 *          After lost messages (ENOBUFS) nothing is known of routes and rules any more.
 * Cost:    orders are written ahead; a flush is one `sendmsg` for all of its kind, and a `recv` an acknowledgement.
 * @module
 */
import { assert } from "../assert.ts";
import {
  EAGAIN,
  EEXIST,
  ENOBUFS,
  errnoName,
  SysError,
} from "../../ffi/sys_error.ts";
import {
  OUR_ROUTE_PROTOCOL,
  type Policy,
  policyKey,
  textOfPolicy,
  type VirtualRoute,
} from "../vrrp/virtual_route.ts";
import {
  decodeErrorAnswer,
  NETLINK_FLAG,
  NETLINK_TYPE,
  NetlinkBatch,
  NetlinkReader,
} from "../wire/netlink.ts";
import {
  decodeRoute,
  encodeDeleteRoute,
  encodeNewRoute,
  ROUTE_MESSAGE,
  type RouteSpec,
} from "../wire/rtnetlink_route.ts";
import {
  decodeRule,
  encodeDeleteRule,
  encodeNewRule,
  RULE_MESSAGE,
} from "../wire/rtnetlink_rule.ts";
import type { PolicyChange } from "../route/route_plan.ts";
import type { EngineSink } from "./engine_world.ts";
import { BATCH_BYTES, NetlinkPair, RECEIVE_BYTES } from "./netlink_pair.ts";

/** RTNLGRP_* */
const GROUP = { ipv4Route: 7, ipv4Rule: 8, ipv6Route: 11, ipv6Rule: 19 };
const DRAFT_BYTES = 4096;
const ENOENT = 2;
const ESRCH = 3;
const ENODEV = 19;

interface WrittenPolicy {
  /** For which interfaces. */
  readonly indexes: string;
  readonly add: Uint8Array;
  readonly remove: Uint8Array;
}

export class PolicySockets {
  readonly #sockets: NetlinkPair;
  readonly #reader = new NetlinkReader();
  readonly #received = new Uint8Array(RECEIVE_BYTES);
  readonly #batch = new NetlinkBatch(BATCH_BYTES);
  readonly #draft = new NetlinkBatch(DRAFT_BYTES);
  readonly #written = new WeakMap<Policy, WrittenPolicy>();
  #removals: PolicyChange[] = [];
  #additions: PolicyChange[] = [];
  /** What was sent and is to be answered, by sequence number minus `#firstSequence`. */
  #sent: PolicyChange[] = [];
  #firstSequence = 1;
  #awaited = 0;

  constructor(libnlPath: string) {
    this.#sockets = new NetlinkPair(libnlPath, Object.values(GROUP));
  }

  /** Readable when routes or rules changed. */
  get monitorFd(): number {
    return this.#sockets.monitor.fd;
  }

  close(): void {
    this.#sockets.close();
  }

  /** Writes both orders of a change, so that a take-over only has to send them. */
  prepare(change: PolicyChange): void {
    this.#writtenFor(change);
  }

  queue(change: PolicyChange): void {
    (change.present ? this.#additions : this.#removals).push(change);
  }

  /** Sends what is to go: before the addresses that it may depend on. */
  flushRemovals(): void {
    const changes = this.#removals;
    if (changes.length === 0) return;
    this.#removals = [];
    this.#order(changes);
  }

  /** Sends what is to come: after the addresses that it may depend on. */
  flushAdditions(): void {
    const changes = this.#additions;
    if (changes.length === 0) return;
    this.#additions = [];
    this.#order(changes);
  }

  /** Reads the answers; call it when nothing urgent is left to do. */
  collectAnswers(sink: EngineSink): void {
    if (this.#awaited === 0) return;
    while (this.#awaited > 0) {
      const length = this.#sockets.orders.receive(this.#received);
      if (length < 0) break;
      this.#reader.reset(this.#received, length);
      while (this.#reader.next()) this.#answer(sink);
    }
    this.#firstSequence += this.#sent.length;
    this.#sent = [];
    this.#awaited = 0;
  }

  /** Tells the sink what somebody changed. */
  drain(sink: EngineSink): void {
    for (;;) {
      const length = this.#sockets.monitor.receive(this.#received);
      if (length < 0) {
        if (length === -EAGAIN) return;
        if (length !== -ENOBUFS) {
          throw new SysError("recv", -length, "hear of routes and rules");
        }
        sink.policiesUnknown();
        continue;
      }
      this.#reader.reset(this.#received, length);
      while (this.#reader.next()) this.#tell(sink);
    }
  }

  #tell(sink: EngineSink): void {
    const reader = this.#reader;
    const byUs = reader.portId === this.#sockets.orders.portId;
    switch (reader.type) {
      case ROUTE_MESSAGE.newRoute:
        // A route that replaces ours is all that is told of the end of ours.
        if (byUs || (reader.flags & NETLINK_FLAG.replace) === 0) return;
        this.#tellRoute(sink, byUs, OUR_ROUTE_PROTOCOL);
        return;
      case ROUTE_MESSAGE.deleteRoute:
        this.#tellRoute(sink, byUs, undefined);
        return;
      case RULE_MESSAGE.deleteRule: {
        const rule = decodeRule(reader);
        if (rule === undefined) return;
        const key = policyKey({
          kind: "rule",
          ...rule,
          destination: "",
          table: 0,
        });
        sink.policyGone(key, byUs);
        return;
      }
    }
  }

  #tellRoute(
    sink: EngineSink,
    byUs: boolean,
    protocol: number | undefined,
  ): void {
    const route = decodeRoute(this.#reader);
    if (route === undefined) return;
    sink.policyGone(
      policyKey({
        kind: "route",
        ...route,
        protocol: protocol ?? route.protocol,
      }),
      byUs,
    );
  }

  #order(changes: readonly PolicyChange[]): void {
    this.#batch.clear();
    for (const change of changes) {
      const sequence = this.#firstSequence + this.#sent.length;
      const { add, remove } = this.#writtenFor(change);
      const message = change.present ? add : remove;
      if (!this.#batch.append(message, sequence)) {
        this.#send();
        this.#batch.append(message, sequence);
      }
      this.#sent.push(change);
      this.#awaited++;
    }
    this.#send();
  }

  #send(): void {
    if (this.#batch.count === 0) return;
    if (!this.#sockets.orders.send(this.#batch.bytes, this.#batch.length)) {
      throw new SysError("nl_sendto", EAGAIN, "change routes and rules");
    }
    this.#batch.clear();
  }

  #answer(sink: EngineSink): void {
    const reader = this.#reader;
    const change = this.#sent[reader.sequence - this.#firstSequence];
    if (change === undefined || reader.type !== NETLINK_TYPE.error) return;
    this.#awaited--;
    const answer = decodeErrorAnswer(reader);
    if (answer === undefined || answer.errno === 0) return;
    const { errno, message } = answer;
    const isExpected = change.present
      ? errno === EEXIST
      : errno === ESRCH || errno === ENOENT || errno === ENODEV;
    if (isExpected) return;
    const verb = change.present ? "add" : "remove";
    const why = message === undefined ? "" : ` (${message})`;
    const isRoute = change.policy.kind === "route";
    sink.policyFailed(change, {
      doing: `${verb} ${textOfPolicy(change.policy)}${why}`,
      call: `RTM_${change.present ? "NEW" : "DEL"}${
        isRoute ? "ROUTE" : "RULE"
      }`,
      errno,
      name: errnoName(errno),
    });
  }

  #writtenFor({ policy, indexes }: PolicyChange): WrittenPolicy {
    const key = indexes.join(" ");
    const known = this.#written.get(policy);
    if (known?.indexes === key) return known;
    const written = policy.kind === "rule"
      ? {
        indexes: key,
        add: this.#write((draft) => encodeNewRule(draft, 0, policy)),
        remove: this.#write((draft) => encodeDeleteRule(draft, 0, policy)),
      }
      : this.#writeRoute(policy, indexes, key);
    this.#written.set(policy, written);
    return written;
  }

  #writeRoute(
    route: VirtualRoute,
    indexes: readonly number[],
    key: string,
  ): WrittenPolicy {
    const spec = toSpec(route, indexes);
    return {
      indexes: key,
      add: this.#write((draft) => encodeNewRoute(draft, 0, spec, route.mode)),
      remove: this.#write((draft) => encodeDeleteRoute(draft, 0, spec)),
    };
  }

  #write(encode: (draft: NetlinkBatch) => boolean): Uint8Array {
    this.#draft.clear();
    assert(encode(this.#draft), "A route's order is larger than its draft");
    return this.#draft.copyOfOnly();
  }
}

function toSpec(route: VirtualRoute, indexes: readonly number[]): RouteSpec {
  const indexAt = (place: number) => indexes[place] || undefined;
  return {
    ...route,
    ifIndex: indexAt(0),
    nextHops: route.nextHops.map((hop, place) => ({
      ...hop,
      ifIndex: indexAt(place + 1),
    })),
  };
}
