/**
 * Routing realms: `"TO"` or `"FROM/TO"`, numbers up to 65535.
 * @module
 */
import type { Realms } from "../../vrrp/virtual_route.ts";
import { quoted } from "./printed_item.ts";
import { reportKind } from "./value_readers.ts";
import { inline, type InlineType } from "./value_type.ts";

const PATTERN = /^(?:([0-9]{1,5})\/)?([0-9]{1,5})$/;
const REALM_MAX = 65_535;

export const REALMS: InlineType<Realms> = inline(
  {
    kind: "pattern",
    pattern: PATTERN.source,
    what: 'routing realms such as "4" or "4/5"',
  },
  (node, sink) => {
    if (node.kind !== "string") {
      return reportKind(node, "a text in quotes", sink);
    }
    const match = PATTERN.exec(node.value);
    const from = Number(match?.[1] ?? 0);
    const to = Number(match?.[2]);
    if (from <= REALM_MAX && to <= REALM_MAX) return { from, to };
    sink.error("HK0107", node.span, `\`${node.value}\` names no realms`, {
      label: `must be "TO" or "FROM/TO", numbers up to ${REALM_MAX}`,
    });
    return undefined;
  },
  ({ from, to }) => quoted(from === 0 ? String(to) : `${from}/${to}`),
);
