/**
 * Hosts on one switch, each in a network namespace of its own.
 *
 * ```text
 *            namespace hkPID-N-sw
 *        +-------------------------+
 *        |          br0            |
 *        +--p0-------p1-------p2---+
 *           |        |        |
 *         eth0     eth0     eth0        10.77.0.1/16, 10.77.0.2/16, …  and fe80::…
 *        host a   host b   watcher
 * ```
 *
 * Everything is gone when the lab is disposed of, also after a failure. Namespaces carry the process id in their
 * names, so that labs side by side do not meet.
 * @module
 */

const decoder = new TextDecoder();

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function runCommand(
  program: string,
  args: readonly string[],
): Promise<CommandResult> {
  const output = await new Deno.Command(program, {
    args: [...args],
    stdout: "piped",
    stderr: "piped",
    stdin: "null",
  })
    .output();
  return {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

/** Runs a program that must succeed; returns what it printed. */
export async function mustRun(
  program: string,
  ...args: string[]
): Promise<string> {
  const result = await runCommand(program, args);
  if (result.code !== 0) {
    throw new Error(
      `Cannot run ${program} ${
        args.join(" ")
      }: exit ${result.code}\n${result.stderr}${result.stdout}`,
    );
  }
  return result.stdout;
}

/**
 * Waits until `probe` returns something other than undefined or false, asking again every 20 ms; the only way in which
 * a test waits. Fails after `deadlineMs` with `what`, which is asked for only then if it is a function.
 */
export async function eventually<T>(
  what: string | (() => string),
  deadlineMs: number,
  probe: () => Promise<T | undefined | false>,
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > endMs) {
      const text = typeof what === "string" ? what : what();
      throw new Error(`Waited ${deadlineMs} ms in vain: ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let labs = 0;

export interface LabOptions {
  /** Hosts by name; the n-th has 10.77.0.n unless it is in `withoutAddress`. */
  readonly hosts: readonly string[];
  readonly withoutAddress?: readonly string[];
  /** Hosts that get no interface at all. */
  readonly withoutLink?: readonly string[];
}

export class Lab implements AsyncDisposable {
  readonly #prefix: string;
  readonly #hosts: readonly string[];
  readonly #cleanups: (() => Promise<void>)[] = [];
  /** A folder for configurations and logs; removed with the lab. */
  readonly directory: string;

  private constructor(hosts: readonly string[]) {
    this.#prefix = `hk${Deno.pid}-${labs++}`;
    this.#hosts = hosts;
    this.directory = Deno.makeTempDirSync({ prefix: "hakeep-lab-" });
  }

  static async create(options: LabOptions): Promise<Lab> {
    const lab = new Lab(options.hosts);
    try {
      await lab.#build(options);
      return lab;
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The namespace of a host, or of the switch (`sw`). */
  namespace(host: string): string {
    return `${this.#prefix}-${host}`;
  }

  /** The IPv4 address of a host's eth0. */
  address(host: string): string {
    return `10.77.0.${this.#hosts.indexOf(host) + 1}`;
  }

  /** `ip` in a host's namespace; must succeed. */
  ip(host: string, ...args: string[]): Promise<string> {
    return mustRun("ip", "-n", this.namespace(host), ...args);
  }

  /** A program in a host's namespace. */
  inside(
    host: string,
    program: string,
    ...args: string[]
  ): Promise<CommandResult> {
    return runCommand("ip", [
      "netns",
      "exec",
      this.namespace(host),
      program,
      ...args,
    ]);
  }

  /** The command that runs a program in a host's namespace, for spawning; the process is the program itself. */
  command(host: string, program: string, ...args: string[]): Deno.Command {
    return new Deno.Command("ip", {
      args: ["netns", "exec", this.namespace(host), program, ...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** Addresses on a host's interfaces, as `address/prefix`. */
  async addresses(host: string): Promise<string[]> {
    const links: { addr_info: { local?: string; prefixlen: number }[] }[] = JSON
      .parse(
        await this.ip(host, "-j", "addr", "show"),
      );
    return links.flatMap(({ addr_info }) =>
      addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`)
    );
  }

  async holds(host: string, address: string): Promise<boolean> {
    return (await this.addresses(host)).includes(address);
  }

  /** Plugs a host that began without a link into the switch; its address is the caller's to add. */
  async plug(host: string): Promise<void> {
    const port = `p${this.#hosts.indexOf(host)}`;
    await this.ip(
      "sw",
      "link",
      "add",
      port,
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      this.namespace(host),
    );
    await this.ip("sw", "link", "set", port, "master", "br0", "up");
    await this.ip(host, "link", "set", "eth0", "up");
  }

  /** Pulls or pushes a host's cable at the switch: the host sees its carrier go or come. */
  async setCable(host: string, state: "up" | "down"): Promise<void> {
    await this.ip("sw", "link", "set", `p${this.#hosts.indexOf(host)}`, state);
  }

  /** Takes a host's port out of the switch or puts it back: the carrier stays, and nothing gets across. */
  async setCutOff(host: string, isCutOff: boolean): Promise<void> {
    const port = `p${this.#hosts.indexOf(host)}`;
    const to = isCutOff ? ["nomaster"] : ["master", "br0"];
    await this.ip("sw", "link", "set", port, ...to);
  }

  /** Calls `cleanup` when the lab ends, the last one first. */
  defer(cleanup: () => Promise<void>): void {
    this.#cleanups.push(cleanup);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
    for (const host of [...this.#hosts, "sw"]) {
      await runCommand("ip", ["netns", "delete", this.namespace(host)]);
    }
    await Deno.remove(this.directory, { recursive: true });
  }

  async #build(options: LabOptions): Promise<void> {
    await mustRun("ip", "netns", "add", this.namespace("sw"));
    await this.ip(
      "sw",
      "link",
      "add",
      "br0",
      "type",
      "bridge",
      "mcast_snooping",
      "0",
    );
    await this.ip("sw", "link", "set", "br0", "up");
    for (const host of options.hosts) {
      await mustRun("ip", "netns", "add", this.namespace(host));
      await this.ip(host, "link", "set", "lo", "up");
      if (options.withoutLink?.includes(host)) continue;
      await this.plug(host);
      if (options.withoutAddress?.includes(host)) continue;
      await this.ip(
        host,
        "addr",
        "add",
        `${this.address(host)}/16`,
        "dev",
        "eth0",
      );
      await this.#settle(host);
    }
  }

  /** Waits until the link-local address is no longer tentative. */
  async #settle(host: string): Promise<void> {
    await eventually(
      `${host}'s link-local address is usable`,
      10_000,
      async () => {
        const text = await this.ip(
          host,
          "-6",
          "addr",
          "show",
          "dev",
          "eth0",
          "scope",
          "link",
        );
        return text.includes("fe80") && !text.includes("tentative");
      },
    );
  }
}
