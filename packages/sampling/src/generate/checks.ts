import { ConfigError } from "@tenon/tensor";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { TokenDecoder } from "./token-decoder.ts";

/** What a model says of itself. */
export interface Limits {
  readonly vocabulary: number;
  readonly context: number;
}

/** Throws `ConfigError` for an option that does not exist. `who` is the function as it is called, `hint` what may have been meant. */
export function checkOptions(who: string, options: object, names: Record<string, unknown>, hint?: string): void {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const known = Object.keys(names).join(", ");
    throw new ConfigError(`${who} has no option "${name}". It has ${known}${hint === undefined ? "." : `; ${hint}`}`, {
      option: name,
    });
  }
}

export function checkModel({ vocabulary, context }: Limits): void {
  if (isTokenId(0, vocabulary) && context >= 1) return;
  throw new ConfigError(
    `A model says its vocabulary and its context, both at least 1; this one says ${vocabulary} and ${context}`,
    { vocabulary, context },
  );
}

export function checkMaxTokens(maxTokens: number): void {
  if (maxTokens === Infinity || (Number.isSafeInteger(maxTokens) && maxTokens >= 1)) return;
  throw new ConfigError(`maxTokens is a whole number of at least 1, got ${maxTokens}`, { maxTokens });
}

/** Throws `ConfigError` for a transform that would do nothing where nothing is drawn. */
export function refuseForSampling(transforms: readonly LogitsTransform[], who: string, remedy: string): void {
  const idle = transforms.find(({ forSampling }) => forSampling === true);
  if (idle === undefined) return;
  throw new ConfigError(
    `${idle.name} only shapes what is drawn at random, and ${who} draws nothing: leave it out, or ${remedy}.`,
    { transform: idle.name },
  );
}

/** The prompt as a list of its own. Throws `ConfigError` for one that cannot be continued; `which` is how its message begins. */
export function checkPrompt(
  promptIds: ArrayLike<number>,
  { vocabulary, context }: Limits,
  which = "The prompt",
): readonly number[] {
  const prompt = Array.from(promptIds);
  if (prompt.length === 0) {
    throw new ConfigError(
      `${which} has no tokens, and a causal model can only continue. Give it at least one, such as the tokenizer's token for the beginning of a text.`,
    );
  }
  if (prompt.length > context) {
    throw new ConfigError(
      `${which} has ${prompt.length} tokens, but the model's context holds ${context}. Shorten it by ${prompt.length - context}, for instance by keeping the end: ids.slice(-${context}).`,
      { promptTokens: prompt.length, context },
    );
  }
  const index = prompt.findIndex((id) => !isTokenId(id, vocabulary));
  if (index !== -1) {
    throw new ConfigError(
      `${which}'s token ${index} is ${prompt[index]}, but this model's ids go from 0 to ${vocabulary - 1}. Encode the text with the model's own tokenizer.`,
      {
        index,
        id: prompt[index],
        vocabulary,
      },
    );
  }
  return prompt;
}

export function sortStops(
  stop: readonly (number | string)[],
  vocabulary: number,
  decoder: TokenDecoder | undefined,
  who = "generate()",
): { readonly stopIds: ReadonlySet<number>; readonly stopTexts: readonly string[] } {
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
      `The stop string ${JSON.stringify(stopTexts[0])} cannot be found without text: give ${who} a decoder, such as tokenizer.decoder(), or stop at a token id.`,
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
