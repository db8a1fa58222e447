/**
 * What the daemon knows of each instance from the engine's notices: enough for one line and for a log's fields.
 * @module
 */
import type { EngineNotice, PutRouter } from "../engine/port.ts";
import { reasonsText } from "../status/reason_text.ts";
import { type InstanceBrief, summaryLine } from "../status/status_document.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { RouterFacts } from "./wording.ts";

interface Instance extends InstanceBrief, RouterFacts {}

export class InstanceBoard {
  readonly #instances = new Map<string, Instance>();

  constructor(routers: readonly RouterConfig[]) {
    this.replan(routers);
  }

  /** From now on these are the instances; those that stay are what they were, also under another name. */
  replan(
    routers: readonly RouterConfig[],
    renamed: readonly PutRouter[] = [],
  ): void {
    const before = new Map(this.#instances);
    for (const { router, replaces } of renamed) {
      const old = replaces === undefined ? undefined : before.get(replaces);
      if (old !== undefined) before.set(router.name, old);
    }
    this.#instances.clear();
    for (const { name, vrid, interface: link } of routers) {
      const { state, reason } = before.get(name) ??
        { state: "WAITING", reason: null };
      this.#instances.set(name, { name, vrid, interface: link, state, reason });
    }
  }

  /** Facts of an instance, for the log. */
  facts(name: string): RouterFacts | undefined {
    const instance = this.#instances.get(name);
    if (instance === undefined) return undefined;
    const { vrid, interface: link, state } = instance;
    return { vrid, interface: link, state };
  }

  /** Takes a notice in; true if it changed what an instance is or waits for. */
  hear(notice: EngineNotice): boolean {
    switch (notice.kind) {
      case "transition": {
        const { router, to, reasons } = notice.transition;
        return this.#change(router, to, reasonsText(reasons));
      }
      case "gate": {
        const state = this.#instances.get(notice.router)?.state;
        return state !== undefined &&
          this.#change(notice.router, state, reasonsText(notice.reasons));
      }
      default:
        return false;
    }
  }

  /** All of it in one line, for systemd. */
  get summary(): string {
    return summaryLine([...this.#instances.values()]);
  }

  #change(name: string, state: RouterFacts["state"], reasons: string): boolean {
    const before = this.#instances.get(name);
    if (before === undefined) return false;
    const reason = reasons === "" ? null : reasons;
    if (before.state === state && before.reason === reason) return false;
    this.#instances.set(name, { ...before, state, reason });
    return true;
  }
}
