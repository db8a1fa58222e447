/**
 * `use_vmac [[name] IFNAME] [MAC] [netlink_notify_msg] [group ID]`.
 * @module
 */
import type { VrrpInstance } from "../model.ts";
import { isVmacAddress } from "../vmac_address.ts";
import type { Draft } from "./draft.ts";
import { readLinkGroup } from "./link_group.ts";
import type { LogicalLine } from "./logical_line.ts";
import { interfaceName } from "./names.ts";
import type { ReadContext } from "./read_context.ts";

/** Sets what the line says; words that keepalived ignores are reported and ignored. */
export function readUseVmac(
  draft: Draft<VrrpInstance>,
  line: LogicalLine,
  context: ReadContext,
): void {
  draft.set("useVmac", true, line.wordSpan(0));
  for (let index = 1; index < line.count; index++) {
    const word = line.word(index);
    if (word === "netlink_notify_msg") {
      adviseNotifyMessage(line, index, context);
    } else if (word === "group") {
      const span = line.wordSpan(index);
      draft.set("vmacGroup", readLinkGroup(line, ++index, context), span);
    } else if (word.includes(":")) readMac(draft, line, index, context);
    else if (word === "name") {
      index++;
      if (index < line.count) readName(draft, line, index, context);
    } else readName(draft, line, index, context);
  }
}

/** keepalived makes the kernel send one more netlink message about the parent after creating the link; we do not. */
function adviseNotifyMessage(
  line: LogicalLine,
  index: number,
  context: ReadContext,
): void {
  context.advise(
    "HK0423",
    line,
    line.wordSpan(index),
    "`netlink_notify_msg` means nothing in hakeep",
    {
      label:
        "hakeep makes no further netlink message about the parent interface",
    },
  );
}

function readName(
  draft: Draft<VrrpInstance>,
  line: LogicalLine,
  index: number,
  context: ReadContext,
): void {
  if (draft.get("vmacName") !== undefined) {
    context.warn(
      "HK0110",
      line,
      line.wordSpan(index),
      "`use_vmac` has a name already",
      { label: "ignored" },
    );
    return;
  }
  const name = interfaceName(line, index, context);
  if (name !== undefined) draft.set("vmacName", name, line.wordSpan(index));
}

function readMac(
  draft: Draft<VrrpInstance>,
  line: LogicalLine,
  index: number,
  context: ReadContext,
): void {
  const text = line.word(index).toLowerCase();
  if (isVmacAddress(text)) {
    draft.set("vmacAddress", text, line.wordSpan(index));
    return;
  }
  context.warn(
    "HK0110",
    line,
    line.wordSpan(index),
    `\`${
      line.word(index)
    }\` cannot be the hardware address of a virtual router`,
    {
      label: "ignored",
      help:
        "leave it out: the address is 00:00:5e:00:01:VRID, as the standard says",
    },
  );
}
