import type { Kinds } from "../kinds/registry.ts";
import type { EncoderDecoderSpec } from "../spec.ts";
import { classCode, tensor } from "./class-code.ts";
import { code, construct, Expression, imported, importedType, named, statements } from "./expression.ts";
import { outputField } from "./output-code.ts";
import { trunkCode, type TrunkCode } from "./trunk-code.ts";

type SideName = "encoder" | "decoder";

/** A function for each side of an encoder–decoder, and the class `Model`, which makes the tables of tokens and calls both. */
export function encoderDecoderCode(spec: EncoderDecoderSpec, kinds: Kinds): Expression[] {
  const trunks = trunksOf(spec, kinds);
  const { isNarrow } = trunks.decoder;
  const hasOwnTable = spec.sourceVocabulary !== undefined;
  const [sourceTokens, sourceMap] = [hasOwnTable ? "sourceTokens" : "tokens", "sourceMap"];
  const stack = importedType("EmbeddedStack", "@tenon/models");
  const called = (side: SideName, tokens: string, map: string): Expression => {
    const given = [tokens, ...(isNarrow ? [map] : [])].join(", ");
    return new Expression(`${functionName[side]}(${given}, ${forkText(side)})`);
  };
  const options = importedType("StackOptions", "@tenon/blocks");
  const model = classCode({
    comment:
      "One sequence is read as a whole, and another is written: each of its tokens sees itself, those before it, and all of the first.\n * The source is i32 [b, s], the target i32 [b, t], the logits [b, t, vocabulary]; `memoryMask` says which of the source count.",
    input: code`source: ${tensor}, target: ${tensor}, options?: ${options}`,
    fields: [
      {
        name: "encoder",
        type: stack,
        value: called("encoder", sourceTokens, sourceMap),
        before: [
          tokensCode(sourceTokens, hasOwnTable ? "sourceVocabulary" : "vocabulary", "encoder", trunks.encoder),
          ...(isNarrow ? [mapCode(sourceMap, "encoder", trunks.encoder)] : []),
        ],
      },
      {
        name: "decoder",
        type: stack,
        value: called("decoder", "tokens", "map"),
        before: [
          ...(hasOwnTable ? [tokensCode("tokens", "vocabulary", "decoder", trunks.decoder)] : []),
          ...(isNarrow ? [mapCode("map", "decoder", trunks.decoder)] : []),
        ],
      },
      outputField(spec, isNarrow),
    ],
    compute: code`protected override compute(source: ${tensor}, target: ${tensor}, options: ${options} = {}): ${tensor} {
  const memory = this.encoder.forward(source, { mask: options.memoryMask });
  const states = this.decoder.forward(target, { mask: ${imported("causal", "@tenon/attention")}(), ...options, memory });
  return this.output.forward(states);
}`,
  });
  return [sideCode("encoder", trunks.encoder), sideCode("decoder", trunks.decoder), model];
}

const functionName: Readonly<Record<SideName, string>> = { encoder: "newEncoder", decoder: "newDecoder" };
const forkText = (side: SideName): string => `random.fork(${JSON.stringify(side)})`;

function tokensCode(name: string, vocabulary: string, side: SideName, { tokenWidth }: TrunkCode): Expression {
  const table = construct("TokenEmbedding", "@tenon/embeddings", {
    vocabulary: named(vocabulary),
    width: tokenWidth,
    random: new Expression(`${forkText(side)}.fork("tokens")`),
  });
  return code`const ${new Expression(name)} = ${table};`;
}

function mapCode(name: string, side: SideName, { tokenWidth }: TrunkCode): Expression {
  const map = construct("Linear", "@tenon/nn", {
    input: tokenWidth,
    output: named("width"),
    random: new Expression(`${forkText(side)}.fork("map")`),
  });
  return code`const ${new Expression(name)} = ${map};`;
}

/** The trunks of both sides, as `sidesOf` builds them. */
function trunksOf(spec: EncoderDecoderSpec, kinds: Kinds): Readonly<Record<SideName, TrunkCode>> {
  const { version, vocabulary, width, dropout, tokens, tied } = spec;
  const shared = { version, vocabulary, width, dropout, ...(tokens && { tokens }) };
  const depths = { encoder: named("encoderLayers"), decoder: named("decoderLayers") };
  const { crossAttention, ...target } = spec.decoder;
  return {
    encoder: trunkCode({ ...shared, ...spec.encoder, kind: "encoder", segments: 0 }, kinds, {
      ...{ at: "spec.encoder", depths, embeddingNorm: spec.encoder.embeddingNorm },
      ...{ context: named("sourceContext"), layers: depths.encoder },
    }),
    decoder: trunkCode({ ...shared, ...target, kind: "decoder", tied }, kinds, {
      ...{ at: "spec.decoder", depths, embeddingNorm: target.embeddingNorm, crossAttention },
      ...{ context: named("context"), layers: depths.decoder },
    }),
  };
}

const comments: Readonly<Record<SideName, string>> = {
  encoder: "The side that reads: ids i32 [b, s] → [b, s, d].",
  decoder: "The side that writes, with the other's result as its memory: ids i32 [b, t] → [b, t, d].",
};

function sideCode(side: SideName, { embedding, before, blocks, finalNorm, isNarrow }: TrunkCode): Expression {
  const parameters = [
    code`tokens: ${importedType("TokenEmbedding", "@tenon/embeddings")}`,
    ...(isNarrow ? [code`map: ${importedType("Linear", "@tenon/nn")}`] : []),
    code`random: ${importedType("Random", "@tenon/tensor")}`,
  ].reduce((all, each) => code`${all}, ${each}`);
  const stack = construct("EmbeddedStack", "@tenon/models", { embedding, blocks, norm: finalNorm });
  return code`/** ${new Expression(comments[side])} */
function ${new Expression(functionName[side])}(${parameters}): ${importedType("EmbeddedStack", "@tenon/models")} {
  ${statements([...before, code`return ${stack};`])}
}`;
}
