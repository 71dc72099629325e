import { Dropout, Module, Parameter, zeros, type Norm } from "@tenon/nn";
import { add, mul, type Tensor } from "@tenon/tensor";

import type { ConnectionOptions, Sublayer } from "./residual.ts";

/** What a {@link ReZero} is made from. */
export interface ReZeroOptions extends ConnectionOptions {
  /** Normalises what the sublayer sees. Default: nothing does, as in the paper. */
  readonly norm?: Norm | undefined;
}

/**
 * Lets each sublayer in as training wants it: x + α dropout(sublayer(x)), where α [1] is learned and begins at 0. At the beginning the
 * whole stack is the identity, however deep, and signals and gradients pass it unchanged; no norm is
 * needed. With one it is x + α dropout(sublayer(norm(x))).
 *
 * Tap: `added` [b, t, d], what is added to the stream, α included.
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1).
 *
 * Bachlechner et al. 2020, "ReZero is all you need: fast convergence at large depth".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const residual = await new ReZero().to(on);
 * const y = residual.forward(tensor([1, 2], [1, 1, 2], on), (x) => relu(x));
 * console.log(await y.read()); // Float32Array(2) [ 1, 2 ]
 * ```
 */
export class ReZero extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly alpha: Parameter = new Parameter([1], zeros);
  readonly norm: Norm | undefined;
  readonly dropout: Dropout;

  constructor({ norm, dropout = 0 }: ReZeroOptions = {}) {
    super();
    this.norm = norm;
    this.dropout = new Dropout(dropout);
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    const given = this.dropout.forward(sublayer(this.norm?.forward(x) ?? x));
    return add(x, this.tap("added", mul(this.alpha.value, given)));
  }
}
