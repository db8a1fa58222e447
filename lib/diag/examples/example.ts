/**
 * The form of a code's example: one text that is both the mistake and its remedy, as a difference between the two.
 *
 * Each line begins with two characters: two blanks stand in both, `- ` is the mistake, `+ ` what to write in its place.
 * @module
 */

/** A configuration that triggers a code, and what silences it. */
export interface Example {
  readonly language: "keepalived" | "toml" | "shell";
  readonly text: string;
}

/** An example in keepalived's language; the text begins with a line break that does not count. */
export function keepalived(text: string): Example {
  return { language: "keepalived", text: text.slice(1) };
}

/** The same in TOML. */
export function toml(text: string): Example {
  return { language: "toml", text: text.slice(1) };
}

/** A command line, for what is not in a file. */
export function shell(text: string): Example {
  return { language: "shell", text: text.slice(1) };
}

/** An example inside a `vrrp_instance` that has nothing else wrong with it. */
export function inInstance(text: string): Example {
  return keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
${text.slice(1)}      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`);
}

/** The same as {@link inInstance}, in TOML. */
export function inTomlInstance(text: string): Example {
  return toml(`
  [vrrp_instance.VI_1]
  interface = "eth0"
  virtual_router_id = 51
  virtual_ipaddress = ["192.0.2.100/24"]
${text.slice(1)}`);
}

/** An example inside a `virtual_server` that has nothing else wrong with it. */
export function inVirtualServer(text: string): Example {
  return keepalived(`
  virtual_server 192.0.2.100 80 {
      protocol TCP
      lb_algo wlc
      lb_kind NAT
${text.slice(1)}  }
`);
}

/** The text of an example with the mistake, or with its remedy. */
export function exampleText(
  { text }: Example,
  which: "mistake" | "remedy",
): string {
  const out = which === "mistake" ? "+" : "-";
  return text.split("\n").filter((line) => !line.startsWith(out)).map((line) =>
    line.slice(2)
  ).join("\n");
}

/** The example as it is shown: marks of differences in front, what cannot be printed made visible, long lines cut. */
export function shownExample({ text }: Example): string {
  return text.trimEnd().split("\n").map((line) => {
    const shown = line.replaceAll("\0", "\u2400").trimEnd();
    return shown.length <= LINE_MAX
      ? shown
      : `${shown.slice(0, LINE_MAX)}… (${shown.length - 2} characters)`;
  }).join("\n");
}

const LINE_MAX = 100;
