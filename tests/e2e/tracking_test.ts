/**
 * What tracked objects do to priorities, beside keepalived: one configuration with many virtual routers in twin
 * namespaces, and the priorities that both put on the wire as interfaces, scripts and files change.
 * @module
 */
import { assertEquals } from "@std/assert";
import { Capture } from "./capture.ts";
import { type DaemonKind, startDaemon } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

/** What is good and what is bad; `file` is the number that the file holds. */
interface Circumstances {
  readonly link: "up" | "down";
  readonly script: "good" | "bad";
  readonly file: number;
}

/** One virtual router, and what it shows in each of {@linkcode STORY}; undefined is silence. */
interface Case {
  readonly name: string;
  /** 100 unless given. */
  readonly priority?: number;
  readonly lines: readonly string[];
  readonly shows: readonly [
    number | undefined,
    number | undefined,
    number | undefined,
    number | undefined,
  ];
  /** The group it is in, alone or with others. */
  readonly group?: string;
  /** keepalived 2.2.7 says what it does, and does something else. */
  readonly isOursAlone?: true;
}

const STORY: readonly Circumstances[] = [
  { link: "up", script: "good", file: 0 },
  { link: "down", script: "good", file: 20 },
  { link: "down", script: "bad", file: -20 },
  { link: "up", script: "bad", file: 0 },
];

const tracking = (
  what: string,
  entry: string,
) => [`track_${what} { ${entry} }`];
const script = (entry: string) => tracking("script", entry);
const link = (entry: string) => tracking("interface", entry);
const file = (entry: string) => tracking("file", entry);

const CASES: readonly Case[] = [
  { name: "nothing", lines: [], shows: [100, 100, 100, 100] },
  {
    name: "script",
    lines: script("own"),
    shows: [100, 100, undefined, undefined],
  },
  {
    name: "script_up",
    lines: script("own weight 10"),
    shows: [110, 110, 100, 100],
  },
  {
    name: "script_down",
    lines: script("own weight -10"),
    shows: [100, 100, 90, 90],
  },
  {
    name: "script_up_reverse",
    lines: script("own weight 10 reverse"),
    shows: [90, 90, 100, 100],
  },
  {
    name: "script_down_reverse",
    lines: script("own weight -10 reverse"),
    shows: [100, 100, 110, 110],
  },
  {
    name: "script_reverse",
    lines: script("own weight 0 reverse"),
    shows: [undefined, undefined, 100, 100],
  },
  { name: "default", lines: script("heavy"), shows: [93, 93, 100, 100] },
  {
    name: "noreverse",
    lines: script("heavy weight 7 noreverse"),
    shows: [107, 107, 100, 100],
  },
  {
    name: "link",
    lines: link("eth1"),
    shows: [100, undefined, undefined, 100],
  },
  {
    name: "link_up",
    lines: link("eth1 weight 5"),
    shows: [105, 100, 100, 105],
  },
  {
    name: "link_down",
    lines: link("eth1 weight -5"),
    shows: [100, 95, 95, 100],
  },
  {
    name: "link_reverse",
    lines: link("eth1 weight -5 reverse"),
    shows: [100, 105, 105, 100],
  },
  { name: "file", lines: file("number"), shows: [100, 120, 80, 100] },
  {
    name: "file_weight",
    lines: file("number weight -2"),
    shows: [100, 60, 140, 100],
  },
  {
    name: "file_reverse",
    lines: file("number weight 1 reverse"),
    shows: [100, 80, 120, 100],
  },
  {
    name: "file_fault",
    lines: file("number weight 0"),
    shows: [100, undefined, undefined, 100],
  },
  {
    name: "file_much",
    lines: file("number weight 20"),
    shows: [100, 254, undefined, 100],
  },
  {
    name: "sum",
    priority: 250,
    lines: [...script("own weight 50"), ...link("eth1 weight -60")],
    shows: [254, 240, 190, 250],
  },
  {
    name: "lowest",
    priority: 5,
    lines: [...script("own weight -50")],
    shows: [5, 5, 1, 1],
  },
  {
    name: "to_nothing",
    priority: 20,
    lines: file("number"),
    shows: [20, 40, 1, 20],
  },
  {
    name: "to_one",
    priority: 21,
    lines: file("number"),
    shows: [21, 41, 1, 21],
  },
  {
    name: "to_254",
    priority: 234,
    lines: file("number"),
    shows: [234, 254, 214, 234],
  },
  {
    name: "beyond_254",
    priority: 235,
    lines: file("number"),
    shows: [235, 254, 215, 235],
  },
  {
    name: "file_far",
    priority: 250,
    lines: file("number weight 12"),
    shows: [250, 254, 10, 250],
  },
  {
    name: "file_too_far",
    priority: 250,
    lines: file("number weight 13"),
    shows: [250, 254, undefined, 250],
  },
  {
    name: "opposite",
    lines: [...script("own weight -20"), ...link("eth1 weight -20 reverse")],
    shows: [100, 120, 100, 80],
  },
  {
    name: "all_of_it",
    priority: 200,
    lines: [
      ...script("own weight 253"),
      ...link("eth1 weight -253"),
      ...file("number weight -1"),
    ],
    shows: [254, 180, 1, 200],
  },
  {
    name: "weights_and_fault",
    lines: [...script("own weight 20"), ...link("eth1")],
    shows: [120, undefined, undefined, 100],
  },
  {
    name: "member",
    group: "plain",
    lines: [...script("own weight 10"), ...file("number weight 2")],
    shows: [100, 100, 100, 100],
  },
  {
    name: "member_link",
    group: "links",
    // It reports that the weight is ignored, shows 0 in its dump, and goes on counting it.
    isOursAlone: true,
    lines: link("eth1 weight -5"),
    shows: [100, undefined, undefined, 100],
  },
  {
    name: "member_weighted",
    group: "weighted",
    lines: script("own weight 10"),
    shows: [140, 140, 100, 100],
  },
  {
    name: "member_plain",
    group: "weighted",
    lines: [],
    shows: [130, 130, 100, 100],
  },
  {
    name: "together_one",
    group: "together",
    lines: script("own"),
    shows: [100, 100, undefined, undefined],
  },
  {
    name: "together_two",
    group: "together",
    priority: 90,
    lines: [],
    shows: [90, 90, undefined, undefined],
  },
  {
    name: "followed_one",
    group: "followed",
    lines: [],
    shows: [100, undefined, undefined, 100],
  },
  {
    name: "followed_two",
    group: "followed",
    lines: [],
    shows: [100, undefined, undefined, 100],
  },
  {
    name: "numbered_one",
    group: "numbered",
    lines: [],
    shows: [100, 160, 40, 100],
  },
  {
    name: "numbered_two",
    group: "numbered",
    lines: script("own weight 10"),
    shows: [100, 160, 40, 100],
  },
  {
    name: "owner",
    priority: 255,
    lines: [...script("own weight -10"), ...link("eth1 weight -5")],
    shows: [255, 255, 255, 255],
  },
];

function configuration(directory: string): string {
  const groups = Map.groupBy(
    CASES.filter((one) => one.group !== undefined),
    ({ group }) => group ?? "",
  );
  const groupLines: Readonly<Record<string, string>> = {
    followed: "  track_interface { eth1 }\n",
    numbered: "  track_file { number weight 3 }\n",
    weighted:
      "  sync_group_tracking_weight\n  track_script { heavy weight 30 noreverse }\n",
  };
  return `global_defs {
  script_user root
  vrrp_version 3
}
vrrp_script own {
  script "/bin/ls ${directory}/good"
  interval 1
}
vrrp_script heavy {
  script "/bin/ls ${directory}/good"
  interval 1
  weight 7 reverse
}
track_file number {
  file ${directory}/number
}
${
    [...groups].map(([name, members]) =>
      `vrrp_sync_group ${name} {
  group {
    ${members.map((one) => one.name).join("\n    ")}
  }
${groupLines[name] ?? ""}}
`
    ).join("")
  }${CASES.map(instance).join("")}`;
}

function instance(one: Case, index: number): string {
  return `vrrp_instance ${one.name} {
  interface eth0
  virtual_router_id ${index + 1}
  priority ${one.priority ?? 100}
  advert_int 0.2
  virtual_ipaddress { 10.77.1.${index + 1} }
  ${one.lines.join("\n  ")}
}
`;
}

/** Adverts of a router that goes on come at least this often. */
const SILENCE_NS = 1e9;

/** What the routers of `cases` show now, by name. */
async function shown(
  capture: Capture,
  cases: readonly Case[],
): Promise<Readonly<Record<string, number | undefined>>> {
  const sinceNs = Date.now() * 1e6 - SILENCE_NS;
  const seen = new Map<number, number>();
  for (const one of await capture.sightings()) {
    if (one.kind === "advert" && one.atNs > sinceNs) {
      seen.set(one.vrid, one.priority);
    }
  }
  return Object.fromEntries(
    cases.map((one) => [one.name, seen.get(CASES.indexOf(one) + 1)]),
  );
}

async function arrange(
  lab: Lab,
  directory: string,
  circumstances: Circumstances,
): Promise<void> {
  const { link, script, file } = circumstances;
  await lab.ip("host", "link", "set", "eth1", link);
  if (script === "good") await Deno.writeTextFile(`${directory}/good`, "");
  else await Deno.remove(`${directory}/good`).catch(() => undefined);
  await Deno.writeTextFile(`${directory}/number`, `${file}\n`);
}

/** Runs a daemon through the story. */
async function live(kind: DaemonKind): Promise<void> {
  await using lab = await Lab.create({ hosts: ["host", "watcher"] });
  const directory = `${lab.directory}/tracked`;
  await Deno.mkdir(directory);
  await lab.ip("host", "link", "add", "eth1", "type", "veth", "peer", "eth1p");
  await lab.ip("host", "link", "set", "eth1p", "up");
  const capture = await Capture.start(lab, "watcher");
  const cases = CASES.filter(({ isOursAlone }) =>
    isOursAlone !== true || kind === "hakeep"
  );
  const [first] = STORY;
  if (first !== undefined) await arrange(lab, directory, first);
  const daemon = startDaemon(lab, "host", kind, configuration(directory));
  for (const [chapter, circumstances] of STORY.entries()) {
    await arrange(lab, directory, circumstances);
    const expected = Object.fromEntries(
      cases.map(({ name, shows }) => [name, shows[chapter]]),
    );
    let last: Readonly<Record<string, number | undefined>> = {};
    await eventually("", 20_000, async () => {
      last = await shown(capture, cases);
      return JSON.stringify(last) === JSON.stringify(expected);
    }).catch(() => {
      assertEquals(
        last,
        expected,
        `${kind} in ${JSON.stringify(circumstances)}; log:\n${daemon.log()}`,
      );
    });
  }
}

for (const kind of ["keepalived", "hakeep"] as const) {
  Deno.test(`${kind} shows the priorities that its trackers make`, async () => {
    await live(kind);
  });
}
