/**
 * Puts what the engine tells of BFD sessions into words.
 * @module
 */
import { diagnosticText } from "../bfd/diagnostic_text.ts";
import type { BfdRejectReason } from "../bfd/packet.ts";
import { DIAGNOSTIC } from "../bfd/packet.ts";
import type { EngineNotice } from "../engine/port.ts";
import { type LogRecord, PRIORITY } from "../log/log_record.ts";
import { formatDuration } from "../time/duration.ts";

type BfdNotice = Extract<EngineNotice, { kind: "bfd" }>;

/** A session that came up or left that state; the steps between are not told. */
export function wordBfd(notice: BfdNotice): LogRecord | undefined {
  const { name, neighbor, from, session } = notice;
  const fields = { tracker: name, peer: neighbor, state: session.state };
  if (session.state === "up" && from !== undefined) {
    return {
      event: "bfdUp",
      priority: PRIORITY.notice,
      message: `BFD session ${name} with ${neighbor} is up`,
      fields,
    };
  }
  if (from !== "up" || session.state === "up") return undefined;
  const isOurs = session.state === "adminDown";
  return {
    event: "bfdDown",
    priority: isOurs ? PRIORITY.notice : PRIORITY.warning,
    message: `BFD session ${name} with ${neighbor} is down: ${why(notice)}`,
    fields: { ...fields, reason: diagnosticText(session.diagnostic) },
  };
}

function why({ session, detectionTimeNs }: BfdNotice): string {
  const { diagnostic, remote } = session;
  if (diagnostic === DIAGNOSTIC.timeExpired) {
    return `nothing was heard for ${formatDuration(detectionTimeNs)}`;
  }
  if (diagnostic !== DIAGNOSTIC.neighborDown) return diagnosticText(diagnostic);
  if (remote.state === "adminDown") {
    return "the neighbour ended it; those who track it go on as if it were up";
  }
  return remote.diagnostic === DIAGNOSTIC.none
    ? diagnosticText(diagnostic)
    : `${diagnosticText(diagnostic)} (${diagnosticText(remote.diagnostic)})`;
}

const REASONS: Readonly<Record<BfdRejectReason, string>> = {
  tooShort: "they are shorter than a BFD packet",
  wrongVersion: "their BFD version is not 1",
  wrongLength: "their length field is wrong",
  zeroMultiplier: "their detect multiplier is 0",
  multipoint: "they have the multipoint bit set",
  zeroDiscriminator: "their discriminator is 0",
  authentication: "they are authenticated, which is not supported",
  pollAndFinal: "they have both P and F set",
  stateWithoutDiscriminator: "they do not say which session they are for",
  unknownSession: "there is no such session",
  hopLimit: "their hop limit is too low",
};

/** Packets that were dropped. */
export function wordBfdRejected(
  { name, source, reason, hopLimit, suppressed }: Extract<
    EngineNotice,
    { kind: "bfdRejected" }
  >,
): LogRecord {
  const whose = name === undefined ? "" : ` for session ${name}`;
  const limit = reason === "hopLimit" && hopLimit !== undefined
    ? ` (${hopLimit}; see \`max_hops\`)`
    : "";
  return {
    event: "bfdRejected",
    priority: PRIORITY.warning,
    message: `BFD packets from ${source}${whose} are dropped: ${
      REASONS[reason]
    }${limit}`,
    fields: {
      peer: source,
      reason,
      ...(name === undefined ? {} : { tracker: name }),
    },
    occurrences: suppressed + 1,
  };
}
