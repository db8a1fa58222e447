/**
 * "Did you mean": the word that somebody probably wanted to write.
 * @module
 */
import { levenshteinDistance } from "@std/text/levenshtein";

/**
 * The candidate nearest to `word`, if it is near enough to be a slip: at most a third of its letters differ.
 * Capitals and `-` for `_` count as no difference. A word of at least four letters that begins a
 * candidate means the shortest such one, else it may be the last part of one (`type` of `auth_type`).
 */
export function closestOf(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  const wanted = plain(word);
  if (wanted === "") return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let begun: string | undefined;
  let ended: string | undefined;
  for (const candidate of candidates) {
    const offered = plain(candidate);
    const isBegun = wanted.length >= 4 && offered.startsWith(wanted);
    if (isBegun && (begun === undefined || candidate.length < begun.length)) {
      begun = candidate;
    }
    const isEnded = wanted.length >= 4 && offered.endsWith(`_${wanted}`);
    if (isEnded && (ended === undefined || candidate.length < ended.length)) {
      ended = candidate;
    }
    if (Math.abs(offered.length - wanted.length) > bestDistance) continue;
    const distance = isSwapped(wanted, offered)
      ? 1
      : levenshteinDistance(wanted, offered);
    const isBetter = distance < bestDistance ||
      (distance === bestDistance && best !== undefined &&
        isLikelier(offered, plain(best), wanted));
    if (isBetter) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? begun ?? ended;
}

/** Whether two neighbouring letters changed places, which is one slip of the hand. */
function isSwapped(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at + 1 < one.length && one[at] === other[at + 1] &&
    one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
}

/** Of two words equally near: people keep the first letter, and lose letters more often than they add some. */
function isLikelier(offered: string, best: string, wanted: string): boolean {
  const keepsFirst = offered[0] === wanted[0];
  if (keepsFirst !== (best[0] === wanted[0])) return keepsFirst;
  return offered.length > best.length;
}

/** ``did you mean `WORD`?``, for a diagnostic's help; undefined when nothing is near. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  const near = closestOf(word, candidates);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll("-", "_");
}
