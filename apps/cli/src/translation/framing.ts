import type { Origin } from "@tenon/pretrained";
import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import { isHuggingFace } from "../generation/prompt.ts";
import { marksOf } from "./marks-of.ts";

/** What stands around the texts of a translator: in training as when it is used. */
export interface Framing {
  /** What the decoder reads first. */
  readonly begin: number;
  readonly end: number;
  /** The ids of a text to read. */
  readonly source: (text: string) => readonly number[];
  /** The ids of a text to write, without the two above. */
  readonly target: (text: string) => readonly number[];
}

/**
 * How a translator's texts are framed: as its tokenizer and its configs say where it was made by others, and else with the mark of the end behind sources
 * and targets. Throws `ConfigError` where there are no such marks.
 */
export function framingOf(tokenizer: Tokenizer, origin?: Origin): Framing {
  if (origin === undefined || !isHuggingFace(tokenizer)) {
    const { begin, end } = marksOf(tokenizer);
    return { begin, end, source: (text) => [...tokenizer.encode(text), end], target: (text) => tokenizer.encode(text) };
  }
  const id = (...keys: readonly string[]): number => {
    for (const key of keys)
      for (const from of [origin.generation, origin.config]) {
        const found = [from?.[key]].flat().find((id) => typeof id === "number");
        if (found !== undefined) return found;
      }
    throw new ConfigError(
      `the configs of ${origin.name ?? "the model"} do not say ${keys.map((key) => `"${key}"`).join(" or ")}, so it cannot be trained on pairs. Write it into its generation_config.json.`,
      { keys },
    );
  };
  const [begin, end] = [id("decoder_start_token_id", "bos_token_id"), id("eos_token_id")];
  const framed = (text: string): readonly number[] => tokenizer.encoding(text).ids;
  return {
    begin,
    end,
    source: framed,
    target: (text) => {
      const ids = framed(text);
      return ids.at(-1) === end ? ids.slice(0, -1) : ids;
    },
  };
}
