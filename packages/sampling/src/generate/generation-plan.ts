import { ConfigError } from "@tenon/tensor";
import type { CausalModel } from "../predict/causal-model.ts";
import { chain } from "../transforms/chain.ts";
import type { GenerateOptions } from "./generate-options.ts";
import { greedy } from "../strategies/greedy.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { Strategy } from "../strategies/strategy.ts";
import type { TokenDecoder } from "./token-decoder.ts";

/** Options that were checked against the model, with their defaults. */
export interface GenerationPlan {
  readonly prompt: readonly number[];
  readonly transform: LogitsTransform;
  readonly strategy: Strategy;
  readonly maxTokens: number;
  readonly stopIds: ReadonlySet<number>;
  readonly stopTexts: readonly string[];
  readonly decoder: TokenDecoder | undefined;
  readonly signal: AbortSignal | undefined;
  readonly alternatives: number;
}

type Limits = Pick<CausalModel<unknown>, "vocabulary" | "context">;

const optionNames = {
  transforms: 0,
  strategy: 0,
  maxTokens: 0,
  stop: 0,
  decoder: 0,
  signal: 0,
  alternatives: 0,
} satisfies Record<keyof GenerateOptions, 0>;

/** Throws `ConfigError` for whatever `generate` could not honour. */
export function planGeneration(model: Limits, promptIds: ArrayLike<number>, options: GenerateOptions): GenerationPlan {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(optionNames, name)) continue;
    const known = Object.keys(optionNames).join(", ");
    throw new ConfigError(
      `generate() has no option "${name}". It has ${known}; temperature, topK and topP go into transforms, as in transforms: [topK(40)].`,
      { option: name },
    );
  }
  if (!isTokenId(0, model.vocabulary) || !(model.context >= 1)) {
    throw new ConfigError(
      `A model says its vocabulary and its context, both at least 1; this one says ${model.vocabulary} and ${model.context}`,
      { vocabulary: model.vocabulary, context: model.context },
    );
  }
  const {
    transforms = [],
    strategy = greedy(),
    maxTokens = Infinity,
    stop = [],
    decoder,
    signal,
    alternatives = 0,
  } = options;
  if (maxTokens !== Infinity && (!Number.isSafeInteger(maxTokens) || maxTokens < 1)) {
    throw new ConfigError(`maxTokens is a whole number of at least 1, got ${maxTokens}`, { maxTokens });
  }
  if (!Number.isSafeInteger(alternatives) || alternatives < 0 || alternatives > model.vocabulary) {
    throw new ConfigError(
      `alternatives is a whole number from 0 to the model's vocabulary of ${model.vocabulary}, got ${alternatives}`,
      { alternatives },
    );
  }
  return {
    prompt: checkPrompt(promptIds, model),
    transform: chain(...transforms),
    strategy,
    maxTokens,
    ...sortStops(stop, model.vocabulary, decoder),
    decoder,
    signal,
    alternatives,
  };
}

function checkPrompt(promptIds: ArrayLike<number>, { vocabulary, context }: Limits): readonly number[] {
  const prompt = Array.from(promptIds);
  if (prompt.length === 0) {
    throw new ConfigError(
      "The prompt has no tokens, and a causal model can only continue. Give it at least one, such as the tokenizer's token for the beginning of a text.",
    );
  }
  if (prompt.length > context) {
    throw new ConfigError(
      `The prompt has ${prompt.length} tokens, but the model's context holds ${context}. Shorten it by ${prompt.length - context}, for instance by keeping the end: ids.slice(-${context}).`,
      { promptTokens: prompt.length, context },
    );
  }
  const index = prompt.findIndex((id) => !isTokenId(id, vocabulary));
  if (index !== -1) {
    throw new ConfigError(
      `The prompt's token ${index} is ${prompt[index]}, but this model's ids go from 0 to ${vocabulary - 1}. Encode the text with the model's own tokenizer.`,
      {
        index,
        id: prompt[index],
        vocabulary,
      },
    );
  }
  return prompt;
}

function sortStops(
  stop: readonly (number | string)[],
  vocabulary: number,
  decoder: TokenDecoder | undefined,
): Pick<GenerationPlan, "stopIds" | "stopTexts"> {
  const stopIds = new Set<number>();
  const stopTexts: string[] = [];
  for (const item of stop) {
    if (typeof item === "string" && item.isWellFormed() && item !== "") stopTexts.push(item);
    else if (isTokenId(item, vocabulary)) stopIds.add(item);
    else {
      throw new ConfigError(
        `stop takes token ids from 0 to ${vocabulary - 1} and strings of at least one whole character, got ${JSON.stringify(item) ?? "undefined"}`,
        { stop: item },
      );
    }
  }
  if (stopTexts.length > 0 && decoder === undefined) {
    throw new ConfigError(
      `The stop string ${JSON.stringify(stopTexts[0])} cannot be found without text: give generate() a decoder, such as tokenizer.decoder(), or stop at a token id.`,
      {
        stop: stopTexts[0],
      },
    );
  }
  return { stopIds, stopTexts };
}

/** Is it an id of a vocabulary of this size? */
export function isTokenId(id: unknown, vocabulary: number): id is number {
  return Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < vocabulary;
}
