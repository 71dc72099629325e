import {
  bert,
  type DecoderSpec,
  type EncoderDecoderSpec,
  type EncoderSpec,
  gpt,
  type RnnEncoderDecoderSpec,
  rnnEncoderDecoder,
  type RnnSearchSpec,
  rnnSearch,
  transformer,
} from "@tenon/models";
import type { Command } from "commander";

import { decimal, listed, oneOf, wholeNumber } from "./values.ts";

/** The sizes of a model, as flags give them. */
export interface ArchitectureFlags {
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads?: number;
  readonly width: number;
  readonly hidden?: number;
  readonly context: number;
  readonly position?: "learned" | "sinusoidal" | "rotary" | "none";
  readonly dropout: number;
}

/** The flags that a spec takes the place of. */
export const architectureFlags = [
  "--layers",
  "--heads",
  "--key-value-heads",
  "--width",
  "--hidden",
  "--context",
  "--position",
  "--dropout",
] as const;

/** Those of them that recurrent models have: one layer each way, and texts of any length. */
export const recurrentFlags = ["--width", "--hidden"] as const;

/** Adds the flags that say how large a model is, with the sizes of nanoGPT's example for a CPU. `position` says what the default is. */
export function addArchitectureOptions(command: Command, position = "learned"): Command {
  const size = (flag: string): ((text: string) => number) => wholeNumber(flag, { from: 1 });
  const positions = ["learned", "sinusoidal", "rotary", "none"] as const;
  return command
    .option("--layers <n>", "blocks, one on top of the other", size("--layers"), 4)
    .option("--heads <n>", "attention heads in each block; they divide the width", size("--heads"), 4)
    .option(
      "--key-value-heads <n>",
      "heads for keys and values, shared by groups of heads (default: --heads)",
      size("--key-value-heads"),
    )
    .option("--width <n>", "numbers that stand for one token", size("--width"), 128)
    .option(
      "--hidden <n>",
      "numbers in the middle of each feed-forward part; of recurrent models, in their state (default: four widths; two)",
      size("--hidden"),
    )
    .option("--context <n>", "tokens that the model can see at once", size("--context"), 64)
    .option(
      "--position <kind>",
      `how it knows the order of tokens: ${listed(positions)} (default: ${position})`,
      oneOf("--position", positions),
    )
    .option(
      "--dropout <share>",
      "share of numbers dropped while training",
      decimal("--dropout", { from: 0, below: 1 }),
      0,
    );
}

/** The kinds of models that `tenon train` makes from flags. */
export const trainedKinds = ["decoder", "encoder", "encoder-decoder", "rnn-search", "rnn-encoder-decoder"] as const;
export type TrainedKind = (typeof trainedKinds)[number];

/** The spec of a model with these sizes: a GPT-like decoder, a BERT-like encoder, the original Transformer, RNNsearch or Cho's RNN encoder–decoder. */
export function specOf(
  kind: TrainedKind,
  vocabulary: number,
  flags: ArchitectureFlags,
): DecoderSpec | EncoderSpec | EncoderDecoderSpec | RnnSearchSpec | RnnEncoderDecoderSpec {
  const { width, hidden, position, keyValueHeads } = flags;
  switch (kind) {
    case "decoder":
      return withFlags(gpt({ ...flags, vocabulary }), flags);
    case "encoder":
      // One text at a time has no second segment to tell apart.
      return withFlags(bert({ ...flags, vocabulary, segments: 0 }), flags);
    case "encoder-decoder": {
      const { encoder, decoder, ...rest } = transformer({ ...flags, vocabulary });
      const given = {
        ...(position !== undefined && { position: { kind: position } }),
        ...(keyValueHeads !== undefined && { attention: { ...encoder.attention, keyValueHeads } }),
      };
      return { ...rest, encoder: { ...encoder, ...given }, decoder: { ...decoder, ...given } };
    }
    case "rnn-search":
    case "rnn-encoder-decoder": {
      const sizes = { sourceVocabulary: vocabulary, vocabulary, width, hidden: hidden ?? 2 * width };
      return kind === "rnn-search" ? rnnSearch(sizes) : rnnEncoderDecoder(sizes);
    }
  }
}

/** A preset's spec, with the position scheme and the key-value heads that flags ask for. */
export function withFlags<S extends DecoderSpec | EncoderSpec>(
  spec: S,
  { position, keyValueHeads, hidden }: ArchitectureFlags,
): S {
  return {
    ...spec,
    ...(position !== undefined && { position: { kind: position } }),
    ...(keyValueHeads !== undefined && { attention: { ...spec.attention, keyValueHeads } }),
    ...(hidden !== undefined && { feedForward: { ...spec.feedForward, hidden } }),
  };
}
