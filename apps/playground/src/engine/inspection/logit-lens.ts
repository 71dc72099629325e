import { cast, exp, logSoftmax, mul, Scope, sub, sum, topK, type Tensor } from "@tenon/tensor";

import { mainSide } from "./anatomy.ts";
import { seen } from "./at-points.ts";
import { floatsOf } from "./floats-of.ts";
import { predicting } from "./predicting.ts";
import type { Candidate, LensReading } from "./prediction-data.ts";
import type { Subject } from "./subject.ts";
import { textOf } from "./tokens-of.ts";

/** How many tokens of each position are told. */
const told = 5;

/**
 * The logit lens: the final norm and the output, applied to the residual stream after each layer. The last row is what the model says.
 *
 * Nostalgebraist 2020, "Interpreting GPT: the logit lens".
 */
export async function logitLens(subject: Subject): Promise<LensReading> {
  const { model, open, main } = subject;
  const readOut = predicting(subject);
  const { layers } = mainSide(subject);
  const [input] = layers[0]!.stream;
  const points = [input!, ...layers.map(({ stream }) => stream.at(-1)!)];
  using scope = new Scope();
  const streams = scope.run(() => seen(model, points, () => subject.forward()).tensors);
  const last = scope.run(() => distribution(readOut, streams.at(-1)!));
  const candidates: (readonly Candidate[])[][] = [];
  const distances = new Float32Array(points.length * main.tokens.length);
  for (const [row, stream] of streams.entries()) {
    using own = new Scope();
    const { values, indices, distance } = own.run(() => {
      const here = distribution(readOut, stream);
      const [values, indices] = topK(exp(here), Math.min(told, here.shape.at(-1)!));
      return { values, indices, distance: divergence(last, here) };
    });
    const [probabilities, ids] = [await floatsOf(values), await indices.read()];
    distances.set(await floatsOf(distance), row * main.tokens.length);
    const each = values.shape.at(-1)!;
    candidates.push(
      main.tokens.map((_, position) =>
        Array.from({ length: each }, (_, rank): Candidate => {
          const id = ids[position * each + rank]!;
          return {
            token: { id, text: textOf(open.tokenizer!, id) },
            probability: probabilities[position * each + rank]!,
          };
        }),
      ),
    );
  }
  return { rows: ["embeddings", ...layers.map((_, layer) => `layer ${layer}`)], candidates, distances };
}

/** The logarithms of the probabilities, in single precision. */
const distribution = (readOut: (stream: Tensor) => Tensor, stream: Tensor): Tensor =>
  logSoftmax(cast(readOut(stream), "f32"));

/** KL(p ‖ q) of each row, from the logarithms of both: […, v] → […]. */
export const divergence = (p: Tensor, q: Tensor): Tensor => sum(mul(exp(p), sub(p, q)), -1);
