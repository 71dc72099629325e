import { LayerNorm, RMSNorm, ScaleNorm } from "@tenon/nn";
import * as z from "zod";

import { construct, unless } from "../typescript/expression.ts";
import type { Kind } from "./kind.ts";

const epsilon = z.number().positive().meta({ title: "Added before the square root, so that nothing is divided by 0" });

/** Mean 0 and variance 1, with a weight and, unless told otherwise, a bias. */
export const layerNorm: Kind<"norm", { kind: "layer-norm"; epsilon: number; bias: boolean }> = {
  options: z
    .strictObject({
      kind: z.literal("layer-norm"),
      epsilon: epsilon.default(1e-5),
      bias: z.boolean().default(true).meta({ title: "Is a trained bias added?" }),
    })
    .meta({ title: "Mean 0 and variance 1 (Ba et al. 2016)" }),
  build: ({ epsilon, bias }, { width }) => new LayerNorm(width, { epsilon, bias }),
  code: ({ epsilon, bias }, { width }) =>
    construct("LayerNorm", "@tenon/nn", width, { epsilon: unless(epsilon, 1e-5), bias: unless(bias, true) }),
};

/** Mean square 1, with a weight alone; with `unitOffset` the weight is what is added to 1, as in Gemma. */
export const rmsNorm: Kind<"norm", { kind: "rms-norm"; epsilon: number; unitOffset?: boolean | undefined }> = {
  options: z
    .strictObject({
      kind: z.literal("rms-norm"),
      epsilon: epsilon.default(1e-6),
      unitOffset: z.boolean().optional().meta({ title: "Is the weight added to 1, as in Gemma? Default false" }),
    })
    .meta({ title: "Mean square 1, as in Llama (Zhang and Sennrich 2019)" }),
  build: ({ epsilon, unitOffset }, { width }) => new RMSNorm(width, { epsilon, unitOffset }),
  code: ({ epsilon, unitOffset }, { width }) =>
    construct("RMSNorm", "@tenon/nn", width, { epsilon: unless(epsilon, 1e-6), unitOffset: unless(unitOffset, false) }),
};

/** One length for all vectors, learned. */
export const scaleNorm: Kind<"norm", { kind: "scale-norm"; epsilon: number }> = {
  options: z
    .strictObject({ kind: z.literal("scale-norm"), epsilon: epsilon.default(1e-5) })
    .meta({ title: "One trained length for all vectors (Nguyen and Salazar 2019)" }),
  build: ({ epsilon }, { width }) => new ScaleNorm(width, { epsilon }),
  code: ({ epsilon }, { width }) => construct("ScaleNorm", "@tenon/nn", width, { epsilon: unless(epsilon, 1e-5) }),
};
