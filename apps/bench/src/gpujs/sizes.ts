import type { Sizes } from "@tenon/models";

/** google/bert_uncased_L-4_H-512_A-8: BERT-small. Feed-forward layers are four times as wide. */
export const bertSmall: Sizes = { vocabulary: 30522, context: 512, width: 512, layers: 4, heads: 8 };
