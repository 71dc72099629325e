import { argMax, cpu, type DType, greater, random, type Tensor, tensor } from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";
import { expect, test } from "vitest";
import { chiSquare } from "../../test/chi-square.ts";
import { gumbelNoise } from "./gumbel-noise.ts";
import { gumbelSoftmax, type GumbelSoftmaxOptions } from "./gumbel-softmax.ts";

const on = cpu();
const { key } = random(61);
const row = [0, 1, -1, 2, 0.5];
const rows = (n: number, dtype: DType = "f32"): Tensor =>
  tensor(Array.from({ length: n }, () => row).flat(), [n, 5], on, dtype);
const draw = (logits: Tensor, options: Partial<GumbelSoftmaxOptions> = {}): Promise<Float32Array> =>
  gumbelSoftmax(logits, { temperature: 1, key, counter: 0, ...options }).read() as Promise<Float32Array>;

const n = 20_000;
test.each([0.1, 1, 10])(
  "at τ = %d the largest element stands where softmax(z) says (chi-square, 4 degrees of freedom)",
  async (temperature) => {
    const counts = [0, 0, 0, 0, 0];
    for (const i of await argMax(gumbelSoftmax(rows(n), { temperature, key, counter: 1 })).read()) counts[i]!++;
    expect(chiSquare(counts, row.map(Math.exp))).toBeLessThan(18.47);
  },
);

// At the highest temperature all elements of the soft form are equal in f32, and the choice is still the right one.
test.each([1e-37, 1, 1e37])("at τ = %d hard rows are drawn from softmax(z), exactly one-hot", async (temperature) => {
  const y = await draw(rows(n), { temperature, hard: true, counter: 2 });
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const found = Array.from(y.subarray(5 * i, 5 * i + 5));
    expect(found.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 1]);
    counts[found.indexOf(1)]!++;
  }
  expect(chiSquare(counts, row.map(Math.exp))).toBeLessThan(18.47);
});

test("as τ → 0 the soft form becomes the hard one, and as τ → ∞ uniform; between, rows sum to 1", async () => {
  const hard = await draw(rows(100), { hard: true });
  expectNumbers(await draw(rows(100), { temperature: 1e-37 }), hard, 1e-6);
  expectNumbers(await draw(rows(100), { temperature: 1e-4 }), hard, 1e-2);
  expectNumbers(await draw(rows(100), { temperature: 1e37 }), new Array<number>(500).fill(0.2), 1e-6);
  const soft = await draw(rows(100), { temperature: 0.7 });
  for (let i = 0; i < 500; i += 5) expect(soft.subarray(i, i + 5).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
});

test("large logits at a low temperature do not overflow", async () => {
  const logits = tensor([1000, 2000, -1000, -2000], [2, 2], on);
  expect(Array.from(await draw(logits, { temperature: 1e-37 }))).toEqual([0, 1, 1, 0]);
});

test("ties in z + g: still exactly one-hot, the first of the equal ones", async () => {
  const huge = tensor(new Float32Array(12).fill(2 ** 40), [3, 4], on); // the noise is lost in the rounding
  expect(Array.from(await draw(huge, { hard: true }))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
});

test("classes at −∞ are never chosen", async () => {
  const open = tensor([-Infinity, 0, -Infinity, 0], [1, 4], on);
  for (let counter = 0; counter < 50; counter++) {
    const soft = await draw(open, { temperature: 0.5, counter });
    expect([soft[0], soft[2]]).toEqual([0, 0]);
    const hard = await draw(open, { hard: true, counter });
    expect(hard[1]! + hard[3]!).toBe(1);
  }
});

test.each([
  [0, -3],
  [1, -2],
  [2, -1],
])("axis %d is that of the classes, and also axis %d", async (axis, fromEnd) => {
  const logits = tensor(
    Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [2, 3, 4],
    on,
  );
  const scores = await gumbelNoise([2, 3, 4], key, 0, on).read();
  for (const [i, z] of (await logits.read()).entries()) scores[i] = scores[i]! + z;
  const [size, stride] = ([2, 3, 4] as const).map((s, i) => [s, [12, 4, 1][i]!] as const)[axis]!;
  const soft = new Float64Array(24);
  const hard = new Float64Array(24);
  for (let first = 0; first < 24; first++) {
    if (Math.floor(first / stride) % size !== 0) continue;
    const at = Array.from({ length: size }, (_, j) => first + j * stride);
    const e = at.map((i) => Math.exp(scores[i]! / 0.6));
    for (const [j, i] of at.entries()) soft[i] = e[j]! / e.reduce((a, b) => a + b, 0);
    hard[at[e.indexOf(Math.max(...e))]!] = 1;
  }
  for (const each of [axis, fromEnd]) {
    expectNumbers(await draw(logits, { temperature: 0.6, axis: each }), soft, 1e-5);
    expectNumbers(await draw(logits, { temperature: 0.6, axis: each, hard: true }), hard, 0);
  }
});

test.each([
  ["f16", 1e-3],
  ["bf16", 1e-2],
] as const)("%s: computed in f32 and rounded once", async (dtype, tolerance) => {
  const soft = gumbelSoftmax(rows(200, dtype), { temperature: 0.5, key, counter: 3 });
  expect(soft.dtype).toBe(dtype);
  expectNumbers(await soft.read(), await draw(rows(200), { temperature: 0.5, counter: 3 }), tolerance);
  const hard = gumbelSoftmax(rows(200, dtype), { temperature: 0.5, key, counter: 3, hard: true });
  expect(hard.dtype).toBe(dtype);
  expect(Array.from(await hard.read())).toEqual(Array.from(await draw(rows(200), { hard: true, counter: 3 })));
});

test("undefined options are absent, and the counter says which noise", async () => {
  const plain = await draw(rows(3));
  expect(await draw(rows(3), { axis: undefined, hard: undefined })).toEqual(plain);
  expect(await draw(rows(3), { counter: 1 })).not.toEqual(plain);
});

test.each([
  [{ temperature: 0 }, "the temperature must be a number from 1e-37 to 1e+37, got 0. For the limit at 0"],
  [{ temperature: Infinity }, "the temperature must be a number from 1e-37 to 1e+37, got Infinity"],
  [{ temperature: "1" }, "the temperature must be a number"],
  [{ key: undefined }, "gumbelSoftmax: the noise needs a key, such as random(7).key, and a whole number as counter"],
  [{ counter: 0.5 }, "and a whole number as counter, such as the step; got"],
  [{ axis: 2 }, "gumbelSoftmax: there is no axis 2; the logits have those from -2 to 1"],
  [{ axis: 0.5 }, "gumbelSoftmax: there is no axis 0.5"],
  [{ hard: 1 }, "gumbelSoftmax: hard is true or false, got 1"],
  [{ tau: 1 }, 'gumbelSoftmax() has no option "tau". It has temperature, key, counter, axis, hard.'],
])("options with %o are refused", (change, message) => {
  expect(() => gumbelSoftmax(rows(1), { temperature: 1, key, counter: 0, ...change } as never)).toThrow(message);
});

test("what is no float, and a scalar, are refused", () => {
  const options = { temperature: 1, key, counter: 0 };
  expect(() => gumbelSoftmax(greater(rows(1), 0), options)).toThrow(
    "gumbelSoftmax: logits must be f32, f16 or bf16, got bool; cast() them",
  );
  expect(() => gumbelSoftmax(tensor([1], [], on), options)).toThrow("there is no axis -1; the logits have none");
});
