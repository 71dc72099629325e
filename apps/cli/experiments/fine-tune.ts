// Learns the task from labelled examples, and measures how many of others are right.
import { assemble, type Encoder } from "@tenon/models";
import { argMax, type Backend, ids, type Random, scoped } from "@tenon/tensor";
import type { HuggingFaceTokenizer } from "@tenon/tokenizers";
import { AdamW, classificationLoss, labelledBatches, type LabelledText, train, warmUpLinear } from "@tenon/training";

import { network } from "./pre-train.ts";
import { endings, type Task } from "./endings.ts";

/** What fine-tuning is told. */
export interface FineTuning {
  readonly tokenizer: HuggingFaceTokenizer;
  /** Where the network begins; undefined from scratch. */
  readonly from: Encoder | undefined;
  readonly examples: readonly LabelledText[];
  readonly epochs: number;
  readonly rate: number;
  readonly random: Random;
  readonly seed: number;
  readonly on: Backend;
}

/** Endings as pairs of texts with what is right, as many as asked for; of a long story the first sentences are left out. */
export function labelled(task: Task, count: number, tokenizer: HuggingFaceTokenizer, random: Random): LabelledText[] {
  const { context } = network(tokenizer.size, { dropout: 0 });
  const texts: LabelledText[] = [];
  for (const { beginning, ending, label } of endings(task, random)) {
    if (texts.length === count) break;
    for (let from = 0; ; from++) {
      const { ids, segmentIds: segments } = tokenizer.encoding([beginning.slice(from).join(" "), ending]);
      if (ids.length > context) continue;
      texts.push({ ids, segments, label });
      break;
    }
  }
  return texts;
}

/** A classifier that has learned from the examples. */
export async function fineTuned(options: FineTuning): Promise<Encoder> {
  const { tokenizer, from, examples, epochs, rate, random, seed, on } = options;
  const model = assemble(
    { ...network(tokenizer.size, { dropout: 0.1 }), head: { kind: "classification", labels: 2, dropout: 0.1 } },
    { seed },
  );
  if (from !== undefined) await begin(model, from);
  await model.to(on);
  const batches = labelledBatches({ texts: examples, rows: 16, random: random.fork("batches") });
  const steps = epochs * batches.perEpoch;
  const run = train({
    model,
    objective: classificationLoss(),
    batches,
    optimiser: new AdamW(model),
    schedule: warmUpLinear({ rate, warmUp: Math.ceil(steps / 10), steps }),
    steps,
    random: random.fork("dropout"),
  });
  for await (const _ of run);
  return model;
}

/** Everything but the output comes from the pre-trained model, the pooler of its pairs included. */
async function begin(model: Encoder, from: Encoder): Promise<void> {
  const learned = from.parameters();
  for (const [path, parameter] of model.parameters()) {
    const source = learned.get(path.replace(/^head\./, "head.sentences."));
    if (source === undefined) throw new Error(`the pre-trained model has nothing for ${path}`);
    if (!path.startsWith("head.output")) parameter.assign(await source.host());
  }
}

/** The share of texts whose class the model tells. */
export async function shareRight(model: Encoder, texts: readonly LabelledText[], random: Random): Promise<number> {
  const batches = labelledBatches({ texts, rows: 50, random });
  let right = 0;
  for (let i = 0; i < batches.perEpoch; i++) {
    const { inputs, segments, lengths, labels, shape } = batches(i);
    using best = scoped(() => {
      const on = model.backend;
      const tokens = ids(inputs, shape, on, { limit: model.vocabulary });
      const logits = model.forward(tokens, {
        segments: segments && ids(segments, shape, on, { limit: 2 }),
        lengths: lengths && ids(lengths, [shape[0]], on, { limit: shape[1] + 1 }),
      });
      return argMax(logits);
    });
    (await best.read()).forEach((label, row) => (right += label === labels[row] ? 1 : 0));
  }
  return right / texts.length;
}
