/**
 * libnftables: commands in nft's language, each call one transaction that the kernel carries out whole or not at all.
 *
 * Nothing is loaded at import, and the library may be missing: it is of use to few configurations.
 *
 * Says:    libnftables(3), nft(8).
 * Errors:  {@linkcode NftError} with the library's own words.
 * Cost:    a transaction blocks for a millisecond, one that removes something for ten or more.
 * @module
 */

const SYMBOLS = {
  nft_ctx_new: { parameters: ["u32" /* flags */], result: "pointer" },
  nft_ctx_free: { parameters: ["pointer"], result: "void" },
  nft_ctx_buffer_output: { parameters: ["pointer"], result: "i32" },
  nft_ctx_buffer_error: { parameters: ["pointer"], result: "i32" },
  nft_ctx_get_output_buffer: { parameters: ["pointer"], result: "pointer" },
  nft_ctx_get_error_buffer: { parameters: ["pointer"], result: "pointer" },
  nft_run_cmd_from_buffer: {
    parameters: ["pointer", "buffer" /* const char* */],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

const LIBRARY = "libnftables.so.1";

/** What the library or the kernel refused. */
export class NftError extends Error {
  override readonly name = "NftError";
}

/** A context of libnftables; it takes commands until it is closed. */
export class Nftables {
  readonly #symbols: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
  readonly #context: Deno.PointerObject;

  private constructor(
    symbols: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"],
    context: Deno.PointerObject,
  ) {
    this.#symbols = symbols;
    this.#context = context;
  }

  /** Loads the library. Throws {@linkcode NftError} where it is missing. */
  static open(): Nftables {
    let symbols;
    try {
      symbols = Deno.dlopen(LIBRARY, SYMBOLS).symbols;
    } catch (cause) {
      throw new NftError(`${LIBRARY} cannot be loaded`, { cause });
    }
    const context = symbols.nft_ctx_new(0);
    if (context === null) throw new NftError("nft_ctx_new returned NULL");
    symbols.nft_ctx_buffer_output(context);
    symbols.nft_ctx_buffer_error(context);
    return new Nftables(symbols, context);
  }

  /** Carries out `commands` and returns what they print. Throws {@linkcode NftError}; then nothing was changed. */
  run(commands: string): string {
    const result = this.#symbols.nft_run_cmd_from_buffer(
      this.#context,
      new TextEncoder().encode(`${commands}\0`),
    );
    const errors = text(this.#symbols.nft_ctx_get_error_buffer(this.#context));
    const output = text(this.#symbols.nft_ctx_get_output_buffer(this.#context));
    if (result === 0) return output;
    throw new NftError(errors.split("\n")[0] ?? "nft failed");
  }

  close(): void {
    this.#symbols.nft_ctx_free(this.#context);
  }
}

function text(pointer: Deno.PointerValue): string {
  return pointer === null
    ? ""
    : new Deno.UnsafePointerView(pointer).getCString();
}
