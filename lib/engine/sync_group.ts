/**
 * A sync group as the engine runs it: its members move together.
 *
 * Whatever one member does by itself is over when {@linkcode SyncGroup.follow} is asked what the others have to do.
 * @module
 */
import {
  groupStateName,
  mayBecomeMaster,
  type SyncGroupConfig,
} from "../vrrp/sync_group.ts";
import type {
  GateReason,
  RouterEffect,
  RouterEvent,
  RouterStateName,
} from "../vrrp/router_io.ts";
import {
  isRunning,
  type RouterState,
  stateName,
} from "../vrrp/router_state.ts";
import type { RouterRuntime } from "./router_runtime.ts";

type Step = (router: RouterRuntime, event: RouterEvent) => void;

export class SyncGroup {
  /** State that the daemon was told last. */
  told: RouterStateName | undefined;

  constructor(
    readonly config: SyncGroupConfig,
    readonly members: readonly RouterRuntime[],
  ) {}

  get state(): RouterStateName {
    return groupStateName(this.members.map(({ state }) => stateName(state)));
  }

  /** Steps the others after `router` came from `before` by `event` with `effects`. */
  follow(
    router: RouterRuntime,
    before: RouterState,
    event: RouterEvent,
    effects: readonly RouterEffect[],
    step: Step,
  ): void {
    const { state } = router;
    if (state.kind === "backup") {
      if (state.wantsMaster) this.#promote(router, event, step);
      else if (before.kind === "master" || isFollowing(event, effects)) {
        for (const other of this.#othersIn(router, "master")) {
          step(other, { kind: "groupBackup" });
        }
      }
    } else if (state.kind === "master" && effects.some(isHeardLower)) {
      for (const other of this.#othersIn(router, "master")) {
        step(other, { kind: "groupHeardLower" });
      }
    }
  }

  /** Why `router` may not run though nothing of its own forbids it; undefined when the others can run, too. */
  obstacle(router: RouterRuntime): GateReason | undefined {
    const mayPend = isRunning(router.state);
    const blocked = this.members.filter((member) =>
      member !== router && member.own?.kind === "closed" &&
      !(mayPend && member.own.reasons.every(isPending))
    );
    if (blocked.length === 0) return undefined;
    return {
      kind: "syncGroup",
      group: this.config.name,
      members: blocked.map(({ config }) => config.name),
      isFault: blocked.some(({ own }) =>
        own?.kind === "closed" &&
        own.reasons.some(({ kind }) => kind === "trackerFailed")
      ),
    };
  }

  #promote(router: RouterRuntime, event: RouterEvent, step: Step): void {
    if (!mayBecomeMaster(this.members.map(({ state }) => state))) return;
    const cause = event.kind === "gateOpened" ? "owner" : "masterDownTimer";
    step(router, { kind: "groupMaster", cause });
    for (const other of this.#othersIn(router, "backup")) {
      step(other, { kind: "groupMaster", cause: "syncGroup" });
    }
  }

  #othersIn(
    router: RouterRuntime,
    kind: RouterState["kind"],
  ): readonly RouterRuntime[] {
    return this.members.filter((other) =>
      other !== router && other.state.kind === kind
    );
  }
}

function isPending({ kind }: GateReason): boolean {
  return kind === "trackerPending";
}

function isHeardLower(effect: RouterEffect): boolean {
  return effect.kind === "observe" &&
    effect.observation.kind === "lowerPriorityAdvert";
}

/** A backup waits anew for the master it heard: that is what it does when it takes it for its master. */
function isFollowing(
  event: RouterEvent,
  effects: readonly RouterEffect[],
): boolean {
  return event.kind === "advert" && event.advert.priority > 0 &&
    effects.some((effect) =>
      effect.kind === "setTimer" && effect.timer === "masterDown"
    );
}
