import type { Attrs, Call, KernelTable, TensorType } from "@tenon/tensor";
import { f32x4, i32x4, v128 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Kernel } from "../kernel.ts";
import { elementwise, runElementwise, type Elementwise } from "./elementwise.ts";

const words = ["word", "word"] as const;
const bytes = ["byte", "byte"] as const;
/** All ones as 1. */
const truth = (x: ReturnType<typeof f32x4.add>): ReturnType<typeof f32x4.add> => v128.and(x, i32x4.of(1));

/** One kernel for floats and one for whole numbers; `byte` for u8 and bool where the op takes them. */
interface ByType {
  readonly f32?: Elementwise;
  readonly i32?: Elementwise;
  readonly byte?: Elementwise;
}
type Name =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "maximum"
  | "equal"
  | "less"
  | "lessOrEqual"
  | "both"
  | "either"
  | "not"
  | "where";

const kernels: { readonly [N in Name]: ByType } = {
  add: {
    f32: elementwise("add", words, "word", (_, a, b) => f32x4.add(a, b)),
    i32: elementwise("addWhole", words, "word", (_, a, b) => i32x4.add(a, b)),
  },
  sub: {
    f32: elementwise("sub", words, "word", (_, a, b) => f32x4.sub(a, b)),
    i32: elementwise("subWhole", words, "word", (_, a, b) => i32x4.sub(a, b)),
  },
  mul: {
    f32: elementwise("mul", words, "word", (_, a, b) => f32x4.mul(a, b)),
    i32: elementwise("mulWhole", words, "word", (_, a, b) => i32x4.mul(a, b)),
  },
  div: { f32: elementwise("div", words, "word", (_, a, b) => f32x4.div(a, b)) },
  maximum: {
    f32: elementwise("maximum", words, "word", (_, a, b) => f32x4.max(a, b)),
    i32: elementwise("maximumWhole", words, "word", (_, a, b) => i32x4.max(a, b)),
  },
  equal: {
    f32: elementwise("equal", words, "byte", (_, a, b) => truth(f32x4.eq(a, b))),
    i32: elementwise("equalWhole", words, "byte", (_, a, b) => truth(i32x4.eq(a, b))),
    byte: elementwise("equalBytes", bytes, "byte", (_, a, b) => truth(i32x4.eq(a, b))),
  },
  less: {
    f32: elementwise("less", words, "byte", (_, a, b) => truth(f32x4.lt(a, b))),
    i32: elementwise("lessWhole", words, "byte", (_, a, b) => truth(i32x4.lt(a, b))),
    byte: elementwise("lessBytes", bytes, "byte", (_, a, b) => truth(i32x4.lt(a, b))),
  },
  lessOrEqual: {
    f32: elementwise("lessOrEqual", words, "byte", (_, a, b) => truth(f32x4.le(a, b))),
    i32: elementwise("lessOrEqualWhole", words, "byte", (_, a, b) => truth(i32x4.le(a, b))),
    byte: elementwise("lessOrEqualBytes", bytes, "byte", (_, a, b) => truth(i32x4.le(a, b))),
  },
  both: { byte: elementwise("both", bytes, "byte", (_, a, b) => v128.and(a, b)) },
  either: { byte: elementwise("either", bytes, "byte", (_, a, b) => v128.or(a, b)) },
  not: { byte: elementwise("not", ["byte"], "byte", (_, x) => truth(i32x4.eq(x, i32x4.of(0)))) },
  where: {
    f32: elementwise("where", ["byte", "word", "word"], "word", (_, m, a, b) =>
      v128.select(b, a, i32x4.eq(m, i32x4.of(0))),
    ),
    byte: elementwise("whereBytes", ["byte", "byte", "byte"], "byte", (_, m, a, b) =>
      v128.select(b, a, i32x4.eq(m, i32x4.of(0))),
    ),
  },
};

export const binaryKernels: readonly Kernel[] = Object.values(kernels).flatMap((byType) =>
  Object.values(byType as Record<string, Elementwise>).map(({ kernel }) => kernel),
);

type Run = (inputs: readonly (Block | number)[], attrs: Attrs, call: Call<Block>) => Block;

/** Functions of two operands, comparisons, and the choice between two. */
export function binaryTable(engine: Engine): Pick<KernelTable<Block>, Name> {
  const table: Partial<Record<Name, Run>> = {};
  for (const name of Object.keys(kernels) as Name[]) {
    const byType = kernels[name];
    table[name] = (inputs, _, call) => {
      const of = name === "where" ? call.output.dtype : operandType(call);
      const made = of === "u8" || of === "bool" ? byType.byte : of === "i32" ? (byType.i32 ?? byType.f32) : byType.f32;
      // An op takes no dtype for which there is none.
      return runElementwise(engine, made!, inputs, of === "i32" ? "i32" : "f32", call);
    };
  }
  return table as unknown as Pick<KernelTable<Block>, Name>;
}

const operandType = (call: Call<Block>): string =>
  call.inputs.find((x): x is TensorType => typeof x === "object")!.dtype;
