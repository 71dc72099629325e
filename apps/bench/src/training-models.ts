import { assemble, gpt, rnnSearch, transformer } from "@tenon/models";
import type { Part } from "@tenon/nn";
import { crossEntropy, ids, random, reshape, type Backend, type Tensor } from "@tenon/tensor";

/** A model and the loss of one batch. */
export interface Pupil {
  readonly name: string;
  readonly model: Part;
  readonly loss: () => Tensor;
}

/** nanoGPT's model of characters on a processor: 12 texts of 64. */
async function characters(on: Backend): Promise<Pupil> {
  const [rows, length, vocabulary] = [12, 64, 65];
  const spec = gpt({ vocabulary, context: length, width: 128, layers: 4, heads: 4 });
  const model = await assemble(spec, { seed: 1 }).to(on);
  const { inputs, targets } = batchOf(rows, length, vocabulary, false);
  const loss = (): Tensor => {
    const logits = model.forward(ids(inputs, [rows, length], on, { limit: vocabulary }));
    return crossEntropy(
      reshape(logits, [rows * length, vocabulary]),
      ids(targets, [rows * length], on, { limit: vocabulary }),
    );
  };
  return { name: "decoder, 4 layers of 128, 12 × 64 characters", model, loss };
}

const translated = { rows: 64, length: 20, vocabulary: 4000 };

/** The original Transformer, small. */
async function translator(on: Backend): Promise<Pupil> {
  const { vocabulary, length: context } = translated;
  const spec = transformer({ vocabulary, context, width: 256, layers: 3, heads: 4, hidden: 1024, dropout: 0.1 });
  const model = await assemble(spec, { seed: 1 }).to(on);
  const loss = translationLoss(on, (source, target, given) => model.forward(source, target, given));
  return { name: "encoder–decoder, 2 × 3 layers of 256, 64 × 20 tokens of 4,000, dropout 0.1", model, loss };
}

/** RNNsearch. */
async function searcher(on: Backend): Promise<Pupil> {
  const { vocabulary } = translated;
  const model = await assemble(rnnSearch({ sourceVocabulary: vocabulary, vocabulary, width: 256, hidden: 256 }), {
    seed: 1,
  }).to(on);
  const loss = translationLoss(on, (source, target, given) => model.forward(source, target, given));
  return { name: "RNNsearch of 256, 64 × 20 tokens of 4,000", model, loss };
}

export const pupils: readonly ((on: Backend) => Promise<Pupil>)[] = [characters, translator, searcher];

interface Lengths {
  readonly sourceLengths: Tensor;
  readonly lengths: Tensor;
}

/** Sources and targets of 10 to 20 tokens, padded. */
function translationLoss(
  on: Backend,
  forward: (source: Tensor, target: Tensor, given: Lengths) => Tensor,
): () => Tensor {
  const { rows, length, vocabulary } = translated;
  const [from, to] = [batchOf(rows, length, vocabulary, true, 1), batchOf(rows, length, vocabulary, true, 2)];
  const tokens = (values: Int32Array): Tensor => ids(values, [rows, length], on, { limit: vocabulary });
  const count = (values: Int32Array): Tensor => ids(values, [rows], on, { limit: length + 1 });
  return () => {
    const given = { sourceLengths: count(from.lengths), lengths: count(to.lengths) };
    const logits = forward(tokens(from.inputs), tokens(to.inputs), given);
    const right = ids(to.targets, [rows * length], on, { limit: vocabulary, ignore: -100 });
    return crossEntropy(reshape(logits, [rows * length, vocabulary]), right, { labelSmoothing: 0.1 });
  };
}

function batchOf(
  rows: number,
  length: number,
  vocabulary: number,
  padded: boolean,
  seed = 1,
): Readonly<Record<"inputs" | "targets" | "lengths", Int32Array>> {
  const dice = random(seed);
  const lengths = Int32Array.from({ length: rows }, () => (padded ? 10 + dice.integer(length - 9) : length));
  const within = (i: number): boolean => i % length < lengths[Math.floor(i / length)]!;
  const drawn = (otherwise: number): Int32Array =>
    Int32Array.from({ length: rows * length }, (_, i) => (within(i) ? dice.integer(vocabulary) : otherwise));
  return { inputs: drawn(0), targets: drawn(-100), lengths };
}
