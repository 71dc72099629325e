import { ids as idTensor, Scope, sigmoid, softmax, type Tensor } from "@tenon/tensor";
import type { Encoding } from "@tenon/tokenizers";

import type { LoadedEncoder } from "../model/load-kind.ts";
import { labelsOf } from "./labels.ts";

/** A class and what speaks for it: a probability, or for a model that gives a number, that number. */
export interface Scored {
  readonly label: string;
  readonly score: number;
}
/** A stretch of a text and its class. */
export interface Marked extends Scored {
  readonly text: string;
  /** Where it stands, in UTF-16 code units. */
  readonly begin: number;
  readonly end: number;
}

/** What the numbers of a classifier are: `problem_type` of its config, or what its number of classes suggests. */
function scoresOf(logits: Tensor, { pretrained }: LoadedEncoder, classes: number): Tensor {
  const problem = pretrained?.config["problem_type"] ?? (classes === 1 ? "regression" : "single_label_classification");
  return problem === "regression"
    ? logits
    : problem === "multi_label_classification"
      ? sigmoid(logits)
      : softmax(logits);
}

/** The classes of a text, the likeliest first, by a model with a "classification" head. */
export async function classifyText(loaded: LoadedEncoder, encoding: Encoding): Promise<Scored[]> {
  const labels = labelsOf(loaded);
  const scores = await computed(loaded, encoding, labels.length);
  return labels.map((label, id) => ({ label, score: scores[id]! })).sort((a, b) => b.score - a.score);
}

/** The class of each token of a text, by a model with a "token-classification" head; neighbours of one class are not joined. */
export async function classifyTokens(loaded: LoadedEncoder, encoding: Encoding, text: string): Promise<Marked[]> {
  const labels = labelsOf(loaded);
  const scores = await computed(loaded, encoding, labels.length);
  return encoding.ids.flatMap((_, place) => {
    if (encoding.sources[place] === undefined) return [];
    const row = Array.from(scores.subarray(place * labels.length, (place + 1) * labels.length));
    const best = row.indexOf(Math.max(...row));
    const [begin, end] = encoding.offsets[place]!;
    return [{ text: text.slice(begin, end), begin, end, label: labels[best]!, score: row[best]! }];
  });
}

async function computed(loaded: LoadedEncoder, { ids, segmentIds }: Encoding, classes: number): Promise<Float32Array> {
  const { model } = loaded;
  using scope = new Scope();
  const scores = scope.run(() => {
    const shape = [1, ids.length];
    const segments =
      model.spec.segments > 1 ? idTensor(segmentIds, shape, model.backend, { limit: model.spec.segments }) : undefined;
    return scoresOf(
      model.forward(idTensor(ids, shape, model.backend, { limit: model.vocabulary }), { segments }),
      loaded,
      classes,
    );
  });
  return Float32Array.from(await scores.read());
}
