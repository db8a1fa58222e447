/**
 * Diagnostics of BFD in words.
 *
 * Says:    RFC 5880 §4.1.
 * @module
 */

const TEXTS: readonly string[] = [
  "no diagnostic",
  "detection time expired",
  "echo failed",
  "the neighbour says the session is down",
  "forwarding plane reset",
  "path down",
  "concatenated path down",
  "administratively down",
  "reverse concatenated path down",
];

/** `detection time expired`; `diagnostic 12` for what the RFC does not define. */
export function diagnosticText(diagnostic: number): string {
  return TEXTS[diagnostic] ?? `diagnostic ${diagnostic}`;
}
