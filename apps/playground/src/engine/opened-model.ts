import type { Assembled } from "@tenon/models";
import type { Pretrained, SavedModel } from "@tenon/pretrained";
import type { Tokenizer } from "@tenon/tokenizers";

/** A model with what came with it. */
export interface OpenModel {
  readonly name: string;
  readonly about: string;
  readonly model: Assembled;
  readonly tokenizer: Tokenizer | undefined;
  readonly trained: boolean;
  /** What came with it, where it is one of others'. */
  readonly pretrained?: Pretrained | undefined;
  /** How it was trained, where Tenon did that, and what it began with then. */
  readonly saved?: Pick<SavedModel, "training" | "origin"> | undefined;
}
