import type { Kinds } from "../kinds/registry.ts";
import type { DecoderSpec, EncoderSpec } from "../spec.ts";
import { code, construct, Expression, imported, importedType, named, statements } from "./expression.ts";
import { forkFor, trunkCode, type TrunkCode } from "./trunk-code.ts";

/** One field of the class: its type, and its value. */
interface Field {
  readonly name: string;
  readonly type: Expression;
  readonly value: Expression;
  /** Statements in front of it. */
  readonly before?: readonly Expression[];
}

/** The class `Model` of a checked spec, by the spec's kind. */
export function modelCode(spec: DecoderSpec | EncoderSpec, kinds: Kinds): Expression {
  return spec.kind === "decoder" ? decoderCode(spec, kinds) : encoderCode(spec, kinds);
}

function decoderCode(spec: DecoderSpec, kinds: Kinds): Expression {
  const trunk = trunkCode(spec, kinds);
  const options = importedType("StackOptions", "@tenon/blocks");
  return classCode({
    comment:
      "GPT-like: each token sees itself and those before it. Its ids are i32 [b, t], its logits [b, t, vocabulary].",
    input: code`ids: ${tensor}, options?: ${options}`,
    fields: [
      ...trunkFields(trunk),
      { name: "output", type: code`${module}<[x: ${tensor}], ${tensor}>`, value: outputCode(spec, trunk.isNarrow) },
    ],
    compute: code`protected override compute(ids: ${tensor}, options: ${options} = {}): ${tensor} {
  const x = this.embedding.forward(ids, { extent: options.extent });
  const y = this.blocks.forward(x, { mask: ${imported("causal", "@tenon/attention")}(), ...options });
  return this.output.forward(${normed(trunk.finalNorm)});
}`,
  });
}

function outputCode({ tied, logits }: DecoderSpec, isNarrow: boolean): Expression {
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

const tensor = importedType("Tensor", "@tenon/tensor");
const module = imported("Module", "@tenon/nn");
const normed = (norm: Expression | undefined): Expression =>
  new Expression(norm === undefined ? "y" : "this.norm.forward(y)");

function trunkFields({ tokens, embedding, before, blocks, finalNorm }: TrunkCode): Field[] {
  return [
    {
      name: "embedding",
      type: importedType("InputEmbedding", "@tenon/embeddings"),
      value: embedding,
      before: tokens,
    },
    { name: "blocks", type: importedType("Stack", "@tenon/blocks"), value: blocks, before },
    ...(finalNorm === undefined ? [] : [{ name: "norm", type: importedType("Norm", "@tenon/nn"), value: finalNorm }]),
  ];
}

interface ClassCode {
  readonly comment: string;
  /** The parameters of `forward`. */
  readonly input: Expression;
  readonly fields: readonly Field[];
  readonly compute: Expression;
}

function classCode({ comment, input, fields, compute }: ClassCode): Expression {
  const declared = fields.map(({ name, type }) => code`readonly ${new Expression(name)}: ${type};`);
  const assigned = fields.flatMap(({ name, value, before = [] }) => [
    ...before,
    code`this.${new Expression(name)} = ${value};`,
  ]);
  return code`/** ${new Expression(comment)} */
export class Model extends ${module}<[${input}], ${tensor}> {
  ${statements(declared)}

  constructor(random: ${importedType("Random", "@tenon/tensor")}) {
    super();
    ${statements(assigned)}
  }

  ${compute}
}`;
}
