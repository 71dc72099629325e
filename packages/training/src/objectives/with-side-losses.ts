import { expectPositive } from "@tenon/nn";
import { add, type Backend, ConfigError, iota, less, mul, reshape, scoped, type Tensor } from "@tenon/tensor";

import type { Sequences } from "../data/batch.ts";
import type { Objective } from "./objective.ts";
import { uploadedLengths } from "./uploaded.ts";

/** What {@link withSideLosses} adds, and how much of it. */
export interface SideLossesOptions<P> {
  /**
   * Runs the body and gives what it returned as `result`, and beside it losses, one element each, by their names. `mask` bool [b, t] says
   * which tokens count where the batch has lengths; it is left out where it has none, and where it has a source, too. `withRouting` of
   * `@tenon/blocks` is one.
   */
  readonly measure: <T>(model: P, body: () => T, options: { readonly mask?: Tensor }) => { readonly result: T };
  /** The weight of each loss that is to be added, by its name. */
  readonly weights: Readonly<Record<string, number>>;
}

/**
 * An objective with what the model's inner parts ask for beside it: objective + Σ weight · loss. With `withRouting` of `@tenon/blocks` a
 * mixture of experts learns to use all of them: `{ measure: withRouting, weights: { balance: 0.01, z: 0.001 } }`. Measure held-out text by
 * the bare objective.
 *
 * Throws `ConfigError` when no weight is given or one is not above 0; the objective throws it for a weight whose loss `measure` does not
 * give, and what `measure` throws.
 *
 * Fedus, Zoph and Shazeer 2021, "Switch Transformers: scaling to trillion parameter models with simple and efficient sparsity" (balance
 * 0.01); Zoph et al. 2022, "ST-MoE: designing stable and transferable sparse expert models" (z 0.001).
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Embedding({ count: 2, width: 2, random: random(1) }).to(on);
 * // Keeps the table small, as a stand-in for what the parts of a model may want.
 * const measure = <T>(model: Embedding, body: () => T) => ({ result: body(), size: sum(square(model.table.value)) });
 * const objective = withSideLosses(() => tensor([1], [], on), { measure, weights: { size: 0.5 } });
 * const loss = objective(model, { inputs: Int32Array.of(0), shape: [1, 1] }, on);
 * console.log((await loss.read())[0]! > 1); // true
 * ```
 */
export function withSideLosses<M, B extends object, P>(
  objective: Objective<M, B>,
  { measure, weights }: SideLossesOptions<P>,
): Objective<M & P, B> {
  const names = Object.keys(weights);
  if (names.length === 0) throw new ConfigError("withSideLosses: no weight is given, so nothing would be added");
  for (const name of names) expectPositive("withSideLosses", `the weight of ${name}`, weights[name]!);
  return (model, batch, on) =>
    scoped(() => {
      const mask = maskOf(batch, on);
      const measured = measure(model, () => objective(model, batch, on), { ...(mask && { mask }) });
      return names.reduce((sum, name) => add(sum, mul(lossIn(measured, name), weights[name]!)), measured.result);
    });
}

function lossIn(measured: { readonly result: Tensor }, name: string): Tensor {
  const loss = (measured as unknown as Readonly<Record<string, Tensor | undefined>>)[name];
  if (name !== "result" && loss !== undefined) return loss;
  const given = Object.keys(measured).filter((key) => key !== "result");
  throw new ConfigError(
    `withSideLosses: there is a weight for ${name}, but measure gives ${given.join(", ") || "no loss"}`,
    { name, given },
  );
}

/** Which tokens are text, bool [b, t]. */
function maskOf(batch: object, on: Backend): Tensor | undefined {
  const { lengths, shape, source } = batch as Partial<Sequences> & { readonly source?: object };
  // One mask cannot fit both sides.
  if (lengths === undefined || shape === undefined || source !== undefined) return undefined;
  const [rows, length] = shape;
  const places = reshape(iota(length, 0, on), [1, length]);
  return less(places, reshape(uploadedLengths({ lengths, shape }, on)!, [rows, 1]));
}
