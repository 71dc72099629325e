import { Dropout, Embedding, Linear, Module } from "@tenon/nn";
import { cpu, isTenonError, random, tanh, type Tensor, type TypedArray } from "@tenon/tensor";

import {
  AdamW,
  causalBatches,
  causalLoss,
  constant,
  type Evaluation,
  type HostArray,
  type OptimiserState,
  type ParameterAverage,
  type TrainingStep,
  type TrainOptions,
} from "../src/index.ts";

/** What follows depends on one token alone, through a dropout. */
export class Tiny extends Module<[ids: Tensor], Tensor> {
  readonly vocabulary: number = 8;
  readonly embedding: Embedding = new Embedding({ count: 8, width: 16, random: random(1).fork("embedding") });
  readonly dropout: Dropout = new Dropout(0.2);
  readonly output: Linear = new Linear({ input: 16, output: 8, random: random(1).fork("output") });
  protected override compute(ids: Tensor): Tensor {
    return this.output.forward(this.dropout.forward(tanh(this.embedding.forward(ids))));
  }
}

/** p̄ ← 0.9 p̄ + 0.1 p, on the host. */
export class HostAverage implements ParameterAverage {
  #average = new Map<string, HostArray>();
  readonly #model: Tiny;
  constructor(model: Tiny) {
    this.#model = model;
  }
  async update(): Promise<void> {
    for (const [path, parameter] of this.#model.parameters()) {
      const now = Float32Array.from(await parameter.host());
      const before = this.#average.get(path)?.data ?? now;
      this.#average.set(path, {
        shape: parameter.type.shape,
        data: now.map((value, i) => 0.9 * before[i]! + 0.1 * value),
      });
    }
  }
  async swap(): Promise<void> {
    for (const [path, parameter] of this.#model.parameters()) {
      const now = Float32Array.from(await parameter.host());
      const { shape, data } = this.#average.get(path)!;
      parameter.assign(data);
      this.#average.set(path, { shape, data: now });
    }
  }
  state(): Promise<OptimiserState> {
    return Promise.resolve(new Map(this.#average));
  }
  load(state: OptimiserState): void {
    this.#average = new Map(state);
  }
}

/** Each token but 0 has one successor; after 0 comes any. */
export function textOf(length: number): number[] {
  const dice = random(3);
  const text = [0];
  while (text.length < length) text.push(text.at(-1) === 0 ? dice.integer(8) : (text.at(-1)! * 3) % 8);
  return text;
}

const text = textOf(600);
export const heldOut: Evaluation = {
  batches: causalBatches({ ids: text.slice(500), context: 10, batch: 2, random: random(5) }),
  count: 2,
  every: 5,
};
export async function set(change: Partial<TrainOptions<Tiny>> = {}): Promise<TrainOptions<Tiny>> {
  const model = await new Tiny().to(cpu());
  return {
    model,
    objective: causalLoss,
    batches: causalBatches({ ids: text.slice(0, 500), context: 10, batch: 4, random: random(2) }),
    optimiser: new AdamW(model),
    schedule: constant(0.02),
    steps: 20,
    random: random(4),
    evaluation: heldOut,
    ...change,
  };
}
export const timeless = (steps: readonly TrainingStep[]): TrainingStep[] =>
  steps.map((step) => ({ ...step, tokensPerSecond: 0 }));
export const parametersOf = (model: Tiny): Promise<(readonly [string, TypedArray])[]> =>
  Promise.all(Array.from(model.parameters(), async ([path, parameter]) => [path, await parameter.host()] as const));
/** Metrics that give one value after the other, evaluation by evaluation, and then the last. */
export const curve = (...values: number[]): (() => number) => {
  const left = [...values];
  return () => (left.length > 1 ? left.shift()! : left[0]!);
};
export async function refused(work: Promise<unknown>, kind: string): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, kind)) throw error;
  return error.message;
}
