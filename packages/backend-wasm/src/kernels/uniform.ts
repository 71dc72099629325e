import { sizeOf, type KernelTable } from "@tenon/tensor";
import { f32x4, i32, v128 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { sixteenUniform, streamFields, streamOf, streamValues } from "./threefry.ts";

/** Random numbers, the same bits as on every backend; a unit is sixteen. */
const uniform = kernel("uniform", { y: "i32", ...streamFields }, (f, { y, ...key }, part) => {
  const block = f.local("i32");
  const stream = streamOf(f, key);
  const end = f.let(i32.shl(part.to, 3));
  f.for(block, i32.shl(part.from, 3), end, 8, () => {
    const to = f.let(element(y, block, 3));
    sixteenUniform(f, stream, block).forEach((each, i) => f.store("v128", to, each, 16 * i));
  });
});

/** y = x · scale where the random number is at least the rate, else 0; a unit is sixteen elements. */
const dropout = kernel(
  "dropout",
  { x: "i32", y: "i32", rate: "f32", scale: "f32", ...streamFields },
  (f, { x, y, rate, scale, ...key }, part) => {
    const block = f.local("i32");
    const stream = streamOf(f, key);
    const [least, factor] = [f.let(f32x4.splat(rate)), f.let(f32x4.splat(scale))];
    const end = f.let(i32.shl(part.to, 3));
    f.for(block, i32.shl(part.from, 3), end, 8, () => {
      const at = f.let(i32.shl(block, 3));
      sixteenUniform(f, stream, block).forEach((each, i) => {
        const scaled = f32x4.mul(v128.load(i32.add(x, at), 16 * i), factor);
        f.store("v128", i32.add(y, at), v128.and(scaled, f32x4.ge(each, least)), 16 * i);
      });
    });
  },
);

export const uniformKernels: readonly Kernel[] = [uniform, dropout];

/** How many units of sixteen numbers a thread takes at a time. */
const grain = 512;

/** Random numbers, and what they let through. */
export const uniformTable = (engine: Engine): Pick<KernelTable<Block>, "uniform" | "dropout"> => ({
  uniform: (_, { shape, key, counter }, call) => {
    const y = call.allocate(call.output);
    engine.run(uniform, { y: engine.at(y), ...streamValues(key, counter) }, Math.ceil(sizeOf(shape) / 16), grain);
    return y;
  },
  dropout: ([x], { rate, key, counter }, call) => {
    const y = call.allocate(call.output);
    const values = { x: engine.at(x), y: engine.at(y), rate, scale: 1 / (1 - rate), ...streamValues(key, counter) };
    engine.run(dropout, values, Math.ceil(sizeOf(call.output.shape) / 16), grain);
    return y;
  },
});
