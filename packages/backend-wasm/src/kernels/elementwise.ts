import { sizeOf, type Call, type Shape, type TensorType } from "@tenon/tensor";
import { i16x8, i32, i32x4, i8x16, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Fields, type Kernel, type KernelFunc } from "../kernel.ts";
import { rowsOf, type Rows } from "./broadcast.ts";
import { expandBlock } from "./expand.ts";

type Vector = Value<"v128">;
/** What an operand's elements are: 32 bits each, or bytes, which are widened to 32 bits on the way in and narrowed on the way out. */
export type Element = "word" | "byte";

/** A function of up to three operands, element by element, with broadcasting. */
export interface Elementwise {
  readonly kernel: Kernel;
  readonly operands: readonly Element[];
}

/** The arguments of each operand. Their names are put together once: a string made anew is slow to look up. */
const operandFields = ["a", "b", "c"].map((at) => ({ at, row: `${at}Row`, step: `${at}Step` }));

/**
 * Defines one. A unit is a row of the output. An operand with one element for a row is spread over a vector in scratch, and not walked
 * through: the loop is the same for all.
 */
export function elementwise(
  name: string,
  operands: readonly Element[],
  result: Element,
  code: (f: KernelFunc, ...x: Vector[]) => Vector,
): Elementwise {
  const fields: Record<string, "i32"> = { y: "i32", n: "i32", lastN: "i32", rows: "i32" };
  for (const { at, row, step } of operandFields.slice(0, operands.length))
    for (const name of [at, row, step]) fields[name] = "i32";
  const bytes = result === "word" ? 16 : 4;
  const made = kernel(name, fields as Fields, (f, of, { from, to, scratch }) => {
    const int = of as Readonly<Record<string, Local<"i32">>>;
    const [row, count, whole, at, end] = f.locals("i32", 5);
    const pointers: Local<"i32">[] = f.locals("i32", operands.length);
    const values = operands.map(() => f.local("v128"));
    const put = (place: Value<"i32">, x: Vector): void => {
      if (result === "word") f.store("v128", place, x);
      else f.store("i32", place, i32x4.lane(i8x16.narrowUnsigned(i16x8.narrow(x, x), x), 0));
    };
    const compute = (): Vector => {
      operands.forEach((kind, i) => values[i]!.set(kind === "word" ? v128.load(pointers[i]!) : widened(pointers[i]!)));
      return code(f, ...values);
    };
    f.for(row, from, to, 1, () => {
      operands.forEach((kind, i) => {
        const names = operandFields[i]!;
        const [base, apart, step] = [int[names.at]!, int[names.row]!, int[names.step]!];
        const size = kind === "word" ? 2 : 0;
        const start = f.let(i32.add(base, i32.shl(i32.mul(row, apart), size)));
        const spread = i32.add(scratch, 64 + 16 * i);
        pointers[i]!.set(f.select(step, start, spread));
        f.if(i32.eqz(step), () => f.store("v128", spread, kind === "word" ? v128.splat32(start) : v128.splat8(start)));
      });
      count.set(f.select(i32.eq(i32.add(row, 1), int["rows"]!), int["lastN"]!, int["n"]!));
      whole.set(i32.shr(count, 2));
      at.set(i32.add(int["y"]!, i32.mul(i32.mul(row, int["n"]!), bytes / 4)));
      end.set(i32.add(at, i32.mul(whole, bytes)));
      f.while(
        () => i32.lt(at, end),
        () => {
          put(at, compute());
          operands.forEach((kind, i) =>
            pointers[i]!.set(i32.add(pointers[i]!, i32.shl(int[operandFields[i]!.step]!, kind === "word" ? 4 : 2))),
          );
          at.set(i32.add(at, bytes));
        },
      );
      // The rest of a row, by way of scratch: what lies behind it may be another thread's.
      f.if(i32.and(count, 3), () => {
        put(scratch, compute());
        f.copy(at, scratch, i32.mul(i32.and(count, 3), bytes / 4));
      });
    });
  });
  return { kernel: made, operands };
}

/** Four bytes as four 32-bit numbers. */
function widened(address: Value<"i32">): Vector {
  return i32x4.ofLow16(i16x8.ofLow8(v128.load32Zero(address)));
}

/**
 * Runs one on blocks and numbers; a number is written to memory as one element of `numbers`. Operands that broadcast along axes which no
 * two steps describe are written out first.
 */
export function runElementwise(
  engine: Engine,
  made: Elementwise,
  inputs: readonly (Block | number)[],
  numbers: "f32" | "i32",
  call: Call<Block>,
): Block {
  const { shape } = call.output;
  const y = call.allocate(call.output);
  if (sizeOf(shape) === 0) return y;
  const types = call.inputs as readonly (TensorType | number)[];
  const shapes = types.map((type): Shape => (typeof type === "number" ? [] : type.shape));
  const plan = rowsOf(shape, shapes);
  if (plan !== undefined) {
    runRows(engine, made, inputs, numbers, plan, y, call);
    return y;
  }
  const whole = shapes.map((each) => (sizeOf(each) === 1 ? each : shape));
  const written = inputs.map((x, i) =>
    typeof x === "number" || whole[i] === shapes[i] ? x : expandBlock(engine, x, types[i] as TensorType, shape, call),
  );
  runRows(engine, made, written, numbers, rowsOf(shape, whole)!, y, call);
  return y;
}

function runRows(
  engine: Engine,
  { kernel: made, operands }: Elementwise,
  inputs: readonly (Block | number)[],
  numbers: "f32" | "i32",
  { rows, n, walks }: Rows,
  y: Block,
  call: Call<Block>,
): void {
  const values: Record<string, number> = {
    n,
    rows,
    lastN: sizeOf(call.output.shape) - (rows - 1) * n,
    y: engine.at(y),
  };
  inputs.forEach((x, i) => {
    const names = operandFields[i]!;
    values[names.at] =
      typeof x === "number" ? engine.constant(i, x, operands[i] === "byte" ? "u8" : numbers) : engine.at(x);
    values[names.row] = walks[i]!.row;
    values[names.step] = walks[i]!.step;
  });
  engine.run(made, values, rows, Math.ceil(16_384 / n));
}
