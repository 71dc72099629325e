import { both, concat, maximum, minimum, slice, type MaskTerm, type Tensor } from "@tenon/tensor";

import type { Mask } from "./mask.ts";

/**
 * Several masks at once: a query sees a key where all of them allow it. None at all allow everything. Terms stay terms, and those of one kind
 * become one, which is what kernels take: the least window, the common part of intervals.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const lengths = tensor([5, 3], [2], on, "i32");
 * const y = attention.forward(zeros([2, 5, 8], on), { mask: all(causal(), padding(lengths)) });
 * ```
 */
export function all(...masks: readonly Mask[]): Mask {
  if (masks.length === 1) return masks[0]!;
  return {
    lower: (tensors, at) => {
      const named: Tensor[] = [];
      const terms = masks.flatMap((mask) => mask.lower(named, at));
      return kinds(terms).map((kind) => oneOf(kind, terms, named, tensors));
    },
  };
}

const kinds = (terms: readonly MaskTerm[]): MaskTerm["kind"][] => [...new Set(terms.map(({ kind }) => kind))];

/** All terms of one kind as one. `named` are the tensors that they name, `tensors` those that it will. */
function oneOf(
  kind: MaskTerm["kind"],
  terms: readonly MaskTerm[],
  named: readonly Tensor[],
  tensors: Tensor[],
): MaskTerm {
  if (kind === "causal") return { kind };
  if (kind === "window") {
    return { kind, size: Math.min(...terms.flatMap((term) => (term.kind === "window" ? [term.size] : []))) };
  }
  const inputs = terms.flatMap((term) => (term.kind === kind && "input" in term ? [named[term.input]!] : []));
  const input = tensors.push(inputs.reduce(joins[kind])) - 1;
  const uniform = terms.every((term) => term.kind !== "interval" || term.uniform === true);
  return kind === "interval" && uniform ? { kind, input, uniform } : { kind, input };
}

const joins: Readonly<Record<"lengths" | "interval" | "dense", (a: Tensor, b: Tensor) => Tensor>> = {
  lengths: minimum,
  interval: (a, b) =>
    concat([maximum(slice(a, 2, 0, 1), slice(b, 2, 0, 1)), minimum(slice(a, 2, 1, 1), slice(b, 2, 1, 1))], 2),
  dense: both,
};
