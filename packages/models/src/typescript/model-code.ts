import type { Kinds } from "../kinds/registry.ts";
import type { DecoderSpec, EncoderSpec } from "../spec.ts";
import { classCode, normed, tensor, type Field } from "./class-code.ts";
import type { PrintedSpec } from "./constants.ts";
import { encoderDecoderCode } from "./encoder-decoder-code.ts";
import { code, Expression, imported, importedType, named } from "./expression.ts";
import { imageEncoderCode } from "./image-encoder-code.ts";
import { outputField } from "./output-code.ts";
import { blocksFields, trunkCode, type TrunkCode } from "./trunk-code.ts";

/** The class `Model` of a checked spec, by the spec's kind, and the functions that it calls. */
export function modelCode(spec: PrintedSpec, kinds: Kinds): Expression[] {
  switch (spec.kind) {
    case "decoder":
      return [decoderCode(spec, kinds)];
    case "encoder":
      return [encoderCode(spec, kinds)];
    case "encoder-decoder":
      return encoderDecoderCode(spec, kinds);
    case "image-encoder":
      return [imageEncoderCode(spec, kinds)];
  }
}

function decoderCode(spec: DecoderSpec, kinds: Kinds): Expression {
  const trunk = trunkCode(spec, kinds);
  const options = importedType("StackOptions", "@tenon/blocks");
  return classCode({
    comment:
      "GPT-like: each token sees itself and those before it. Its ids are i32 [b, t], its logits [b, t, vocabulary].",
    input: code`ids: ${tensor}, options?: ${options}`,
    fields: [...trunkFields(trunk), outputField(spec, trunk.isNarrow)],
    compute: code`protected override compute(ids: ${tensor}, options: ${options} = {}): ${tensor} {
  const x = this.embedding.forward(ids, { extent: options.extent });
  const y = this.blocks.forward(x, { mask: ${imported("causal", "@tenon/attention")}(), ...options });
  return this.output.forward(${normed(trunk.finalNorm)});
}`,
  });
}

function encoderCode(spec: EncoderSpec, kinds: Kinds): Expression {
  const trunk = trunkCode(spec, kinds);
  // The check has filled the head in.
  const head = kinds.code("head", spec.head!, {
    ...trunk.around("head"),
    ...trunk,
    tokens: named("tokens"),
    norm: (place, width) => trunk.norm(`head.${place}`, width),
    dropout: spec.dropout === 0 ? undefined : named("dropout"),
  });
  const hasSegments = spec.segments > 0;
  const options = [
    importedType("StackOptions", "@tenon/blocks"),
    ...(head === undefined ? [] : [importedType("HeadInput", "@tenon/models")]),
    ...(hasSegments ? [code`{ readonly segments?: ${tensor} }`] : []),
  ].reduce((all, each) => code`${all} & ${each}`);
  const taken = [...(hasSegments ? ["segments"] : []), ...(head === undefined ? [] : ["real"]), "...options"];
  const type = importedType("EncoderHead", "@tenon/models");
  const y = normed(trunk.finalNorm);
  return classCode({
    comment:
      "BERT-like: each token sees all. Its ids are i32 [b, t]; its head makes the result of the tokens' vectors.",
    input: code`ids: ${tensor}, options?: ${options}`,
    fields: [...trunkFields(trunk), ...(head === undefined ? [] : [{ name: "head", type, value: head }])],
    compute: code`protected override compute(ids: ${tensor}, { ${new Expression(taken.join(", "))} }: ${options} = {}): ${tensor} {
  const x = this.embedding.forward(ids, { extent: options.extent${new Expression(hasSegments ? ", segments" : "")} });
  const y = this.blocks.forward(x, options);
  return ${head === undefined ? y : code`this.head.forward(${y}, { real })`};
}`,
  });
}

function trunkFields(trunk: TrunkCode): Field[] {
  const { tokens, map, embedding } = trunk;
  return [
    {
      name: "embedding",
      type: importedType("InputEmbedding", "@tenon/embeddings"),
      value: embedding,
      before: [code`const tokens = ${tokens};`, ...(map === undefined ? [] : [code`const map = ${map};`])],
    },
    ...blocksFields(trunk),
  ];
}
