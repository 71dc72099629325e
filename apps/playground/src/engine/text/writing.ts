import { type Assembled, Decoder, Encoder, EncoderDecoder, RnnEncoderDecoder, RnnSearch } from "@tenon/models";
import { type CausalModel, type LogitsTransform, slidingModel } from "@tenon/sampling";
import { ConfigError, ids as idTensor } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { OpenModel } from "../opened-model.ts";
import { type AuthorsSettings, authorsSettings } from "./authors-settings.ts";
import type { Beginning } from "./generated.ts";
import { readText, startOf, tokenizerOf } from "./read-text.ts";
import { isHuggingFace } from "./text-decoder.ts";
import { onlyTokens } from "./transforms-of-settings.ts";

type Causal = CausalModel<any>; // oxlint-disable-line no-explicit-any -- whose cache it is concerns nobody here

/** A model that is about to write: what gives it its next token, and from which ids it goes on. */
export interface Writing extends Disposable {
  readonly causal: Causal;
  /** The same within its context, for searches that follow several texts. */
  readonly withinContext: Causal;
  readonly ids: readonly number[];
  /** How many of them are not to be shown as generated. */
  readonly promptLength: number;
  /** The ids that end a text. */
  readonly ends: readonly number[];
  /** What holds whatever the controls say. */
  readonly transforms: readonly LogitsTransform[];
  /** How its authors would have a search for it rank what it finds. */
  readonly search: AuthorsSettings["search"];
  readonly tokenizer: Tokenizer;
}

type Translating = EncoderDecoder | RnnEncoderDecoder | RnnSearch;

/** Does it write one text for another? */
export const isTranslating = (model: Assembled): model is Translating =>
  model instanceof EncoderDecoder || model instanceof RnnEncoderDecoder || model instanceof RnnSearch;

/**
 * Prepares a model to write. An encoder–decoder needs the text that it reads, also when it goes on from ids. Throws `ConfigError` for a model that writes nothing, for a text that it
 * cannot read, and for a conversation with a model that has no chat template.
 */
export async function writing(open: OpenModel, from: Beginning, source: string): Promise<Writing> {
  const { model } = open;
  if (model instanceof Decoder) return continuing(open, model, from);
  if (isTranslating(model)) return translating(open, model, from, source);
  throw new ConfigError(
    model instanceof Encoder
      ? `${open.name} is an encoder, which reads a text as a whole and writes none. Fill in masked words with it, or open a decoder.`
      : `${open.name} is a model of images. This page runs models of text only: open another.`,
  );
}

async function continuing(open: OpenModel, model: Decoder, from: Beginning): Promise<Writing> {
  const tokenizer = tokenizerOf(open);
  const ids = from.kind === "ids" ? from.ids : await promptIds(open, tokenizer, from);
  return {
    causal: slidingModel(model),
    withinContext: model,
    ids,
    promptLength: ids.length,
    ends: endsOf(open, tokenizer),
    transforms: onlyTokens(model.vocabulary, tokenizer.size),
    search: {},
    tokenizer,
    [Symbol.dispose]: () => undefined,
  };
}

async function promptIds(
  { name, pretrained }: OpenModel,
  tokenizer: Tokenizer,
  { kind, text }: Exclude<Beginning, { kind: "ids" }>,
): Promise<number[]> {
  if (kind === "text") return text === "" ? startOf(tokenizer) : readText(text, tokenizer, true);
  const config = pretrained?.tokenizerConfig;
  if (config?.["chat_template"] === undefined)
    throw new ConfigError(`${name} has no chat template, so it was not trained to answer. Let it continue a text.`);
  const { chatPrompt } = await import("@tenon/tokenizers/chat");
  // The template writes the special tokens itself.
  return tokenizer.encode(chatPrompt([{ role: "user", content: text }], { config, addGenerationPrompt: true }));
}

function translating(open: OpenModel, model: Translating, from: Beginning, source: string): Writing {
  const tokenizer = tokenizerOf(open);
  const { start, ends } = framesOf(open, tokenizer);
  const read = readText(source, tokenizer, true);
  // What was trained here or by `tenon train` ends its sources with the mark of the end.
  if (!isHuggingFace(tokenizer)) read.push(...ends);
  if (model instanceof EncoderDecoder && read.length > model.sourceContext)
    throw new ConfigError(
      `The text has ${read.length} tokens, but ${open.name} reads ${model.sourceContext} at most. Shorten it.`,
    );
  const encoded = model.encode(idTensor(read, [1, read.length], model.backend, { limit: model.sourceVocabulary }));
  const causal = encoded as Causal & Disposable;
  const ids = from.kind === "ids" ? from.ids : [start];
  const { transforms, search } = authorsSettings(open.pretrained);
  return {
    causal,
    withinContext: causal,
    ids,
    promptLength: ids.length,
    ends,
    transforms: [...onlyTokens(causal.vocabulary, tokenizer.size), ...transforms],
    search,
    tokenizer,
    [Symbol.dispose]: () => causal[Symbol.dispose](),
  };
}

/** With which token a target begins, and which end it: as the configs of others' models say, or the marks of a tokenizer. */
function framesOf({ name, pretrained }: OpenModel, tokenizer: Tokenizer): { start: number; ends: readonly number[] } {
  const told = { ...pretrained?.config, ...pretrained?.generation };
  const number = (key: string): number | undefined => idsIn(told[key])[0];
  const { begin, end } = tokenizer.special;
  const start = number("decoder_start_token_id") ?? number("bos_token_id") ?? begin;
  if (start === undefined)
    throw new ConfigError(
      `${name} does not say with which token a text of its begins: its config.json or generation_config.json has no "decoder_start_token_id".`,
    );
  const ends = idsIn(told["eos_token_id"]);
  return { start, ends: ends.length > 0 ? ends : idsIn(end) };
}

/** The ids that end a text: the end of what Tenon's models learn from, or what a model's own settings say. */
function endsOf({ pretrained }: OpenModel, tokenizer: Tokenizer): readonly number[] {
  if (pretrained === undefined) return idsIn(tokenizer.special["end"]);
  return idsIn(pretrained.generation?.["eos_token_id"] ?? pretrained.config["eos_token_id"]);
}

const idsIn = (value: unknown): readonly number[] =>
  [value].flat().filter((id): id is number => typeof id === "number");
