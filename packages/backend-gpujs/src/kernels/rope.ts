import { sizeOf } from "@tenon/tensor";

import type { Engine } from "../engine.ts";
import { shapeAt, type Kernels } from "./call.ts";

/** Rotary positions (Su et al. 2021), half-split: the first half of what turns meets the second. */
export function ropeTable(engine: Engine): Kernels<"rope"> {
  return {
    rope: ([x, cos, sin], _, call) => {
      const { shape } = call.output;
      const [t, k] = shape.slice(-2) as [number, number];
      const half = shapeAt(call, 1)[1]!;
      const outer = sizeOf(shape.slice(0, -2));
      return engine.run({
        name: "rope",
        out: [outer, t, k],
        arrays: { x: [x, [outer, t, k]], cos: [cos, [t, half]], sin: [sin, [t, half]] },
        body: `if (X < ${half}) { return x[Z][Y][X] * cos[Y][X] - x[Z][Y][X + ${half}] * sin[Y][X]; }
if (X < ${2 * half}) { return x[Z][Y][X] * cos[Y][X - ${half}] + x[Z][Y][X - ${half}] * sin[Y][X - ${half}]; }
return x[Z][Y][X];`,
      });
    },
  };
}
