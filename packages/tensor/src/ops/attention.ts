import type { Backend } from "../backend.ts";
import { ShapeError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import { broadcast, sameShape, show, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { both, less, lessOrEqual } from "./compare.ts";
import { matmul } from "./matmul.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";
import { maskedSoftmax, softmax } from "./softmax.ts";
import { iota } from "./source.ts";

/**
 * One condition on which keys a query may see; a list of them is a conjunction. Data, so that a graph prints it and a kernel
 * recognises it without building a matrix. `input` names one of the op's mask tensors by its place.
 * - causal: key position ≤ query position
 * - window: key position > query position − size
 * - lengths: key position < lengths[b], i32 [b]
 * - dense: a bool tensor that broadcasts to [b, h, t, s]
 */
export type MaskTerm =
  | { readonly kind: "causal" }
  | { readonly kind: "window"; readonly size: number }
  | { readonly kind: "lengths"; readonly input: number }
  | { readonly kind: "dense"; readonly input: number };
/** `queryOffset`: the position of the first query. `keyLength`: how many entries of the keys are filled; the rest is free capacity. */
export type AttentionAttrs = { scale: number; mask: readonly MaskTerm[]; queryOffset: number; keyLength: number };
/** q [b, h, t, k]; keys and values [b, hk, capacity, k] with hk a divisor of h; bias broadcasts to [b, h, t, s]; then the mask's tensors. */
export type AttentionInputs = readonly [q: Tensor, k: Tensor, v: Tensor, bias: Tensor | undefined, ...mask: Tensor[]];

export const attentionOp: Composite<AttentionInputs, AttentionAttrs> = {
  kind: "composite",
  name: "attention",
  dynamic: ["queryOffset", "keyLength"],
  infer: ([q, k, v, bias, ...masks], { mask, queryOffset, keyLength }) => {
    const dtype = expectFloat("attention", q, "q");
    for (const [name, x] of Object.entries({ k, v, bias }))
      if (x !== undefined) expectDType("attention", x, dtype, name);
    const [b, h, t, width] = q.shape as [number, number, number, number];
    const fail = (why: string): never => {
      throw new ShapeError(`attention: q ${show(q.shape)}, k ${show(k.shape)}, v ${show(v.shape)}: ${why}`, {
        q: q.shape,
        k: k.shape,
        v: v.shape,
      });
    };
    if (q.shape.length !== 4 || k.shape.length !== 4 || v.shape.length !== 4) fail("each must be [b, h, t, k]");
    if (k.shape[0] !== b || v.shape[0] !== b) fail("the batch sizes differ");
    if (k.shape[3] !== width) fail("queries and keys differ in width");
    if (k.shape[1] !== v.shape[1] || k.shape[2] !== v.shape[2]) fail("keys and values differ");
    if (h % k.shape[1]! !== 0) fail(`${h} query heads cannot share ${k.shape[1]} key heads evenly`);
    if (!Number.isInteger(keyLength) || keyLength > k.shape[2]! || keyLength < 0)
      fail(`keyLength must be a whole number from 0 to ${k.shape[2]}, got ${keyLength}`);
    if (!Number.isInteger(queryOffset)) fail(`queryOffset must be a whole number, got ${queryOffset}`);
    const scores = [b, h, t, keyLength];
    const covers = (what: string, x: TensorType): void => {
      if (!sameShape(broadcast(scores, x.shape, "attention"), scores))
        fail(`the ${what} ${show(x.shape)} is larger than the scores ${show(scores)}`);
    };
    if (bias !== undefined) covers("bias", bias);
    for (const term of mask) {
      if (term.kind === "window" && !(Number.isInteger(term.size) && term.size >= 1))
        fail(`a window's size must be a whole number from 1 up, got ${term.size}`);
      if (!("input" in term)) continue;
      const tensor = masks[term.input];
      if (tensor === undefined)
        return fail(
          `the mask's term ${JSON.stringify(term)} names a tensor, but the call has ${masks.length} after the bias`,
        );
      expectDType("attention", tensor, term.kind === "dense" ? "bool" : "i32", `a mask of ${term.kind}`);
      if (term.kind === "dense") covers("mask", tensor);
      else if (!sameShape(tensor.shape, [b])) fail(`lengths must be [${b}], got ${show(tensor.shape)}`);
    }
    return { dtype, shape: [b, h, t, v.shape[3]!] };
  },
  compose: (inputs, attrs) => explicitAttention(inputs, attrs),
};

/** Called with each named step of the explicit path; what it returns takes the step's place. */
export type AttentionTap = (name: "scores" | "pattern", x: Tensor) => Tensor;

/** The readable path, with its steps open to inspection: the op's composition, and what a module runs when somebody looks inside. */
export function explicitAttention(
  [q, k, v, bias, ...masks]: AttentionInputs,
  { scale, mask, queryOffset, keyLength }: AttentionAttrs,
  tap: AttentionTap = (_, x) => x,
): Tensor {
  const [b, h, t, width] = q.shape as [number, number, number, number];
  const keyHeads = k.shape[1]!;
  const filled = (x: Tensor): Tensor => (keyLength < x.shape[2]! ? slice(x, 2, 0, keyLength) : x);
  // Query heads that share a key head are consecutive: fold them into the rows of one product per key head.
  const grouped = (x: Tensor, columns: number): Tensor => reshape(x, [b, keyHeads, (h / keyHeads) * t, columns]);
  const ungrouped = (x: Tensor, columns: number): Tensor => reshape(x, [b, h, t, columns]);

  let scores = mul(ungrouped(matmul(grouped(q, width), filled(k), { transposeB: true }), keyLength), scale);
  if (bias !== undefined) scores = add(scores, bias);
  scores = tap("scores", scores);
  const allowed = denseMask(mask, masks, { queries: t, keys: keyLength, queryOffset, on: q.backend });
  const pattern = tap("pattern", allowed === undefined ? softmax(scores) : maskedSoftmax(scores, allowed));
  return ungrouped(matmul(grouped(pattern, keyLength), filled(v)), v.shape[3]!);
}

/** The terms as one bool tensor that broadcasts to [b, h, t, s]; undefined when everything is allowed. */
export function denseMask(
  terms: readonly MaskTerm[],
  tensors: readonly Tensor[],
  at: { readonly queries: number; readonly keys: number; readonly queryOffset: number; readonly on: Backend },
): Tensor | undefined {
  if (terms.length === 0) return undefined;
  const key = reshape(iota(at.keys, 0, at.on), [1, at.keys]);
  const query = reshape(iota(at.queries, at.queryOffset, at.on), [at.queries, 1]);
  const one = (term: MaskTerm): Tensor => {
    switch (term.kind) {
      case "causal":
        return lessOrEqual(key, query);
      case "window":
        return less(sub(query, term.size), key);
      case "lengths": {
        const lengths = tensors[term.input]!;
        return less(reshape(key, [1, 1, 1, at.keys]), reshape(lengths, [lengths.shape[0]!, 1, 1, 1]));
      }
      case "dense":
        return tensors[term.input]!;
    }
  };
  return terms.map(one).reduce((a, b) => both(a, b));
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017): softmax(scale · q kᵀ + bias, where the mask allows) v → [b, h, t, k].
 * A query that may see no key gives zeros. Throws `ShapeError` where sizes differ.
 *
 * @example
 * ```ts
 * attention([q, k, v, undefined], { scale: 1 / Math.sqrt(64), mask: [{ kind: "causal" }], queryOffset: 0, keyLength: 128 });
 * ```
 */
export function attention(inputs: AttentionInputs, attrs: AttentionAttrs): Tensor {
  return apply(attentionOp, inputs, attrs);
}
