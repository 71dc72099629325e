import {
  add,
  autodiff,
  cpu,
  gelu,
  mul,
  random,
  recomputed,
  scoped,
  sum,
  tensor,
  type Backend,
  type Tensor,
} from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { Dropout, withDropout } from "./dropout.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { recompute } from "./recompute.ts";
import { patch } from "./patch.ts";
import { trace } from "./trace.ts";
import { valueAndGrad } from "./value-and-grad.ts";

type Segment = (inputs: readonly [Tensor], body: (x: Tensor) => Tensor) => Tensor;
const plain: Segment = (inputs, body) => scoped(() => body(...inputs) as never) as Tensor;

class Layer extends Module<[x: Tensor], Tensor> {
  readonly linear: Linear;
  readonly dropout: Dropout;
  constructor(seed: number, dropout: Dropout) {
    super();
    this.linear = new Linear({ input: 4, output: 4, random: random(seed) });
    this.dropout = dropout;
  }
  protected override compute(x: Tensor): Tensor {
    return add(x, this.dropout.forward(this.tap("hidden", gelu(this.linear.forward(x)))));
  }
}

/** Four layers, of which each two share a dropout, of elements and of samples, so that what it draws depends on how often it was passed. */
class Model extends Module<[x: Tensor, segment: Segment], Tensor> {
  readonly #shared = [new Dropout(0.3), new Dropout(0.3, { axes: 1 })] as const;
  readonly layers: Layer[] = [1, 2, 3, 4].map((seed) => new Layer(seed, this.#shared[seed % 2 === 0 ? 1 : 0]));
  protected override compute(x: Tensor, segment: Segment): Tensor {
    const half =
      (at: number): Segment =>
      (inputs, body) =>
        segment(inputs, (x) =>
          this.layers.slice(at, at + 2).reduce((h, layer) => segment([h], (h) => layer.forward(h)), body(x)),
        );
    const h = half(2)([half(0)([x], (x) => mul(x, 1))], (h) => mul(h, 1));
    return sum(mul(h, h));
  }
}

const on: Backend = cpu();
const model = await new Model().to(on);
const x = tensor(
  Array.from({ length: 20 }, (_, i) => Math.sin(i)),
  [5, 4],
  on,
);

/** The value and all gradients, one after the other, with what happens around the forward pass alone or around it all. */
async function results(
  segment: Segment,
  around: (loss: () => Tensor) => Tensor,
  outside = (body: () => ReturnType<typeof valueAndGrad>) => body(),
): Promise<ArrayLike<number>[]> {
  const { value, gradients } = outside(() => valueAndGrad(model, () => around(() => model.forward(x, segment))));
  const values = await Promise.all([value, ...gradients.values()].map((tensor) => tensor.read()));
  for (const tensor of [value, ...gradients.values()]) tensor[Symbol.dispose]();
  expect(values).toHaveLength(1 + 8);
  return values;
}
const dropping = <T>(body: () => T): T => withDropout(model, random(9), 3, body);

describe("recompute gives the gradients of the plain run, to the last bit", () => {
  const before = on.memory();
  test("without dropout", async () => {
    expect(await results(recompute, (loss) => loss())).toEqual(await results(plain, (loss) => loss()));
    expect(on.memory()).toEqual(before);
  });
  test("with dropout around the loss and its gradients", async () => {
    const expected = await results(plain, (loss) => loss(), dropping);
    expect(await results(recompute, (loss) => loss(), dropping)).toEqual(expected);
    expect(expected).not.toEqual(await results(plain, (loss) => loss()));
    expect(on.memory()).toEqual(before);
  });
  test("with dropout around the loss alone: the backward pass happens outside", async () => {
    const expected = await results(plain, (loss) => loss(), dropping);
    expect(await results(recompute, dropping)).toEqual(expected);
  });
  test("when only the backward pass is within dropout", async () => {
    const gradient = (segment: Segment): Promise<ArrayLike<number>> => {
      const tape = autodiff(on);
      const watched = tape.watch(x);
      const loss = sum(segment([watched], (x) => model.layers[0]!.forward(x)));
      return dropping(() => tape.gradients(loss, [watched]))[0]!.read();
    };
    expect(await gradient(recompute)).toEqual(await gradient(plain));
    await expect(async () => gradient(recomputed)).rejects.toThrow("then dropout");
  });
  test("with a tap that changes what passes it", async () => {
    const halved = <T>(body: () => T): T => patch(model, { "layers.1.hidden": (h) => mul(h, 0.5) }, body);
    const expected = await results(plain, halved);
    expect(await results(recompute, halved)).toEqual(expected);
    expect(expected).not.toEqual(await results(plain, (loss) => loss()));
  });
});

test("trace records what passes a tap once, wherever the backward pass happens", async () => {
  const counts: number[] = [];
  const traced = await results(
    recompute,
    (loss) => loss(),
    (body) => {
      const { output, taps } = trace(model, ["**.hidden"], body);
      counts.push(...Object.values(taps).map((seen) => seen.length));
      for (const tensor of Object.values(taps).flat()) tensor[Symbol.dispose]();
      return output;
    },
  );
  expect(counts).toEqual([1, 1, 1, 1]);
  expect(traced).toEqual(await results(plain, (loss) => loss()));
});

test("a trace within the body records in both runs: the body needs what it found", async () => {
  const { value, gradients } = valueAndGrad(model.layers[0]!, () =>
    sum(
      recompute([x], (x) => {
        const { taps } = trace(model.layers[0]!, ["hidden"], () => model.layers[0]!.forward(x));
        return mul(taps["hidden"]![0]!, 2);
      }),
    ),
  );
  expect(gradients.size).toBe(2);
  for (const tensor of [value, ...gradients.values()]) tensor[Symbol.dispose]();
});

test("recomputed of @tenon/tensor knows nothing of dropout, and refuses rather than give wrong gradients", () => {
  const segment = (): Tensor => sum(recomputed([x], (x) => model.layers[0]!.forward(x)));
  const before = on.memory();
  expect(() => valueAndGrad(model, () => dropping(segment))).toThrow(
    /its differentiated op \d+ was dropout .* use recompute\(\) of @tenon\/nn/u,
  );
  expect(() => dropping(() => valueAndGrad(model, segment))).toThrow("was dropout"); // other draws
  expect(on.memory()).toEqual(before);
});
