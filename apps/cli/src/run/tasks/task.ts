import type { Part } from "@tenon/nn";
import type { Random } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";
import type { Batches, Objective } from "@tenon/training";

import type { RunOptions } from "../options.ts";

/** What a task makes its batches of. */
export interface TaskInput {
  readonly options: RunOptions;
  readonly tokenizer: Tokenizer;
  readonly random: Random;
}

/** What a model is trained to do: examples, and what is made small. */
export interface Task<M extends Part, B extends object> {
  /** How many tokens the examples have, those that are held out included. */
  readonly tokens: number;
  readonly objective: Objective<M, B>;
  readonly batches: Batches<B>;
  readonly heldOut: {
    readonly batches: Batches<B>;
    readonly count: number;
    /** What is measured, where it is not what is trained. */
    readonly objective?: Objective<M, B>;
  };
}
