import { sizeOf } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import type { Kernels } from "./call.ts";

/** A step of AdamW, in a pass for each of what it changes: gpu.js's kernels have one result. */
export function adamwTable(engine: Engine): Kernels<"adamw"> {
  return {
    adamw: ([p, m, v, g], { rate, beta1, beta2, epsilon, decay, step }, call) => {
      const n = sizeOf(call.output.shape);
      const deviation = Math.sqrt(1 - beta2 ** step);
      const moment = (name: string, of: Block, beta: number, expression: string) =>
        engine.run({
          name,
          out: [n],
          arrays: { m: [of, [n]], g: [g, [n]] },
          numbers: { beta, rest: 1 - beta },
          body: `return beta * m[X] + rest * ${expression};`,
        });
      return after(moment("firstMoment", m, beta1, "g[X]"), (newM) =>
        after(moment("secondMoment", v, beta2, "g[X] * g[X]"), (newV) =>
          after(
            engine.run({
              name: "adamw",
              out: [n],
              arrays: { p: [p, [n]], m: [newM, [n]], v: [newV, [n]] },
              numbers: {
                kept: 1 - rate * decay,
                scale: (rate * deviation) / (1 - beta1 ** step),
                epsilon: epsilon * deviation,
              },
              body: "return kept * p[X] - scale * m[X] / (Math.sqrt(v[X]) + epsilon);",
            }),
            (newP): [Block, Block, Block] => [newP, newM, newV],
          ),
        ),
      );
    },
  };
}
