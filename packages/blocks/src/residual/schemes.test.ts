import { LayerNorm, Linear, Module, patch, RMSNorm, trace, withDropout, type Norm } from "@tenon/nn";
import { add, cpu, layerNorm, mul, profile, random, rmsNorm, tanh, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { DeepNorm } from "./deep-norm.ts";
import { LayerScale } from "./layer-scale.ts";
import { NoResidual } from "./no-residual.ts";
import { PostNorm } from "./post-norm.ts";
import { PreNorm } from "./pre-norm.ts";
import { ReZero } from "./re-zero.ts";
import type { Residual } from "./residual.ts";
import { SandwichNorm } from "./sandwich-norm.ts";
import { Shortcut } from "./shortcut.ts";

const on = cpu({ precision: "f64" });
const x = tensor([1, 2, 4, -3, 0, 5], [1, 2, 3], on);
const ones = tensor([1, 1, 1], [3], on);
const layer = (y: Tensor): Tensor => layerNorm(y, ones, undefined);
const root = (y: Tensor): Tensor => rmsNorm(y, ones);

/** Norms and scales begin as they are; ReZero's α at 0.5, so that something is added. */
const schemes: [name: string, make: (dropout?: number) => Residual, expected: (x: Tensor) => Tensor][] = [
  [
    "SandwichNorm is x + after(sublayer(before(x)))",
    (dropout) => new SandwichNorm({ before: new LayerNorm(3), after: new RMSNorm(3), dropout }),
    (x) => add(x, root(tanh(layer(x)))),
  ],
  [
    "DeepNorm is norm(α x + sublayer(x))",
    (dropout) => new DeepNorm({ norm: new LayerNorm(3), alpha: 1.5, dropout }),
    (x) => layer(add(mul(x, 1.5), tanh(x))),
  ],
  ["ReZero is x + α sublayer(x)", (dropout) => half(new ReZero({ dropout })), (x) => add(x, mul(tanh(x), 0.5))],
  [
    "ReZero with a norm is x + α sublayer(norm(x))",
    (dropout) => half(new ReZero({ norm: new RMSNorm(3), dropout })),
    (x) => add(x, mul(tanh(root(x)), 0.5)),
  ],
  [
    "LayerScale is x + λ ∘ sublayer(norm(x))",
    (dropout) => new LayerScale({ norm: new RMSNorm(3), width: 3, initial: 0.25, dropout }),
    (x) => add(x, mul(tanh(root(x)), 0.25)),
  ],
  ["Shortcut is x + sublayer(x)", (dropout) => new Shortcut({ dropout }), (x) => add(x, tanh(x))],
  ["NoResidual is the sublayer alone", (dropout) => new NoResidual({ dropout }), tanh],
];
function half(part: ReZero): ReZero {
  part.alpha.assign(Float64Array.of(0.5));
  return part;
}

test.each(schemes)("%s", async (_, make, expected) => {
  const residual = await make().to(on);
  expect(await residual.forward(x, tanh).read()).toEqual(await expected(x).read());
});

test.each(schemes)("%s: the tap shows what is added, and the scheme goes on with what it gives", async (_, make) => {
  const residual = await make().to(on);
  const { output, taps } = trace(residual, ["added"], () => residual.forward(x, tanh));
  const same = patch(residual, { added: () => taps["added"]![0]! }, () => residual.forward(x, (y) => mul(y, 7)));
  expect(await same.read()).toEqual(await output.read());
  const nothing = patch(residual, { added: (y) => mul(y, 0) }, () => residual.forward(x, tanh));
  const without = residual instanceof DeepNorm ? layer(mul(x, 1.5)) : residual instanceof NoResidual ? mul(x, 0) : x;
  expect((await nothing.read()).map((value) => value + 0)).toEqual((await without.read()).map((value) => value + 0));
});

test.each(schemes)("%s: dropout falls on what is added and not on the stream", async (_, make) => {
  const residual = await make(0.5).to(on);
  const constant = (y: Tensor): Tensor => add(mul(y, 0), 1);
  const wide = zeros([1, 8, 3], on);
  const seen = async (training: boolean): Promise<Set<number>> => {
    const run = (): readonly Tensor[] =>
      trace(residual, ["added"], () => residual.forward(wide, constant)).taps["added"]!;
    const [added] = training ? withDropout(residual, random(1), 0, run) : run();
    return new Set(await added!.read());
  };
  const [usual, ...others] = await seen(false);
  expect(others).toEqual([]);
  expect(await seen(true)).toEqual(new Set([0, 2 * usual!]));
  expect(() => make(1)).toThrow("Dropout: rate must be at least 0 and below 1, got 1");
});

/** A norm that knows nothing of a second argument. */
class Halved extends Module<[x: Tensor], Tensor> {
  protected override compute(x: Tensor): Tensor {
    return mul(x, 0.5);
  }
}
test.each<[name: string, make: () => Norm, together: string | undefined]>([
  ["LayerNorm", () => new LayerNorm(3), "addLayerNorm"],
  ["RMSNorm", () => new RMSNorm(3), "addRmsNorm"],
  ["a stranger's norm", () => new Halved(), undefined],
])("DeepNorm gives both to add to a %s that takes them, in one op", async (_, make, together) => {
  const watched = profile(on);
  const residual = await new DeepNorm({ norm: make(), alpha: 2 }).to(watched);
  const input = tensor([1, 2, 4, -3, 0, 5], [1, 2, 3], watched);
  const y = residual.forward(input, tanh);
  const ops = (await watched.report()).map(({ op }) => op);
  expect(ops.filter((op) => /^add./.test(op))).toEqual(together === undefined ? [] : [together]);
  expect(await y.read()).toEqual(await residual.norm.forward(add(mul(input, 2), tanh(input))).read());
});

test("with α = 1 DeepNorm is PostNorm; with λ = 1 LayerScale is PreNorm", async () => {
  const [deep, post] = [new DeepNorm({ norm: new LayerNorm(3), alpha: 1 }), new PostNorm({ norm: new LayerNorm(3) })];
  const scaled = new LayerScale({ norm: new LayerNorm(3), width: 3, initial: 1 });
  const pre = new PreNorm({ norm: new LayerNorm(3) });
  for (const part of [deep, post, scaled, pre]) await part.to(on);
  expect(await deep.forward(x, tanh).read()).toEqual(await post.forward(x, tanh).read());
  expect(await scaled.forward(x, tanh).read()).toEqual(await pre.forward(x, tanh).read());
});

test("what a sublayer gives may broadcast, except to a Shortcut", async () => {
  const row = tensor([1, 0, -1], [3], on);
  const expected = layer(add(mul(x, 2), row));
  const deep = await new DeepNorm({ norm: new LayerNorm(3), alpha: 2 }).to(on);
  expect(await deep.forward(x, () => row).read()).toEqual(await expected.read());
  expect(() => new Shortcut().forward(x, () => row)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: Shortcut: the shortcut gives [1, 2, 3], the sublayer [3]; give a shortcut that changes x [1, 2, 3] alike, such as a ZeroPaddedShortcut or a projection]`,
  );
});

test("a projection leads around a sublayer that changes the width", async () => {
  const shortcut = new Linear({ input: 3, output: 2, random: random(1) });
  const sublayer = await new Linear({ input: 3, output: 2, random: random(2) }).to(on);
  const residual = await new Shortcut({ shortcut }).to(on);
  expect([...residual.parameters().keys()]).toEqual(["shortcut.weight", "shortcut.bias"]);
  const y = residual.forward(x, (x) => sublayer.forward(x));
  expect(await y.read()).toEqual(await add(shortcut.forward(x), sublayer.forward(x)).read());
});

test("bad options are refused", () => {
  const norm = new LayerNorm(3);
  expect(() => new DeepNorm({ norm, alpha: 0 })).toThrow("DeepNorm: alpha must be a finite number above 0, got 0");
  expect(() => new LayerScale({ norm, width: 0 })).toThrow("LayerScale: width must be a whole number from 1 up, got 0");
  expect(() => new LayerScale({ norm, width: 3, initial: 0 })).toThrow(
    "LayerScale: initial must be a finite number above 0, got 0",
  );
});
