import type { Decoding } from "../generate/search.ts";
import { choose } from "../generate/choose.ts";
import { open, type Decodable } from "../predict/open.ts";
import type { Predictor } from "../predict/predictor.ts";
import { greedy } from "../strategies/greedy.ts";
import { checkLogits } from "../transforms/check-logits.ts";
import type { Drafter } from "./drafter.ts";

/**
 * A smaller model that drafts for a larger one with the same vocabulary. It chooses as the larger one will, by the same strategy from scores through the same transforms: a strategy
 * that draws has the same randomness at the same place, so where the models think alike, they draw alike.
 *
 * Where its context ends it proposes fewer ids, and in the end none. A predictor that it makes of a model with a cache is disposed with each
 * decoding; one that is given stays. It may serve several decodings at a time.
 *
 * Proposing throws `ConfigError` when it gives logits that cannot be chosen from.
 *
 * Leviathan, Kalman and Matias 2023, "Fast inference from transformers via speculative decoding".
 *
 * @example
 * ```ts
 * const model = functionModel((ids) => [0, ids.length % 3, 1], { vocabulary: 3 });
 * const small = functionModel(() => [0, 2, 1], { vocabulary: 3, context: 6 });
 * const generation = generate(model, [0, 0], { search: speculative({ draft: draftModel(small), tokens: 2 }), maxTokens: 6 });
 * const found = [];
 * for await (const { id } of generation) found.push(id);
 * console.log(found.join(" "), generation.statistics.acceptedTokens); // 1 2 1 1 2 1 3
 * ```
 */
export function draftModel(model: Decodable): Drafter {
  const opened = new WeakMap<Decoding, Predictor & Disposable>();
  return {
    name: "draftModel()",
    vocabulary: model.vocabulary,
    async propose(ids, count, decoding) {
      let predictor = opened.get(decoding);
      if (predictor === undefined) opened.set(decoding, (predictor = open(model)));
      const { prompt, transform, strategy = greedy() } = decoding;
      const all = [...ids];
      const scores: Float32Array[] = [];
      while (scores.length < count && all.length <= model.context) {
        const [prediction] = await predictor.predict([all]);
        const logits = prediction!.logits[0]!;
        checkLogits(logits, `the draft model's logits after ${all.length} tokens`);
        const context = { ids: all, promptLength: prompt.length };
        const shaped = transform.apply(logits, context);
        scores.push(shaped);
        all.push(choose(shaped, strategy, context));
        if (decoding.ended(all.slice(prompt.length))) break;
      }
      return { ids: all.slice(ids.length), scores };
    },
    dispose(decoding) {
      opened.get(decoding)?.[Symbol.dispose]();
    },
  };
}
