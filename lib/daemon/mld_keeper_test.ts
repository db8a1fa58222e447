import { assertEquals, assertStringIncludes, fail } from "@std/assert";
import { parseMacAddress } from "../addr/mac_address.ts";
import { mldCommands } from "../vrrp/mld_filter.ts";
import { removalCommands } from "../vrrp/nftables_table.ts";
import { exampleRouter } from "../vrrp/example_router.ts";
import { ManualTimers } from "./manual_timers.ts";
import { MldKeeper } from "./mld_keeper.ts";

const FILTER = { table: "hakeep", priority: -1, hasCounters: false };
const ROUTER = exampleRouter({
  addressLinks: [{
    kind: "macvlan",
    name: "vrrp6.51",
    parent: "eth0",
    mac: parseMacAddress("00:00:5e:00:02:33") ?? fail("no MAC"),
    family: 6,
    hasIpv6: true,
    lendsLinkLocal: false,
    group: undefined,
  }],
});

function stage(isMissing = false) {
  const indexes = new Map([["eth0", 7]]);
  const ran: string[] = [];
  const told: string[] = [];
  let left: string | undefined;
  const timers = new ManualTimers();
  let tell = () => {};
  let shown = "";
  const keeper = new MldKeeper({
    open: () => {
      if (isMissing) throw new Error("libnftables.so.1 is missing");
      return {
        run: (commands) => {
          if (commands.startsWith("list")) return shown;
          ran.push(commands);
          shown = commands;
          return "";
        },
        close: () => {},
      };
    },
    mark: { read: () => left, write: (table) => left = table },
    log: ({ event }) => told.push(event),
    later: (act) => act(),
    timers,
    news: {
      follow: (_, onChange) => {
        tell = onChange;
        return () => {};
      },
    },
    indexes: () => indexes,
  });
  const changeBySomebody = async () => {
    shown = "";
    tell();
    await timers.moveTo(timers.nowNs() + 1e9);
  };
  return { keeper, indexes, ran, told, changeBySomebody };
}

Deno.test("MldKeeper follows the index of a parent, and removes its table at the end", () => {
  const { keeper, indexes, ran } = stage();
  keeper.replan([ROUTER], FILTER);
  keeper.check();
  indexes.set("eth0", 9);
  keeper.check();
  keeper.close();
  assertEquals(ran, [
    mldCommands("hakeep", -1, [{ link: "vrrp6.51", parentIndex: 7 }]),
    mldCommands("hakeep", -1, [{ link: "vrrp6.51", parentIndex: 9 }]),
    removalCommands("ip6 hakeep"),
  ]);
  assertStringIncludes(ran[1] ?? "", "device 9 drop");
});

Deno.test("MldKeeper touches nothing without virtual links", () => {
  const { keeper, ran, told } = stage(true);
  keeper.replan([exampleRouter()], FILTER);
  keeper.close();
  assertEquals([ran, told], [[], []]);
});

Deno.test("MldKeeper says once that the library is missing", () => {
  const { keeper, indexes, told } = stage(true);
  keeper.replan([ROUTER], FILTER);
  indexes.set("eth0", 9);
  keeper.check();
  keeper.close();
  assertEquals(told, ["mldReports"]);
});

Deno.test("MldKeeper puts back what somebody removed, and says so", async () => {
  const { keeper, ran, told, changeBySomebody } = stage();
  keeper.replan([ROUTER], FILTER);
  await changeBySomebody();
  const commands = mldCommands("hakeep", -1, [{
    link: "vrrp6.51",
    parentIndex: 7,
  }]);
  assertEquals(ran, [commands, commands]);
  assertEquals(told, ["mldReports"]);
  keeper.check();
  assertEquals(ran.length, 2);
});

Deno.test("MldKeeper makes no table where there is to be none, and a reload that says so removes it", () => {
  const { keeper, ran } = stage();
  keeper.replan([ROUTER], { ...FILTER, isOff: true });
  assertEquals(ran, []);
  keeper.replan([ROUTER], FILTER);
  assertEquals(ran.length, 1);
  keeper.replan([ROUTER], { ...FILTER, isOff: true });
  assertEquals(ran.slice(1), [removalCommands(`ip6 ${FILTER.table}`)]);
});
