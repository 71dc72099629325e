// A position scheme that Tenon does not bring: a bias −r₁ · log(1 + r₂ · distance), with two trained numbers for each head (KERPLE; Chi et al.
// 2022). It is tested, named in a spec, and then trained, saved and described with the rest of the model.
import { causal, MultiHeadAttention } from "@tenon/attention";
import { componentTests } from "@tenon/backend-testkit/core";
import { assemble, describe, gpt, standardKinds } from "@tenon/models";
import { ones, Parameter, Part } from "@tenon/nn";
import { type AttentionPosition, distanceTensor, type Extent, type Placement } from "@tenon/positional";
import { abs, cast, log1p, mul, neg, reshape, softplus, tensor } from "@tenon/tensor";
import { z } from "zod";

/** What holds parameters is a `Part`; what works inside attention is an `AttentionPosition`. */
class LogBias extends Part implements AttentionPosition {
  readonly height: Parameter;
  readonly speed: Parameter;

  constructor(heads: number) {
    super();
    this.height = new Parameter([heads, 1, 1], ones);
    this.speed = new Parameter([heads, 1, 1], ones);
  }

  at(extent: Extent): Placement {
    return {
      bias: (queries, region) => {
        const far = abs(cast(distanceTensor(extent, region), queries.dtype)); // [queries, keys], or [b, queries, keys]
        const [batch, cells] = [far.shape.slice(0, -2), [1, region.queries, region.keys]];
        // softplus keeps both numbers above 0, whatever training does to them.
        const steps = log1p(mul(reshape(far, [...batch, ...cells]), softplus(this.speed.value)));
        return neg(mul(steps, softplus(this.height.value))); // [h, queries, keys]
      },
    };
  }
}

// The testkit asks of it what it asks of every part: gradients, save and load, memory, precision, and that nobody sees the future.
const tests = componentTests({
  name: "attention with LogBias",
  config: { width: 8, heads: 2 },
  create: ({ width, heads }, random) =>
    new MultiHeadAttention({ width, heads, position: new LogBias(heads), random, bias: false }),
  inputs: (on) => [
    tensor(
      Array.from({ length: 40 }, (_, i) => Math.sin(i)),
      [1, 5, 8],
      on,
    ),
    { mask: causal() },
  ],
  outputShape: [1, 5, 8],
  parameters: 4 * 8 * 8 + 2 * 2,
  causal: 1,
});
for (const { run } of tests) await run();
console.log(tests.length, "checks of the part: all hold");

// A name for it in specs, with the schema of its options: it has none.
const kinds = standardKinds.with("position", "log-bias", {
  options: z.strictObject({ kind: z.literal("log-bias") }),
  build: (_, { heads }) => {
    const position = new LogBias(heads!.count); // one for all layers
    return { attention: () => position };
  },
});
const spec = {
  ...gpt({ vocabulary: 65, context: 64, width: 32, layers: 2, heads: 4 }),
  position: { kind: "log-bias" },
};
const model = assemble(spec, { kinds });
console.log(
  describe(model)
    .parts.find(({ kind }) => kind === "LogBias")!
    .parameters.map(({ name }) => name),
);

// prints:
// 8 checks of the part: all hold
// [ 'height', 'speed' ]
