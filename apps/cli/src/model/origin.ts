import type { Assembled } from "@tenon/models";
import type { Pretrained } from "@tenon/pretrained";
import type { Json } from "@tenon/tensor";
import type { HuggingFaceTokenizer } from "@tenon/tokenizers";
import { z } from "zod";

type Values = Readonly<Record<string, Json>>;

/** What a model of others brought along that no spec says: it stays with what is trained from it, which is then used as its original is. */
export interface Origin {
  /** Where Hugging Face's libraries find the original: `owner/name`, or a folder. A GGUF file has none. */
  readonly name?: string | undefined;
  readonly family: string;
  readonly architecture: string;
  readonly config: Values;
  readonly generation?: Values | undefined;
  readonly tokenizerConfig?: Values | undefined;
}

const values: z.ZodType<Values> = z.record(z.string(), z.json());

export const originSchema: z.ZodType<Origin> = z.strictObject({
  name: z.string().optional(),
  family: z.string(),
  architecture: z.string(),
  config: values,
  generation: values.optional(),
  tokenizerConfig: values.optional(),
});

/** A model that was trained from one of others, as if it had been loaded from there. */
export function asPretrained(
  { family, architecture, config, generation, tokenizerConfig }: Origin,
  model: Assembled,
  tokenizer: HuggingFaceTokenizer,
): Pretrained {
  return { model, family, architecture, config, generation, tokenizer, tokenizerConfig, preprocessor: undefined };
}
