import { assemble } from "./assemble.ts";
import { expectShown } from "./expect-shown.ts";
import type { Kinds } from "./kinds/registry.ts";
import { standardKinds } from "./kinds/standard.ts";
import { buildCode } from "./typescript/build-code.ts";
import { constantsOf } from "./typescript/constants.ts";
import { modelCode } from "./typescript/model-code.ts";
import { moduleText } from "./typescript/module.ts";

/** What {@link toTypeScript} may be told. */
export interface ToTypeScriptOptions {
  /** The kinds that the spec may name. Default: those that Tenon brings. */
  readonly kinds?: Kinds | undefined;
}

/**
 * The model of a spec as a TypeScript module, composed by hand from the parts of the other packages: where a spec ends, because the model is to become
 * something that no kind describes, this is the code to go on from.
 *
 * The module exports the class `Model` and `build(seed)`. What `build` gives has the parameters of `assemble(spec, { seed })`: the same paths, shapes and
 * initial values, so that checkpoints go from one to the other. Options that are the parts' own defaults are not written.
 *
 * Throws `ConfigError` for what `assemble` refuses, for recurrent translators, and for a kind of part that has no `code`.
 *
 * @example
 * ```ts
 * const text = toTypeScript(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 }));
 * console.log(text.split("\n")[0]); // import { causal, MultiHeadAttention } from "@tenon/attention";
 * ```
 */
export function toTypeScript(spec: unknown, { kinds = standardKinds }: ToTypeScriptOptions = {}): string {
  const { spec: checked } = expectShown("toTypeScript", assemble(spec, { kinds }), printed);
  return moduleText(constantsOf(checked), [...modelCode(checked, kinds), buildCode(checked, kinds)]);
}

const printed = ["decoder", "encoder", "encoder-decoder", "image-encoder"] as const;
