import { Dropout, Module } from "@tenon/nn";
import { add, ShapeError, type Tensor } from "@tenon/tensor";

import type { ConnectionOptions, Sublayer } from "./residual.ts";

/** What a {@link Shortcut} is made from. */
export interface ShortcutOptions extends ConnectionOptions {
  /**
   * The way around the sublayer, ready-made, where that changes the shape: a `ZeroPaddedShortcut` (option A of the paper) or a projection
   * (option B), a `Linear` or a `Conv2d` with a kernel of 1 and the sublayer's stride. Default: x as it is.
   */
  readonly shortcut?: Module<[x: Tensor], Tensor> | undefined;
}

/**
 * The plain residual connection: shortcut(x) + dropout(sublayer(x)), where the shortcut is the identity unless one is given. What the layers
 * learn is the difference from x, and gradients reach every layer unattenuated. It adds no norm, and knows no axes: x is [b, t, d],
 * [b, c, h, w] or anything else.
 *
 * Tap: `added`, what the sublayer adds, of the shape of the result.
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1); `forward` throws `ShapeError` when shortcut and sublayer give different shapes.
 *
 * He et al. 2015, "Deep residual learning for image recognition".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, -2], [1, 2], on);
 * console.log(await new Shortcut().forward(x, (x) => relu(x)).read()); // Float32Array(2) [ 2, -2 ]
 * const wider = new Linear({ input: 2, output: 4, random: random(1) });
 * const projecting = await new Shortcut({ shortcut: new Linear({ input: 2, output: 4, random: random(2) }) }).to(on);
 * await wider.to(on);
 * console.log(projecting.forward(x, (x) => relu(wider.forward(x))).shape); // [ 1, 4 ]
 * ```
 */
export class Shortcut extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly shortcut: Module<[x: Tensor], Tensor> | undefined;
  readonly dropout: Dropout;

  constructor({ shortcut, dropout = 0 }: ShortcutOptions = {}) {
    super();
    this.shortcut = shortcut;
    this.dropout = new Dropout(dropout);
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    const around = this.shortcut?.forward(x) ?? x;
    const added = this.tap("added", this.dropout.forward(sublayer(x)));
    // add() would repeat a smaller one of the two in silence.
    if (around.shape.join() !== added.shape.join()) {
      throw new ShapeError(
        `Shortcut: the shortcut gives [${around.shape.join(", ")}], the sublayer [${added.shape.join(", ")}]; give a shortcut that changes x [${x.shape.join(", ")}] alike, such as a ZeroPaddedShortcut or a projection`,
        { x: x.shape, shortcut: around.shape, sublayer: added.shape },
      );
    }
    return add(around, added);
  }
}
