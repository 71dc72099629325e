import { ConfigError, type Random } from "@tenon/tensor";
import { checkOptions, refuseForSampling } from "../generate/checks.ts";
import { scoresOf } from "../generate/choose.ts";
import type { Decoding, Search } from "../generate/search.ts";
import { greedy } from "../strategies/greedy.ts";
import { sample } from "../strategies/sample.ts";
import { checkDraft } from "./check-draft.ts";
import type { Draft, Drafter } from "./drafter.ts";
import { byRejection, byStrategy } from "./verdict.ts";

/**
 * Who drafts, and how a draft is judged.
 *
 * @example
 * ```ts
 * const options: SpeculativeOptions = { draft: promptLookup({ longest: 2 }), tokens: 6, random: random(7) };
 * console.log(speculative(options).name); // speculative({ draft: promptLookup({ longest: 2, shortest: 1 }) })
 * ```
 */
export interface SpeculativeOptions {
  /** `draftModel(…)`, `promptLookup()`, or your own. */
  readonly draft: Drafter;
  /** How many ids are drafted at a time, at most; 4 by default. */
  readonly tokens?: number | undefined;
  /** For rejection sampling. Absent, the strategy of `generate` chooses. */
  readonly random?: Random | undefined;
}

/**
 * Speculative decoding: a drafter proposes n ids, the model reads them all in one pass, and those that it would have said itself stay. A pass then gives 1 to n + 1 tokens, which is
 * faster where reading several ids takes a model hardly longer than reading one, and where it tells their logits at once (`states` and `logits` of {@link CausalModel}).
 *
 * There are two ways to judge a draft:
 * - The strategy of `generate` chooses at every place, and drafted ids stay as long as they are what it chooses. So the text is that of the same call without a
 *   draft, as far as the model's logits do not depend on how many ids it reads at a time.
 * - With `random`, by rejection: an id drafted with probability q(x) stays with probability min(1, p(x) / q(x)), else one is drawn from max(0, p − q), normalised. The
 *   text then differs from that of `sample(random)`, but its distribution is the same; and more of a draft stays. p and q are meant after the transforms. The draws depend on
 *   the seed and the place, so the same seed gives the same text.
 *
 * Throws `ConfigError` unless tokens is a whole number of at least 1. `generate` throws it at once for a drafter with another vocabulary than the model's, for a strategy beside
 * `random`, and for transforms that only shape what is drawn when nothing is; and on the way for a draft of foreign or too many ids.
 *
 * Leviathan, Kalman and Matias 2023, "Fast inference from transformers via speculative decoding"; Chen et al. 2023, "Accelerating large language model decoding with
 * speculative sampling".
 *
 * @example
 * ```ts
 * const model = functionModel((ids) => [0, 1, 2].map((id) => (id === (ids.at(-1)! + 1) % 3 ? 3 : 0)), { vocabulary: 3 });
 * const generation = generate(model, [0, 1, 2, 0], { search: speculative({ draft: promptLookup(), tokens: 5 }), maxTokens: 8 });
 * const found = [];
 * for await (const { id } of generation) found.push(id);
 * console.log(found.join(" ")); // 1 2 0 1 2 0 1 2
 * const { draftedTokens, acceptedTokens } = generation.statistics;
 * console.log(draftedTokens, acceptedTokens); // 6 6
 * ```
 */
export function speculative(options: SpeculativeOptions): Search {
  checkOptions("speculative()", options, { draft: 0, tokens: 0, random: 0 });
  const { draft: drafter, tokens = 4, random } = options;
  if (typeof drafter?.propose !== "function") {
    throw new ConfigError(
      `speculative() needs a drafter: promptLookup(), draftModel(model), or an object with propose(ids, count, decoding); got ${typeof drafter}`,
    );
  }
  if (!Number.isSafeInteger(tokens) || tokens < 1)
    throw new ConfigError(`speculative() drafts a whole number of tokens, at least 1 at a time, got ${tokens}`, {
      tokens,
    });
  if (random !== undefined && typeof random?.fork !== "function")
    throw new ConfigError(`speculative() needs a generator as random, such as random(7), got ${typeof random}`);
  const name = `speculative({ draft: ${drafter.name} })`;
  return {
    name,
    check({ strategy, transforms, vocabulary }) {
      if (drafter.vocabulary !== undefined && drafter.vocabulary !== vocabulary) {
        throw new ConfigError(
          `${drafter.name} has a vocabulary of ${drafter.vocabulary} and the model one of ${vocabulary}: its ids would mean something else. A draft needs the model's own tokenizer.`,
          { draft: drafter.vocabulary, model: vocabulary },
        );
      }
      if (random !== undefined && strategy !== undefined) {
        throw new ConfigError(
          `speculative({ random }) draws by rejection, so the strategy ${strategy.name} would choose nothing. Leave out one of the two: without random, the strategy chooses.`,
          { strategy: strategy.name },
        );
      }
      if (random === undefined && strategy === undefined)
        refuseForSampling(
          transforms,
          `${name} without random or a strategy`,
          "give one of them, such as strategy: sample(random(7))",
        );
    },
    async *steps(outer) {
      const { predictor, prompt, transform, maxTokens } = outer;
      const strategy = random === undefined ? (outer.strategy ?? greedy()) : sample(random.fork("draft"));
      const decide = random === undefined ? byStrategy(strategy) : byRejection(random);
      const decoding: Decoding = { ...outer, strategy };
      const ids = [...prompt];
      try {
        while (true) {
          // After a draft there comes one token more, which the model need not read.
          const open = maxTokens - (ids.length - prompt.length) - 1;
          const count = Math.min(tokens, open, predictor.context - ids.length);
          const draft: Draft = count < 1 ? { ids: [] } : await drafter.propose([...ids], count, decoding);
          checkDraft(draft, drafter.name, count, predictor.vocabulary);
          const n = draft.ids.length;
          const [prediction] = await predictor.predict([[...ids, ...draft.ids]], { logits: n + 1 });
          outer.drafted(n, 0);
          for (let place = 0; place <= n; place++) {
            const logits = prediction!.logits[place]!;
            const context = { ids, promptLength: prompt.length };
            const scores = scoresOf(logits, transform, context);
            const proposed = draft.ids[place];
            const id = decide(
              scores,
              context,
              proposed === undefined ? undefined : { id: proposed, scores: draft.scores?.[place] },
            );
            ids.push(id);
            if (id === proposed) outer.drafted(0, 1);
            yield { id, logits, scores, read: place === 0 ? Math.max(0, prediction!.read - n) : 1 };
            if (id !== proposed) break;
          }
        }
      } finally {
        drafter.dispose?.(decoding);
      }
    },
  };
}
