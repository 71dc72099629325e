import type { Parameter, Part } from "@tenon/nn";
import { BackendError, ConfigError, movingAverageOp, type Shape, ShapeError, Variable } from "@tenon/tensor";

import { sameShape } from "../same-shape.ts";
import { expectShare } from "../expect-options.ts";
import { expectF32 } from "./expect-f32.ts";
import { expectState } from "./expect-state.ts";
import { Moment } from "./moment.ts";
import type { HostArray, OptimiserState } from "./optimiser.ts";

/** How {@link MovingAverage} differs from the usual. */
export interface MovingAverageOptions {
  /** How much of the average is kept in an update. Default 0.999, which looks back about a thousand updates. */
  readonly decay?: number | undefined;
  /** Does the average keep less at first, (1 + n) / (10 + n) after n updates where that is below the decay? Default false. */
  readonly warmUp?: boolean | undefined;
}

/**
 * An exponential moving average of a model's parameters, which often does better than the parameters themselves. The first update copies a
 * parameter p, and every later one moves its average a:
 *
 * a ← decay · a + (1 − decay) · p.
 *
 * The averages live where the parameters do, and take as much memory. Parameters that are frozen when it is made have none.
 *
 * The constructor throws `ConfigError` for a decay outside of 0 ≤ decay < 1, a model without parameters to train, and one of which not all that is
 * trained is stored in f32.
 *
 * Polyak and Juditsky 1992, "Acceleration of stochastic approximation by averaging"; the first update and the decay as in PyTorch's
 * `AveragedModel`, the warm-up as in TensorFlow's `ExponentialMovingAverage`.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 1, output: 1, bias: false, random: random(1) }).to(on);
 * const average = new MovingAverage(model, { decay: 0.75 });
 * for (const value of [0, 8]) {
 *   model.weight.assign(Float32Array.of(value)); // in place of a step of an optimiser
 *   average.update();
 * }
 * average.swap();
 * try {
 *   console.log(await model.weight.host()); // Float32Array(1) [ 2 ]
 * } finally {
 *   average.swap();
 * }
 * console.log(await model.weight.host()); // Float32Array(1) [ 8 ]
 * ```
 */
export class MovingAverage {
  readonly #decay: number;
  readonly #warmUp: boolean;
  readonly #slots: ReadonlyMap<string, { readonly parameter: Parameter; readonly average: Moment }>;
  #steps = 0;
  #swapped = false;

  constructor(model: Part, { decay = 0.999, warmUp = false }: MovingAverageOptions = {}) {
    expectShare(owner, "decay", decay, { below: true });
    this.#decay = decay;
    this.#warmUp = warmUp;
    const trained = [...model.parameters()].filter(([, parameter]) => !parameter.frozen);
    for (const [path, parameter] of trained) expectF32(owner, path, parameter, remedy);
    if (trained.length === 0) throw new ConfigError(`${owner}: the model has no parameters that are trained`);
    this.#slots = new Map(
      trained.map(([path, parameter]) => [path, { parameter, average: new Moment(parameter.type.shape) }]),
    );
  }

  /** Updates so far, the ones that a loaded state remembers included. */
  get steps(): number {
    return this.#steps;
  }
  /** Does the model hold the averages? */
  get swapped(): boolean {
    return this.#swapped;
  }

  /**
   * Takes the parameters as they are now into the averages: call it after a step of the optimiser. Throws, before anything changes,
   * `ConfigError` while the model holds the averages, `ShapeError` for a parameter that was resized, and `BackendError` when the
   * model moved since the last update.
   */
  update(): void {
    this.#expectOwn("update");
    this.#expectSame();
    const n = this.#steps;
    const kept = this.#warmUp ? Math.min(this.#decay, (1 + n) / (10 + n)) : this.#decay;
    for (const { parameter, average } of this.#slots.values()) {
      const { value } = parameter;
      Variable.update(movingAverageOp, [average.on(value.backend)], [value], { decay: n === 0 ? 0 : kept });
    }
    this.#steps++;
  }

  /**
   * Puts the averages into the model, to evaluate or save it, and the parameters in their place; called again, each is back.
   * Nothing is copied. To keep the averages for good, swap and dispose. Throws, before anything changes, `ConfigError` before the
   * first update, and as `update` does for a model that was resized or moved.
   */
  swap(): void {
    if (this.#steps === 0)
      throw new ConfigError(`${owner}: there is no average to swap in before the first update(); take a step first`);
    this.#expectSame();
    for (const { parameter, average } of this.#slots.values())
      Variable.exchange(parameter, average.on(parameter.value.backend));
    this.#swapped = !this.#swapped;
  }

  /**
   * What the next updates depend on, besides the parameters: `path.average` for each parameter at `path`, once there is one, and
   * `steps` []. As of the moment of the call. Throws `ConfigError` while the model holds the averages.
   */
  async state(): Promise<OptimiserState> {
    this.#expectOwn("state");
    const steps: [string, HostArray] = ["steps", { shape: [], data: Float32Array.of(this.#steps) }];
    const averages = Array.from(
      this.#steps === 0 ? [] : this.#slots,
      async ([path, { average }]): Promise<[string, HostArray]> => [
        `${path}.average`,
        { shape: average.shape, data: await average.read() },
      ],
    );
    return new Map([steps, ...(await Promise.all(averages))]);
  }

  /**
   * Takes up where {@link MovingAverage.state} left off. All or nothing: throws one `CheckpointError` that lists every missing, unexpected
   * and unfitting array, and then nothing has changed. Throws `ConfigError` while the model holds the averages.
   */
  load(state: OptimiserState): void {
    this.#expectOwn("load");
    const expected = new Map<string, Shape>([["steps", []]]);
    if (state.get("steps")?.data[0] !== 0)
      for (const [path, { average }] of this.#slots) expected.set(`${path}.average`, average.shape);
    const arrays = expectState(owner, state, expected, (name) => name === "steps");
    this.#steps = arrays("steps")[0]!;
    for (const [path, { average }] of this.#slots) average.load(state.get(`${path}.average`)?.data);
  }

  /** Gives the memory of the averages back, or while they are swapped in that of the parameters in their place: the model keeps what it holds. */
  [Symbol.dispose](): void {
    for (const { average } of this.#slots.values()) average[Symbol.dispose]();
    this.#steps = 0;
    this.#swapped = false;
  }

  #expectOwn(action: string): void {
    if (!this.#swapped) return;
    throw new ConfigError(`${owner}: ${action}() while the model holds the averages; swap() them back first`, {
      action,
    });
  }

  #expectSame(): void {
    for (const [path, { parameter, average }] of this.#slots) {
      const { shape } = parameter.type;
      expectF32(owner, path, parameter, remedy);
      if (!sameShape(shape, average.shape))
        throw new ShapeError(
          `${owner}: ${path} is [${shape.join(", ")}] and was [${average.shape.join(", ")}] when the average was made; make a new one after a parameter is resized`,
          { path, shape, before: average.shape },
        );
      const [here, there] = [parameter.value.backend, average.backend];
      if (there !== undefined && here !== there)
        throw new BackendError(
          `${owner}: ${path} lives on "${here.name}" and its average on "${there.name}". After the model has moved, average.load(await average.state()) lets the averages follow.`,
          { path, backends: [here.name, there.name] },
        );
    }
  }
}

const owner = "MovingAverage";
const remedy = 'await storeWeights(model, "f32") first, or freeze the parameter';
