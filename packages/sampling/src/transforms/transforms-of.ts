import { ConfigError } from "@tenon/tensor";
import { badWords } from "./bad-words.ts";
import { epsilonCutoff } from "./epsilon-cutoff.ts";
import { etaCutoff } from "./eta-cutoff.ts";
import { exponentialDecayLength } from "./exponential-decay-length.ts";
import { forceFirst } from "./force-first.ts";
import { forceLast } from "./force-last.ts";
import { type GenerationConfig, readGenerationConfig } from "./generation-config.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { minP } from "./min-p.ts";
import { minTokens } from "./min-tokens.ts";
import { noRepeatNGram } from "./no-repeat-n-gram.ts";
import { renormalise } from "./renormalise.ts";
import { repetitionPenalty } from "./repetition-penalty.ts";
import { sequenceBias } from "./sequence-bias.ts";
import { suppress } from "./suppress.ts";
import { suppressAtBeginning } from "./suppress-at-beginning.ts";
import { temperature } from "./temperature.ts";
import { topK } from "./top-k.ts";
import { topP } from "./top-p.ts";
import { typical } from "./typical.ts";

/**
 * The transforms that a Hugging Face `generation_config.json` asks for, in the order in which that library applies them:
 * biases, penalties, what is excluded and forced, then, with `do_sample` only, what shapes the draw, and
 * renormalisation. A value that changes nothing gives no transform.
 *
 * As there, `do_sample` without `top_k` means the 50 most probable tokens (`"top_k": 0` means all), `min_new_tokens`
 * counts and not `min_length` where both are given, so does `max_new_tokens` and not `max_length`, and a search with beams
 * that draws keeps one more token than there are end ids. Other than there, a value that makes no sense is never passed
 * over.
 *
 * Throws `ConfigError` for a field it does not know, for one that has no transform, such as `guidance_scale`, for a
 * forced end of which no length says when it comes, and for whatever the transforms refuse.
 *
 * Wolf et al. 2020, "Transformers: state-of-the-art natural language processing".
 *
 * @example
 * ```ts
 * const transforms = transformsOf({ do_sample: true, temperature: 0.7, top_p: 0.8, top_k: 20, repetition_penalty: 1.05 });
 * console.log(chain(...transforms).name); // repetitionPenalty(1.05) → temperature(0.7) → topK(20) → topP(0.8)
 * ```
 */
export function transformsOf(config: GenerationConfig): readonly LogitsTransform[] {
  const fields = readGenerationConfig(config);
  const endIds = listed(fields.eos_token_id);
  return [
    ...ifSet(fields.sequence_bias, (biases) => sequenceBias(biases)),
    ...ifSet(other(fields.repetition_penalty, 1), (penalty) => repetitionPenalty(penalty)),
    ...ifSet(other(fields.no_repeat_ngram_size, 0), noRepeatNGram),
    ...ifSet(unendingWords(fields, endIds), badWords),
    ...minimumLength(fields, endIds),
    ...ifSet(fields.forced_bos_token_id, forceFirst),
    ...ifSet(fields.forced_eos_token_id, (id) => forcedEnd(id, fields)),
    ...ifSet(fields.exponential_decay_length_penalty, (pair) => decay(pair, endIds)),
    ...ifSet(filled(fields.suppress_tokens), suppress),
    ...ifSet(filled(fields.begin_suppress_tokens), (ids) =>
      suppressAtBeginning(ids, { afterForcedFirst: fields.forced_bos_token_id !== undefined }),
    ),
    ...(fields.do_sample === true ? drawing(fields, endIds) : []),
    ...(fields.renormalize_logits === true ? [renormalise()] : []),
  ];
}

/** With beams, something that goes on has to stay beside the ends of the text. */
function drawing(fields: GenerationConfig, endIds: readonly number[]): LogitsTransform[] {
  const beams = fields.num_beams ?? 1;
  const keep = beams > 1 ? Math.max(1, endIds.length) + 1 : 1;
  return [
    ...ifSet(other(fields.temperature, 1), temperature),
    ...ifSet(other(fields.top_k ?? 50, 0), (k) => topK(beams > 1 && k > 0 ? Math.max(k, keep) : k)),
    ...ifSet(other(fields.top_p, 1), (p) => topP(p, { keep })),
    ...ifSet(other(fields.min_p, 0), (p) => minP(p, { keep })),
    ...ifSet(other(fields.typical_p, 1), (p) => typical(p, { keep })),
    ...ifSet(other(fields.epsilon_cutoff, 0), (epsilon) => epsilonCutoff(epsilon, { keep })),
    ...ifSet(other(fields.eta_cutoff, 0), (epsilon) => etaCutoff(epsilon, { keep })),
  ];
}

/** Without an end id there is no end to hold back. */
function minimumLength(fields: GenerationConfig, endIds: readonly number[]): LogitsTransform[] {
  if (endIds.length === 0) return [];
  if (fields.min_new_tokens !== undefined && fields.min_new_tokens !== null)
    return ifSet(other(fields.min_new_tokens, 0), (n) => minTokens(n, endIds));
  return ifSet(other(fields.min_length, 0), (n) => minTokens(n, endIds, { countPrompt: true }));
}

function forcedEnd(id: number | readonly number[], fields: GenerationConfig): LogitsTransform {
  if (typeof fields.max_new_tokens === "number") return forceLast(id, fields.max_new_tokens);
  if (typeof fields.max_length === "number") return forceLast(id, fields.max_length, { countPrompt: true });
  throw new ConfigError(
    `"forced_eos_token_id" says how the last token is forced, but neither "max_new_tokens" nor "max_length" which one is the last. Add one of them to the config.`,
    { field: "forced_eos_token_id" },
  );
}

function decay(pair: readonly [number, number], endIds: readonly number[]): LogitsTransform {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new ConfigError(
      `"exponential_decay_length_penalty" of the generation config is a pair of a start and a factor, got ${JSON.stringify(pair)}`,
      { field: "exponential_decay_length_penalty" },
    );
  }
  if (endIds.length === 0) {
    throw new ConfigError(
      `"exponential_decay_length_penalty" makes the end more probable, but the config has no "eos_token_id" that says which token ends a text. Add it.`,
      { field: "exponential_decay_length_penalty" },
    );
  }
  return exponentialDecayLength(pair[0], pair[1], endIds);
}

/** The end of the text is never a bad word. */
function unendingWords(
  fields: GenerationConfig,
  endIds: readonly number[],
): readonly (readonly number[])[] | undefined {
  const words = fields.bad_words_ids;
  if (!Array.isArray(words)) return words ?? undefined;
  const rest = words.filter((word) => !(Array.isArray(word) && word.length === 1 && endIds.includes(word[0])));
  return words.length > 0 && rest.length === 0 ? undefined : rest;
}

function ifSet<T>(value: T | null | undefined, make: (value: T) => LogitsTransform): LogitsTransform[] {
  return value === null || value === undefined ? [] : [make(value)];
}

/** Absent where the value is the one that changes nothing. */
const other = (value: number | null | undefined, harmless: number): number | undefined =>
  value === harmless ? undefined : (value ?? undefined);

/** Absent where the list is empty, as some configs have it. */
const filled = (ids: readonly number[] | null | undefined): readonly number[] | undefined =>
  Array.isArray(ids) && ids.length === 0 ? undefined : (ids ?? undefined);

const listed = (ids: number | readonly number[] | null | undefined): readonly number[] =>
  typeof ids === "number" ? [ids] : (ids ?? []);
