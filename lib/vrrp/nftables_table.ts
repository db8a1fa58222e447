/**
 * What any nftables table of ours has in common, whatever its rules; a title is its family and its name.
 * @module
 */

/** Commands after which the table is not there, whether it was or not. */
export function removalCommands(title: string): string {
  return `table ${title}\ndelete table ${title}`;
}

/** A listing of a table without what changes by itself. */
export function withoutCounters(listing: string): string {
  return listing.replaceAll(/packets \d+ bytes \d+/g, "");
}
