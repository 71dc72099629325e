import { ConfigError } from "@tenon/tensor";
import { follow, type Followed } from "../constraints/follow.ts";
import type { GenerateOptions } from "./generate-options.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { Strategy } from "../strategies/strategy.ts";
import {
  checkMaxTokens,
  checkModel,
  checkOptions,
  checkPrompt,
  type Limits,
  refuseForSampling,
  sortStops,
} from "./checks.ts";
import type { Search } from "./search.ts";
import type { TokenDecoder } from "./token-decoder.ts";

/** Options that were checked against the model, with their defaults. */
export interface GenerationPlan {
  readonly prompt: readonly number[];
  readonly transforms: readonly LogitsTransform[];
  readonly strategy: Strategy | undefined;
  readonly search: Search | undefined;
  readonly followed: Followed | undefined;
  readonly maxTokens: number;
  /** The most tokens that can come: one can be drawn after the last position of the context. */
  readonly room: number;
  readonly maxSeconds: number;
  readonly stopIds: ReadonlySet<number>;
  readonly stopTexts: readonly string[];
  readonly decoder: TokenDecoder | undefined;
  readonly signal: AbortSignal | undefined;
  readonly alternatives: number;
  readonly logits: boolean;
  readonly scores: boolean;
}

const optionNames = {
  transforms: 0,
  strategy: 0,
  search: 0,
  constraint: 0,
  maxTokens: 0,
  maxSeconds: 0,
  stop: 0,
  decoder: 0,
  signal: 0,
  alternatives: 0,
  logits: 0,
  scores: 0,
} satisfies Record<keyof GenerateOptions, 0>;

/** Throws `ConfigError` for whatever `generate` could not honour. */
export function planGeneration(model: Limits, promptIds: ArrayLike<number>, options: GenerateOptions): GenerationPlan {
  checkOptions(
    "generate()",
    options,
    optionNames,
    "temperature, topK and topP go into transforms, as in transforms: [topK(40)]; beams have a function of their own, beamSearch().",
  );
  return planSequence(model, promptIds, options, "generate()", "The prompt");
}

/** The same for options that are known to exist; `who` and `which` are how error messages call the function and the prompt. */
export function planSequence(
  model: Limits,
  promptIds: ArrayLike<number>,
  options: GenerateOptions,
  who: string,
  which: string,
): GenerationPlan {
  checkModel(model);
  const {
    transforms = [],
    strategy,
    search,
    constraint,
    maxTokens = Infinity,
    maxSeconds = Infinity,
    stop = [],
    decoder,
    signal,
    alternatives = 0,
    logits = false,
    scores = false,
  } = options;
  checkMaxTokens(maxTokens);
  if (!(maxSeconds > 0)) throw new ConfigError(`maxSeconds is a number above 0, got ${maxSeconds}`, { maxSeconds });
  if (!Number.isSafeInteger(alternatives) || alternatives < 0 || alternatives > model.vocabulary) {
    throw new ConfigError(
      `alternatives is a whole number from 0 to the model's vocabulary of ${model.vocabulary}, got ${alternatives}`,
      { alternatives },
    );
  }
  if (strategy?.draws === false || (strategy === undefined && search === undefined)) {
    refuseForSampling(
      transforms,
      strategy?.name ?? "greedy()",
      "give a strategy that draws, such as sample(random(7))",
    );
  }
  search?.check?.({ strategy, transforms, vocabulary: model.vocabulary });
  const stops = sortStops(stop, model.vocabulary, decoder, who);
  if (constraint !== undefined && stops.stopTexts.length > 0) {
    throw new ConfigError(
      `The stop string ${JSON.stringify(stops.stopTexts[0])} could cut off what ${constraint.name} has to complete. Stop at token ids, or leave the constraint out.`,
      { stop: stops.stopTexts[0], constraint: constraint.name },
    );
  }
  const prompt = checkPrompt(promptIds, model, which);
  const room = Math.min(maxTokens, model.context - prompt.length + 1);
  return {
    prompt,
    transforms,
    strategy,
    search,
    followed: constraint && follow(constraint, stops.stopIds, room),
    maxTokens,
    room,
    maxSeconds,
    ...stops,
    decoder,
    signal,
    alternatives,
    logits,
    scores,
  };
}
