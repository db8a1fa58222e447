/**
 * A script's command line cut into its program and arguments, without a shell.
 *
 * Says:    keepalived's second cut: `"…"` and `'…'` group, a backslash escapes: control characters by letter, `\NNN`
 *          octal, `\xHH` hexadecimal, `\cX`; before any other character it means that character.
 * Errors:  undefined for a quote that nothing closes.
 * @module
 */

const CONTROLS: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** An escape behind its backslash; the last branch is any character, so one always matches unless the text ends. */
const ESCAPE = /(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|c(.)|(.))/suy;

/** The words of `command`; none if it is blank. */
export function cutCommand(command: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  let at = 0;
  while (at < command.length) {
    const char = command.charAt(at);
    if (char === "\\" && at + 1 < command.length) {
      const { text, end } = escape(command, at + 1);
      word = (word ?? "") + text;
      at = end;
      continue;
    }
    if (quote === "" ? char === '"' || char === "'" : char === quote) {
      quote = quote === "" ? char : "";
      word ??= "";
    } else if (quote === "" && (char === " " || char === "\t")) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
    at++;
  }
  if (word !== undefined) words.push(word);
  return quote === "" ? words : undefined;
}

function escape(
  command: string,
  start: number,
): { readonly text: string; readonly end: number } {
  ESCAPE.lastIndex = start;
  const match = ESCAPE.exec(command);
  if (match === null) return { text: "", end: start + 1 };
  const [whole, octal, hex, control, other = ""] = match;
  const code = octal !== undefined
    ? parseInt(octal, 8) & 0xff
    : hex !== undefined
    ? parseInt(hex, 16)
    : control !== undefined
    ? (control.codePointAt(0) ?? 0) & 0x1f
    : undefined;
  return {
    text: code === undefined
      ? CONTROLS[other] ?? other
      : String.fromCharCode(code),
    end: start + whole.length,
  };
}
