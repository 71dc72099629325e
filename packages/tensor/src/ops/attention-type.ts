import { ShapeError } from "../errors.ts";
import type { Mapped } from "../op.ts";
import { broadcast, sameShape, show, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { MaskTerm } from "./attention-mask.ts";
import { expectDType, expectFloat } from "./operand.ts";

/** What an attention is told besides its tensors. */
export type AttentionAttrs = {
  /** What the products of queries and keys are multiplied by; usually 1 / √k. */
  scale: number;
  /** Scores stay between −softCap and softCap, as softCap · tanh(score / softCap); null leaves them as they are. */
  softCap: number | null;
  /** Which keys each query may see: where all terms hold. */
  mask: readonly MaskTerm[];
  /** The position of the first query. */
  queryOffset: number;
  /** How many entries of the keys are filled; the rest is free capacity. */
  keyLength: number;
};

/**
 * q [b, h, t, k]; keys and values [b, h', capacity, k] with h' a divisor of h; bias broadcasts to [b, h, t, s], where s is
 * `keyLength`; sinks [h]; then the mask's tensors.
 */
export type AttentionInputs = readonly [
  q: Tensor,
  k: Tensor,
  v: Tensor,
  bias: Tensor | undefined,
  sinks: Tensor | undefined,
  ...mask: Tensor[],
];

const kinds: readonly MaskTerm["kind"][] = ["causal", "window", "lengths", "interval", "dense"];

/** The type of attention's result, [b, h, t, k]; throws when something does not fit. `op` is for the messages. */
export function attentionType(
  [q, k, v, bias, sinks, ...masks]: Mapped<AttentionInputs, TensorType>,
  { scale, softCap, mask, queryOffset, keyLength }: AttentionAttrs,
  op = "attention",
): TensorType {
  const dtype = expectFloat(op, q, "q");
  for (const [name, x] of Object.entries({ k, v, bias, sinks })) if (x !== undefined) expectDType(op, x, dtype, name);
  const [b, h, t, width] = q.shape as [number, number, number, number];
  const fail = (why: string): never => {
    throw new ShapeError(`${op}: q ${show(q.shape)}, k ${show(k.shape)}, v ${show(v.shape)}: ${why}`, {
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
  if (!Number.isFinite(scale)) fail(`the scale must be a finite number, got ${scale}`);
  if (!Number.isInteger(queryOffset)) fail(`queryOffset must be a whole number, got ${queryOffset}`);
  if (softCap !== null && !(softCap > 0 && softCap < Infinity))
    fail(`softCap must be a finite number above 0, or null for none, got ${softCap}`);
  const scores = [b, h, t, keyLength];
  const covers = (what: string, x: TensorType): void => {
    if (!sameShape(broadcast(scores, x.shape, op), scores))
      fail(`the ${what} ${show(x.shape)} is larger than the scores ${show(scores)}`);
  };
  if (bias !== undefined) covers("bias", bias);
  if (sinks !== undefined && !sameShape(sinks.shape, [h]))
    fail(`the sinks must be [${h}], one for each query head, got ${show(sinks.shape)}`);
  if (!Array.isArray(mask)) fail(`the mask must be a list of terms, got ${JSON.stringify(mask)}`);
  for (const term of mask) {
    if (!kinds.includes(term.kind))
      fail(`there is no mask of the kind ${JSON.stringify(term.kind)}; choose from ${kinds.join(", ")}`);
    if (term.kind === "window" && !(Number.isInteger(term.size) && term.size >= 1))
      fail(`a window's size must be a whole number from 1 up, got ${term.size}`);
    if (!("input" in term)) continue;
    const tensor = masks[term.input];
    if (tensor === undefined)
      return fail(
        `the mask's term ${JSON.stringify(term)} names a tensor, but the call has ${masks.length} of them, after the sinks`,
      );
    expectDType(op, tensor, term.kind === "dense" ? "bool" : "i32", `a mask of ${term.kind}`);
    const { shape } = tensor;
    const of = term.kind === "lengths" ? [b] : [shape[0] === 1 ? 1 : b, t, 2];
    if (term.kind === "dense") covers("mask", tensor);
    else if (!sameShape(shape, of)) fail(`a mask of ${term.kind} must be ${show(of)}, got ${show(shape)}`);
  }
  return { dtype, shape: [b, h, t, v.shape[3]!] };
}
