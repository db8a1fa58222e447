/**
 * What a change of state has to be like, judged from outside the engine: by whom a MASTER may be made to yield, and who
 * says farewell.
 * @module
 */
import { compareIpAddresses } from "../../lib/addr/ip_address.ts";
import type { EngineNotice } from "../../lib/engine/port.ts";
import { advertInterface } from "../../lib/vrrp/virtual_link.ts";
import type { RouterConfig } from "../../lib/vrrp/router_config.ts";
import type { Host } from "./host.ts";

export type Transition = Extract<
  EngineNotice,
  { readonly kind: "transition" }
>["transition"];

/** What is wrong with a transition; undefined when nothing is. `saidFarewell` is about this moment. */
export function judgeTransition(
  host: Host,
  { router: name, from, to, cause, master, priority, atNs }: Transition,
  saidFarewell: boolean,
): string | undefined {
  if (from !== "MASTER") return undefined;
  const yields = `${name} yields to ${master?.address} ${master?.priority}`;
  switch (cause) {
    case "higherPriorityAdvert":
      return (master?.priority ?? 0) > priority
        ? undefined
        : `${yields}, and has ${priority} itself`;
    case "tieBreak": {
      // It may have lost its address in the same moment.
      const source = host.snapshot(name)?.source;
      const isRight = master !== undefined && master.priority === priority &&
        (source === undefined ||
          compareIpAddresses(master.address, source) > 0);
      return isRight ? undefined : `${yields}, and is ${source} ${priority}`;
    }
    default: {
      // What is told later happened under circumstances that nobody knows any more.
      if (to !== "FAULT" || atNs !== host.nowNs) return undefined;
      const router = host.plan.routers.find((one) => one.name === name);
      return router === undefined || saidFarewell || !canSend(host, router)
        ? undefined
        : `${name} is in ${to} without a farewell`;
    }
  }
}

/** Whether adverts can leave. */
function canSend(host: Host, router: RouterConfig): boolean {
  const { ownLink, interface: link } = router;
  // An ipvlan has an address of its own.
  const hasSource = ownLink?.link.kind === "ipvlan" || host.isOwnUsable(link);
  return host.isUp(link) && hasSource && host.isUp(advertInterface(router));
}
