import { ConfigError, scoped } from "@tenon/tensor";

import type { Parameter } from "../parameter.ts";
import { wholeWeight } from "../quantized/use-weight.ts";
import type { LowRankAdapter } from "./low-rank-adapter.ts";

/** A weight of a model, and what was attached to it. */
export interface AdaptedWeight {
  readonly weight: Parameter;
  readonly adapter: LowRankAdapter;
}

/**
 * The adapters that `attachLora` gave to a model, and how to be rid of them: `merge` writes what they learned into the weights, `detach` leaves the weights as
 * they always were, to the last bit. Both end them, give their memory back and unfreeze what `attachLora` froze.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 4, output: 2, random: random(1) }).to(on);
 * const lora = await attachLora(model, { rank: 1, targets: "weight", random: random(2) });
 * lora.enabled = false; // the model computes what it did without them
 * await lora.merge();
 * console.log([...model.parameters().keys()], model.weight.frozen); // [ 'weight', 'bias' ] false
 * ```
 */
export class Lora {
  /** The adapted weights, by their paths. */
  readonly weights: ReadonlyMap<string, AdaptedWeight>;
  readonly #frozen: readonly Parameter[];
  #ended = false;

  /** Use `attachLora`. `frozen` are the parameters to unfreeze in the end. */
  constructor(weights: ReadonlyMap<string, AdaptedWeight>, frozen: readonly Parameter[]) {
    this.weights = weights;
    this.#frozen = frozen;
  }

  /** Are the adapters in use? Set it to compare a model with what it was. */
  get enabled(): boolean {
    return [...this.weights.values()].every(({ adapter }) => adapter.enabled);
  }
  set enabled(enabled: boolean) {
    for (const { adapter } of this.weights.values()) adapter.enabled = enabled;
  }

  /**
   * Makes each weight what it is with its adapter, W + s B A, enabled or not, rounded once to what it is stored in, and ends the adapters. There is no way back from it, since
   * subtracting would not give the same bits: save the adapters before.
   *
   * Throws `ConfigError` for a weight that is held in levels, before anything changes, and when the adapters have ended; `BackendError` for a model that is still on the host.
   */
  async merge(): Promise<void> {
    this.#expectAttached("merge");
    const inLevels = [...this.weights].find(([, { weight }]) => weight.quantized !== undefined);
    if (inLevels !== undefined)
      throw new ConfigError(
        `merge: ${inLevels[0]} is held in levels, and would have to be rounded anew; await dequantizeWeights() of the model first, or keep the adapters beside the levels`,
        { path: inLevels[0] },
      );
    this.enabled = true;
    for (const { weight, adapter } of this.weights.values()) {
      if (weight.adapter !== adapter) continue; // merged before, by a call that failed later
      using merged = scoped(() => wholeWeight(weight));
      weight.become(weight.type, await merged.read());
      weight.adapter = undefined;
    }
    this.#end();
  }

  /** Takes the adapters off: the weights are used alone again, as they were before. Throws `ConfigError` when the adapters have ended. */
  detach(): void {
    this.#expectAttached("detach");
    for (const { weight } of this.weights.values()) weight.adapter = undefined;
    this.#end();
  }

  #expectAttached(what: string): void {
    if (!this.#ended) return;
    throw new ConfigError(`${what}: these adapters have been merged or detached already; attachLora() gives new ones`);
  }
  #end(): void {
    this.#ended = true;
    for (const { adapter } of this.weights.values()) adapter[Symbol.dispose]();
    for (const parameter of this.#frozen) parameter.frozen = false;
  }
}
