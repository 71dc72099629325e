import { LayerNorm, RMSNorm, ScaleNorm } from "@tenon/nn";
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

/** Mean square 1, with a weight alone; with `unitOffset` the weight is what is added to 1, as in Gemma. */
export const rmsNorm: Kind<"norm", { kind: "rms-norm"; epsilon: number; unitOffset?: boolean | undefined }> = {
  options: z.strictObject({
    kind: z.literal("rms-norm"),
    epsilon: epsilon.default(1e-6),
    unitOffset: z.boolean().optional(),
  }),
  build: ({ epsilon, unitOffset }, { width }) => new RMSNorm(width, { epsilon, unitOffset }),
};

/** One length for all vectors, learned. */
export const scaleNorm: Kind<"norm", { kind: "scale-norm"; epsilon: number }> = {
  options: z.strictObject({ kind: z.literal("scale-norm"), epsilon: epsilon.default(1e-5) }),
  build: ({ epsilon }, { width }) => new ScaleNorm(width, { epsilon }),
};
