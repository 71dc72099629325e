import { ConfigError } from "@tenon/tensor";

/**
 * The fields of a Hugging Face `generation_config.json` that `transformsOf` reads; null counts as absent. Fields about
 * the search, lengths, special ids, the cache and the output may be there as well and are left to whoever runs the
 * model.
 *
 * @example
 * ```ts
 * const config: GenerationConfig = JSON.parse('{"do_sample": true, "temperature": 0.6, "top_k": 20, "pad_token_id": 0}');
 * console.log(transformsOf(config).map(({ name }) => name).join(" → ")); // temperature(0.6) → topK(20)
 * ```
 */
export interface GenerationConfig {
  readonly do_sample?: boolean | null;
  readonly num_beams?: number | null;
  readonly temperature?: number | null;
  readonly top_k?: number | null;
  readonly top_p?: number | null;
  readonly min_p?: number | null;
  readonly typical_p?: number | null;
  readonly epsilon_cutoff?: number | null;
  readonly eta_cutoff?: number | null;
  readonly repetition_penalty?: number | null;
  readonly no_repeat_ngram_size?: number | null;
  readonly bad_words_ids?: readonly (readonly number[])[] | null;
  readonly sequence_bias?: readonly (readonly [readonly number[], number])[] | null;
  readonly suppress_tokens?: readonly number[] | null;
  readonly begin_suppress_tokens?: readonly number[] | null;
  readonly forced_bos_token_id?: number | null;
  readonly forced_eos_token_id?: number | readonly number[] | null;
  readonly eos_token_id?: number | readonly number[] | null;
  readonly max_length?: number | null;
  readonly max_new_tokens?: number | null;
  readonly min_length?: number | null;
  readonly min_new_tokens?: number | null;
  readonly exponential_decay_length_penalty?: readonly [start: number, factor: number] | null;
  readonly renormalize_logits?: boolean | null;
  readonly [field: string]: unknown;
}

const read = new Set(
  (
    "do_sample num_beams temperature top_k top_p min_p typical_p epsilon_cutoff eta_cutoff repetition_penalty " +
    "no_repeat_ngram_size bad_words_ids sequence_bias suppress_tokens begin_suppress_tokens forced_bos_token_id " +
    "forced_eos_token_id eos_token_id max_length max_new_tokens min_length min_new_tokens " +
    "exponential_decay_length_penalty renormalize_logits"
  ).split(" "),
);

/** What is not about the logits: the search and when it ends, special ids, drafts, the cache, the output, the file. */
const others = new Set(
  (
    "early_stopping length_penalty num_return_sequences num_beam_groups diversity_penalty penalty_alpha dola_layers " +
    "constraints force_words_ids low_memory max_time stop_strings token_healing " +
    "bos_token_id pad_token_id decoder_start_token_id " +
    "use_mtp is_assistant num_assistant_tokens num_assistant_tokens_schedule assistant_confidence_threshold " +
    "prompt_lookup_num_tokens max_matching_ngram_size assistant_early_exit assistant_lookbehind target_lookbehind " +
    "assistant_ensemble_weight speculation_type " +
    "use_cache cache_implementation cache_config max_cache_len prefill_chunk_size compile_config disable_compile " +
    "continuous_batching_config output_attentions output_hidden_states output_scores output_logits " +
    "return_dict_in_generate transformers_version _from_model_config _commit_hash"
  ).split(" "),
);

/** Changes the logits in ways that have no transform here: the values that change nothing, and the way out. */
const refused: Readonly<Record<string, readonly [harmless: unknown, remedy: string]>> = {
  guidance_scale: [
    1,
    "It asks the model twice: decode guided(model, { scale, promptLength }) with these transforms instead.",
  ],
  top_h: [undefined, "Use topP(p) or minP(p) instead."],
  encoder_repetition_penalty: [1, "The transforms do not see what the encoder read."],
  encoder_no_repeat_ngram_size: [0, "The transforms do not see what the encoder read."],
  remove_invalid_values: [false, "Here NaN and infinite logits are an error that says where they came from."],
  watermarking_config: [undefined, "Write the watermark as a LogitsTransform and put it last."],
};

/**
 * The config without fields that are null. Throws `ConfigError` for what is no object, for a field that is not known,
 * and for one that changes logits in a way that has no transform.
 */
export function readGenerationConfig(config: GenerationConfig): GenerationConfig {
  if (typeof config !== "object" || config === null || Array.isArray(config))
    throw new ConfigError("transformsOf(config) needs the object that a generation_config.json holds", { config });
  const present = Object.entries(config).filter(([, value]) => value !== undefined && value !== null);
  for (const [field, value] of present) {
    if (read.has(field) || others.has(field)) continue;
    const [harmless, remedy] = Object.hasOwn(refused, field) ? refused[field]! : [];
    if (harmless !== undefined && value === harmless) continue;
    throw new ConfigError(
      remedy === undefined
        ? `transformsOf(config) does not know the field "${field}", which may change what is generated. Remove it from the config if it does not.`
        : `transformsOf(config) has no transform for "${field}": ${JSON.stringify(value)}. ${remedy} Then remove it from the config.`,
      { field, value },
    );
  }
  for (const field of ["do_sample", "renormalize_logits"]) {
    if (config[field] === undefined || config[field] === null || typeof config[field] === "boolean") continue;
    throw new ConfigError(`"${field}" of the generation config is true or false, got ${JSON.stringify(config[field])}`);
  }
  for (const field of ["num_beams", "max_length", "max_new_tokens", "min_length", "min_new_tokens"]) {
    const value = config[field] ?? 0;
    if (Number.isSafeInteger(value) && (value as number) >= 0) continue;
    throw new ConfigError(
      `"${field}" of the generation config is a whole number of at least 0, got ${JSON.stringify(value)}`,
    );
  }
  return Object.fromEntries(present);
}
