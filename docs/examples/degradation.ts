// The observation that residual connections began with (He et al. 2015): more layers, and a
// larger loss, on the training data itself. Points of a plane are to be told apart by the
// quarter that they lie in; the layers are the same each time, and only the way around them
// is not.
import { NoResidual, Shortcut, type Residual } from "@tenon/blocks";
import { Linear, Module, valueAndGrad } from "@tenon/nn";
import { cpu, crossEntropy, ids, random, tanh, tensor, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

const [points, width, on] = [64, 16, cpu()];

class Classifier extends Module<[x: Tensor], Tensor> {
  readonly first: Linear;
  readonly layers: readonly Linear[];
  readonly connections: readonly Residual[];
  readonly last: Linear;

  constructor(depth: number, connection: () => Residual) {
    super();
    const linear = (name: string, input: number, output: number): Linear =>
      new Linear({ input, output, random: random(1).fork(name) });
    this.first = linear("first", 2, width);
    this.layers = Array.from({ length: depth }, (_, i) => linear(`layer ${i}`, width, width));
    this.connections = this.layers.map(connection);
    this.last = linear("last", width, 2);
  }

  /** Points [b, 2] → logits [b, 2]. */
  protected override compute(x: Tensor): Tensor {
    const first = this.first.forward(x);
    const deep = this.layers.reduce(
      (y, layer, i) => this.connections[i]!.forward(y, (z) => tanh(layer.forward(z))),
      first,
    );
    return this.last.forward(deep);
  }
}

const dice = random(5);
const plane = Array.from({ length: points }, () => [dice.normal(), dice.normal()] as const);
const x = tensor(plane.flat(), [points, 2], on);
const quarters = ids(
  plane.map(([a, b]) => Number(a * b > 0)),
  [points],
  on,
  { limit: 2 },
);

for (const [name, connection] of Object.entries({ "f(x)": () => new NoResidual(), "x + f(x)": () => new Shortcut() }))
  for (const depth of [4, 64]) {
    const model = await new Classifier(depth, connection).to(on);
    const optimiser = new AdamW(model);
    let last = NaN;
    for (let step = 0; step < 40; step++) {
      const { value, gradients } = valueAndGrad(model, () => crossEntropy(model.forward(x), quarters));
      optimiser.step(gradients, 3e-3);
      if (step === 39) last = (await value.read())[0]!;
      for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
    }
    console.log(`${name}, ${depth} layers: loss ${last.toFixed(2)}`);
  }

// prints:
// f(x), 4 layers: loss 0.20
// f(x), 64 layers: loss 0.69
// x + f(x), 4 layers: loss 0.32
// x + f(x), 64 layers: loss 0.01
