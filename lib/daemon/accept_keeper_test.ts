import { assertEquals } from "@std/assert";
import type { EngineNotice } from "../engine/port.ts";
import type { LogRecord } from "../log/log_record.ts";
import { exampleRouter } from "../vrrp/example_router.ts";
import type { RouterStateName } from "../vrrp/router_io.ts";
import { AcceptKeeper } from "./accept_keeper.ts";
import { ManualTimers } from "./manual_timers.ts";

const FILTER = { table: "hakeep", priority: -1, hasCounters: false };
const CLOSED = exampleRouter({ acceptsPackets: false });

/** A firewall in memory: its table is what the last commands made. */
class Stage {
  table: string | undefined;
  mark: string | undefined;
  isMissing = false;
  isRefused = false;
  readonly log: LogRecord[] = [];
  #due: (() => void)[] = [];
  readonly timers = new ManualTimers();
  readonly followed = new Map<string, () => void>();
  listings = 0;
  readonly keeper = new AcceptKeeper({
    open: () => {
      if (this.isMissing) throw new Error("libnftables.so.1 is missing");
      return { run: (commands) => this.#run(commands), close: () => {} };
    },
    mark: {
      read: () => this.mark,
      write: (table) => this.mark = table,
    },
    log: (record) => this.log.push(record),
    later: (act) => this.#due.push(act),
    timers: this.timers,
    news: {
      follow: (table, onChange) => {
        this.followed.set(table, onChange);
        return () => this.followed.delete(table);
      },
    },
  });

  go(router: string, to: RouterStateName): void {
    const notice: EngineNotice = {
      kind: "transition",
      transition: {
        router,
        vrid: 51,
        interface: "eth0",
        from: "WAITING",
        to,
        cause: "gateOpened",
        reasons: [],
        master: undefined,
        priority: 100,
        atNs: 0,
      },
    };
    this.keeper.hear(notice);
  }

  settle(): void {
    const due = this.#due;
    this.#due = [];
    for (const act of due) act();
  }

  get elements(): string | undefined {
    return this.table === undefined
      ? undefined
      : /elements = \{ (.*) \}/.exec(this.table)?.[1] ?? "";
  }

  #run(commands: string): string {
    if (commands.startsWith("list")) {
      this.listings++;
      if (this.table === undefined) throw new Error("No such file");
      return this.table;
    }
    if (this.isRefused) throw new Error("Device or resource busy");
    this.table = commands.includes("chain") ? commands : undefined;
    return "";
  }
}

Deno.test("AcceptKeeper filters the addresses of those that take part, and removes its table at the end", () => {
  const stage = new Stage();
  stage.keeper.replan([CLOSED], FILTER);
  assertEquals(stage.elements, "");
  assertEquals(stage.mark, "hakeep");
  stage.go("VI_1", "BACKUP");
  stage.settle();
  assertEquals(stage.elements, "192.0.2.100");
  stage.go("VI_1", "MASTER");
  stage.settle();
  assertEquals(stage.elements, "192.0.2.100");
  stage.go("VI_1", "FAULT");
  stage.settle();
  assertEquals(stage.elements, "");
  stage.keeper.close();
  assertEquals(stage.table, undefined);
  assertEquals(stage.mark, undefined);
});

Deno.test("AcceptKeeper touches nothing when every instance accepts packets", () => {
  const stage = new Stage();
  stage.isMissing = true;
  stage.keeper.replan([exampleRouter()], FILTER);
  stage.go("VI_1", "MASTER");
  stage.settle();
  stage.keeper.check();
  stage.keeper.close();
  assertEquals(stage.table, undefined);
  assertEquals(stage.log, []);
});

Deno.test("AcceptKeeper puts back what somebody removed, and says so", () => {
  const stage = new Stage();
  stage.keeper.replan([CLOSED], FILTER);
  stage.go("VI_1", "MASTER");
  stage.settle();
  stage.keeper.check();
  assertEquals(stage.log.length, 0);
  stage.table = undefined;
  stage.keeper.check();
  assertEquals(stage.elements, "192.0.2.100");
  assertEquals(stage.log.map(({ event }) => event), ["acceptMode"]);
});

Deno.test("AcceptKeeper removes what a killed predecessor left and nobody needs now", () => {
  const stage = new Stage();
  stage.table = "left";
  stage.mark = "hakeep";
  stage.keeper.replan([exampleRouter()], FILTER);
  assertEquals(stage.table, undefined);
  assertEquals(stage.mark, undefined);
});

Deno.test("AcceptKeeper says once that the library is missing", () => {
  const stage = new Stage();
  stage.isMissing = true;
  stage.keeper.replan([CLOSED], FILTER);
  stage.go("VI_1", "BACKUP");
  stage.settle();
  assertEquals(stage.log.map(({ event }) => event), ["acceptMode"]);
});

Deno.test("AcceptKeeper tries again what failed, and removes what is left of it in the end", () => {
  const stage = new Stage();
  stage.isMissing = true;
  stage.keeper.replan([CLOSED], FILTER);
  stage.go("VI_1", "BACKUP");
  stage.settle();
  assertEquals(stage.table, undefined);
  stage.isMissing = false;
  stage.keeper.check();
  assertEquals(stage.elements, "192.0.2.100");
  stage.isRefused = true;
  stage.go("VI_1", "FAULT");
  stage.settle();
  assertEquals(stage.elements, "192.0.2.100");
  stage.isRefused = false;
  stage.keeper.check();
  assertEquals(stage.elements, "");
  stage.isRefused = true;
  stage.go("VI_1", "MASTER");
  stage.settle();
  stage.isRefused = false;
  stage.keeper.close();
  assertEquals([stage.table, stage.mark], [undefined, undefined]);
  assertEquals(stage.log.length, 3);
});

Deno.test("AcceptKeeper looks at once when it hears of its table, repairs it once, and follows it no longer in the end", async () => {
  const stage = new Stage();
  stage.keeper.replan([CLOSED], FILTER);
  stage.go("VI_1", "MASTER");
  stage.settle();
  assertEquals([...stage.followed.keys()], ["inet hakeep"]);
  stage.table = undefined;
  stage.listings = 0;
  const tell = stage.followed.get("inet hakeep");
  tell?.();
  tell?.();
  await stage.timers.moveTo(1e6);
  assertEquals(stage.elements, "192.0.2.100");
  assertEquals(stage.log.length, 1);
  // The repair is told, too.
  tell?.();
  await stage.timers.moveTo(60e9);
  assertEquals([stage.log.length, stage.listings], [1, 3]);
  assertEquals(stage.timers.pending, 0);
  stage.keeper.close();
  assertEquals(stage.followed.size, 0);
});

Deno.test("AcceptKeeper makes no table where there is to be none, and a reload that says so removes it", () => {
  const stage = new Stage();
  stage.keeper.replan([CLOSED], { ...FILTER, isOff: true });
  stage.go(CLOSED.name, "BACKUP");
  assertEquals(stage.table, undefined);
  stage.keeper.replan([CLOSED], FILTER);
  assertEquals(stage.mark, FILTER.table);
  stage.keeper.replan([CLOSED], { ...FILTER, isOff: true });
  assertEquals([stage.table, stage.mark], [undefined, undefined]);
});
