import { assemble } from "./assemble.ts";
import { expectOneStack } from "./expect-one-stack.ts";
import type { Kinds } from "./kinds/registry.ts";
import { standardKinds } from "./kinds/standard.ts";
import type { DecoderSpec, EncoderSpec } from "./spec.ts";
import { call, code, imported, named, type Expression } from "./typescript/expression.ts";
import { modelCode } from "./typescript/model-code.ts";
import { moduleText } from "./typescript/module.ts";
import { constantsOf } from "./typescript/trunk-code.ts";

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
 * Throws `ConfigError` for what `assemble` refuses, and for a kind that has no `code`.
 *
 * @example
 * ```ts
 * const text = toTypeScript(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 }));
 * console.log(text.split("\n")[0]); // import { causal, MultiHeadAttention } from "@tenon/attention";
 * ```
 */
export function toTypeScript(spec: unknown, { kinds = standardKinds }: ToTypeScriptOptions = {}): string {
  const { spec: checked } = expectOneStack("toTypeScript", assemble(spec, { kinds }));
  return moduleText(constantsOf(checked), [modelCode(checked, kinds), buildCode(checked, kinds)]);
}

function buildCode(spec: DecoderSpec | EncoderSpec, kinds: Kinds): Expression {
  const random = imported("random", "@tenon/tensor");
  const begun = code`new Model(${random}(seed).fork("parameters"))`;
  const scheme = initialCode(spec, kinds);
  if (scheme === undefined) {
    return code`/** The model; the seed names its initial values. */
export function build(seed = 0): Model {
  return ${begun};
}`;
  }
  return code`/** The model; the seed names its initial values. */
export function build(seed = 0): Model {
  const model = ${begun};
  ${imported("initialise", "@tenon/nn")}(model, ${scheme}, ${random}(seed).fork("initial"));
  return model;
}`;
}

function initialCode(
  { initial, kind, attention, width }: DecoderSpec | EncoderSpec,
  kinds: Kinds,
): Expression | undefined {
  if (initial === undefined) return undefined;
  const layers = named("layers");
  if (initial !== "deep-norm") {
    const sizes = { layers, width: named("width"), heads: kinds.heads(attention, { width })?.count };
    return call(imported("initialScheme", "@tenon/nn"), initial, sizes);
  }
  const constants = call(imported("deepNormConstants", "@tenon/blocks"), { [kind]: layers });
  return code`${imported("deepNormScheme", "@tenon/blocks")}(${constants}.${named(kind)})`;
}
