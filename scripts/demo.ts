/**
 * The demonstration: two routers and a client on one switch, a master killed, a master coming back.
 *
 * Times are the kernel's, taken on a third host: a capture for adverts and gratuitous ARP, ping for the client.
 * @module
 */
import { defined } from "../lib/assert.ts";
import { Capture, type Sighting } from "../tests/e2e/capture.ts";
import {
  hasState,
  killTree,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "../tests/e2e/daemons.ts";
import { eventually, Lab } from "../tests/e2e/topology.ts";

const VIP = "10.77.1.1";
const CONFIG = (priority: number) =>
  `[vrrp_instance.VI_1]
interface = "eth0"
virtual_router_id = 51
priority = ${priority}
advert_int = 1
virtual_ipaddress = ["${VIP}/16"]

[vrrp_instance.VI_1.authentication]
auth_type = "PASS"
auth_pass = "1111"
`;
/** 3 adverts and the skew time of priority 100: RFC 3768 §6.1. */
const LIMIT_MS = 3000 + (156 / 256) * 1000;

function say(text: string): void {
  console.log(text);
}

function start(lab: Lab, host: string, priority: number): RunningDaemon {
  return startDaemon(lab, host, "hakeep", CONFIG(priority), {
    extension: "toml",
  });
}

async function whoIsMaster(
  daemons: ReadonlyMap<string, RunningDaemon>,
): Promise<string> {
  for (const [host, daemon] of daemons) {
    const instance = (await statusOf(daemon))?.instances[0];
    if (instance?.state === "MASTER") {
      return `${host} (priority ${instance.priority}, ${instance.source_address})`;
    }
  }
  return "nobody";
}

/** The client: a ping every 10 ms whose answers carry the time. */
class Client {
  #text = "";

  constructor(lab: Lab) {
    const child = lab.command(
      "client",
      "ping",
      "-n",
      "-D",
      "-O",
      "-i",
      "0.01",
      VIP,
    ).spawn();
    const reading = (async () => {
      for await (
        const part of child.stdout.pipeThrough(new TextDecoderStream())
      ) this.#text += part;
    })();
    lab.defer(async () => {
      child.kill("SIGKILL");
      await child.status;
      await reading;
      await child.stderr.cancel();
    });
  }

  /** Wall clock, in seconds, of every answer so far. */
  answers(): number[] {
    return [...this.#text.matchAll(/^\[([0-9.]+)\] [0-9]+ bytes from/gm)].map((
      match,
    ) => Number(match[1]));
  }
}

function lastAdvert(
  sightings: readonly Sighting[],
  priority: number,
  beforeNs = Infinity,
): Sighting {
  const adverts = sightings.filter((one) =>
    one.kind === "advert" && one.priority === priority && one.atNs < beforeNs
  );
  return defined(adverts.at(-1), `an advert of priority ${priority}`);
}

function firstAnnouncement(
  sightings: readonly Sighting[],
  afterNs: number,
): Sighting | undefined {
  return sightings.find((one) =>
    one.kind === "announcement" && one.address === VIP && one.atNs > afterNs
  );
}

async function failover(
  lab: Lab,
  capture: Capture,
  client: Client,
  master: RunningDaemon,
): Promise<void> {
  const killedAtS = Date.now() / 1000;
  await killTree(master.pid);
  say(`\nSIGKILL to host a's daemon`);
  const [advert, arp] = await eventually(
    "the backup announces the address",
    20_000,
    async () => {
      const sightings = await capture.sightings();
      const last = lastAdvert(sightings, 150);
      const first = firstAnnouncement(sightings, last.atNs);
      return first === undefined ? undefined : [last, first] as const;
    },
  );
  // A crashed host would not answer any more; this one's kernel still would, with the address that was left behind.
  await lab.ip("a", "addr", "del", `${VIP}/16`, "dev", "eth0");
  const tookMs = (arp.atNs - advert.atNs) / 1e6;
  say(
    `  ${
      tookMs.toFixed(1).padStart(8)
    } ms after the master's last advert: the backup's first gratuitous ARP leaves`,
  );
  say(
    `  ${
      LIMIT_MS.toFixed(1).padStart(8)
    } ms is the protocol's own limit (3 adverts and the skew time), so we took ` +
      `${(tookMs - LIMIT_MS).toFixed(1)} ms`,
  );
  const answerS = await eventually(
    "the client's ping comes back",
    20_000,
    () => {
      const announcedS = killedAtS + tookMs / 1000 - 1;
      return Promise.resolve(client.answers().find((at) => at > announcedS));
    },
  );
  say(
    `  ${
      ((answerS - killedAtS) * 1000).toFixed(1).padStart(8)
    } ms after the kill: the client's ping is answered by host b`,
  );
}

async function main(): Promise<void> {
  await using lab = await Lab.create({ hosts: ["a", "b", "client"] });
  say(
    "two routers (a: priority 150, b: priority 100) and a client on one switch, in network namespaces",
  );
  const daemons = new Map([["a", start(lab, "a", 150)], [
    "b",
    start(lab, "b", 100),
  ]]);
  const a = defined(daemons.get("a"), "host a");
  await hasState(a, "MASTER");
  say(`the MASTER of ${VIP} is host ${await whoIsMaster(daemons)}`);
  const capture = await Capture.start(lab, "client");
  const client = new Client(lab);
  await eventually(
    "the client is answered",
    10_000,
    () => Promise.resolve(client.answers().length > 20),
  );
  await eventually(
    "an advert is seen",
    5000,
    async () =>
      (await capture.sightings()).some((one) => one.kind === "advert"),
  );
  await failover(lab, capture, client, a);
  daemons.delete("a");
  say(`the MASTER is host ${await whoIsMaster(daemons)}`);

  say("\nhost a's daemon starts again");
  const again = start(lab, "a", 150);
  daemons.set("a", again);
  await hasState(again, "MASTER", 15_000);
  say(`  it preempts: the MASTER is host ${await whoIsMaster(daemons)}`);
  await hasState(defined(daemons.get("b"), "host b"), "BACKUP");
  say("  host b is BACKUP again");
  say("\neverything is removed");
}

await main();
