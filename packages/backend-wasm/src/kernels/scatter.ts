import { sizeOf, type Call, type KernelTable, type TensorType } from "@tenon/tensor";
import { f32, f32x4, i32, i32x4, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel, type KernelFunc } from "../kernel.ts";
import { runClear } from "./copy.ts";

type Address = Value<"i32">;

/** How numbers are added to those in memory: four, and one. */
interface Adding {
  readonly four: (f: KernelFunc, to: Address, x: Address) => void;
  readonly one: (f: KernelFunc, to: Address, x: Address) => void;
}
const floats: Adding = {
  four: (f, to, x) => f.store("v128", to, f32x4.add(v128.load(to), v128.load(x))),
  one: (f, to, x) => f.store("f32", to, f32.add(f32.load(to), f32.load(x))),
};
const whole: Adding = {
  four: (f, to, x) => f.store("v128", to, i32x4.add(v128.load(to), v128.load(x))),
  one: (f, to, x) => f.store("i32", to, i32.add(i32.load(to), i32.load(x))),
};

/** Columns of a unit: two cache lines, so that threads do not write to the same one. */
const blockColumns = 32;

const addFields = { y: "i32", ids: "i32", x: "i32", count: "i32", rows: "i32", d: "i32" } as const;
/** Rows of x added to rows of y [rows, d] at their ids. A unit is a block of columns, in which rows are added in the order of x. */
const addRows = (name: string, { four, one }: Adding): Kernel<typeof addFields> =>
  kernel(name, addFields, (f, { y, ids, x, count, rows, d }, part) => {
    const [unit, i, at, first, end, vectorsEnd, source, target] = f.locals("i32", 8);
    const rowBytes = f.let(i32.shl(d, 2));
    f.for(unit, part.from, part.to, 1, () => {
      first.set(i32.mul(unit, 4 * blockColumns));
      end.set(i32.add(first, 4 * blockColumns));
      end.set(f.select(i32.lt(end, rowBytes), end, rowBytes));
      vectorsEnd.set(i32.add(first, i32.and(i32.sub(end, first), -16)));
      source.set(x);
      f.for(i, 0, count, 1, () => {
        const id = f.let(i32.load(element(ids, i, 2)));
        // An id that is none must not write into some other tensor.
        f.if(i32.lt(id, rows), () => {
          target.set(i32.add(y, i32.mul(id, rowBytes)));
          f.for(at, first, vectorsEnd, 16, () => four(f, i32.add(target, at), i32.add(source, at)));
          f.for(at, vectorsEnd, end, 4, () => one(f, i32.add(target, at), i32.add(source, at)));
        });
        source.set(i32.add(source, rowBytes));
      });
    });
  });

const alongFields = { y: "i32", index: "i32", x: "i32", m: "i32", size: "i32" } as const;
/** y [rows, size] at the index of each element of x [rows, m]. A unit is a row. */
const addAlong = (name: string, { one }: Adding): Kernel<typeof alongFields> =>
  kernel(name, alongFields, (f, { y, index, x, m, size }, part) => {
    const [row, i, target] = f.locals("i32", 3);
    const at = f.let(i32.shl(i32.mul(part.from, m), 2));
    f.for(row, part.from, part.to, 1, () => {
      target.set(i32.add(y, i32.shl(i32.mul(row, size), 2)));
      f.for(i, 0, m, 1, () => {
        const place = f.let(i32.load(i32.add(index, at)));
        f.if(i32.lt(place, size), () => one(f, element(target, place, 2), i32.add(x, at)));
        at.set(i32.add(at, 4));
      });
    });
  });

const kernels = {
  f32: { rows: addRows("scatterAdd", floats), along: addAlong("scatterAlong", floats) },
  i32: { rows: addRows("scatterAddWhole", whole), along: addAlong("scatterAlongWhole", whole) },
};

export const scatterKernels: readonly Kernel[] = Object.values(kernels).flatMap(({ rows, along }) => [rows, along]);

const kernelsFor = (call: Call<Block>): (typeof kernels)["f32"] => kernels[call.output.dtype === "i32" ? "i32" : "f32"];

/** Zeros, and updates added to them in the order in which they come, whatever the number of threads. */
export const scatterTable = (engine: Engine): Pick<KernelTable<Block>, "scatterAdd" | "scatterAlong"> => {
  const zeros = (call: Call<Block>): { y: Block; at: number } => {
    const y = call.allocate(call.output);
    const bytes = 4 * sizeOf(call.output.shape);
    runClear(engine, { y: engine.at(y), runs: 1, bytes, yStep: bytes });
    return { y, at: engine.at(y) };
  };
  return {
    scatterAdd: ([ids, updates], { rows }, call) => {
      const { y, at } = zeros(call);
      const d = call.output.shape[1]!;
      const count = sizeOf((call.inputs[0] as TensorType).shape);
      const values = { y: at, ids: engine.at(ids), x: engine.at(updates), count, rows, d };
      engine.run(kernelsFor(call).rows, values, Math.ceil(d / blockColumns), Math.ceil(2048 / Math.max(count, 1)));
      return y;
    },
    scatterAlong: ([index, updates], { size }, call) => {
      const { y, at } = zeros(call);
      const { shape } = call.inputs[1] as TensorType;
      const m = shape.at(-1)!;
      const values = { y: at, index: engine.at(index), x: engine.at(updates), m, size };
      engine.run(kernelsFor(call).along, values, sizeOf(shape.slice(0, -1)), Math.ceil(16_384 / Math.max(m, 1)));
      return y;
    },
  };
};
