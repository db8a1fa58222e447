/**
 * The keys of `[vrrp_sync_group.NAME]`: keepalived's keywords.
 * @module
 */
import type { GroupMember, SyncGroup } from "../tracking_model.ts";
import { NOTIFY_SETTINGS } from "./notify_settings.ts";
import {
  required,
  type Setting,
  setting,
  type SettingTable,
} from "./setting.ts";
import { TRACKING_SETTINGS } from "./track_entry.ts";
import { BOOLEAN, type EntryType, list, TEXT } from "./value_type.ts";

const MEMBER: EntryType<GroupMember> = {
  shape: TEXT.shape,
  read: (node, sink) => {
    const name = TEXT.read(node, sink);
    const at = { self: node.span, of: { name: node.span } };
    return name === undefined ? undefined : { name, at };
  },
  entry: ({ name, at }) => ({ at: at.self, text: TEXT.text(name) }),
};

const MEMBERS: Setting<readonly GroupMember[]> = required<
  readonly GroupMember[]
>({
  ...setting(
    "group",
    list(MEMBER, { isShort: true }),
    "names of instances that are MASTER together or not at all",
  ),
  absent: [],
});

export const SYNC_GROUP_TABLE: SettingTable<Omit<SyncGroup, "name" | "at">> = {
  name: "[vrrp_sync_group.NAME]",
  settings: {
    members: MEMBERS,
    trackingWeight: setting(
      "sync_group_tracking_weight",
      BOOLEAN,
      "weights count with which members follow objects by themselves",
      "false",
    ),
    ...TRACKING_SETTINGS,
    ...NOTIFY_SETTINGS,
  },
};
