import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { Sources } from "../sources/sources.ts";
import { encoderOf, type Encoder, type Frame } from "./frame.ts";
import { type ShardShape, widthFor } from "./shard-layout.ts";

/** How far the making of a corpus is. */
export interface CorpusProgress {
  /** Bytes read of the files, as they lie there (packed ones packed); reading them once is all of it. */
  readonly bytes: number;
  /** Of how many, where that is known. */
  readonly totalBytes?: number | undefined;
  /** Tokens made in this run: those that were there already do not count. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/** What a corpus is made of, and how. */
export interface CorpusOptions {
  /** Where the texts come from: `textFiles`, `jsonLines` or `parallelText`. */
  readonly sources: Sources;
  /** Makes the ids; for pairs, one for both sides or one for each. */
  readonly tokenizer: Tokenizer | readonly [Tokenizer, Tokenizer];
  /** The tokens around each document, by role (`{ end: "end" }`) or text (`{ end: { token: "<|endoftext|>" } }`). Default: none. */
  readonly frame?: Frame | undefined;
  /** A shard ends with the first document that brings it to so many tokens; what it holds can be read while the next is made. Default 2²⁰. */
  readonly shardTokens?: number | undefined;
  /** Called now and then, a few times a second at most. */
  readonly onProgress?: ((progress: CorpusProgress) => void) | undefined;
  /** Ends the making; whoever waits for something gets `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

const usualShardTokens: number = 2 ** 20;

/** The checked parts of options that decide what the shards hold. */
export interface Recipe {
  readonly sources: Sources;
  readonly tokenizers: readonly Tokenizer[];
  readonly frame: Frame;
  readonly shardTokens: number;
  readonly encoders: readonly Encoder[];
  readonly shape: ShardShape;
}

/** Throws `ConfigError` for options that contradict each other. */
export function recipeOf(
  caller: string,
  {
    sources,
    tokenizer,
    frame = {},
    shardTokens = usualShardTokens,
  }: Pick<CorpusOptions, "sources" | "tokenizer" | "frame" | "shardTokens">,
): Recipe {
  if (!Number.isSafeInteger(shardTokens) || shardTokens < 1 || shardTokens > 2 ** 28) {
    throw new ConfigError(`${caller}: shardTokens is a whole number from 1 to 2^28, got ${shardTokens}`, {
      shardTokens,
    });
  }
  const columns = columnsOf(sources);
  const given = isList(tokenizer) ? tokenizer : [tokenizer];
  if (given.length > columns) {
    throw new ConfigError(`${caller}: two tokenizers are for pairs, and these sources have one text in each document`);
  }
  const tokenizers = Array.from({ length: columns }, (_, column) => given[column] ?? given[0]);
  return {
    sources,
    tokenizers,
    frame,
    shardTokens,
    encoders: tokenizers.map((each) => encoderOf(each, frame)),
    shape: {
      widths: tokenizers.map(({ size }) => widthFor(size)),
      labels: sources.kind === "json" && sources.label !== undefined,
    },
  };
}

function isList(tokenizer: CorpusOptions["tokenizer"]): tokenizer is readonly [Tokenizer, Tokenizer] {
  return Array.isArray(tokenizer);
}

function columnsOf(sources: Sources): number {
  switch (sources.kind) {
    case "parallel":
      return 2;
    case "json":
      return sources.fields.length;
    case "text":
      return 1;
  }
}
