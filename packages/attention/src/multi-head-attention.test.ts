import { checkGradients, Module, normal, Parameter } from "@tenon/nn";
import { distances, Extent, RotaryPosition, type AttentionPosition } from "@tenon/positional";
import { cpu, isTenonError, mul, random, scoped, sum, tanh, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { FixedCache } from "./cache/fixed-cache.ts";
import { all } from "./mask/all.ts";
import { causal } from "./mask/causal.ts";
import { dense } from "./mask/dense.ts";
import type { Mask } from "./mask/mask.ts";
import { padding } from "./mask/padding.ts";
import { window } from "./mask/window.ts";
import { MultiHeadAttention, type MultiHeadAttentionOptions } from "./multi-head-attention.ts";

const [b, t, d, h] = [2, 5, 12, 4];
const double = (): Backend => cpu({ precision: "f64" });
const numbers = (count: number, seed: number): Float64Array => {
  const stream = random(seed);
  return Float64Array.from({ length: count }, () => stream.normal());
};
const x = numbers(b * t * d, 11);
const made = (options: Partial<MultiHeadAttentionOptions> = {}): MultiHeadAttention => {
  const attention = new MultiHeadAttention({ width: d, heads: h, random: random(1), ...options });
  for (const [path, parameter] of attention.parameters()) {
    if (path.endsWith("bias")) parameter.assign(Float64Array.from(numbers(parameter.type.shape[0]!, path.length)));
  }
  return attention;
};

type Allowed = (batch: number, head: number, query: number, key: number) => boolean;

/** The same in plain loops over doubles, one output element at a time. */
async function reference(attention: MultiHeadAttention, allowed: Allowed): Promise<number[]> {
  const k = d / h;
  const group = h / attention.keyValueHeads;
  const weights = new Map<string, ArrayLike<number>>();
  for (const [path, parameter] of attention.parameters()) weights.set(path, await parameter.host());
  const project = (name: string, row: ArrayLike<number>, column: number): number => {
    let total = weights.get(`${name}.bias`)?.[column] ?? 0;
    for (let i = 0; i < d; i++) total += weights.get(`${name}.weight`)![column * d + i]! * row[i]!;
    return total;
  };
  const output: number[] = [];
  for (let batch = 0; batch < b; batch++) {
    const row = (position: number): Float64Array =>
      x.subarray((batch * t + position) * d, (batch * t + position + 1) * d);
    for (let query = 0; query < t; query++) {
      const joined: number[] = [];
      for (let head = 0; head < h; head++) {
        const shared = Math.floor(head / group);
        const exponentials: number[] = [];
        for (let key = 0; key < t; key++) {
          let score = 0;
          for (let i = 0; i < k; i++) {
            score += project("query", row(query), head * k + i) * project("key", row(key), shared * k + i);
          }
          exponentials.push(allowed(batch, head, query, key) ? Math.exp(score / Math.sqrt(k)) : 0);
        }
        const total = exponentials.reduce((a, c) => a + c, 0);
        for (let i = 0; i < k; i++) {
          let value = 0;
          for (let key = 0; key < t; key++) {
            if (total > 0) value += (exponentials[key]! / total) * project("value", row(key), shared * k + i);
          }
          joined.push(value);
        }
      }
      for (let i = 0; i < d; i++) output.push(project("output", joined, i));
    }
  }
  return output;
}

const checker = (batch: number, head: number, query: number, key: number): boolean =>
  (batch + head + query * key) % 3 !== 0 || query === key;
const denseChecker = (on: Backend): Mask => {
  const allowed = Uint8Array.from({ length: b * h * t * t }, (_, i) =>
    Number(checker(Math.floor(i / (h * t * t)), Math.floor(i / (t * t)) % h, Math.floor(i / t) % t, i % t)),
  );
  return dense(tensor(allowed, [b, h, t, t], on, "bool"));
};
const lengths = (on: Backend, ...values: number[]): Tensor => tensor(values, [values.length], on, "i32");

const masks: readonly (readonly [name: string, mask: (on: Backend) => Mask | undefined, allowed: Allowed])[] = [
  ["no mask", () => undefined, () => true],
  ["causal", () => causal(), (_b, _h, query, key) => key <= query],
  ["window", () => window(2), (_b, _h, query, key) => key > query - 2],
  ["lengths", (on) => padding(lengths(on, 5, 3)), (batch, _h, _q, key) => key < [5, 3][batch]!],
  ["dense", denseChecker, checker],
  [
    "causal, window and lengths, with a row that sees nothing",
    (on) => all(causal(), window(2), padding(lengths(on, 5, 2))),
    (batch, _h, query, key) => key <= query && key > query - 2 && key < [5, 2][batch]!,
  ],
  ["lengths of 0", (on) => padding(lengths(on, 0, 3)), (batch, _h, _q, key) => key < [0, 3][batch]!],
];

for (const keyValueHeads of [4, 2, 1]) {
  test.each(masks)(`${keyValueHeads} key-value heads agree with plain loops: %s`, async (_, mask, allowed) => {
    const on = double();
    const attention = await made({ keyValueHeads }).to(on);
    const y = await attention.forward(tensor(x, [b, t, d], on), { mask: mask(on) }).read();
    const expected = await reference(attention, allowed);
    expect(y).toHaveLength(expected.length);
    expected.forEach((value, i) => expect(y[i]).toBeCloseTo(value, 12));
  });
}

test("without bias it agrees, too, and has four parameters", async () => {
  const on = double();
  const attention = await made({ bias: false }).to(on);
  expect([...attention.parameters().keys()]).toEqual(["query.weight", "key.weight", "value.weight", "output.weight"]);
  const y = await attention.forward(tensor(x, [b, t, d], on)).read();
  (await reference(attention, () => true)).forEach((value, i) => expect(y[i]).toBeCloseTo(value, 12));
});

/** Attention and its input, so that the gradient of the input is compared, too. */
class WithInput extends Module<[mask: Mask | undefined], Tensor> {
  readonly x: Parameter = new Parameter([b, t, d], normal(random(3), 1));
  readonly attention: MultiHeadAttention;
  constructor(attention: MultiHeadAttention) {
    super();
    this.attention = attention;
  }
  protected override compute(mask: Mask | undefined): Tensor {
    const y = this.attention.forward(this.x.value, { mask });
    return sum(mul(tanh(y), tensor(numbers(b * t * d, 4), [b, t, d], y.backend)));
  }
}

test.each(masks)("every gradient agrees with central differences: %s", async (_, mask) => {
  const on = double();
  const model = await new WithInput(
    made({ keyValueHeads: 2, position: new RotaryPosition({ width: 3, fraction: 2 / 3 }) }),
  ).to(on);
  const chosen = mask(on);
  await checkGradients(model, () => model.forward(chosen), { samples: 4 });
});

test("a sequence that sees nothing gives the output's bias", async () => {
  const on = double();
  const attention = await made().to(on);
  const y = await attention.forward(tensor(x, [b, t, d], on), { mask: padding(lengths(on, 0, 5)) }).read();
  const bias = await attention.output.bias!.host();
  expect(y.slice(0, d)).toEqual(bias);
});

test("a padded batch equals each sequence alone, whatever the padding holds", async () => {
  const on = double();
  const attention = await made({ position: new RotaryPosition({ width: 3, fraction: 2 / 3 }) }).to(on);
  const padded = x.slice();
  padded.fill(1e3, (t + 3) * d);
  const batch = await attention.forward(tensor(padded, [b, t, d], on), { mask: padding(lengths(on, 5, 3)) }).read();
  const alone = await attention.forward(tensor(x.slice(t * d, (t + 3) * d), [1, 3, d], on)).read();
  alone.forEach((value, i) => expect(batch[t * d + i]).toBeCloseTo(value, 12));
});

test("with rotary positions only distances count: shifting all positions changes nothing, leaving them out does", async () => {
  const on = double();
  const rotary = await made({ position: new RotaryPosition({ width: 3, fraction: 2 / 3 }) }).to(on);
  const input = tensor(x, [b, t, d], on);
  const near = await rotary.forward(input).read();
  const far = await rotary.forward(input, { extent: new Extent({ offset: 500, length: t, backend: on }) }).read();
  far.forEach((value, i) => expect(value).toBeCloseTo(near[i]!, 11));
  const without = await (await made().to(on)).forward(input).read();
  expect(Math.max(...without.map((value, i) => Math.abs(value - near[i]!)))).toBeGreaterThan(0.01);
});

test("a stranger's position scheme may add a bias", async () => {
  const on = double();
  const blocked: AttentionPosition = {
    at: (extent) => ({
      bias: (_, region) => {
        const bias = Float64Array.from(distances(extent, region)[0]!, (distance) => (distance <= 0 ? 0 : -1e9));
        return tensor(bias, [region.queries, region.keys], extent.backend);
      },
    }),
  };
  const biased = await made({ position: blocked }).to(on);
  const masked = await made().to(on);
  const input = tensor(x, [b, t, d], on);
  const expected = await masked.forward(input, { mask: causal() }).read();
  (await biased.forward(input).read()).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
});

test("forward leaves nothing but its result, with positions, masks and a shared extent", async () => {
  const on = cpu();
  const attention = await made({ position: new RotaryPosition({ width: 3, fraction: 2 / 3 }) }).to(on);
  using input = tensor(x, [b, t, d], on);
  const before = on.memory().tensors;
  scoped(() => {
    const extent = new Extent({ offset: 0, length: t, backend: on });
    attention.forward(input, { mask: causal(), extent });
    expect(on.memory().tensors).toBe(before + 3); // the result, and the extent's cos and sin
  });
  expect(on.memory().tensors).toBe(before);
});

test("the pattern is a function of the seed", async () => {
  const first = await new MultiHeadAttention({ width: d, heads: h, random: random(1) }).query.weight.host();
  const again = new MultiHeadAttention({ width: d, heads: h, random: random(1) });
  expect(await again.query.weight.host()).toEqual(first);
  expect(await again.key.weight.host()).not.toEqual(first);
});

const kindAndMessage = (body: () => unknown): [string, string] => {
  try {
    body();
  } catch (error) {
    if (isTenonError(error)) return [error.name, error.message];
  }
  return ["", "nothing was thrown"];
};

test("what cannot be split is refused, naming both numbers and what fits", () => {
  const make = (options: Partial<MultiHeadAttentionOptions>) => (): MultiHeadAttention => made(options);
  expect(kindAndMessage(make({ heads: 5 }))).toEqual([
    "ConfigError",
    "MultiHeadAttention: heads 5 does not divide width 12; choose heads from 1, 2, 3, 4, 6, 12, or another width",
  ]);
  expect(kindAndMessage(make({ keyValueHeads: 3 }))).toEqual([
    "ConfigError",
    "MultiHeadAttention: keyValueHeads 3 does not divide heads 4; choose keyValueHeads from 1, 2, 4, or another heads",
  ]);
  expect(kindAndMessage(make({ heads: 0 }))[1]).toBe(
    "MultiHeadAttention: heads must be a whole number from 1 up, got 0",
  );
});

test("inputs of another shape, and extents of another length, are refused", async () => {
  const on = cpu();
  const attention = await made().to(on);
  expect(kindAndMessage(() => attention.forward(tensor(x.slice(0, 12), [1, 2, 6], on)))).toEqual([
    "ShapeError",
    "MultiHeadAttention: x must be [b, t, 12], got [1, 2, 6]",
  ]);
  const extent = new Extent({ offset: 0, length: 4, backend: on });
  expect(kindAndMessage(() => attention.forward(tensor(x, [b, t, d], on), { extent }))).toEqual([
    "ShapeError",
    "MultiHeadAttention: x [2, 5, 12] has 5 positions, the extent 4; make an extent for each forward pass",
  ]);
});

test("an extent that does not begin where the cache ends is refused", async () => {
  const on = cpu();
  const attention = await made().to(on);
  using cache = new FixedCache(2 * t);
  const input = tensor(x, [b, t, d], on);
  const extent = new Extent({ offset: 0, length: t, backend: on });
  attention.forward(input, { cache, extent });
  expect(() => attention.forward(input, { cache, extent })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: MultiHeadAttention: the cache holds 5 positions, but the extent begins at 0; make an extent for each forward pass, with the cache's length for its offset]`,
  );
  expect(cache.length).toBe(t);
});
