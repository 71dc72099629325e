import { ConfigError, dropout, full, mul, type Random, type Tensor } from "@tenon/tensor";

import { expectSize } from "./check-options.ts";
import { Module } from "./module.ts";
import type { Part } from "./part.ts";
import { synchronous } from "./synchronous.ts";

/** The random numbers of one dropout for one step. */
interface Draws {
  readonly stream: Random;
  readonly step: number;
  passes: number;
}

// Set only while the synchronous body of `withDropout` runs.
let current: ReadonlyMap<Dropout, Draws> | undefined;

/** What a {@link Dropout} drops as one. */
export interface DropoutOptions {
  /**
   * How many leading axes number what is dropped as a whole: with 1 it is the samples of a batch, x [b, …], as in stochastic depth; with 2
   * the channels of pictures, x [b, c, …]. Default: all axes of x, so that each element is dropped for itself.
   */
  readonly axes?: number | undefined;
}

/**
 * Sets each element to 0 with probability `rate` and divides the others by 1 − rate, x […] → […], while {@link withDropout}
 * runs; passes x through otherwise. With `axes` it is whole samples or channels that are dropped.
 *
 * Throws `ConfigError` unless 0 ≤ rate < 1, and axes is a whole number from 1 up.
 *
 * Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"; whole channels: Tompson et al. 2015,
 * "Efficient object localization using convolutional networks".
 *
 * @example
 * ```ts
 * const part = new Dropout(0.5);
 * const x = tensor([1, 1, 1, 1], [4], cpu());
 * console.log(await part.forward(x).read()); // Float32Array(4) [ 1, 1, 1, 1 ]
 * console.log(await withDropout(part, random(1), 0, () => part.forward(x)).read()); // Float32Array(4) [ 0, 2, 0, 2 ]
 * ```
 */
export class Dropout extends Module<[x: Tensor], Tensor> {
  readonly rate: number;
  readonly axes: number | undefined;

  constructor(rate: number, { axes }: DropoutOptions = {}) {
    super();
    if (!(rate >= 0 && rate < 1)) {
      throw new ConfigError(`Dropout: rate must be at least 0 and below 1, got ${rate}`, { part: "Dropout", rate });
    }
    if (axes !== undefined) expectSize("Dropout", "axes", axes);
    this.rate = rate;
    this.axes = axes;
  }

  protected override compute(x: Tensor): Tensor {
    const draws = current?.get(this);
    if (draws === undefined || this.rate === 0) return x;
    // A dropout that is passed twice in one step (a shared layer, a second part of a batch) draws anew.
    const { key } = draws.stream.fork(draws.passes++);
    const { axes = x.rank } = this;
    if (axes >= x.rank) return dropout(x, this.rate, key, draws.step);
    // One number for each entry: those that the op keeps are 1 / (1 − rate), and multiply all that the entry holds.
    const entries = x.shape.map((size, axis) => (axis < axes ? size : 1));
    return mul(x, dropout(full(entries, 1, x.backend, x.dtype), this.rate, key, draws.step));
  }
}

/**
 * Turns every {@link Dropout} of the model on for the synchronous length of `body`. What is dropped is a pure function of the
 * random stream, the dropout's path in the model, the step and how often it was passed before in this body.
 *
 * Throws `ConfigError` unless the step is a whole number from 0 up, and `BackendError` when the body returns a promise.
 *
 * @example
 * ```ts
 * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());
 * const x = tensor([1, 2], [1, 2], model.weight.value.backend);
 * const step = 0;
 * const { value } = withDropout(model, random(7), step, () => valueAndGrad(model, () => mean(model.forward(x))));
 * ```
 */
export function withDropout<T>(model: Part, random: Random, step: number, body: () => T): T {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new ConfigError(`withDropout: step must be a whole number from 0 up, got ${step}`, { step });
  }
  const draws = new Map<Dropout, Draws>();
  for (const [path, part] of model.parts()) {
    if (part instanceof Dropout) draws.set(part, { stream: random.fork(path), step, passes: 0 });
  }
  const outer = current;
  current = outer === undefined ? draws : new Map([...outer, ...draws]);
  try {
    return synchronous("withDropout", body());
  } finally {
    current = outer;
  }
}

/** For `recompute`: how to run a body later with the dropouts as they are now. */
export function dropoutAsNow(): <T>(body: () => T) => T {
  const copy = (draws: ReadonlyMap<Dropout, Draws> | undefined): typeof draws =>
    draws && new Map([...draws].map(([part, each]) => [part, { ...each }]));
  const then = copy(current);
  return (body) => {
    const outer = current;
    current = copy(then);
    try {
      return body();
    } finally {
      current = outer;
    }
  };
}
