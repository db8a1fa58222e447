/**
 * `promote_secondaries`: the interfaces of some routers keep secondary addresses when their primary one goes.
 *
 * Says:    linux Documentation/networking/ip-sysctl.rst, `promote_secondaries`; keepalived has it set from its start to
 *          its stop, whatever state the instance is in.
 * @module
 */
import type { EngineWorld } from "../world/engine_world.ts";
import type { LinkTable } from "./link_table.ts";
import type { RouterRoster } from "./router_roster.ts";

export class SecondaryPromotion {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #roster: RouterRoster;
  /** Interfaces that have it from us, by name: the link's index. */
  readonly #set = new Map<string, number>();

  constructor(world: EngineWorld, links: LinkTable, roster: RouterRoster) {
    this.#world = world;
    this.#links = links;
    this.#roster = roster;
  }

  /** Makes it so for the interfaces that there are now, and no longer for others. */
  repair(): void {
    const { withPromotion } = this.#roster;
    if (withPromotion.length === 0 && this.#set.size === 0) return;
    const wanted = new Set(
      withPromotion.map(({ config }) => config.interface),
    );
    for (const [name, index] of this.#set) {
      if (!wanted.has(name) || this.#links.named(name)?.index !== index) {
        this.#end(name);
      }
    }
    for (const name of wanted) {
      const index = this.#links.named(name)?.index;
      if (index === undefined || this.#set.has(name)) continue;
      this.#set.set(name, index);
      this.#world.promoteSecondaries(name, true);
    }
  }

  /** The daemon stops. */
  endAll(): void {
    for (const name of [...this.#set.keys()]) this.#end(name);
  }

  #end(name: string): void {
    this.#set.delete(name);
    this.#world.promoteSecondaries(name, false);
  }
}
