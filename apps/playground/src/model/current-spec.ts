import type { Spec } from "@tenon/models";

import { rememberedSpec } from "../spec/remembered-spec.ts";
import { SpecHistory } from "../spec/spec-history.ts";

/** What one begins with: the decoder that comes with Tenon, smaller. Written out, so that the page need not load what makes specs. */
export const beginningSpec: Spec = {
  version: 1,
  kind: "decoder",
  vocabulary: 1226,
  context: 64,
  width: 64,
  layers: 2,
  position: { kind: "rotary" },
  attention: { kind: "multi-head", heads: 4, bias: true },
  feedForward: { kind: "mlp", hidden: 256, activation: "gelu-tanh", bias: true },
  norm: { kind: "layer-norm", epsilon: 0.00001, bias: true },
  residual: { kind: "pre-norm", finalNorm: true },
  dropout: 0,
  tied: true,
};

/** The spec that is being assembled on this page: what it was at the last visit, to begin with. */
export const currentSpec: SpecHistory = new SpecHistory(rememberedSpec() ?? beginningSpec);
