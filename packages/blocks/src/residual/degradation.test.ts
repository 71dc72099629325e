import { Linear, Module } from "@tenon/nn";
import { cpu, crossEntropy, ids, random, tanh, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { fit } from "../../test/fit.ts";
import { NoResidual } from "./no-residual.ts";
import type { Residual } from "./residual.ts";
import { Shortcut } from "./shortcut.ts";

const [points, width] = [64, 16] as const;

/** Points of the plane [b, 2] → logits of two classes, by way of `depth` layers; only the connections differ between two of one depth. */
class Classifier extends Module<[x: Tensor], Tensor> {
  readonly first: Linear;
  readonly layers: readonly Linear[];
  readonly residuals: readonly Residual[];
  readonly last: Linear;

  constructor(depth: number, residual: () => Residual) {
    super();
    const stream = random(1);
    const linear = (name: string, input: number, output: number): Linear =>
      new Linear({ input, output, random: stream.fork(name) });
    this.first = linear("first", 2, width);
    this.layers = Array.from({ length: depth }, (_, layer) => linear(`layer ${layer}`, width, width));
    this.residuals = this.layers.map(residual);
    this.last = linear("last", width, 2);
  }

  protected override compute(x: Tensor): Tensor {
    const deep = this.layers.reduce(
      (h, layer, i) => this.residuals[i]!.forward(h, (y) => tanh(layer.forward(y))),
      this.first.forward(x),
    );
    return this.last.forward(deep);
  }
}

test(
  "64 layers with identity shortcuts fit what the same layers without them do not, and 4 plain layers do",
  { timeout: 60_000 },
  async () => {
    const on = cpu();
    const stream = random(5);
    const plane = Array.from({ length: points }, () => [stream.normal(), stream.normal()] as const);
    const x = tensor(plane.flat(), [points, 2], on);
    // Which quarters of the plane: no line parts the classes.
    const classes = ids(
      plane.map(([a, b]) => Number(a * b > 0)),
      [points],
      on,
      { limit: 2 },
    );
    const lossAfter = async (depth: number, residual: () => Residual): Promise<number> => {
      const model = await new Classifier(depth, residual).to(on);
      expect(model.parameters().size).toBe(2 * (depth + 2));
      const losses = await fit(model, () => crossEntropy(model.forward(x), classes), { steps: 120, rate: 3e-3 });
      model[Symbol.dispose]();
      return losses.at(-1)!;
    };
    expect(await lossAfter(64, () => new Shortcut())).toBeLessThan(0.02);
    // Guessing costs ln 2 = 0.69.
    expect(await lossAfter(64, () => new NoResidual())).toBeGreaterThan(0.5);
    expect(await lossAfter(4, () => new NoResidual())).toBeLessThan(0.1);
  },
);
