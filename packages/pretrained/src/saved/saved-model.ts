import type { Assembled, ImageEncoder } from "@tenon/models";
import type { Tokenizer } from "@tenon/tokenizers";

import type { Origin } from "./origin.ts";

/** A model that reads text: what `tenon train` and the playground train. */
export type TextModel = Exclude<Assembled, ImageEncoder>;

/** A model with all that it takes to use it: what one file of `tenon train` or the playground holds. */
export interface SavedModel {
  readonly model: TextModel;
  readonly tokenizer: Tokenizer;
  readonly training: TrainingRecord;
  /** Whose model it began with, where that was one of others, as those of Hugging Face. */
  readonly origin?: Origin | undefined;
}

/** How a model was trained: for people to read. Nothing depends on it. */
export interface TrainingRecord {
  /** The version of Tenon that trained it. */
  readonly tenon: string;
  /** What it was trained on: the name of a file, or the built-in stories. */
  readonly text: string;
  /** How many tokens the text has, the held-out part included. */
  readonly tokens: number;
  /** Steps taken, of how many. */
  readonly step: number;
  readonly steps: number;
  /** Steps before those, in the runs whose model this one began with. */
  readonly earlierSteps?: number | undefined;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  /** The last loss on the held-out text, if one was taken. */
  readonly heldOut?: HeldOut | undefined;
}

/** A loss on held-out text, and after how many steps it was taken. */
export interface HeldOut {
  readonly step: number;
  readonly loss: number;
}
