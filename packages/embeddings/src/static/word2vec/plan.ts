import type { Block, Layout } from "../training/layout.ts";

/** Draws `count` negatives for each target, by the alias method. `cells` are pairs of a threshold and an alias, one for each output row. */
export interface NegativeSamplingPlan {
  readonly kind: "negative-sampling";
  readonly count: number;
  readonly cells: Block<"i32">;
}
/** Each target has a path in a tree: from `starts[target]` to `starts[target + 1]` its nodes, which are output rows, and a label for each. */
export interface HierarchicalSoftmaxPlan {
  readonly kind: "hierarchical-softmax";
  readonly starts: Block<"i32">;
  readonly nodes: Block<"i32">;
  readonly labels: Block<"f32">;
}
/** Every output row is scored: for a few hundred at most. */
export interface SoftmaxPlan {
  readonly kind: "softmax";
  readonly outputs: number;
}
/** Every output row is decided on by itself: the slot's points are all of them, and its labels say which ones are right. */
export interface OneVsAllPlan {
  readonly kind: "one-vs-all";
  readonly outputs: number;
}
export type LossPlan = NegativeSamplingPlan | HierarchicalSoftmaxPlan | SoftmaxPlan | OneVsAllPlan;

/**
 * What the training loops work on. An example is a list of input rows, whose mean is h [d], and a target; its loss is that of the target
 * given h. Word2vec, fastText and its classifier differ in what the rows and the targets are.
 */
export interface LoopsPlan {
  /** Numbers in a row of the matrices: d, rounded up to a multiple of 4; those beyond d are 0, and stay so. */
  readonly stride: number;
  /** Words to either side that may be context; each word draws its own reach, from 1 to this. */
  readonly window: number;
  readonly input: Block<"f32">;
  readonly output: Block<"f32">;
  readonly loss: LossPlan;
  /** The input rows of word w, as fastText has them: `rows` from `starts[w]` to `starts[w + 1]`. Default: row w alone. */
  readonly parts?: {
    readonly starts: Block<"i32">;
    readonly rows: Block<"i32">;
    /** What the mean of a word's rows gets where each of them gets 1 as often as it is there: Σ m² / n, [v]; see learn-window.ts. */
    readonly gains: Block<"f32">;
  };
  /** Whether the gradient of h is divided among its rows, as is right for a mean; word2vec and fastText give each row all of it. Default: no. */
  readonly divides?: boolean;
  /** What each thread has for itself. */
  readonly slots: readonly Slot[];
}

/** What one thread has for itself. */
export interface Slot {
  /** The state of its random numbers, [2]. */
  readonly random: Block<"i32">;
  /** Words of a sentence. */
  readonly sentence: Block<"i32">;
  /** Input rows of one example. */
  readonly rows: Block<"i32">;
  /** Output rows of one example; with {@link labels} beside them. */
  readonly points: Block<"i32">;
  readonly labels: Block<"f32">;
  /** h, and its gradient times the learning rate. */
  readonly hidden: Block<"f32">;
  readonly error: Block<"f32">;
  /** The sum of the errors of a window. */
  readonly total: Block<"f32">;
  /** Softmax: a score for each output. */
  readonly scores: Block<"f32">;
  /** How many examples there were. */
  readonly examples: Block<"i32">;
  /** The product of the probabilities that they gave to what is right, in four lanes: 2^exponent · mantissa. */
  readonly exponents: Block<"i32">;
  readonly mantissas: Block<"f32">;
}

/** How much room a {@link Slot} has. */
export interface SlotSize {
  readonly stride: number;
  readonly sentence: number;
  readonly rows: number;
  readonly loss: { readonly kind: LossPlan["kind"]; readonly count?: number; readonly outputs?: number };
}

/** Lays out what one thread has for itself. */
export function reserveSlot(layout: Layout, { stride, sentence, rows, loss }: SlotSize): Slot {
  const points = loss.kind === "one-vs-all" ? (loss.outputs ?? 0) : (loss.count ?? 0) + 1;
  return {
    random: layout.reserve("i32", 2),
    sentence: layout.reserve("i32", sentence),
    rows: layout.reserve("i32", rows),
    points: layout.reserve("i32", points),
    labels: layout.reserve("f32", points + 3),
    hidden: layout.reserve("f32", stride),
    error: layout.reserve("f32", stride),
    total: layout.reserve("f32", stride),
    scores: layout.reserve("f32", (loss.outputs ?? 0) + 4),
    examples: layout.reserve("i32", 1),
    exponents: layout.reserve("i32", 4),
    mantissas: layout.reserve("f32", 4),
  };
}

/** The numbers of a row that holds vectors of width d. */
export const strideOf = (width: number): number => Math.ceil(width / 4) * 4;
