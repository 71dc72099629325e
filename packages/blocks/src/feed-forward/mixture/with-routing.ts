import { collectSideOutputs, type Part } from "@tenon/nn";
import {
  add,
  cast,
  ConfigError,
  div,
  DTypeError,
  logSumExp,
  maximum,
  mul,
  oneHot,
  reshape,
  scoped,
  ShapeError,
  sizeOf,
  softmax,
  square,
  sum,
  type Tensor,
} from "@tenon/tensor";

import { MixtureOfExperts } from "./mixture-of-experts.ts";

/** How {@link withRouting} counts. */
export interface RoutingOptions {
  /** Which tokens count, bool [b, t]: false for padding. Where none does, losses and loads are 0. Default: all. */
  readonly mask?: Tensor | undefined;
}

/** What {@link withRouting} found. */
export interface Routing<T> {
  /** What the body returned. */
  readonly result: T;
  /** The load-balancing loss, one element: the mean over the mixtures that ran. It is least, k, where all experts are equally likely. */
  readonly balance: Tensor;
  /** The router z-loss, one element: the mean over the mixtures that ran. */
  readonly z: Tensor;
  /** For each mixture by its path, for each time that it ran, which share of the tokens each expert got: [experts], k in sum. */
  readonly loads: Readonly<Record<string, readonly Tensor[]>>;
}

/**
 * Runs the synchronous body, and gives what the routers in it did as losses: with fᵢ the share of the tokens that passed expert i, pᵢ the mean of its
 * probability (the softmax over all logits) and k experts per token,
 *
 *     balance = E · Σᵢ fᵢ pᵢ        z = mean of (log Σᵢ e^logitᵢ)² over the tokens
 *
 * To train with them, call it inside the loss and add them up; only the pᵢ and z have derivatives, the fᵢ are counted. Switch Transformers multiplies the balance by
 * 0.01 and ST-MoE the z-loss by 0.001. For one mixture the balance is what `load_balancing_loss_func` of Hugging Face's transformers gives; that
 * function counts several as if they were one, while here each is to be balanced by itself. Works with `recompute`.
 *
 * Throws `ConfigError` when the body runs no `MixtureOfExperts` of the model, `ShapeError` when the mask is not [b, t], `DTypeError` when it is not bool, and
 * `BackendError` when the body returns a promise.
 *
 * Fedus, Zoph and Shazeer 2021, "Switch Transformers"; Zoph et al. 2022, "ST-MoE: designing stable and transferable sparse expert models".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = new MixtureOfExperts({
 *   router: new TopKRouter({ width: 4, experts: 4, expertsPerToken: 2, random: random(1) }),
 *   experts: new GatedExperts({ count: 4, width: 4, hidden: 8, random: random(2) }),
 * });
 * await model.to(on);
 * const x = ones([1, 3, 4], on);
 * const { gradients } = valueAndGrad(model, () => {
 *   const { result, balance, z } = withRouting(model, () => mean(model.forward(x)));
 *   return add(result, add(mul(balance, 0.01), mul(z, 0.001)));
 * });
 * console.log(gradients.size); // 4
 * ```
 */
export function withRouting<T>(model: Part, body: () => T, { mask }: RoutingOptions = {}): Routing<T> {
  return scoped<unknown>(() => {
    const { result, sideOutputs } = collectSideOutputs(body);
    const paths = new Map([...model.parts()].map(([path, part]) => [part, path]));
    const loads: Record<string, Tensor[]> = {};
    const found: Statistics[] = [];
    for (const { from, tensors } of sideOutputs) {
      const path = paths.get(from);
      if (!(from instanceof MixtureOfExperts) || path === undefined) continue;
      const each = statistics(tensors[0]!, tensors[1]!, mask);
      found.push(each);
      (loads[path] ??= []).push(each.load);
    }
    if (found.length === 0) {
      throw new ConfigError("withRouting: the body ran no MixtureOfExperts of the model; call its forward inside");
    }
    const average = (of: (each: Statistics) => Tensor): Tensor =>
      mul(
        found.map(of).reduce((a, b) => add(a, b)),
        1 / found.length,
      );
    return { result, balance: average(({ balance }) => balance), z: average(({ z }) => z), loads };
  }) as Routing<T>;
}

interface Statistics {
  readonly balance: Tensor;
  readonly z: Tensor;
  readonly load: Tensor;
}

/** logits [b, t, E], chosen i32 [b, t, k]. */
function statistics(logits: Tensor, chosen: Tensor, mask: Tensor | undefined): Statistics {
  const [experts, k] = [logits.shape.at(-1)!, chosen.shape.at(-1)!];
  const tokens = logits.shape.slice(0, -1);
  const n = sizeOf(tokens);
  const rows = reshape(logits, [n, experts]);
  const mean = averaging(mask, tokens);
  const passed = sum(oneHot(reshape(chosen, [n, k]), experts), 1);
  const load = mean(passed);
  return {
    load,
    balance: mul(sum(mul(load, mean(softmax(rows)))), experts),
    z: sum(mean(square(logSumExp(rows, -1, { keepDims: true })))),
  };
}

/** The mean over the tokens that count, [n, m] → [m]. */
function averaging(mask: Tensor | undefined, tokens: readonly number[]): (x: Tensor) => Tensor {
  const n = sizeOf(tokens);
  if (mask === undefined) return (x) => mul(sum(x, 0), 1 / n);
  if (mask.shape.join() !== tokens.join()) {
    throw new ShapeError(
      `withRouting: the mask must be [${tokens.join(", ")}], as the tokens are, got [${mask.shape.join(", ")}]`,
      { mask: mask.shape, tokens },
    );
  }
  if (mask.dtype !== "bool") {
    throw new DTypeError(
      `withRouting: the mask must be bool, got ${mask.dtype}; compare, as in less(positions, length)`,
      {
        actual: mask.dtype,
      },
    );
  }
  const counts = reshape(cast(mask, "f32"), [n, 1]);
  const total = maximum(sum(counts), 1); // where no token counts, all is 0
  return (x) => div(sum(mul(x, counts), 0), total);
}
