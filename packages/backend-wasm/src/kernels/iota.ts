import type { KernelTable } from "@tenon/tensor";
import { i32, i32x4 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";

/** y = start, start + 1, …; a unit is four elements. */
const iota = kernel("iota", { y: "i32", start: "i32" }, (f, { y, start }, { from, to }) => {
  const i = f.local("i32");
  const numbers = f.let(i32x4.add(i32x4.splat(i32.add(start, i32.shl(from, 2))), i32x4.list(0, 1, 2, 3)));
  f.for(i, from, to, 1, () => {
    f.store("v128", element(y, i, 4), numbers);
    numbers.set(i32x4.add(numbers, 4));
  });
});

export const iotaKernels: readonly Kernel[] = [iota];

export const iotaTable = (engine: Engine): Pick<KernelTable<Block>, "iota"> => ({
  iota: (_, { start, length }, call) => {
    const y = call.allocate(call.output);
    engine.run(iota, { y: engine.at(y), start }, Math.ceil(length / 4), 1 << 15);
    return y;
  },
});
