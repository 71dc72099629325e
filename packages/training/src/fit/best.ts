import { expectSize, type Part } from "@tenon/nn";
import { ConfigError, isQuantized, type Shape } from "@tenon/tensor";

import type { Stateful } from "../checkpoints/stateful.ts";
import type { OptimiserState } from "../optimisers/optimiser.ts";
import type { EarlyStopping } from "./fit-options.ts";

/** The best evaluation so far: its step and value, how many have passed since, and the model's parameters at it where they are wanted. */
export class Best implements Stateful {
  readonly metric: string;
  readonly #model: Part;
  readonly #stopping: EarlyStopping | undefined;
  /** By path; empty until there is a best one, and where nobody wants them back. */
  #parameters: OptimiserState = new Map();
  #found: { readonly step: number; readonly value: number } | undefined;
  #since = 0;

  constructor(model: Part, stopping: EarlyStopping | undefined) {
    const { patience, improvement = 0, metric = "loss", goal = "lower" } = stopping ?? { patience: 1 };
    expectSize("fit", "stopping.patience", patience);
    if (!(Number.isFinite(improvement) && improvement >= 0))
      throw new ConfigError(`fit: stopping.improvement must be a finite number from 0 up, got ${improvement}`, {
        improvement,
      });
    if (goal !== "lower" && goal !== "higher")
      throw new ConfigError(`fit: stopping.goal must be "lower" or "higher", got ${JSON.stringify(goal)}`, { goal });
    this.metric = metric;
    this.#model = model;
    this.#stopping = stopping;
  }

  get found(): { readonly step: number; readonly value: number } | undefined {
    return this.#found;
  }
  get since(): number {
    return this.#since;
  }
  /** Is there no hope left of an improvement? */
  get exhausted(): boolean {
    return this.#stopping !== undefined && this.#since >= this.#stopping.patience;
  }
  /** Will the model be given its best parameters? */
  get keepsParameters(): boolean {
    return this.#stopping !== undefined && (this.#stopping.restoreBest ?? true);
  }

  /** Takes an evaluation into account, with the parameters that the model has now. Was it the best? */
  async observe(step: number, value: number): Promise<boolean> {
    const { improvement = 0, goal = "lower" } = this.#stopping ?? {};
    const gain = this.#found === undefined ? Infinity : this.#found.value - value;
    // What is found first is the best so far, and whatever else beats it by more than the least improvement.
    if (!((goal === "lower" ? gain : -gain) > improvement) && this.#found !== undefined) {
      this.#since++;
      return false;
    }
    if (this.keepsParameters) this.#parameters = await copyOf(this.#model);
    this.#found = { step, value: value + 0 }; // no −0, which JSON cannot hold
    this.#since = 0;
    return true;
  }

  /** Gives the model the parameters of the best evaluation, where they were kept. */
  restore(): void {
    const parameters = this.#model.parameters();
    for (const [path, { data }] of this.#parameters) parameters.get(path)!.assign(data);
  }

  /** What a checkpoint's record says of it. */
  resume(found: { readonly step: number; readonly value: number } | undefined, since: number): void {
    this.#found = found;
    this.#since = since;
  }
  state(): Promise<OptimiserState> {
    return Promise.resolve(this.#parameters);
  }
  load(state: OptimiserState): void {
    this.#parameters = this.keepsParameters ? state : new Map();
  }
}

/** Levels are never trained, so a copy of them is not needed. */
async function copyOf(model: Part): Promise<OptimiserState> {
  const copied: Promise<[string, { shape: Shape; data: Float32Array }]>[] = [];
  for (const [path, parameter] of model.parameters()) {
    const { dtype, shape } = parameter.type;
    if (isQuantized(dtype)) continue;
    copied.push(parameter.host().then((data) => [path, { shape, data: Float32Array.from(data) }]));
  }
  return new Map(await Promise.all(copied));
}
