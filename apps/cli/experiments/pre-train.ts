// BERT on stories: masked words, all pieces of each, and whether the second piece of text follows the first.
import { assemble, bert, type Encoder, type EncoderSpec } from "@tenon/models";
import { story } from "@tenon/stories";
import type { Backend, Random } from "@tenon/tensor";
import { huggingFaceTokenizer, type HuggingFaceTokenizer, trainWordPieces } from "@tenon/tokenizers";
import { AdamW, continuesWord, preTrainingBatches, preTrainingLoss, train, warmUpLinear } from "@tenon/training";

import { sentencesOf } from "./endings.ts";

/**
 * The network of all that is compared, without its head: a small BERT, but with pre-norm blocks and rotary positions. With post-norm blocks it
 * predicted words after 500 steps as well as by how frequent they are, and no better; with these its loss was down by a third.
 */
export function network(vocabulary: number, { dropout }: { readonly dropout: number }): EncoderSpec {
  const sizes = { vocabulary, context: 96, width: 64, layers: 4, heads: 4, dropout };
  return { ...bert(sizes), position: { kind: "rotary" }, residual: { kind: "pre-norm" }, initial: "bert" };
}

/** The same with the two heads of pre-training. */
export function preTrainingNetwork(vocabulary: number): EncoderSpec {
  return { ...network(vocabulary, { dropout: 0 }), head: { kind: "pre-training" } };
}

/** Word pieces of stories: fewer than there are words, so that the rare ones are made of several. */
export async function wordPieces(random: Random): Promise<HuggingFaceTokenizer> {
  const texts = Array.from({ length: 2000 }, (_, i) => story(random.fork(i)));
  return huggingFaceTokenizer(await trainWordPieces(texts, { maximumSize: 600 }));
}

/** What pre-training is told. */
export interface PreTraining {
  readonly tokenizer: HuggingFaceTokenizer;
  readonly stories: number;
  readonly steps: number;
  readonly random: Random;
  readonly seed: number;
  readonly on: Backend;
  readonly onStep: (step: number, loss: number) => void;
}

/** A model that has read stories. */
export async function preTrained(options: PreTraining): Promise<Encoder> {
  const { tokenizer, steps, random, seed, on, onStep } = options;
  const vocabulary = tokenizer.size;
  const documents = Array.from({ length: options.stories }, (_, i) =>
    sentencesOf(story(random.fork("stories").fork(i))).map((sentence) => Int32Array.from(tokenizer.encode(sentence))),
  );
  const model = assemble(preTrainingNetwork(vocabulary), { seed });
  await model.to(on);
  const run = train({
    model,
    objective: preTrainingLoss,
    batches: preTrainingBatches({
      documents,
      context: model.context,
      batch: 16,
      random: random.fork("batches"),
      vocabulary,
      mask: tokenizer.id("[MASK]")!,
      maskable: (id) => tokenizer.isWord(id),
      continues: continuesWord(tokenizer),
      begin: tokenizer.id("[CLS]")!,
      separator: tokenizer.id("[SEP]")!,
    }),
    optimiser: new AdamW(model),
    schedule: warmUpLinear({ rate: 3e-3, warmUp: Math.floor(steps / 40), steps }),
    steps,
    random: random.fork("dropout"),
  });
  for await (const { step, loss } of run) onStep(step, loss);
  return model;
}
