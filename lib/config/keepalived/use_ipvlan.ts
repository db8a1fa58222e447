/**
 * `use_ipvlan [[name] IFNAME] [ADDRESS[/PREFIX]] [bridge|private|vepa] [group ID]`.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import { familyOf } from "../../addr/ip_address.ts";
import type { IpvlanFlag } from "../../vrrp/virtual_link.ts";
import { addressWithPrefix } from "./addresses.ts";
import { readLinkGroup } from "./link_group.ts";
import type { LogicalLine } from "./logical_line.ts";
import { interfaceName } from "./names.ts";
import type { ReadContext } from "./read_context.ts";
import type { InstanceDraft } from "./vrrp_instance.ts";

const FLAGS: readonly IpvlanFlag[] = ["bridge", "private", "vepa"];

/** Sets what the line says; words that keepalived ignores are reported and ignored. */
export function readUseIpvlan(
  draft: InstanceDraft,
  line: LogicalLine,
  context: ReadContext,
): void {
  if (draft.get("useIpvlan") !== undefined) {
    ignore(line, 0, context, "`use_ipvlan` stands a second time");
    return;
  }
  draft.set("useIpvlan", true, line.wordSpan(0));
  for (let index = 1; index < line.count; index++) {
    const word = line.word(index);
    const span = line.wordSpan(index);
    const flag = FLAGS.find((one) => one === word);
    if (flag !== undefined) readFlag(draft, line, index, flag, span, context);
    else if (word === "group") {
      draft.set("ipvlanGroup", readLinkGroup(line, ++index, context), span);
    } else if (/^[\dA-Fa-f.:]+(\/.*)?$/.test(word) && /[.:]/.test(word)) {
      readAddress(draft, line, index, span, context);
    } else readName(draft, line, word === "name" ? ++index : index, context);
  }
}

function readFlag(
  draft: InstanceDraft,
  line: LogicalLine,
  index: number,
  flag: IpvlanFlag,
  span: Span,
  context: ReadContext,
): void {
  if (draft.get("ipvlanFlag") === undefined) {
    draft.set("ipvlanFlag", flag, span);
  } else ignore(line, index, context, "`use_ipvlan` has a type already");
}

function readAddress(
  draft: InstanceDraft,
  line: LogicalLine,
  index: number,
  span: Span,
  context: ReadContext,
): void {
  if (draft.get("ipvlanAddress") !== undefined) {
    ignore(line, index, context, "`use_ipvlan` has an address already");
    return;
  }
  const found = addressWithPrefix(line, index, context);
  if (found === undefined) return;
  const family = familyOf(found.address);
  draft.family ??= family;
  if (draft.family === family) draft.set("ipvlanAddress", found, span);
  else {
    ignore(
      line,
      index,
      context,
      `\`${found.address}\` is not an IPv${draft.family} address`,
    );
  }
}

function readName(
  draft: InstanceDraft,
  line: LogicalLine,
  index: number,
  context: ReadContext,
): void {
  if (index >= line.count) return;
  if (draft.get("ipvlanName") !== undefined) {
    ignore(line, index, context, "`use_ipvlan` has a name already");
    return;
  }
  const name = interfaceName(line, index, context);
  if (name !== undefined) draft.set("ipvlanName", name, line.wordSpan(index));
}

function ignore(
  line: LogicalLine,
  index: number,
  context: ReadContext,
  message: string,
): void {
  context.warn("HK0110", line, line.wordSpan(index), message, {
    label: "ignored",
  });
}
