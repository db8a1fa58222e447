/**
 * Generic netlink families by name, through libnl-genl-3.
 *
 * Says:    linux/genetlink.h. Only the number of a family is asked for here; messages are lib/wire/'s.
 * Errors:  {@linkcode SysError}: ENOENT when the kernel has no such family and could not load a module for it.
 * Cost:    one request and its answer; ask once and keep the number.
 * @module
 */
import { libnl, nlError } from "./libnl.ts";
import { SysError } from "./sys_error.ts";

const SYMBOLS = {
  genl_connect: { parameters: ["pointer" /* nl_sock* */], result: "i32" },
  genl_ctrl_resolve: {
    parameters: ["pointer", "buffer" /* const char *name */],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

type LibnlGenl = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

const loaded = new Map<string, LibnlGenl>();

function libnlGenl(path: string): LibnlGenl {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const { symbols } = Deno.dlopen(path, SYMBOLS);
  loaded.set(path, symbols);
  return symbols;
}

/** Where the two libraries are, as dlopen(3) takes them. */
export interface LibnlPaths {
  readonly libnl: string;
  readonly genl: string;
}

const ENOMEM = 12;

/** The number of a generic netlink family, such as 16 for `nlctrl`; `IPVS` has its own at every boot. */
export function resolveGenlFamily(paths: LibnlPaths, name: string): number {
  // libnl-genl needs libnl's symbols, which are found by its name once it is loaded from wherever it is.
  const base = libnl(paths.libnl);
  const genl = libnlGenl(paths.genl);
  const doing = `find the generic netlink family ${name}`;
  const socket = base.nl_socket_alloc();
  if (socket === null) throw new SysError("nl_socket_alloc", ENOMEM, doing);
  try {
    const connected = genl.genl_connect(socket);
    if (connected < 0) throw nlError(connected, "genl_connect", doing);
    const text = new TextEncoder().encode(`${name}\0`);
    const family = genl.genl_ctrl_resolve(socket, text);
    if (family < 0) throw nlError(family, "genl_ctrl_resolve", doing);
    return family;
  } finally {
    base.nl_socket_free(socket);
  }
}
