/** What numbers a side computes with: floats, or 8-bit weights. */
export type Precision = "f32" | "8-bit";

interface Named {
  readonly name: string;
  readonly precision: Precision;
}

/** c = a b for each of `batch`: a [m, k], b [k, n]. */
export interface Matmul extends Named {
  readonly kind: "matmul";
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Is b a weight, known long before? */
  readonly constant: boolean;
}

/** The sizes of a transformer. */
export interface Sizes {
  readonly vocabulary: number;
  readonly context: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

/** ids [batch, tokens] → a vector for each token, before any head. */
export interface Encoder extends Named, Sizes {
  readonly kind: "encoder";
  readonly batch: number;
  readonly tokens: number;
}

/** One more id after `past` of them, whose keys and values are known → logits. */
export interface Decoder extends Named, Sizes {
  readonly kind: "decoder";
  readonly past: number;
}

/** Whole steps of training a decoder: its loss and gradients on [batch, context] ids, and Adam's change of every parameter. */
export interface Training extends Named, Sizes {
  readonly kind: "training";
  readonly batch: number;
  readonly rate: number;
}

/** What is computed forwards only. */
export type Inference = Matmul | Encoder | Decoder;
export type Workload = Inference | Training;

const matmul = (m: number, n: number, k: number): Matmul => ({
  kind: "matmul",
  name: `matmul ${m}×${n}×${k}`,
  precision: "f32",
  batch: 1,
  m,
  n,
  k,
  constant: true,
});

/** MiniLM-L6's sizes. */
const miniLM = { vocabulary: 30522, context: 512, width: 384, layers: 6, heads: 12 };
/** Those of nanoGPT's model of characters on a processor. */
const characters = { vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 };
/** GPT-2 small's sizes. */
const gpt2 = { vocabulary: 50257, context: 1024, width: 768, layers: 12, heads: 12 };

const encoder = (batch: number, precision: Precision): Encoder => ({
  kind: "encoder",
  name: `encoder ${batch}×128 ${precision}`,
  precision,
  batch,
  tokens: 128,
  ...miniLM,
});
const decoder = (precision: Precision): Decoder => ({
  kind: "decoder",
  name: `decoder ${precision}`,
  precision,
  past: 128,
  ...gpt2,
});

/** All that is compared, in the order in which it runs. Sizes of products are m × n × k. */
export const workloads: readonly Workload[] = [
  matmul(512, 512, 512),
  matmul(1024, 1024, 1024),
  matmul(128, 3072, 768),
  { ...matmul(128, 128, 64), name: "matmul 96×(128×128×64)", batch: 96, constant: false },
  matmul(1, 3072, 768),
  encoder(1, "f32"),
  encoder(8, "f32"),
  encoder(1, "8-bit"),
  encoder(8, "8-bit"),
  decoder("f32"),
  decoder("8-bit"),
  { kind: "training", name: "training step", precision: "f32", batch: 12, rate: 1e-3, ...characters },
];

/** How many multiplications and additions a product takes; undefined for a model, whose work is told in milliseconds. */
export const operationsOf = (workload: Workload): number | undefined =>
  workload.kind === "matmul" ? 2 * workload.batch * workload.m * workload.n * workload.k : undefined;
