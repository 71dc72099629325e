import type { DecoderSpec, EncoderDecoderSpec } from "../spec.ts";
import { module, tensor, type Field } from "./class-code.ts";
import { code, construct, named, type Expression } from "./expression.ts";
import { forkFor } from "./trunk-code.ts";

/** The field that makes the logits, as `outputOf` does. */
export const outputField = (spec: DecoderSpec | EncoderDecoderSpec, isNarrow: boolean): Field => ({
  name: "output",
  type: code`${module}<[x: ${tensor}], ${tensor}>`,
  value: outputCode(spec, isNarrow),
});

function outputCode({ tied, logits }: DecoderSpec | EncoderDecoderSpec, isNarrow: boolean): Expression {
  const { bias = false, scale, softCap } = logits ?? {};
  const [tokens, map, width] = [named("tokens"), named("map"), named("width")];
  const options = { bias: bias ? true : undefined };
  const linear = { input: width, output: named("vocabulary"), bias, random: forkFor("output") };
  const plain = !tied
    ? construct("Linear", "@tenon/nn", { ...linear, bias: bias ? undefined : false })
    : isNarrow
      ? construct("FactorisedOutput", "@tenon/embeddings", { tokens, map }, options)
      : construct("TiedOutput", "@tenon/embeddings", tokens, options);
  const scaled = scale === undefined ? plain : construct("ScaledLogits", "@tenon/embeddings", plain, scale);
  return softCap === undefined ? scaled : construct("SoftCappedLogits", "@tenon/embeddings", scaled, softCap);
}
