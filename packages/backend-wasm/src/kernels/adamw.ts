import { sizeOf, type KernelTable } from "@tenon/tensor";

import type { Local } from "../assembler/func.ts";
import { f32x4, i32, v128 } from "../assembler/instructions.ts";
import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← kept · p − scale · m / (√v + ε), in place or to other storage. A unit is sixteen
 * elements.
 */
const adamw = kernel(
  "adamw",
  {
    ...({ p: "i32", m: "i32", v: "i32", g: "i32", newP: "i32", newM: "i32", newV: "i32" } as const),
    ...({ kept: "f32", beta1: "f32", rest1: "f32", beta2: "f32", rest2: "f32", scale: "f32", epsilon: "f32" } as const),
  },
  (f, of, part) => {
    const { p, m, v, g, newP, newM, newV, kept, beta1, rest1, beta2, rest2, scale, epsilon } = of;
    const splat = (x: Local<"f32">): Local<"v128"> => f.let(f32x4.splat(x));
    const [keptAll, scaleAll, epsilonAll] = [splat(kept), splat(scale), splat(epsilon)];
    const [beta1All, rest1All, beta2All, rest2All] = [splat(beta1), splat(rest1), splat(beta2), splat(rest2)];
    const at = f.local("i32");
    const end = f.let(i32.shl(part.to, 6));
    const [slope, mean, square] = f.locals("v128", 3);
    f.for(at, i32.shl(part.from, 6), end, 16, () => {
      slope.set(v128.load(i32.add(g, at)));
      mean.set(f.madd(v128.load(i32.add(m, at)), beta1All, f32x4.mul(slope, rest1All)));
      square.set(f.madd(v128.load(i32.add(v, at)), beta2All, f32x4.mul(f32x4.mul(slope, rest2All), slope)));
      f.store("v128", i32.add(newM, at), mean);
      f.store("v128", i32.add(newV, at), square);
      const step = f32x4.div(f32x4.mul(mean, scaleAll), f32x4.add(f32x4.sqrt(square), epsilonAll));
      f.store("v128", i32.add(newP, at), f32x4.sub(f32x4.mul(v128.load(i32.add(p, at)), keptAll), step));
    });
  },
);

export const adamwKernels: readonly Kernel[] = [adamw];

/** A step of AdamW: one pass over the parameter, its moments and its gradient. */
export const adamwTable = (engine: Engine): Pick<KernelTable<Block>, "adamw"> => ({
  adamw: ([p, m, v, g], { rate, beta1, beta2, epsilon, decay, step }, call) => {
    const results = [0, 1, 2].map((i) => call.reuse(i) ?? call.allocate(call.outputs[i]!)) as [Block, Block, Block];
    const [newP, newM, newV] = results;
    const deviation = Math.sqrt(1 - beta2 ** step);
    const values = {
      p: engine.at(p),
      m: engine.at(m),
      v: engine.at(v),
      g: engine.at(g),
      newP: engine.at(newP),
      newM: engine.at(newM),
      newV: engine.at(newV),
      kept: 1 - rate * decay,
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      scale: (rate * deviation) / (1 - beta1 ** step),
      epsilon: epsilon * deviation,
    };
    engine.run(adamw, values, Math.ceil(sizeOf(call.output.shape) / 16), 1024);
    return results;
  },
});
