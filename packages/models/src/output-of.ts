import { FactorisedOutput, ScaledLogits, SoftCappedLogits, TiedOutput, type TokenEmbedding } from "@tenon/embeddings";
import { Linear, type Module } from "@tenon/nn";
import type { Random, Tensor } from "@tenon/tensor";

import type { DecoderSpec, EncoderDecoderSpec } from "./spec.ts";
import type { Trunk } from "./trunk.ts";

/** What makes the logits: [b, t, d] → [b, t, v]. */
export type Output = Module<[x: Tensor], Tensor>;

/** From the stream to logits as a spec says: through the tokens' table or a map of its own, scaled, then capped. */
export function outputOf(
  { vocabulary, width, tied, logits = {} }: DecoderSpec | EncoderDecoderSpec,
  { tokens, map }: Pick<Trunk, "tokens" | "map">,
  random: Random,
): Output {
  const { bias = false, scale, softCap } = logits;
  const output = tied
    ? throughTable(tokens, map, bias)
    : new Linear({ input: width, output: vocabulary, bias, random: random.fork("output") });
  const scaled = scale === undefined ? output : new ScaledLogits(output, scale);
  return softCap === undefined ? scaled : new SoftCappedLogits(scaled, softCap);
}

const throughTable = (tokens: TokenEmbedding, map: Linear | undefined, bias: boolean): Output =>
  map === undefined ? new TiedOutput(tokens, { bias }) : new FactorisedOutput({ tokens, map }, { bias });
