import { bert, type DecoderSpec, type EncoderSpec, gpt } from "@tenon/models";
import type { Command } from "commander";

import { decimal, listed, oneOf, wholeNumber } from "./values.ts";

/** The sizes of a model, as flags give them. */
export interface ArchitectureFlags {
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads?: number;
  readonly width: number;
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
  "--context",
  "--position",
  "--dropout",
] as const;

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

/** The spec of a GPT-like decoder or BERT-like encoder with these sizes. */
export function specOf(
  kind: "decoder" | "encoder",
  vocabulary: number,
  flags: ArchitectureFlags,
): DecoderSpec | EncoderSpec {
  // One text at a time has no second segment to tell apart.
  return kind === "decoder"
    ? withFlags(gpt({ ...flags, vocabulary }), flags)
    : withFlags(bert({ ...flags, vocabulary, segments: 0 }), flags);
}

/** A preset's spec, with the position scheme and the key-value heads that flags ask for. */
export function withFlags<S extends DecoderSpec | EncoderSpec>(
  spec: S,
  { position, keyValueHeads }: ArchitectureFlags,
): S {
  return {
    ...spec,
    ...(position !== undefined && { position: { kind: position } }),
    ...(keyValueHeads !== undefined && { attention: { ...spec.attention, keyValueHeads } }),
  };
}
