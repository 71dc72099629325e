import { handOut, Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { ClassificationHead } from "./classification-head.ts";
import type { EncoderHead, HeadInput } from "./encoder-head.ts";

/** What a {@link PreTrainingHead} is made from. */
export interface PreTrainingHeadOptions {
  /** Predicts masked words. */
  readonly words: EncoderHead;
  /** Tells of two sentences whether they belong together. */
  readonly sentences: ClassificationHead;
}

/**
 * The two heads that BERT is trained with at once. `forward` gives the logits of masked words, [b, t, v], so that the model serves
 * wherever words are predicted; those of the sentences, [b, labels], are handed out beside them, to whoever collects them by
 * `collectSideOutputs` of `@tenon/nn`: both come of one pass, and a loss of both is differentiable. x [b, t, d].
 *
 * In BERT the sentences' logits say whether the second follows the first, in ALBERT in which order they are.
 *
 * `forward` throws `ShapeError` when x is not [b, t, d].
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers", section 3.1; Lan et al. 2019, "ALBERT", section 3.1.
 *
 * @example
 * ```ts
 * const sizes = { vocabulary: 600, context: 64, width: 96, layers: 3, heads: 4 };
 * const model = await assemble({ ...bert(sizes), head: { kind: "pre-training" } }).to(cpu());
 * const pair = ids([5, 6, 7], [1, 3], model.backend, { limit: 600 });
 * const { result: words, sideOutputs } = collectSideOutputs(() => model.forward(pair));
 * console.log(words.shape, sideOutputs[0]!.tensors[0]!.shape); // [ 1, 3, 600 ] [ 1, 2 ]
 * ```
 */
export class PreTrainingHead extends Module<[x: Tensor, input?: HeadInput], Tensor> {
  readonly words: EncoderHead;
  readonly sentences: ClassificationHead;

  constructor({ words, sentences }: PreTrainingHeadOptions) {
    super();
    this.words = words;
    this.sentences = sentences;
  }

  protected override compute(x: Tensor, input?: HeadInput): Tensor {
    handOut(this, [this.sentences.forward(x, input)]);
    return this.words.forward(x, input);
  }
}
