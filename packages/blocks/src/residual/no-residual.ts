import { Dropout, Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { ConnectionOptions, Sublayer } from "./residual.ts";

/**
 * No connection: dropout(sublayer(x)), the plain stack that the others are measured against. From some tens of layers on it no longer fits
 * even its training data, though a shallow one does; He et al. call it degradation.
 *
 * Tap: `added`, what the sublayer gives, which here is all that goes on.
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1).
 *
 * He et al. 2015, "Deep residual learning for image recognition", section 1.
 *
 * @example
 * ```ts
 * const x = tensor([1, -2], [1, 1, 2], cpu());
 * console.log(await new NoResidual().forward(x, (x) => relu(x)).read()); // Float32Array(2) [ 1, 0 ]
 * ```
 */
export class NoResidual extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly dropout: Dropout;

  constructor({ dropout = 0 }: ConnectionOptions = {}) {
    super();
    this.dropout = new Dropout(dropout);
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    return this.tap("added", this.dropout.forward(sublayer(x)));
  }
}
