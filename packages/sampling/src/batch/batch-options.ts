import { ConfigError } from "@tenon/tensor";
import { checkOptions, type Limits } from "../generate/checks.ts";
import type { GenerateOptions } from "../generate/generate-options.ts";
import { planSequence, type GenerationPlan } from "../generate/generation-plan.ts";
import type { TokenDecoder } from "../generate/token-decoder.ts";
import { greedy } from "../strategies/greedy.ts";
import type { Strategy } from "../strategies/strategy.ts";

/**
 * How `generateBatch` goes about it: as `generate` does, in every row. `maxTokens`, `stop`, `constraint` and the transforms count for each row
 * by itself; a search finds one sequence and is left out.
 *
 * @example
 * ```ts
 * const options: BatchOptions = {
 *   transforms: [topK(40)],
 *   strategy: (row) => sample(random(7).fork(row)),
 *   decoder: () => ({ push: (id) => String.fromCharCode(id), end: () => "" }),
 *   maxTokens: 100,
 * };
 * console.log(options.maxTokens); // 100
 * ```
 */
export interface BatchOptions extends Omit<GenerateOptions, "strategy" | "search" | "decoder"> {
  /**
   * How the next token is chosen: one for each row, as in `(row) => sample(random(7).fork(row))`, or one for all; `greedy()` by default. One `sample`
   * for all draws by one seed: rows of the same length have the same luck, and rows with the same ids draw alike.
   */
  readonly strategy?: Strategy | ((row: number) => Strategy) | undefined;
  /** Gives the tokens of a row their text: a fresh one for each, as in `() => tokenizer.decoder()`, since it holds what it has seen. */
  readonly decoder?: ((row: number) => TokenDecoder) | undefined;
}

const optionNames = {
  transforms: 0,
  strategy: 0,
  constraint: 0,
  maxTokens: 0,
  maxSeconds: 0,
  stop: 0,
  decoder: 0,
  signal: 0,
  alternatives: 0,
  logits: 0,
  scores: 0,
} satisfies Record<keyof BatchOptions, 0>;

/** Throws `ConfigError` for an option that `generateBatch` does not have. */
export function checkBatchOptions(options: object): void {
  checkOptions(
    "generateBatch()",
    options,
    optionNames,
    "a search finds one sequence: give it to generate(), or one prompt after the other.",
  );
}

/**
 * A plan for each row. Throws `ConfigError` for whatever `who` could not honour, naming the row's prompt, or all prompts as `which` says.
 */
export function planRows(
  model: Limits,
  prompts: readonly ArrayLike<number>[],
  { strategy = greedy(), decoder, ...options }: BatchOptions,
  who: string,
  which?: string,
): readonly GenerationPlan[] {
  if (prompts.length === 0 || typeof prompts[0] === "number") {
    throw new ConfigError(
      `${who} takes a list of prompts, each a list of ids, and this is ${prompts.length === 0 ? "an empty one" : "one prompt: put it into a list"}.`,
    );
  }
  if (decoder !== undefined && typeof decoder !== "function") {
    throw new ConfigError(
      `A decoder holds what it has seen, so each row of ${who} needs its own: give a function that makes one, as in decoder: () => tokenizer.decoder().`,
    );
  }
  const decoders = prompts.map((_, row) => decoder?.(row));
  const twice = decoders.findIndex((one, row) => one !== undefined && decoders.indexOf(one) !== row);
  if (twice !== -1) {
    throw new ConfigError(
      `decoder(${twice}) gave the decoder of row ${decoders.indexOf(decoders[twice])}, but a decoder holds what it has seen: make a fresh one at each call.`,
      { row: twice },
    );
  }
  return prompts.map((prompt, row) =>
    planSequence(
      model,
      prompt,
      {
        ...options,
        strategy: typeof strategy === "function" ? strategy(row) : strategy,
        decoder: decoders[row],
      },
      who,
      which ?? `Prompt ${row}`,
    ),
  );
}
