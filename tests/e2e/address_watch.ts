/**
 * What comes and goes among a host's addresses, as the kernel tells it: `ip monitor` while a test runs.
 * @module
 */
import { eventually, type Lab } from "./topology.ts";

export class AddressWatch {
  readonly #lab: Lab;
  readonly #host: string;
  #text = "";

  private constructor(lab: Lab, host: string) {
    this.#lab = lab;
    this.#host = host;
  }

  /** Watches a host; ready when this is fulfilled. */
  static async start(lab: Lab, host: string): Promise<AddressWatch> {
    const watch = new AddressWatch(lab, host);
    const child = lab.command(host, "ip", "-o", "monitor", "address").spawn();
    const reading = (async () => {
      for await (
        const part of child.stdout.pipeThrough(new TextDecoderStream())
      ) watch.#text += part;
    })();
    lab.defer(async () => {
      child.kill();
      await child.status;
      await reading;
      await child.stderr.cancel();
    });
    await watch.#catchUp();
    return watch;
  }

  /** How often `address` was removed so far. */
  async removals(address: string): Promise<number> {
    await this.#catchUp();
    return this.#text.split("\n").filter((line) =>
      line.startsWith("Deleted") && line.includes(` ${address}/`)
    ).length;
  }

  /** An address of our own comes and goes until the monitor tells of it: then it has told everything before. */
  async #catchUp(): Promise<void> {
    const marker = `192.0.2.${1 + Math.floor(Math.random() * 250)}`;
    const before = this.#text.split(marker).length;
    await eventually("the monitor tells", 10_000, async () => {
      for (const verb of ["add", "del"]) {
        await this.#lab.ip(
          this.#host,
          "addr",
          verb,
          `${marker}/32`,
          "dev",
          "lo",
        );
      }
      return this.#text.split(marker).length > before;
    });
  }
}
