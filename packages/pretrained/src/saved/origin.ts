import type { Json } from "@tenon/tensor";
import * as z from "zod";

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

/**
 * What an {@link Origin} has to be: for a record of your own that holds one, such as that of a run whose state is saved.
 *
 * @example
 * ```ts
 * const { success } = originSchema.safeParse({ family: "llama", architecture: "LlamaForCausalLM" });
 * console.log(success); // false
 * ```
 */
export const originSchema: z.ZodType<Origin> = z.strictObject({
  name: z.string().optional(),
  family: z.string(),
  architecture: z.string(),
  config: values,
  generation: values.optional(),
  tokenizerConfig: values.optional(),
});
