/**
 * Where a long TOML text can be cut so that each piece is TOML by itself.
 *
 * A cut is before a line that begins with `[[key]]`. Within a text or list of several lines such a line is no headline;
 * then what stands before it does not end, and the piece is refused when it is read.
 * @module
 */

/** A shorter text is read as a whole. */
const LENGTH_MIN = 256 * 1024;
/** A piece is at least so long, the last one apart. */
const PIECE = 32 * 1024;

/** Ends of the pieces in ascending order, the last one that of the text. */
export function pieceEnds(text: string): readonly number[] {
  const ends: number[] = [];
  if (text.length >= LENGTH_MIN) {
    const headline = /^\[\[[A-Za-z0-9_-]+\]\]/gm;
    let from = PIECE;
    for (;;) {
      headline.lastIndex = from;
      const found = headline.exec(text);
      if (found === null) break;
      ends.push(found.index);
      from = found.index + PIECE;
    }
  }
  ends.push(text.length);
  return ends;
}
