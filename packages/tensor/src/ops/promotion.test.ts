import { expect, test } from "vitest";

import { isFloat, isHalf, isQuantized, type DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { compositeCases } from "../testing/composite-cases.ts";
import type { OpCase } from "../testing/op-case.ts";
import { primitiveCases } from "../testing/primitive-cases.ts";
import { refusal } from "../testing/types-only.ts";
import * as composites from "./composites.ts";
import * as primitives from "./primitives.ts";

const every: readonly DType[] = ["f32", "f16", "bf16", "i32", "u8", "bool", "q8", "q4"];
const cases: { readonly [name: string]: readonly OpCase[] } = { ...primitiveCases, ...compositeCases };
const rows = Object.entries<Op>({ ...primitives, ...composites }).filter(([name]) =>
  cases[name]!.some(({ inputs }) => tensorsOf(inputs).length > 1),
);
function tensorsOf(inputs: OpCase["inputs"]): number[] {
  return inputs.flatMap((input, i) => (typeof input === "object" ? [i] : []));
}

/** A dtype, "number" or undefined for each input. */
type Mix = readonly (DType | "number" | undefined)[];
const isNumeric = (dtype: unknown): boolean => dtype === "i32" || isFloat(dtype as DType);
const isPlain = (dtype: unknown): boolean => !isQuantized(dtype as DType);

/** Ops in which one input of values stands beside ids, a mask or levels: whatever it is, the result is too, so nothing is promoted. */
const oneOfValues: { readonly [name: string]: (mix: Mix) => boolean } = {
  gather: ([table, ids]) => isPlain(table) && ids === "i32",
  takeAlong: ([x, index]) => isPlain(x) && index === "i32",
  scatterAdd: ([ids, updates]) => ids === "i32" && isNumeric(updates),
  scatterAlong: ([index, updates]) => index === "i32" && isNumeric(updates),
  where: ([mask, yes, no]) => mask === "bool" && (yes === "number" || no === "number"), // if the number fits: see below
  maskedSoftmax: ([x, mask]) => isFloat(x as DType) && mask === "bool",
  crossEntropy: ([logits, targets]) => isFloat(logits as DType) && targets === "i32", // the loss is f32
  crossEntropyGradient: ([logits, targets, upstream]) =>
    isFloat(logits as DType) && targets === "i32" && isFloat(upstream as DType), // the loss's dtype is no matter of the logits'
  dequantize: ([levels, scales]) => isQuantized(levels as DType) && isFloat(scales as DType),
  quantizedEmbedding: ([levels, scales, ids]) =>
    isQuantized(levels as DType) && isFloat(scales as DType) && ids === "i32",
};
/** The only ops that take two float dtypes at once, and what they take: what is stored small is computed with as x is. */
const mixed: { readonly [name: string]: (mix: Mix) => boolean } = {
  linear: ([x, weight, bias]) =>
    x === "f32" && isHalf(weight as DType) && (bias === undefined || bias === x || bias === weight),
  linearActivation: (mix) => mixed.linear!(mix),
  rope: ([x, cos, sin]) => isHalf(x as DType) && cos === "f32" && sin === "f32",
  quantizedLinear: ([x, levels, scales, bias]) =>
    isFloat(x as DType) &&
    isQuantized(levels as DType) &&
    isFloat(scales as DType) &&
    (x === scales || x === "f32" || scales === "f32") &&
    (bias === undefined || bias === x || bias === scales),
};

test.each(rows)("%s refuses inputs of different dtypes, by name", (name, op) => {
  const allowed = mixed[name] ?? oneOfValues[name] ?? (() => false);
  const [taken, refused] = [new Set<string>(), new Set<string>()];
  for (const each of cases[name]!.filter(({ inputs }) => tensorsOf(inputs).length > 1)) {
    for (const i of tensorsOf(each.inputs)) {
      for (const dtype of every) {
        const mix = each.inputs.map((input, j) =>
          typeof input === "object"
            ? i === j
              ? dtype
              : input.dtype
            : typeof input === "number"
              ? "number"
              : undefined,
        );
        if (mix[i] === (each.inputs[i] as { dtype: DType }).dtype) continue;
        const error = refusal(op, each, { [i]: dtype });
        if (allowed(mix) && (error === undefined || / the number /.test((error as Error).message)))
          taken.add(mix.join());
        else {
          expect([mix.join(), error]).toEqual([mix.join(), expect.any(DTypeError)]);
          expect((error as DTypeError).message).toMatch(new RegExp(`^${name}\\b`));
          expect((error as DTypeError).fields["op"] ?? name).toBe(name);
          refused.add(mix.join());
        }
      }
    }
  }
  expect(refused.size).toBeGreaterThan(0);
  expect(taken.size > 0).toBe(name in mixed || name in oneOfValues); // each exception is used
});
