import { LayerNorm, RMSNorm } from "@tenon/nn";
import { z } from "zod";

import type { Kind } from "./kind.ts";

const epsilon = z.number().positive();

/** Mean 0 and variance 1, with a weight and, unless told otherwise, a bias. */
export const layerNorm: Kind<"norm", { kind: "layer-norm"; epsilon: number; bias: boolean }> = {
  options: z.strictObject({
    kind: z.literal("layer-norm"),
    epsilon: epsilon.default(1e-5),
    bias: z.boolean().default(true),
  }),
  build: ({ epsilon, bias }, { width }) => new LayerNorm(width, { epsilon, bias }),
};

/** Mean square 1, with a weight alone. */
export const rmsNorm: Kind<"norm", { kind: "rms-norm"; epsilon: number }> = {
  options: z.strictObject({ kind: z.literal("rms-norm"), epsilon: epsilon.default(1e-6) }),
  build: ({ epsilon }, { width }) => new RMSNorm(width, { epsilon }),
};
