import { Embedding, Linear, Module, normal, Part, Parameter, valueAndGrad, zeros } from "@tenon/nn";
import {
  cpu,
  crossEntropy,
  ids,
  isTenonError,
  random,
  reshape,
  softmax,
  tanh,
  Variable,
  type Tensor,
} from "@tenon/tensor";
import { promiseBackend } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { FactorisedEmbedding } from "./factorised-embedding.ts";
import { FactorisedOutput } from "./factorised-output.ts";
import { meanOfRows } from "./new-rows.ts";
import { resizeVocabulary, type ResizeVocabularyOptions } from "./resize-vocabulary.ts";
import { ScaledEmbedding } from "./scaled-embedding.ts";
import { TiedOutput } from "./tied-output.ts";
import { TokenEmbedding } from "./token-embedding.ts";

const table = (vocabulary = 3): TokenEmbedding => new TokenEmbedding({ vocabulary, width: 2, random: random(1) });

class Model extends Module<[ids: Tensor], Tensor> {
  readonly tokens: ScaledEmbedding<TokenEmbedding> = new ScaledEmbedding(table());
  readonly output: TiedOutput = new TiedOutput(this.tokens.tokens, { bias: true });
  constructor() {
    super();
    this.tokens.tokens.table.assign(Float32Array.of(1, 2, 3, 4, 5, 9));
    this.output.bias!.assign(Float32Array.of(-1, 0, 4));
  }
  protected override compute(ids: Tensor): Tensor {
    return this.output.forward(tanh(this.tokens.forward(ids)));
  }
}
const valuesOf = async (model: Part): Promise<number[][]> =>
  Promise.all([...model.parameters().values()].map(async (parameter) => [...(await parameter.host())]));
const errorOf = async (part: Part, count: number, options?: ResizeVocabularyOptions): Promise<string> => {
  try {
    await resizeVocabulary(part, count, options);
  } catch (error) {
    if (isTenonError(error)) return `${error.name}: ${error.message}`;
  }
  return "no error";
};

describe.each([
  ["on the host", undefined],
  ["on a backend", () => cpu()],
  ["on a backend of promises", () => promiseBackend(random(1))],
] as const)("%s", (_, backend) => {
  const make = async (): Promise<Model> => {
    const on = backend?.();
    return on === undefined ? new Model() : new Model().to(on);
  };
  test("old rows stay as they are, and new ones are the mean of them; the tie and its bias follow", async () => {
    const model = await make();
    await resizeVocabulary(model, 5);
    expect(await valuesOf(model)).toEqual([
      [1, 2, 3, 4, 5, 9, 3, 5, 3, 5],
      [-1, 0, 4, 1, 1],
    ]);
    expect(model.tokens.tokens.vocabulary).toBe(5);
    expect(model.output.table).toBe(model.tokens.tokens.table);
    await model.to(cpu());
    const logits = model.forward(ids([4, 0], [1, 2], cpuOf(model), { limit: 5 }));
    expect(logits.shape).toEqual([1, 2, 5]);
  });
  test("fewer tokens: the first rows stay", async () => {
    const model = await make();
    await resizeVocabulary(model, 2);
    expect(await valuesOf(model)).toEqual([
      [1, 2, 3, 4],
      [-1, 0],
    ]);
  });
  test("there and back keeps the first rows to the last bit", async () => {
    const model = await make();
    const { table } = model.tokens.tokens;
    const odd = Float32Array.of(0.1, 1e-30, Math.PI, -0.3, 1 / 3, 7e20);
    table.assign(odd);
    await resizeVocabulary(model, 9);
    await resizeVocabulary(model, 3);
    expect(await table.host()).toEqual(odd);
  });
  test("new rows begin as told", async () => {
    const model = await make();
    await resizeVocabulary(model, 200, { rows: normal(random(1), 0.5), biases: zeros });
    const [rows, bias] = await valuesOf(model);
    const fresh = rows!.slice(6);
    expect(fresh).toHaveLength(394);
    expect(Math.sqrt(fresh.reduce((sum, x) => sum + x * x, 0) / 394)).toBeCloseTo(0.5, 1);
    expect(bias!.slice(3).every((x) => x === 0)).toBe(true);
  });
});
const cpuOf = (model: Model): ReturnType<typeof cpu> => model.output.table.value.backend;

test("nothing leaks, and the same number changes nothing", async () => {
  const on = cpu();
  const model = await new Model().to(on);
  const before = [model.output.table.value, model.output.bias!.value];
  await resizeVocabulary(model, 3);
  expect([model.output.table.value, model.output.bias!.value]).toEqual(before);
  expect(model.output.table.value).toBe(before[0]);
  await resizeVocabulary(model, 7);
  expect(on.memory()).toMatchObject({ tensors: 2, bytes: 4 * 7 * 3 });
});

test("double precision keeps its bits", async () => {
  const model = await new Model().to(cpu({ precision: "f64" }));
  model.output.table.assign(Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6));
  await resizeVocabulary(model, 4);
  const rows = await model.output.table.host();
  expect([...rows.slice(0, 6)]).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  expect(rows[6]).toBeCloseTo(0.3, 15);
});

test("the resized model trains: every row and its bias get a gradient", async () => {
  const on = cpu();
  const model = await new Model().to(on);
  await resizeVocabulary(model, 5);
  const [from, to] = [ids([3, 4, 1], [1, 3], on, { limit: 5 }), ids([4, 0, 3], [3], on, { limit: 5 })];
  const { gradients } = valueAndGrad(model, () => crossEntropy(reshape(model.forward(from), [3, 5]), to));
  for (const [parameter, gradient] of gradients) {
    expect(gradient.shape).toEqual(parameter.type.shape);
    expect((await gradient.read()).every((x) => x !== 0)).toBe(true);
  }
});

test("Hewitt's bound: among v tokens, no new one is at first likelier than 1/v", async () => {
  const on = cpu({ precision: "f64" });
  const large = normal(random(3), 3);
  const tokens = new TokenEmbedding({ vocabulary: 20, width: 8, random: random(1), initial: () => large });
  const output = await new TiedOutput(tokens, { bias: true }).to(on);
  output.bias!.assign(Float64Array.from(large([20])));
  const x = new Embedding({ count: 50, width: 8, random: random(2), initial: (random) => normal(random, 1) });
  await x.to(on);
  const likeliest = async (): Promise<number> => {
    const p = await softmax(output.forward(x.table.value)).read();
    return Math.max(...p.filter((_, i) => i % 23 >= 20));
  };
  await resizeVocabulary(output, 23);
  expect(await likeliest()).toBeLessThanOrEqual(1 / 23);
  await resizeVocabulary(output, 20);
  await resizeVocabulary(output, 23, { rows: normal(random(4), 3) });
  expect(await likeliest()).toBeGreaterThan(0.5); // what the paper warns of
});

test("parts within parts are found: factorised, wrapped, a stranger's", async () => {
  const tokens = table();
  const map = new Linear({ input: 2, output: 4, random: random(1) });
  const embedding = new FactorisedEmbedding({ tokens, map });
  class Counts extends Part {
    readonly counts: Parameter = new Parameter([3], zeros);
    get perToken(): readonly Parameter[] {
      return [this.counts];
    }
  }
  class All extends Part {
    readonly members: readonly Part[] = [new FactorisedOutput(embedding, { bias: true }), new Counts()];
  }
  const all = new All();
  await resizeVocabulary(all, 6);
  expect([...all.parameters().values()].map(({ type }) => type.shape)).toEqual([[4, 2], [6, 2], [6], [6]]);
});

class Untied extends Part {
  readonly tokens: TokenEmbedding = table();
  readonly middle: Linear = new Linear({ input: 2, output: 3, random: random(2) });
  readonly output: Linear = new Linear({ input: 3, output: 3, random: random(3) });
}

test("an untied output is resized when it is named, and the like of it is not overlooked", async () => {
  expect(await errorOf(new Untied(), 4)).toBe(
    "ConfigError: resizeVocabulary: middle and output may be an untied output, for it gives as many numbers as there are tokens, 3. If so, name it in `outputs`; if not, say `outputs: []`",
  );
  const model = new Untied();
  await resizeVocabulary(model, 4, { outputs: [model.output] });
  const shapes = (): unknown[] => [...model.parameters().values()].map(({ type }) => type.shape);
  expect(shapes()).toEqual([[4, 2], [3, 2], [3], [4, 3], [4]]);
  await resizeVocabulary(model, 5, { outputs: [model.output] });
  await expect(resizeVocabulary(model, 4, { outputs: [model.middle] })).rejects.toThrow("different sizes");
  await resizeVocabulary(new Untied(), 4, { outputs: [] });
});

test("what cannot be resized is refused, and then nothing has changed", async () => {
  expect(await errorOf(new Linear({ input: 2, output: 3, random: random(1) }), 4)).toBe(
    "ConfigError: resizeVocabulary: nothing in this Linear has a row for each token; give it a TokenEmbedding, or the model that holds one",
  );
  expect(await errorOf(table(), 0)).toBe(
    "ConfigError: resizeVocabulary: count must be a whole number from 1 up, got 0",
  );
  class Two extends Part {
    readonly source: TokenEmbedding = table(3);
    readonly target: TokenEmbedding = table(5);
  }
  expect(await errorOf(new Two(), 6)).toBe(
    "ConfigError: resizeVocabulary: the part has vocabularies of different sizes, 3 (source) and 5 (target); give it only the parts of the one to resize",
  );
  const model = new Model();
  expect(await errorOf(model, 5, { biases: () => [1] })).toBe(
    "ShapeError: resizeVocabulary: new rows [2] are 2 numbers, but 1 were given",
  );
  expect(model.output.table.type.shape).toEqual([3, 2]);
  model[Symbol.dispose]();
  expect(await errorOf(model, 5)).toContain("BackendError: this variable was disposed");
});

test("a parameter that changes meanwhile is not overwritten", async () => {
  const model = await new Model().to(cpu());
  const resizing = errorOf(model, 5);
  model.output.bias!.assign(Float32Array.of(7, 8, 9));
  expect(await resizing).toBe(
    "BackendError: resizeVocabulary: a parameter changed or moved while it was read, and nothing was resized; await resizeVocabulary before training or moving goes on",
  );
  expect(await valuesOf(model)).toEqual([
    [1, 2, 3, 4, 5, 9],
    [7, 8, 9],
  ]);
});

test("resizing during differentiation is refused by the variable", async () => {
  const model = await new Model().to(cpu());
  Variable.lend(
    [model.output.table],
    (value) => reshape(value, [3, 2]),
    () => expect(() => model.output.table.assign(Float32Array.of(1, 2), [1, 2])).toThrow("being differentiated"),
  );
});

test("the mean of a bias and of a table", () => {
  expect(Array.from(meanOfRows([2], [1, 2, 6]))).toEqual([3, 3]);
  expect(Array.from(meanOfRows([1, 3], [0, 1, 2, 4, 5, 8]))).toEqual([2, 3, 5]);
});
