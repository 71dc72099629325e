import { type Random } from "@tenon/tensor";
import { choose } from "../generate/choose.ts";
import type { Strategy } from "../strategies/strategy.ts";
import type { DecodingContext } from "../transforms/logits-transform.ts";
import { largestLogit } from "../transforms/log-sum-exp.ts";

/** An id that a draft has at some place, and the scores [v] that it was chosen from; without them it was certain. */
export interface Proposal {
  readonly id: number;
  readonly scores: Float32Array | undefined;
}

/** Decides from the model's scores [v] which id stands at a place: the proposed one, if that can be. */
export type Verdict = (scores: Float32Array, context: DecodingContext, proposal: Proposal | undefined) => number;

/** The strategy decides, whatever was proposed: so the text is the one that it makes without a draft. */
export const byStrategy =
  (strategy: Strategy): Verdict =>
  (scores, context) =>
    choose(scores, strategy, context);

/**
 * Accepts a proposal x, drawn from q, with probability min(1, p(x) / q(x)), and otherwise draws from max(0, p − q), normalised: either way the id is
 * distributed as p. Without a proposal it is drawn from p. A rejected id cannot come, since there p < q.
 *
 * Acceptance and drawing have streams of their own, each at the place in the text, since one must not know of the other.
 */
export function byRejection(random: Random): Verdict {
  const [acceptance, replacement] = [random.fork("acceptance"), random.fork("replacement")];
  return (scores, { ids }, proposal) => {
    const p = softmax(scores);
    if (proposal === undefined) return draw(p, replacement.fork(ids.length));
    const { id } = proposal;
    const q = proposal.scores === undefined ? certain(id, p.length) : softmax(proposal.scores);
    if (fraction(acceptance.fork(ids.length)) * q[id]! < p[id]!) return id;
    const rest = p.map((probability, i) => Math.max(0, probability - q[i]!));
    // Rounding can reject where p equals q; then nothing is left over, and p is what to draw from.
    return draw(rest.some((weight) => weight > 0) ? rest : p, replacement.fork(ids.length));
  };
}

/** 48 random bits in [0, 1). */
const fraction = (random: Random): number => random.uniform() + random.uniform() * 2 ** -24;

/** Draws an id with a probability in proportion to its weight; one of weight 0 never. */
function draw(weights: Float64Array, random: Random): number {
  let total = 0;
  for (const weight of weights) total += weight;
  const point = fraction(random) * total;
  // The same terms in the same order as the total, and the point is below it, so the walk ends.
  let cumulative = 0;
  let id = -1;
  while (cumulative <= point) cumulative += weights[++id]!;
  return id;
}

function softmax(scores: Float32Array): Float64Array {
  const max = largestLogit(scores);
  const weights = Float64Array.from(scores, (score) => Math.exp(score - max));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const certain = (id: number, vocabulary: number): Float64Array => {
  const q = new Float64Array(vocabulary);
  q[id] = 1;
  return q;
};
