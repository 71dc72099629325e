import { renamed, type NameRule } from "../names/name-rule.ts";

/** The weight and bias of a map, or of a norm, whose names end alike in both. */
export const affine = (ours: string, theirs: string): Readonly<Record<string, string>> => ({
  [`${ours}.weight`]: `${theirs}.weight`,
  [`${ours}.bias`]: `${theirs}.bias`,
});

/** What BERT and RoBERTa call all but the head, after what `base` says. */
export function bertNames(base: string): NameRule[] {
  const layer = `${base}encoder.layer.{layer}`;
  const attention = "blocks.{layer}.attention";
  return renamed({
    ...embeddingNames(base),
    ...affine(`${attention}.query`, `${layer}.attention.self.query`),
    ...affine(`${attention}.key`, `${layer}.attention.self.key`),
    ...affine(`${attention}.value`, `${layer}.attention.self.value`),
    ...affine(`${attention}.output`, `${layer}.attention.output.dense`),
    ...affine("blocks.{layer}.attentionResidual.norm", `${layer}.attention.output.LayerNorm`),
    ...affine("blocks.{layer}.feedForward.up", `${layer}.intermediate.dense`),
    ...affine("blocks.{layer}.feedForward.down", `${layer}.output.dense`),
    ...affine("blocks.{layer}.feedForwardResidual.norm", `${layer}.output.LayerNorm`),
  });
}

/** What they, DistilBERT and ALBERT call the embeddings. */
export const embeddingNames = (base: string): Readonly<Record<string, string>> => ({
  "embedding.tokens.table": `${base}embeddings.word_embeddings.weight`,
  "embedding.position.table": `${base}embeddings.position_embeddings.weight`,
  "embedding.segments.table": `${base}embeddings.token_type_embeddings.weight`,
  ...affine("embedding.norm", `${base}embeddings.LayerNorm`),
});
