import type { Parameter, Part } from "@tenon/nn";
import { ConfigError, type Shape, type Tensor } from "@tenon/tensor";

import { expectNotNegative } from "../expect-options.ts";
import { expectGradient } from "./expect-gradient.ts";
import { expectState } from "./expect-state.ts";
import { Moment } from "./moment.ts";
import type { Gradients, HostArray, Optimiser, OptimiserState } from "./optimiser.ts";
import { pacesOf, type Pace, type ParameterGroup } from "./parameter-group.ts";
import type { UpdateRule } from "./update-rule.ts";

/** What is kept of one parameter. Its steps are counted one by one: a parameter without a gradient skips a step. */
interface Slot {
  readonly path: string;
  /** Of the parameter when the optimiser was made. */
  readonly shape: Shape;
  readonly pace: Pace;
  /** What the rule remembers, by name and in its order. */
  readonly memory: ReadonlyMap<string, Moment>;
  steps: number;
}

/**
 * An optimiser that treats each parameter by itself, by a rule: `AdamW` and all others here extend it by nothing but their rule.
 *
 * What the rule remembers lives on the parameter's backend, where the first step makes it: place the model before.
 *
 * The constructor throws `ConfigError` for a model without parameters, a group with a negative factor or decay, and a group that takes no parameter.
 *
 * @example
 * ```ts
 * class Descent extends RuleOptimiser {
 *   constructor(model: Part) {
 *     super(model, {
 *       name: "Descent",
 *       decay: 0,
 *       remembers: () => ({}),
 *       update: (variables, gradient, { rate, decay }) => Variable.update(sgdOp, variables, [gradient], { rate, decay }),
 *     });
 *   }
 * }
 * const optimiser = new Descent(new Linear({ input: 2, output: 1, random: random(1) }));
 * console.log([...(await optimiser.state()).keys()]); // [ 'steps', 'weight.steps', 'bias.steps' ]
 * ```
 */
export abstract class RuleOptimiser implements Optimiser {
  readonly #rule: UpdateRule;
  readonly #slots: Map<Parameter, Slot> = new Map();
  #steps = 0;

  constructor(model: Part, rule: UpdateRule, groups: readonly ParameterGroup[] = []) {
    this.#rule = rule;
    const parameters = model.parameters();
    if (parameters.size === 0)
      throw new ConfigError(`${rule.name}: the model has no parameters, so there is nothing to train`);
    expectNotNegative(rule.name, "decay", rule.decay);
    const paces = pacesOf(rule.name, parameters, groups, rule.decay);
    for (const [path, parameter] of parameters) {
      const memory = Object.entries(rule.remembers(parameter, path)).map(
        ([name, shape]) => [name, new Moment(shape)] as const,
      );
      const { shape } = parameter.type;
      this.#slots.set(parameter, { path, shape, pace: paces.get(parameter)!, memory: new Map(memory), steps: 0 });
    }
  }

  get steps(): number {
    return this.#steps;
  }

  /**
   * Takes one step. A parameter without a gradient stays as it is, and so does what is remembered of it.
   *
   * Throws, before anything changes, `ConfigError` for a rate that is negative or not finite, a parameter of another model or one that is not stored in f32,
   * `ShapeError` for a gradient of another shape or a parameter that was resized, and `BackendError` when the model moved since the last step.
   */
  step(gradients: Gradients, rate: number): void {
    expectNotNegative(this.#rule.name, "rate", rate);
    const plan = Array.from(gradients, ([parameter, gradient]) => this.#plan(parameter, gradient));
    for (const { parameter, gradient, slot } of plan) {
      const { pace, memory } = slot;
      const variables = [parameter, ...Array.from(memory.values(), (moment) => moment.on(gradient.backend))];
      const step = { rate: rate * pace.rateFactor, decay: pace.decay, step: ++slot.steps };
      this.#rule.update(variables, gradient, step);
    }
    this.#steps++;
  }

  #plan(parameter: Parameter, gradient: Tensor): { parameter: Parameter; gradient: Tensor; slot: Slot } {
    const slot = this.#slots.get(parameter);
    if (slot === undefined) {
      const { shape } = parameter.type;
      throw new ConfigError(
        `${this.#rule.name}: got the gradient of a parameter [${shape.join(", ")}] that the model did not have when the optimiser was made. Make the optimiser from the model that is trained.`,
        { shape },
      );
    }
    const [memory] = slot.memory.values();
    expectGradient(this.#rule.name, parameter, gradient, { ...slot, home: memory?.backend });
    return { parameter, gradient, slot };
  }

  /**
   * What the next steps depend on, besides the parameters: for each parameter at `path`, `path.name` for all that the rule
   * remembers under a name and `path.steps` [], and `steps` [] for the whole. Of a parameter that has taken no step, such as a
   * frozen one, there are only the steps. As of the moment of the call. What a double-precision backend holds is rounded.
   *
   * @example
   * ```ts
   * const on = cpu();
   * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(on);
   * const optimiser = new AdamW(model);
   * optimiser.step(new Map([[model.weight, tensor([3, 4], [1, 2], on)]]), 0.01);
   * console.log([...(await optimiser.state()).keys()]); // [ 'steps', 'weight.mean', 'weight.square', 'weight.steps', 'bias.steps' ]
   * ```
   */
  async state(): Promise<OptimiserState> {
    const entries: Promise<[string, HostArray]>[] = [Promise.resolve(["steps", scalar(this.#steps)])];
    for (const { path, memory, steps } of this.#slots.values()) {
      for (const [name, moment] of steps === 0 ? [] : memory)
        entries.push(moment.read().then((data) => [`${path}.${name}`, { shape: moment.shape, data }]));
      entries.push(Promise.resolve([`${path}.steps`, scalar(steps)]));
    }
    return new Map(await Promise.all(entries));
  }

  /**
   * Takes up where {@link RuleOptimiser.state} left off. All or nothing: throws one `CheckpointError` that lists every missing,
   * unexpected and unfitting array, and then nothing has changed.
   */
  load(state: OptimiserState): void {
    const expected = new Map<string, Shape>([["steps", []]]);
    for (const { path, memory } of this.#slots.values()) {
      const moved = state.get(`${path}.steps`)?.data[0] !== 0;
      for (const [name, { shape }] of memory)
        if (moved || state.has(`${path}.${name}`)) expected.set(`${path}.${name}`, shape);
      expected.set(`${path}.steps`, []);
    }
    const arrays = expectState(this.#rule.name, state, expected, (name) => /(^|\.)steps$/.test(name));
    this.#steps = arrays("steps")[0]!;
    for (const slot of this.#slots.values()) {
      for (const [name, moment] of slot.memory) moment.load(state.get(`${slot.path}.${name}`)?.data);
      slot.steps = arrays(`${slot.path}.steps`)[0]!;
    }
  }

  [Symbol.dispose](): void {
    for (const { memory } of this.#slots.values()) for (const moment of memory.values()) moment[Symbol.dispose]();
  }
}

const scalar = (value: number): HostArray => ({ shape: [], data: Float32Array.of(value) });
