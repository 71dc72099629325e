import { expectPositive, type Parameter, type Part } from "@tenon/nn";
import { adamwOp, BackendError, ConfigError, type Shape, ShapeError, type Tensor, Variable } from "@tenon/tensor";

import { sameShape } from "../same-shape.ts";
import { expectState } from "./expect-state.ts";
import { Moment } from "./moment.ts";
import type { Gradients, HostArray, Optimiser, OptimiserState } from "./optimiser.ts";

/** How {@link AdamW} differs from the usual. */
export interface AdamWOptions {
  /** β₁: how much of the running mean of the gradient is kept. Default 0.9. */
  readonly beta1?: number;
  /** β₂: how much of the running mean of its square is kept. Default 0.999; nanoGPT uses 0.95 to 0.99. */
  readonly beta2?: number;
  /** ε: added to √v̂, so that nothing is divided by zero. Default 1e-8. */
  readonly epsilon?: number;
  /** Weight decay, decoupled from the gradient and multiplied by the rate. Default 0.01; GPT-3 and nanoGPT use 0.1. */
  readonly decay?: number;
  /** Which parameters decay. By default those with at least two axes: weights and tables, not norms and biases. */
  readonly decays?: (path: string, parameter: Parameter) => boolean;
}

/** What is remembered of one parameter. Its steps are counted one by one: a parameter without a gradient skips a step. */
interface Slot {
  readonly path: string;
  /** Of the parameter when the optimiser was made, and of its means. */
  readonly shape: Shape;
  readonly decay: number;
  readonly mean: Moment;
  readonly square: Moment;
  steps: number;
}

/**
 * Adam with decoupled weight decay. At its step n, a parameter p with gradient g and running means m and v becomes
 *
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← p − rate · decay · p − rate · m̂ / (√v̂ + ε),
 * with m̂ = m / (1 − β₁ⁿ) and v̂ = v / (1 − β₂ⁿ).
 *
 * The means live on the parameter's backend, where the first step makes them: place the model before. They take twice the
 * memory of the parameters.
 *
 * The constructor throws `ConfigError` for a model without parameters, a beta outside of 0 ≤ β < 1, an epsilon that is not above
 * 0 or a negative decay.
 *
 * Loshchilov and Hutter 2017, "Decoupled weight decay regularization"; Kingma and Ba 2014, "Adam". Norms and biases do not
 * decay, as in GPT-2's successors and BERT.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(on);
 * const optimiser = new AdamW(model, { decay: 0.1 });
 * const x = tensor([1, 2, 3, 4], [2, 2], on);
 * scoped(() => {
 *   const { gradients } = valueAndGrad(model, () => mean(mul(model.forward(x), model.forward(x))));
 *   optimiser.step(gradients, 1e-3);
 * });
 * console.log(optimiser.steps); // 1
 * ```
 */
export class AdamW implements Optimiser {
  readonly #rule: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
  readonly #slots: Map<Parameter, Slot> = new Map();
  #steps = 0;

  constructor(model: Part, options: AdamWOptions = {}) {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0.01, decays = hasTwoAxes } = options;
    expectBeta("beta1", beta1);
    expectBeta("beta2", beta2);
    expectPositive("AdamW", "epsilon", epsilon);
    expectNotNegative("decay", decay);
    this.#rule = { beta1, beta2, epsilon };
    for (const [path, parameter] of model.parameters()) {
      const slot: Slot = {
        path,
        shape: parameter.type.shape,
        decay: decays(path, parameter) ? decay : 0,
        mean: new Moment(parameter.type),
        square: new Moment(parameter.type),
        steps: 0,
      };
      this.#slots.set(parameter, slot);
    }
    if (this.#slots.size === 0)
      throw new ConfigError("AdamW: the model has no parameters, so there is nothing to train");
  }

  get steps(): number {
    return this.#steps;
  }

  /**
   * Takes one step. A parameter without a gradient stays as it is, and so do its means.
   *
   * Throws, before anything changes, `ConfigError` for a rate that is negative or not finite or a parameter of another model,
   * `ShapeError` for a gradient of another shape or a parameter that was resized, and `BackendError` when the model moved since the last step.
   */
  step(gradients: Gradients, rate: number): void {
    expectNotNegative("rate", rate);
    const plan = Array.from(gradients, ([parameter, gradient]) => this.#plan(parameter, gradient));
    for (const { parameter, gradient, slot } of plan) {
      const on = gradient.backend;
      slot.steps++;
      const attrs = { ...this.#rule, rate, decay: slot.decay, step: slot.steps };
      Variable.update(adamwOp, [parameter, slot.mean.on(on), slot.square.on(on)], [gradient], attrs);
    }
    this.#steps++;
  }

  #plan(parameter: Parameter, gradient: Tensor): { parameter: Parameter; gradient: Tensor; slot: Slot } {
    const slot = this.#slots.get(parameter);
    const shape = parameter.type.shape;
    if (slot === undefined) {
      throw new ConfigError(
        `AdamW: got the gradient of a parameter [${shape.join(", ")}] that the model did not have when the optimiser was made. Make the optimiser from the model that is trained.`,
        { shape },
      );
    }
    const { path } = slot;
    if (!sameShape(slot.shape, shape)) {
      throw new ShapeError(
        `AdamW: ${path} is [${shape.join(", ")}] and was [${slot.shape.join(", ")}] when the optimiser was made; make a new one after a parameter is resized`,
        { path, shape, before: slot.shape },
      );
    }
    if (!sameShape(shape, gradient.shape)) {
      throw new ShapeError(
        `AdamW: the gradient of ${path} is [${gradient.shape.join(", ")}], the parameter [${shape.join(", ")}]`,
        { path, shape, gradient: gradient.shape },
      );
    }
    const on = parameter.value.backend;
    const backends = [on, gradient.backend, slot.mean.backend ?? on];
    if (backends.some((backend) => backend !== on)) {
      throw new BackendError(
        `AdamW: ${path} lives on "${backends[0]!.name}", its gradient on "${backends[1]!.name}" and its means on "${backends[2]!.name}", which must be one and the same. After the model has moved, optimiser.load(await optimiser.state()) lets the means follow.`,
        { path, backends: backends.map((backend) => backend.name) },
      );
    }
    return { parameter, gradient, slot };
  }

  /**
   * What the next steps depend on, besides the parameters: for each parameter at `path`, `path.mean` (m), `path.square` (v) and
   * `path.steps` [], and `steps` [] for the whole. As of the moment of the call. A double-precision backend's means are rounded.
   *
   * @example
   * ```ts
   * const model = new Linear({ input: 2, output: 1, bias: false, random: random(1) });
   * const state = await new AdamW(model).state();
   * console.log([...state.keys()]); // [ 'steps', 'weight.mean', 'weight.square', 'weight.steps' ]
   * ```
   */
  async state(): Promise<OptimiserState> {
    const entries: Promise<[string, HostArray]>[] = [Promise.resolve(["steps", scalar(this.#steps)])];
    for (const { path, shape, mean, square, steps } of this.#slots.values()) {
      entries.push(mean.read().then((data) => [`${path}.mean`, { shape, data }]));
      entries.push(square.read().then((data) => [`${path}.square`, { shape, data }]));
      entries.push(Promise.resolve([`${path}.steps`, scalar(steps)]));
    }
    return new Map(await Promise.all(entries));
  }

  /**
   * Takes up where {@link AdamW.state} left off. All or nothing: throws one `CheckpointError` that lists every missing,
   * unexpected and unfitting array, and then nothing has changed.
   */
  load(state: OptimiserState): void {
    const expected = new Map<string, Shape>([["steps", []]]);
    for (const { path, shape } of this.#slots.values()) {
      expected.set(`${path}.mean`, shape).set(`${path}.square`, shape).set(`${path}.steps`, []);
    }
    const arrays = expectState("AdamW", state, expected, (name) => name.endsWith("steps"));
    this.#steps = arrays("steps")[0]!;
    for (const slot of this.#slots.values()) {
      slot.mean.load(arrays(`${slot.path}.mean`));
      slot.square.load(arrays(`${slot.path}.square`));
      slot.steps = arrays(`${slot.path}.steps`)[0]!;
    }
  }

  [Symbol.dispose](): void {
    for (const { mean, square } of this.#slots.values()) {
      mean[Symbol.dispose]();
      square[Symbol.dispose]();
    }
  }
}

const hasTwoAxes = (_: string, parameter: Parameter): boolean => parameter.type.shape.length >= 2;
const scalar = (value: number): HostArray => ({ shape: [], data: Float32Array.of(value) });

function expectBeta(option: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new ConfigError(`AdamW: ${option} must be at least 0 and below 1, got ${value}`, { option, value });
}

function expectNotNegative(option: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new ConfigError(`AdamW: ${option} must be a finite number from 0 up, got ${value}`, { option, value });
}
