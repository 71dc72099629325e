import { type Backend, ids, type Tensor } from "@tenon/tensor";

import type { Sequences } from "../data/batch.ts";

/** Sequences on a backend. */
export interface Uploaded {
  /** i32 [b, t] */
  readonly tokens: Tensor;
  /** i32 [b]; undefined where all positions are text. */
  readonly lengths: Tensor | undefined;
}

/** Takes them there, and checks ids and lengths on the way. `what` names the ids in an error. */
export function uploaded(
  { inputs, lengths, shape }: Sequences,
  vocabulary: number,
  on: Backend,
  what: "token" | "source token" = "token",
): Uploaded {
  const [rows, length] = shape;
  return {
    tokens: ids(inputs, shape, on, { limit: vocabulary, ...(what !== "token" && { what: `${what} id` }) }),
    lengths: lengths && ids(lengths, [rows], on, { limit: length + 1, what: "length" }),
  };
}
