/**
 * `track_interface`, `track_script`, `track_file`, `track_process` and `track_bfd`, in instances and in groups.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type { TrackEntry, Tracking } from "../tracking_model.ts";
import { entries, type Row } from "./block.ts";
import {
  readTrackLine,
  TRACK_LINES,
  type TrackLineKind,
} from "./track_line.ts";

/** What such blocks go into. */
export interface TrackingDraft {
  readonly tracking: { readonly [K in keyof Tracking]: TrackEntry[] };
  mark(key: keyof Tracking, span: Span): void;
}

/** Nothing followed so far. */
export function noTracking(): TrackingDraft["tracking"] {
  return {
    trackInterfaces: [],
    trackScripts: [],
    trackFiles: [],
    trackProcesses: [],
    trackBfds: [],
  };
}

/** The five blocks. */
export const trackRows: Readonly<Record<string, Row<TrackingDraft>>> = {
  track_interface: trackRow("trackInterfaces", TRACK_LINES.track_interface),
  track_script: trackRow("trackScripts", TRACK_LINES.track_script),
  track_file: trackRow("trackFiles", TRACK_LINES.track_file),
  track_process: trackRow("trackProcesses", TRACK_LINES.track_process),
  track_bfd: trackRow("trackBfds", TRACK_LINES.track_bfd),
};

function trackRow(
  key: keyof Tracking,
  kind: TrackLineKind,
): Row<TrackingDraft> {
  return entries((draft: TrackingDraft, line, context) => {
    const own = draft.tracking[key];
    const entry = readTrackLine(kind, own, line, context);
    if (entry !== undefined) own.push(entry);
  }, (draft, line) => draft.mark(key, line.wordSpan(0)));
}
