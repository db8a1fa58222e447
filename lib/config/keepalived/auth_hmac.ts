/**
 * `auth_hmac` in an instance: its keywords.
 * @module
 */
import {
  ANTI_REPLAY,
  type AuthHmacBlock,
  HMAC_MODES,
  type HmacKeyEntry,
  readHmacValue,
} from "../hmac_model.ts";
import { repeated, unusable } from "../hmac_checks.ts";
import { needs, oneOf } from "./argument.ts";
import { custom, setting, type Table, table } from "./block.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { whole, wholeSeconds } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";

/** The block so far; a second one adds to the first. */
export class AuthHmacDraft extends Draft<AuthHmacBlock> {
  readonly keys: HmacKeyEntry[] = [];

  /** Whether adverts can be signed, as far as the file goes. */
  get hasActiveKey(): boolean {
    return this.keys.some(({ id }) => id === this.get("activeKey"));
  }

  finish(): AuthHmacBlock {
    return {
      keys: this.keys,
      activeKey: this.get("activeKey"),
      timeWindowNs: this.get("timeWindowNs"),
      antiReplay: this.get("antiReplay"),
      mode: this.get("mode"),
      at: this.at,
    };
  }
}

export const authHmacTable: Table<AuthHmacDraft> = table<AuthHmacDraft>({
  key: custom(readKey),
  active_key: setting("activeKey", needs(whole(1, 255))),
  time_window: setting("timeWindowNs", needs(wholeSeconds(1, 300))),
  anti_replay: setting("antiReplay", needs(oneOf(ANTI_REPLAY))),
  mode: setting("mode", needs(oneOf(HMAC_MODES))),
});

function readKey(
  draft: AuthHmacDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 3) {
    context.warn(
      "HK0424",
      line,
      line.wordSpan(line.count - 1),
      "`key` lacks its id or its value",
      { label: "the line is ignored" },
    );
    return;
  }
  const id = whole(1, 255)(line, 1, context);
  if (id === undefined) return;
  const label = "the line is ignored";
  const before = draft.keys.find((one) => one.id === id);
  if (before !== undefined) {
    context.warn("HK0291", line, line.wordSpan(1), repeated(id), {
      label,
      related: [{ span: before.at.self, message: "first given here" }],
    });
    return;
  }
  const value = line.word(2);
  const secret = readHmacValue(value);
  if (secret.kind === "unusable") {
    context.warn("HK0291", line, line.wordSpan(2), unusable(id), {
      label: `${secret.why}: ${label}`,
    });
    return;
  }
  draft.mark("keys", line.wordSpan(0));
  draft.keys.push({
    id,
    value,
    at: {
      self: line.span(),
      of: { id: line.wordSpan(1), value: line.wordSpan(2) },
    },
  });
}
