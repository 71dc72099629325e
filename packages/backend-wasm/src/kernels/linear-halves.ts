import { isHalf, sizeOf, type Call, type TensorType } from "@tenon/tensor";
import { f32x4, i32, type Local, v128 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { runCast } from "./cast.ts";
import { activationCode, writeActivation, type Activation } from "./epilogue.ts";
import { floatsOfHalves, type Half } from "./half-lanes.ts";
import { sumEach } from "./math.ts";
import { multiplyInStretches } from "./stretches.ts";

const fields = { x: "i32", w: "i32", y: "i32", bias: "i32", n: "i32", k: "i32", activation: "i32" } as const;
/** Rows of the weight that are read together. */
const together = 4;

/**
 * y [n] = w [n, k] · x [k] + bias: floats times halves, which are read once and never written out. A unit is four rows of the weight, or what
 * is left. k is a multiple of 8. Writes up to three numbers beyond y.
 */
const rowTimesHalves = (dtype: Half): Kernel<typeof fields> =>
  kernel(`rowTimes_${dtype}`, fields, (f, { x, w, y, bias, n, k, activation }, part) => {
    const [unit, row, at] = f.locals("i32", 3);
    const rows: Local<"i32">[] = f.locals("i32", together);
    const sums = f.locals("v128", 2 * together);
    const end = f.let(element(x, k, 2));
    const [one, line] = [f.let(i32.of(1)), f.let(i32.shl(k, 1))];
    f.for(unit, part.from, part.to, 1, () => {
      row.set(i32.shl(unit, 2));
      rows.forEach((from, j) => {
        const index = f.let(i32.add(row, j));
        from.set(i32.add(w, i32.mul(f.select(i32.lt(index, n), index, i32.sub(n, 1)), line)));
      });
      for (const sum of sums) sum.set(f32x4.of(0));
      f.for(at, x, end, 32, () => {
        rows.forEach((from, j) => {
          for (const half of [0, 1]) {
            const sum = sums[j + together * half]!;
            const weights = floatsOfHalves(f, v128.load16x4(from, 8 * half), dtype);
            sum.set(f.madd(weights, v128.load(at, 16 * half), sum));
          }
          from.set(i32.add(from, 16));
        });
      });
      const [s0, s1, s2, s3] = [0, 1, 2, 3].map((j) => f32x4.add(sums[j]!, sums[j + together]!));
      const total = f.let(sumEach(f, s0!, s1!, s2!, s3!));
      f.if(bias, () => total.set(f32x4.add(total, v128.load(element(bias, row, 2)))));
      const out = f.let(element(y, row, 2));
      f.store("v128", out, total);
      f.if(activation, () => writeActivation(f, activation, out, line, one, 1));
    });
  });
const kernels = { f16: rowTimesHalves("f16"), bf16: rowTimesHalves("bf16") };
export const linearHalvesKernels: readonly Kernel[] = [kernels.f16, kernels.bf16];

/** From this many rows of x on, the weight is written out as floats, so that each half is converted once. */
const many = 4;

/** A linear map whose weight is f16 or bf16, and stays so. Computed in f32 and, where x is of 16 bits, too, rounded once. */
export function linearOfHalves(
  engine: Engine,
  [x, weight, bias]: readonly [Block, Block, Block | undefined],
  call: Call<Block>,
  activation: Activation | undefined,
): Block {
  const y = call.allocate(call.output);
  const { dtype, shape } = call.inputs[1] as TensorType;
  const [n, k] = shape as [number, number];
  const m = sizeOf(call.output.shape.slice(0, -1));
  if (m * n === 0) return y;
  /** The address of a block's elements as floats: a copy of them, where they are halves. */
  const floats = (block: Block, type: TensorType): number => {
    if (!isHalf(type.dtype)) return engine.at(block);
    const to = engine.at(call.allocate({ dtype: "f32", shape: type.shape }));
    runCast(engine, type.dtype, "f32", { x: engine.at(block), y: to }, sizeOf(type.shape));
    return to;
  };
  const rounds = isHalf(call.output.dtype);
  const result = rounds ? engine.at(call.allocate({ dtype: "f32", shape: call.output.shape })) : engine.at(y);
  const map = {
    x: floats(x, call.inputs[0] as TensorType),
    y: result,
    bias: bias === undefined ? 0 : floats(bias, call.inputs[2] as TensorType),
    m,
    n,
    k,
    activation,
  };
  const w = engine.at(weight);
  if (m < many && k > 0 && k % 8 === 0) {
    // In order, for each row ends with numbers that belong to the next.
    for (let i = 0; i < m; i++)
      engine.run(
        kernels[dtype as Half],
        { ...map, w, x: map.x + 4 * i * k, y: result + 4 * i * n, activation: activationCode(activation) },
        Math.ceil(n / together),
        Math.ceil(30_000 / (together * k)),
      );
  } else {
    multiplyInStretches(engine, map, call, (first, rows, to) =>
      runCast(engine, dtype, "f32", { x: w + 2 * first * k, y: to }, rows * k),
    );
  }
  if (rounds) runCast(engine, "f32", call.output.dtype, { x: result, y: engine.at(y) }, m * n);
  return y;
}
