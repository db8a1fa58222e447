/**
 * `bfd_instance`: its keywords, and what makes keepalived drop it.
 * @module
 */
import { familyOf } from "../../addr/ip_address.ts";
import { endsOf } from "../bfd_checks.ts";
import type { BfdInstance } from "../bfd_model.ts";
import { address } from "./addresses.ts";
import { flag, needs, optionalBoolean, stop } from "./argument.ts";
import {
  custom,
  KeywordBlock,
  lacks,
  type Row,
  setting,
  type Table,
  table,
} from "./block.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { checkName, remember } from "./named_block.ts";
import { seconds, whole } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";
import { readWeight } from "./tracked_blocks.ts";

const NAME_BYTES_MAX = 31;
const WEIGHT_MAX = 253;
const MILLISECONDS_MAX = 4_294_967;
const NS_PER_MS = 1_000_000;

/** What was read of such blocks so far. */
export interface BfdBlocks {
  readonly bfdInstances: BfdInstance[];
}

const milliseconds = (min: number) =>
  needs(seconds(min, MILLISECONDS_MAX, { unitNs: NS_PER_MS, decimals: 3 }));

/** An address that is none costs the whole block; without a word keepalived crashes. */
const neighbor = custom<Draft<BfdInstance>>((draft, line, context) => {
  const read = needs(address)(line, context);
  if (read !== undefined) draft.set("neighborIp", read, line.wordSpan(1));
  else draft.mark("neighborIp", line.wordSpan(0));
});

const hopLimit = setting<BfdInstance, "hopLimit">(
  "hopLimit",
  needs(whole(1, 255)),
);

const bfdTable: Table<Draft<BfdInstance>> = table<Draft<BfdInstance>>({
  neighbor_ip: neighbor,
  neighbour_ip: neighbor,
  source_ip: setting("sourceIp", needs(address)),
  min_rx: setting("minRxNs", milliseconds(1)),
  min_tx: setting("minTxNs", milliseconds(1)),
  idle_tx: setting("idleTxNs", milliseconds(1000)),
  multiplier: setting("multiplier", needs(whole(1, 255))),
  passive: setting("passive", flag),
  ttl: hopLimit,
  hoplimit: hopLimit,
  max_hops: setting("hopsMax", needs(whole(-1, 255))),
  multihop: setting("multihop", optionalBoolean),
  weight: custom((draft, line, context) => {
    if (line.count < 2) stop(line, context);
    else readWeight(draft, whole(-WEIGHT_MAX, WEIGHT_MAX), line, context);
  }),
  vrrp: setting("vrrp", flag),
  checker: setting("checker", flag),
});

/** The block; it is there for those who follow it once it is closed. */
export const bfdInstance: Row<BfdBlocks> = {
  status: "active",
  block: bfdTable,
  read: (into, line, context) => {
    if (checkName("bfd_instance", line, context) === "skip") return "skip";
    if (isTooLong(line, context)) return "skip";
    const draft = new Draft<BfdInstance>(line.span());
    draft.set("name", line.word(1), line.wordSpan(1));
    return new KeywordBlock(line, bfdTable, draft, (_, end) => {
      const finished = finish(draft, line, end, into, context);
      if (finished === undefined) return;
      into.bfdInstances.push(finished);
      remember("bfd_instance")(line, context);
    });
  },
};

function isTooLong(line: LogicalLine, context: ReadContext): boolean {
  const name = line.word(1);
  if (new TextEncoder().encode(name).length <= NAME_BYTES_MAX) return false;
  context.warn(
    "HK0422",
    line,
    line.wordSpan(1),
    `\`${name}\` is longer than ${NAME_BYTES_MAX} bytes`,
    { label: "the whole block is ignored" },
  );
  return true;
}

/** The session, corrected as keepalived does; undefined if it drops the block. */
function finish(
  draft: Draft<BfdInstance>,
  head: LogicalLine,
  end: LogicalLine,
  { bfdInstances }: BfdBlocks,
  context: ReadContext,
): BfdInstance | undefined {
  const neighborIp = draft.get("neighborIp");
  if (neighborIp === undefined) {
    // An address that is none has been told.
    if (draft.spanOf("neighborIp") === undefined) {
      lacks(head, end, ["neighbor_ip"], context);
    }
    return undefined;
  }
  const sourceIp = draft.get("sourceIp");
  if (sourceIp !== undefined && familyOf(sourceIp) !== familyOf(neighborIp)) {
    context.sink.warning(
      "HK0271",
      draft.spanOf("sourceIp") ?? draft.self,
      `\`source_ip\` is IPv${familyOf(sourceIp)}, \`neighbor_ip\` is not`,
      { label: "the whole block is ignored" },
    );
    return undefined;
  }
  correctHops(draft, context);
  const read = made(draft);
  const first = bfdInstances.find((one) => endsOf(one) === endsOf(read));
  if (first === undefined) return read;
  context.sink.warning(
    "HK0270",
    draft.spanOf("neighborIp") ?? draft.self,
    `\`${first.name}\` is a session with \`${neighborIp}\` already`,
    {
      label: "this whole block is ignored",
      related: [{ span: first.at.self, message: "the first one" }],
    },
  );
  return undefined;
}

function correctHops(draft: Draft<BfdInstance>, context: ReadContext): void {
  const span = draft.spanOf("hopsMax");
  const most = draft.get("hopLimit") ?? 255;
  const given = draft.get("hopsMax") ?? 0;
  if (span === undefined || given <= most) return;
  context.sink.warning(
    "HK0104",
    span,
    `\`max_hops\` ${given} is above the hop limit ${most}`,
    { label: `${most} is used` },
  );
  draft.set("hopsMax", most, span);
}

function made(draft: Draft<BfdInstance>): BfdInstance {
  return {
    name: draft.get("name") ?? "",
    neighborIp: draft.get("neighborIp"),
    sourceIp: draft.get("sourceIp"),
    minRxNs: draft.get("minRxNs"),
    minTxNs: draft.get("minTxNs"),
    idleTxNs: draft.get("idleTxNs"),
    multiplier: draft.get("multiplier"),
    passive: draft.get("passive"),
    hopLimit: draft.get("hopLimit"),
    hopsMax: draft.get("hopsMax"),
    multihop: draft.get("multihop"),
    weight: draft.get("weight"),
    reverse: draft.get("reverse"),
    vrrp: draft.get("vrrp"),
    checker: draft.get("checker"),
    at: draft.at,
  };
}
