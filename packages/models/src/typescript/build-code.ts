import type { Kinds } from "../kinds/registry.ts";
import type { EncoderDecoderSpec, StackSpec } from "../spec.ts";
import type { PrintedSpec } from "./constants.ts";
import { call, code, imported, importedType, named, type Expression } from "./expression.ts";

/** The function `build`, which makes the model and begins it as the spec's `initial` says. */
export function buildCode(spec: PrintedSpec, kinds: Kinds): Expression {
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

/** The scheme of `initialOf`, as code. */
function initialCode(spec: PrintedSpec, kinds: Kinds): Expression | undefined {
  const { initial, kind } = spec;
  if (initial === undefined) return undefined;
  if (kind === "encoder-decoder") return bothSides(initial, spec, kinds);
  const layers = named("layers");
  const side = kind === "decoder" ? "decoder" : "encoder";
  return schemeCode(initial, spec, kinds, { side, layers, depths: { [side]: layers } });
}

/** That of the encoder, for its paths, and that of the decoder for all else. */
function bothSides(
  initial: NonNullable<StackSpec["initial"]>,
  { encoder, decoder, width }: EncoderDecoderSpec,
  kinds: Kinds,
): Expression {
  const depths = { encoder: named("encoderLayers"), decoder: named("decoderLayers") };
  const of = (side: keyof typeof depths): Expression => {
    const { attention } = side === "encoder" ? encoder : decoder;
    return schemeCode(initial, { attention, width }, kinds, { side, layers: depths[side], depths });
  };
  return code`[
  ...${of("encoder")}.map(([pattern, ...rest]): ${importedType("InitialRule", "@tenon/nn")} => [\`encoder.\${pattern}\`, ...rest]),
  ...${of("decoder")},
]`;
}

function schemeCode(
  initial: NonNullable<StackSpec["initial"]>,
  { attention, width }: Pick<StackSpec, "attention" | "width">,
  kinds: Kinds,
  {
    side,
    layers,
    depths,
  }: {
    readonly side: "encoder" | "decoder";
    readonly layers: Expression;
    readonly depths: { readonly [side: string]: Expression };
  },
): Expression {
  if (initial !== "deep-norm") {
    const sizes = { layers, width: named("width"), heads: kinds.heads(attention, { width })?.count };
    return call(imported("initialScheme", "@tenon/nn"), initial, sizes);
  }
  const constants = call(imported("deepNormConstants", "@tenon/blocks"), depths);
  return code`${imported("deepNormScheme", "@tenon/blocks")}(${constants}.${named(side)})`;
}
