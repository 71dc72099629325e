import type { Spec } from "@tenon/models";
import type { OptimiserName, ScheduleName } from "@tenon/training";

import type { ModelSource } from "../engine/model-source.ts";

/** What a run is to train on. */
export type TextSource =
  | { readonly kind: "stories"; readonly count: number; readonly seed: number }
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "pasted"; readonly text: string };

/** What a token is. */
export const tokenizerKinds = ["byte-pairs", "character", "byte", "word"] as const;
export type TokenizerKind = (typeof tokenizerKinds)[number];

/** What a run begins with: a new model, or one that has learned something. */
export type Start =
  | {
      readonly kind: "new";
      /** Its vocabulary follows the tokenizer. */
      readonly spec: Spec;
      readonly tokenizer: TokenizerKind;
      /** The most tokens, where they are byte pairs. */
      readonly vocabulary: number;
    }
  | { readonly kind: "trained"; readonly source: ModelSource };

/** How a run trains. */
export interface RunSettings {
  readonly steps: number;
  /** Pieces of text in a step; it may be changed on the way. */
  readonly batch: number;
  /** Tokens in a piece, where that is to be less than the model's context. */
  readonly window?: number | undefined;
  readonly rate: number;
  readonly warmUp: number;
  readonly schedule: ScheduleName;
  readonly optimiser: OptimiserName;
  readonly weightDecay: number;
  readonly clip: number;
  readonly seed: number;
  /** Does a blank line end a document? Then a token stands between those that a decoder learns from. */
  readonly documents: boolean;
  readonly evaluateEvery: number;
  readonly saveEvery: number;
  readonly sampleEvery: number;
  /** What is continued or filled, again and again; `___` is a gap. */
  readonly prompts: readonly string[];
}

/** Everything that a run needs to begin. */
export interface RunPlan {
  readonly name: string;
  readonly start: Start;
  readonly text: TextSource;
  readonly settings: RunSettings;
}
