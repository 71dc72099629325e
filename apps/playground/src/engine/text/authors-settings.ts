import { type BeamOptions, type LogitsTransform, lengthNormalised, type StopWhen, transformsOf } from "@tenon/sampling";

import type { OpenModel } from "../opened-model.ts";

/** What a model's authors have laid down about the texts that it writes for others, besides what the page has controls for. */
export interface AuthorsSettings {
  /** What must not be written, or has to be: the token that fills gaps in a batch, say, or one for the language. */
  readonly transforms: readonly LogitsTransform[];
  readonly search: Pick<BeamOptions, "score" | "stopWhen">;
}

const fields = ["eos_token_id", "forced_bos_token_id", "bad_words_ids", "suppress_tokens", "no_repeat_ngram_size"];

const stopWhen = new Map<unknown, StopWhen>([
  [true, "enough"],
  [false, "unlikely"],
  ["never", "hopeless"],
]);

/** What generation_config.json says, or config.json, which older models keep it in. Throws `ConfigError` for values that make no sense. */
export function authorsSettings(pretrained: OpenModel["pretrained"]): AuthorsSettings {
  const told = toldBy(pretrained);
  const penalty = told["length_penalty"];
  return {
    transforms: transformsOf(Object.fromEntries(fields.map((key) => [key, told[key] ?? null]))),
    search: {
      score: typeof penalty === "number" ? lengthNormalised(penalty) : undefined,
      stopWhen: stopWhen.get(told["early_stopping"]),
    },
  };
}

/** How many continuations they follow in a search, where they say it. */
export function authorsBeams(pretrained: OpenModel["pretrained"]): number | undefined {
  const beams = toldBy(pretrained)["num_beams"];
  return typeof beams === "number" ? beams : undefined;
}

const toldBy = (pretrained: OpenModel["pretrained"]): Readonly<Record<string, unknown>> => ({
  ...pretrained?.config,
  ...pretrained?.generation,
});
