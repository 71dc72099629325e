import type { Part } from "@tenon/nn";
import type { Random } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";
import type { Batches, Objective } from "@tenon/training";

import type { SamplePiece } from "../run-state.ts";

/** What a task makes its batches of. */
export interface TaskInput {
  readonly ids: Int32Array;
  readonly tokenizer: Tokenizer;
  /** Tokens in a piece of text. */
  readonly window: number;
  readonly random: Random;
}

/** What a model is trained to do. */
export interface Task<M extends Part, B extends object> {
  readonly model: M;
  readonly objective: Objective<M, B>;
  /** Batches of so many pieces. */
  readonly training: (batch: number) => Batches<B>;
  readonly heldOut: (batch: number) => Batches<B>;
  /** What the model makes of a prompt as it is now. The same seed gives the same. */
  readonly sample: (prompt: string, seed: number) => Promise<readonly SamplePiece[]>;
}
