import { follow } from "../constraints/follow.ts";
import { breather } from "../generate/event-loop.ts";
import { open, type Decodable } from "../predict/open.ts";
import { chain } from "../transforms/chain.ts";
import { BeamGroup } from "./beam-group.ts";
import type { BeamOptions } from "./beam-options.ts";
import { planBeams } from "./beam-plan.ts";
import type { BeamResult } from "./beam-result.ts";
import { Expander } from "./expander.ts";
import { hypothesesOf } from "./hypotheses.ts";

/**
 * Looks for the most probable continuation: of all ways to go on from the best `beams` beginnings, the best `beams` are kept, token after token.
 *
 *     sum(y₁ … yₙ) = Σᵢ score(yᵢ | prompt, y₁ … yᵢ₋₁),   score = transforms(log softmax(z))
 *
 * A beam ends with a stop token, when its constraint is complete, or after `maxTokens`; those that have ended are ranked by `score`, which sees to it that
 * length alone does not decide. As in Hugging Face's `generate`, an ending counts if it is among the best `beams` of its step, and what is alive at the last
 * step competes with what has ended. With one beam it is greedy decoding; with as many as there are sequences it finds the best there is.
 *
 * With `groups`, each group is a search of its own, and an id loses `diversityPenalty` for each beam of an earlier group that chose it in the same step.
 * The penalties stay in the scores. A hypothesis that several groups found is returned once, with its best score.
 *
 * The model is asked once per step, for all beams of all groups: logits [b, v]. It decides between equals by order, so the same input gives the same
 * result. There may be fewer hypotheses than asked for, where there are not so many different continuations.
 *
 * Rejects with `ConfigError` for an option that cannot be honoured, an empty prompt, one longer than the context, an id outside of the vocabulary, and when
 * a step leaves a beam no token to choose from; with `signal.reason` when the signal ends it.
 *
 * Wu et al. 2016, "Google's neural machine translation system", for scores of length and coverage; Vijayakumar et al. 2018, "Diverse beam search for
 * improved description of complex scenes", for groups.
 *
 * @example
 * ```ts
 * // Greedily, 0 comes first; but what follows 1 is certain, so that 1 1 is the most probable pair.
 * const table = [[0.6, 0.4, 0], [0.5, 0, 0.5], [1, 0, 0]].map((row) => row.map(Math.log));
 * const model = functionModel((ids) => (ids.at(-1) === 1 ? [-Infinity, 0, -Infinity] : table[ids.length - 1]!), { vocabulary: 3 });
 * const { hypotheses } = await beamSearch(model, [0], { beams: 2, maxTokens: 2 });
 * for (const { ids, logProbability } of hypotheses) console.log(ids, Math.exp(logProbability).toFixed(2));
 * // [ 1, 1 ] 0.40
 * // [ 0, 0 ] 0.30
 * ```
 */
export async function beamSearch(
  model: Decodable,
  promptIds: ArrayLike<number>,
  options: BeamOptions,
): Promise<BeamResult> {
  const plan = planBeams(model, promptIds, options);
  const { prompt, room, signal } = plan;
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const breathe = breather(50);
  signal?.throwIfAborted();
  const followed = plan.constraint && follow(plan.constraint, plan.stopIds, room);
  const transform = chain(...(followed === undefined ? [] : [followed.transform]), ...plan.transforms);
  const groups = Array.from({ length: plan.groups }, () => new BeamGroup({ ...plan, followed }));

  using predictor = open(model);
  const expander = new Expander(predictor, transform, plan);
  while (!groups.every(({ done }) => done)) {
    await breathe();
    signal?.throwIfAborted();
    const searching = groups.filter(({ done }) => !done);
    const expansions = await expander.predict(searching.flatMap(({ live }) => live));
    signal?.throwIfAborted();
    const chosen: number[] = [];
    for (const group of searching) {
      group.advance(group.live.map((beam) => expansions(beam, chosen)));
      for (const { ids } of group.live) chosen.push(ids.at(-1)!);
    }
    const ending = expander.steps === room ? plan.limit : seconds() >= plan.maxSeconds ? "time" : undefined;
    if (ending !== undefined) for (const group of groups) group.cut(ending);
  }
  return {
    hypotheses: hypothesesOf(groups, plan),
    statistics: {
      promptTokens: prompt.length,
      reusedTokens: expander.reusedTokens,
      steps: expander.steps,
      readTokens: expander.readTokens,
      seconds: seconds(),
    },
  };
}
