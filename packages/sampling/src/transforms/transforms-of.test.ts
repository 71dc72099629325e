import { isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";
import type { GenerationConfig } from "./generation-config.ts";
import { transformsOf } from "./transforms-of.ts";

const named = (config: GenerationConfig): readonly string[] => transformsOf(config).map(({ name }) => name);

test("drawing without top_k means the 50 most probable, as in Hugging Face; 0 means all", () => {
  expect(named({ do_sample: true })).toEqual(["topK(50)"]);
  expect(named({ do_sample: true, top_k: null })).toEqual(["topK(50)"]);
  expect(named({ do_sample: true, top_k: 0 })).toEqual([]);
  expect(named({ top_k: 20, temperature: 0.2, min_p: 0.1, typical_p: 0.5 })).toEqual([]);
});

test("values that change nothing and lists of nothing give no transform", () => {
  const config = {
    do_sample: true,
    temperature: 1,
    top_k: 0,
    top_p: 1,
    min_p: 0,
    typical_p: 1,
    epsilon_cutoff: 0,
    eta_cutoff: 0,
    repetition_penalty: 1,
    no_repeat_ngram_size: 0,
    bad_words_ids: [[7]],
    suppress_tokens: [],
    begin_suppress_tokens: [],
    min_length: 0,
    min_new_tokens: 0,
    eos_token_id: 7,
    renormalize_logits: false,
    guidance_scale: 1,
    encoder_repetition_penalty: 1,
    encoder_no_repeat_ngram_size: 0,
    remove_invalid_values: false,
    watermarking_config: null,
    unheard_of: null,
    top_h: undefined,
  };
  expect(named(config)).toEqual([]);
});

test("what is about other things is left to others", () => {
  const config = {
    _from_model_config: true,
    bos_token_id: 0,
    cache_implementation: "static",
    decoder_start_token_id: 2,
    early_stopping: true,
    forced_bos_token_id: 0,
    length_penalty: 2,
    max_length: 142,
    num_beams: 4,
    pad_token_id: 1,
    transformers_version: "5.24.0",
    use_cache: true,
  };
  expect(named(config)).toEqual(["forceFirst(0)"]);
});

test("beams that draw keep one more than there are ends, and two without", () => {
  const logits = Float32Array.of(0, 9, 1, 2);
  const kept = (config: GenerationConfig): number =>
    transformsOf({ do_sample: true, top_k: 0, num_beams: 2, ...config })[0]!
      .apply(logits, { ids: [] })
      .filter((logit) => logit !== -Infinity).length;
  expect(kept({ top_p: 0.1 })).toBe(2);
  expect(kept({ top_p: 0.1, eos_token_id: 3 })).toBe(2);
  expect(kept({ top_p: 0.1, eos_token_id: [0, 3] })).toBe(3);
  expect(kept({ top_k: 1, eos_token_id: [0, 3] })).toBe(3);
  expect(kept({ top_k: 1, num_beams: 1 })).toBe(1);
});

test.each<[GenerationConfig, string]>([
  [{ top_q: 1 }, 'transformsOf(config) does not know the field "top_q", which may change what is generated.'],
  [{ toString: 1 }, 'transformsOf(config) does not know the field "toString"'],
  [
    { guidance_scale: 1.5 },
    'transformsOf(config) has no transform for "guidance_scale": 1.5. It asks the model twice: decode guided(model, { scale, promptLength }) with these transforms instead. Then remove it from the config.',
  ],
  [{ top_h: 0.4 }, 'transformsOf(config) has no transform for "top_h": 0.4. Use topP(p) or minP(p) instead.'],
  [{ remove_invalid_values: true }, 'transformsOf(config) has no transform for "remove_invalid_values": true.'],
  [
    { encoder_no_repeat_ngram_size: 3 },
    'no transform for "encoder_no_repeat_ngram_size": 3. The transforms do not see',
  ],
  [{ watermarking_config: { bias: 2 } }, 'no transform for "watermarking_config": {"bias":2}. Write the watermark'],
  [
    { forced_eos_token_id: 2 },
    '"forced_eos_token_id" says how the last token is forced, but neither "max_new_tokens" nor "max_length" which one is the last.',
  ],
  [
    { exponential_decay_length_penalty: [1, 1.1] },
    '"exponential_decay_length_penalty" makes the end more probable, but the config has no "eos_token_id"',
  ],
  [
    { exponential_decay_length_penalty: 3 as never, eos_token_id: 1 },
    '"exponential_decay_length_penalty" of the generation config is a pair of a start and a factor, got 3',
  ],
  [{ do_sample: "yes" as never }, '"do_sample" of the generation config is true or false, got "yes"'],
  [{ renormalize_logits: 1 as never }, '"renormalize_logits" of the generation config is true or false, got 1'],
  [{ num_beams: 1.5 }, '"num_beams" of the generation config is a whole number of at least 0, got 1.5'],
  [{ min_length: -1 }, '"min_length" of the generation config is a whole number of at least 0, got -1'],
  [{ do_sample: true, top_p: 1.5 }, "topP(p) needs a number with 0 < p ≤ 1, got 1.5"],
  [{ do_sample: true, epsilon_cutoff: 2 }, "epsilonCutoff(epsilon) needs a number with 0 < epsilon < 1, got 2"],
  [{ do_sample: true, temperature: 0 }, "temperature(0) would divide by zero."],
  [{ do_sample: true, num_beams: 2, top_k: -4 }, "topK(k) needs a whole number k of at least 1, got -4"],
  [{ bad_words_ids: [] }, "badWords(sequences) needs a list of at least one sequence of ids"],
  [{ suppress_tokens: 3 as never }, "suppress(ids) needs a list of at least one token id"],
  [{ eos_token_id: "7" as never, min_length: 3 }, "minTokens(n, endIds) needs a list of at least one token id"],
  [null as never, "transformsOf(config) needs the object that a generation_config.json holds"],
  [[] as never, "transformsOf(config) needs the object that a generation_config.json holds"],
])("transformsOf(%j) is refused", (config, message) => {
  let thrown: unknown;
  try {
    transformsOf(config);
  } catch (error) {
    thrown = error;
  }
  expect(isTenonError(thrown, "ConfigError"), String(thrown)).toBe(true);
  expect(String(thrown)).toContain(message);
});
