/**
 * Mutations of configuration texts, from a seed.
 * @module
 */

/** Numbers from a seed (xorshift32): the same seed gives the same numbers everywhere. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed | 0) === 0 ? 0x9e3779b9 : seed | 0;
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % Math.max(1, bound);
  }

  pick<T>(items: readonly T[], otherwise: T): T {
    return items[this.below(items.length)] ?? otherwise;
  }
}

/** What configurations break on. */
const TOKENS = [
  "{",
  "}",
  '"',
  "'",
  "#",
  "!",
  "\\",
  "\0",
  "\ufeff",
  "\u00a0",
  "\r",
  "\n",
  "\t",
  " ",
  "$",
  "${",
  "$A=$A\n",
  "$B=${B}${B}\n",
  "$M=\\\n a { \\\n",
  "${M}",
  "~SEQ(i, 1, 3) ",
  "~SEQ(i, 9999) ",
  "~LST({a,b}, {1,2}) ",
  "@node1 ",
  "@^x ",
  "include *.conf\n",
  "include /keepalived.conf\n",
  "include /{a,b}{c,d}\n",
  "${_ENV X}",
  "${_RANDOM 1 2}",
  "vrrp_instance X {\n",
  "virtual_ipaddress {\n",
  "-1",
  "4294967296",
  "999999999999999999999999",
  "x".repeat(1100),
  "::",
  "10.0.0.1/24",
  "🙂",
];

/** `text` with up to eight changes. */
export function mutate(text: string, random: SeededRandom): string {
  let changed = text;
  for (let count = 1 + random.below(8); count > 0; count--) {
    changed = mutateOnce(changed, random);
  }
  return changed;
}

function mutateOnce(text: string, random: SeededRandom): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + random.below(20));
  switch (random.below(8)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, at);
    case 3:
      return text.slice(0, to) + text.slice(at, to).repeat(3) + text.slice(to);
    case 4:
      return swapLines(text, random);
    case 5:
      return text.slice(0, at) +
        String.fromCharCode(random.below(0x180)) + text.slice(at + 1);
    default:
      return text.slice(0, at) + random.pick(TOKENS, "") + text.slice(at);
  }
}

function swapLines(text: string, random: SeededRandom): string {
  const lines = text.split("\n");
  const a = random.below(lines.length);
  const b = random.below(lines.length);
  const first = lines[a] ?? "";
  lines[a] = lines[b] ?? "";
  lines[b] = first;
  return lines.join("\n");
}
