import { ConfigError, type Tensor } from "@tenon/tensor";

import type { Subject } from "./subject.ts";

/** What makes logits of the residual stream. Throws `ConfigError` for a model that does not predict tokens. */
export function predicting({ readOut, model }: Subject): (stream: Tensor) => Tensor {
  if (readOut !== undefined) return readOut;
  const { spec } = model;
  const head = spec.kind === "encoder" ? (spec.head?.kind ?? "masked-language") : spec.kind;
  throw new ConfigError(
    `this model ends with the head "${head}", which does not predict tokens. Open a decoder, or an encoder with a head for masked words.`,
    { head },
  );
}
