import {
  type BeamOptions,
  beamSearch,
  type GenerationConfig,
  lengthNormalised,
  type StopWhen,
  transformsOf,
} from "@tenon/sampling";
import { EncoderDecoder } from "@tenon/models";
import { ConfigError, ids as idTensor } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import { isHuggingFace } from "../generation/prompt.ts";
import type { LoadedTranslator, Translating } from "../model/load-kind.ts";
import { onlyTokens } from "../model/only-tokens.ts";
import { framingOf } from "./framing.ts";
import { marksOf } from "./marks-of.ts";
import { textDecoder } from "./text-decoder.ts";

/** What is asked for; what is not is as the model's authors would have it, in generation_config.json. */
export interface TranslateOptions {
  readonly beams?: number | undefined;
  readonly tokens?: number | undefined;
  readonly lengthPenalty?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One text for another, and what it cost. */
export interface Translated {
  readonly text: string;
  /** log P of its tokens. */
  readonly logProbability: number;
  readonly tokens: number;
}

/**
 * Translates a text, by a beam search. Throws `ConfigError` for a text that is longer than the model reads, and for a model whose configs do not say how a translation
 * begins.
 */
export async function translateText(
  loaded: LoadedTranslator,
  text: string,
  options: TranslateOptions,
): Promise<Translated> {
  const { model, tokenizer } = loaded;
  const ids = sourceIds(loaded, text);
  const { start, ...search } = { ...searchOf(loaded, options), decoder: () => textDecoder(tokenizer) };
  using source = model.encode(idTensor(ids, [1, ids.length], model.backend, { limit: model.sourceVocabulary }));
  const { hypotheses } = await beamSearch(source, [start], search);
  const best = hypotheses[0]!;
  return { text: best.text.trim(), logProbability: best.logProbability, tokens: best.ids.length };
}

/** What a model reads of a text. Throws `ConfigError` for one that is too long for it, or that its tokenizer does not know. */
export function sourceIds({ path, model, tokenizer, pretrained }: LoadedTranslator, text: string): readonly number[] {
  const ids =
    pretrained !== undefined && isHuggingFace(tokenizer)
      ? tokenizer.encoding(text).ids
      : framingOf(tokenizer).source(text);
  if (model instanceof EncoderDecoder && ids.length > model.sourceContext) {
    throw new ConfigError(
      `the text has ${ids.length} tokens, but ${path} reads ${model.sourceContext} at most. Divide it.`,
      { tokens: ids.length, context: model.sourceContext },
    );
  }
  return ids;
}

const stopWhen = new Map<unknown, StopWhen>([
  [true, "enough"],
  [false, "unlikely"],
  ["never", "hopeless"],
]);

/** The search that the model's configs ask for: older ones keep it in config.json. */
function searchOf(
  { path, model, tokenizer, pretrained }: LoadedTranslator,
  { beams, tokens, lengthPenalty, signal }: TranslateOptions,
): BeamOptions & { readonly start: number } {
  const told: GenerationConfig & Readonly<Record<string, unknown>> = {
    ...pick(pretrained?.config),
    ...pretrained?.generation,
    ...(pretrained === undefined && marksAsConfig(tokenizer)),
  };
  const number = (key: string): number | undefined => (typeof told[key] === "number" ? told[key] : undefined);
  const start = number("decoder_start_token_id") ?? number("bos_token_id");
  if (start === undefined)
    throw new ConfigError(
      `the configs of ${path} do not say with which token a translation begins ("decoder_start_token_id").`,
      { path },
    );
  // Hugging Face counts the token that the translation begins with.
  const lengthWithStart = number("max_length") === undefined ? undefined : number("max_length")! - 1;
  const maxTokens = Math.min(tokens ?? number("max_new_tokens") ?? lengthWithStart ?? 512, contextOf(model) - 1);
  const { do_sample: _, temperature: _t, top_k: _k, top_p: _p, ...rest } = told;
  return {
    start,
    beams: beams ?? number("num_beams") ?? 4,
    results: 1,
    maxTokens,
    stop: [told["eos_token_id"]].flat().filter((id): id is number => typeof id === "number"),
    transforms: [...onlyTokens({ model, tokenizer }), ...transformsOf({ ...rest, max_length: maxTokens + 1 })],
    score: lengthNormalised(lengthPenalty ?? number("length_penalty") ?? 1),
    stopWhen: stopWhen.get(told["early_stopping"]) ?? "unlikely",
    signal,
  };
}

/** What `tenon train` put around its targets, as a config says it. */
function marksAsConfig(tokenizer: Tokenizer): GenerationConfig & Readonly<Record<string, unknown>> {
  const { begin, end } = marksOf(tokenizer);
  return { decoder_start_token_id: begin, eos_token_id: end };
}

/** A recurrent model may write texts of any length. */
const contextOf = (model: Translating): number => ("context" in model ? model.context : Infinity);

const keys = [
  ...[
    "decoder_start_token_id",
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "bad_words_ids",
  ],
  ...[
    "num_beams",
    "max_length",
    "min_length",
    "length_penalty",
    "early_stopping",
    "no_repeat_ngram_size",
    "repetition_penalty",
  ],
];

const pick = (config: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  Object.fromEntries(
    keys.filter((key) => config[key] !== undefined && config[key] !== null).map((key) => [key, config[key]]),
  );
