import { testComponent } from "@tenon/backend-testkit";
import { Module } from "@tenon/nn";
import { add, random, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { Attended } from "../test/attended.ts";
import type { EmbeddingPosition } from "./embedding-position.ts";
import { AlibiPosition } from "./alibi-position.ts";
import { Extent } from "./extent.ts";
import { LearnedPosition } from "./learned-position.ts";
import { RelativePosition } from "./relative-position.ts";
import { RotaryPosition } from "./rotary-position.ts";
import { yarnScaling } from "./rotary-scaling/yarn-scaling.ts";
import { SinusoidalPosition } from "./sinusoidal-position.ts";
import { T5Bias } from "./t5-bias.ts";

const shape = [2, 2, 4, 6] as const;
const [q, k, v] = [1, 2, 3].map((seed) => floats(shape, random(seed)));
const positions = [
  [0, 0, 1, 2],
  [4, 5, 0, 1],
];
const passes = [3, 1];

testComponent({
  name: "RotaryPosition, interleaved, with YaRN and positions for each row",
  config: { width: 6, base: 100, fraction: 2 / 3, layout: "interleaved", context: 32 } as const,
  create: (config) => {
    const position = new RotaryPosition({ ...config, scaling: yarnScaling({ factor: 2, context: 16 }) });
    return new Attended({ position, positions, passes, window: 3 });
  },
  parameters: 0,
  inputs: (on) => [place(q!, on), place(k!, on), place(v!, on)],
  outputShape: shape,
});
testComponent({
  name: "AlibiPosition",
  config: { heads: 2 },
  create: (config) => new Attended({ position: new AlibiPosition(config), positions, passes, window: 3 }),
  parameters: 0,
  inputs: (on) => [place(q!, on), place(k!, on), place(v!, on)],
  outputShape: shape,
});
testComponent({
  name: "T5Bias",
  config: { heads: 2, buckets: 6, maxDistance: 3 },
  create: (config, random) => new Attended({ position: new T5Bias({ ...config, random }), passes: [2, 2] }),
  parameters: 12,
  inputs: (on) => [place(q!, on), place(k!, on), place(v!, on)],
  outputShape: shape,
});
testComponent({
  name: "RelativePosition with positions for each row",
  config: { width: 6, clip: 2 },
  create: (config, random) => new Attended({ position: new RelativePosition({ ...config, random }), positions }),
  parameters: 2 * 5 * 6,
  inputs: (on) => [place(q!, on), place(k!, on), place(v!, on)],
  outputShape: shape,
});

/** Adds a position to embeddings [b, t, d]. */
class Embedded extends Module<[x: Tensor], Tensor> {
  readonly position: EmbeddingPosition;
  readonly #positions: readonly (readonly number[])[] | undefined;
  constructor(position: EmbeddingPosition, positions?: readonly (readonly number[])[]) {
    super();
    this.position = position;
    this.#positions = positions;
  }
  protected override compute(x: Tensor): Tensor {
    const { backend, shape } = x;
    return add(
      x,
      this.position.embed(new Extent({ offset: 0, length: shape[1]!, positions: this.#positions, backend })),
    );
  }
}
const embeddings = floats([2, 4, 6], random(1));

testComponent({
  name: "SinusoidalPosition",
  config: { width: 6 },
  create: (config) => new Embedded(new SinusoidalPosition(config)),
  parameters: 0,
  causal: 1,
  inputs: (on) => [place(embeddings, on)],
  outputShape: [2, 4, 6],
});
testComponent({
  name: "LearnedPosition with positions for each row",
  config: { context: 6, width: 6 },
  create: (config, random) =>
    new Embedded(new LearnedPosition({ ...config, random }), [
      [0, 0, 1, 2],
      [4, 5, 3, 3],
    ]),
  parameters: 36,
  inputs: (on) => [place(embeddings, on)],
  outputShape: [2, 4, 6],
});
