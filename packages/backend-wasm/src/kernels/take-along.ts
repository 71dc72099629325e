import { bytesPerElement, sizeOf, type KernelTable, type TensorType } from "@tenon/tensor";
import { i32 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";
import { elementSizes, loadElement, storeElement, type ElementSize } from "./copy.ts";

/** Elements of a unit at most: long rows are divided among threads. */
const piece = 4096;

const fields = { y: "i32", x: "i32", index: "i32", m: "i32", n: "i32", pieces: "i32" } as const;
/**
 * y [rows, m] = x [rows, n] at an index [rows, m]; 0 for an index that is none, which must not reach beyond the memory. A unit is a piece
 * of a row.
 */
const takeAlong = (size: ElementSize): Kernel<typeof fields> =>
  kernel(`takeAlong${8 * size}`, fields, (f, { y, x, index, m, n, pieces }, part) => {
    const [unit, at, end, source, place] = f.locals("i32", 5);
    const shift = Math.log2(size);
    f.for(unit, part.from, part.to, 1, () => {
      const row = f.let(i32.div(unit, pieces));
      const first = f.let(i32.mul(i32.sub(unit, i32.mul(row, pieces)), piece));
      const rest = f.let(i32.sub(m, first));
      source.set(i32.add(x, i32.shl(i32.mul(row, n), shift)));
      at.set(i32.add(i32.mul(row, m), first));
      end.set(i32.add(at, f.select(i32.lt(rest, piece), rest, i32.of(piece))));
      f.for(at, at, end, 1, () => {
        place.set(i32.load(i32.add(index, i32.shl(at, 2))));
        const to = i32.add(y, i32.shl(at, shift));
        f.if(
          i32.lt(place, n),
          () => storeElement(f, size, to, loadElement(size, i32.add(source, i32.shl(place, shift)))),
          () => storeElement(f, size, to, i32.of(0)),
        );
      });
    });
  });

const bySize: { readonly [S in ElementSize]: Kernel<typeof fields> } = {
  1: takeAlong(1),
  2: takeAlong(2),
  4: takeAlong(4),
};

export const takeAlongKernels: readonly Kernel[] = elementSizes.map((size) => bySize[size]);

/** Elements of each row by their index. */
export const takeAlongTable = (engine: Engine): Pick<KernelTable<Block>, "takeAlong"> => ({
  takeAlong: ([x, index], _, call) => {
    const y = call.allocate(call.output);
    const { dtype, shape } = call.inputs[0] as TensorType;
    const m = call.output.shape.at(-1)!;
    const pieces = Math.ceil(m / piece);
    const values = { y: engine.at(y), x: engine.at(x), index: engine.at(index), m, n: shape.at(-1)!, pieces };
    const rows = sizeOf(call.output.shape.slice(0, -1));
    engine.run(
      bySize[bytesPerElement(dtype) as ElementSize],
      values,
      rows * pieces,
      Math.ceil(32_768 / Math.max(Math.min(m, piece), 1)),
    );
    return y;
  },
});

/** It takes 16-bit floats as they are stored. */
export const takeAlongHalves: readonly string[] = ["takeAlong"];
