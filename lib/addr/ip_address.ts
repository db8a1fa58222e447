/**
 * IP addresses as canonical text, so that they are plain data, compare with `===` and print as they are.
 *
 * Says:    RFC 4291 §2.2 (text forms), RFC 5952 (canonical IPv6 text).
 * Errors:  `parseIpAddress` returns undefined for what is not an address; zones (`%eth0`) are not one.
 * @module
 */

declare const ipAddressBrand: unique symbol;

/** An IPv4 or IPv6 address in canonical text (RFC 5952 for IPv6). */
export type IpAddress = string & { readonly [ipAddressBrand]: true };
