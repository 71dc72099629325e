import { checkGradients, LayerNorm, Linear, trace, withDropout } from "@tenon/nn";
import { Extent, LearnedPosition, SinusoidalPosition, type EmbeddingPosition } from "@tenon/positional";
import { cpu, ids, isTenonError, mul, random, sum, tanh, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { FactorisedEmbedding } from "./factorised-embedding.ts";
import { InputEmbedding, type InputEmbeddingOptions } from "./input-embedding.ts";
import { ScaledEmbedding } from "./scaled-embedding.ts";
import { SegmentEmbedding } from "./segment-embedding.ts";
import { TokenEmbedding } from "./token-embedding.ts";

const seed = random(1);
const width = 4;
const tokens = (): TokenEmbedding => new TokenEmbedding({ vocabulary: 7, width, random: seed.fork("tokens") });
const everything = (): InputEmbeddingOptions => ({
  tokens: tokens(),
  position: new LearnedPosition({ context: 6, width, random: seed.fork("position") }),
  segments: new SegmentEmbedding({ width, random: seed.fork("segments") }),
  norm: new LayerNorm(width),
});
const chosen = (on: Backend): Tensor => ids([1, 2, 3, 3, 0, 6], [2, 3], on, { limit: 7 });

test("parameters are listed part by part", () => {
  expect([...new InputEmbedding(everything()).parameters().keys()]).toEqual([
    "tokens.table",
    "position.table",
    "segments.table",
    "norm.weight",
    "norm.bias",
  ]);
});

test("tokens alone pass through", async () => {
  const on = cpu();
  const embedding = await new InputEmbedding({ tokens: tokens() }).to(on);
  const alone = await embedding.tokens.forward(chosen(on)).read();
  expect(await embedding.forward(chosen(on)).read()).toEqual(alone);
});

test("adds position and segment, from the offset on; segments are 0 unless given", async () => {
  const on = cpu({ precision: "f64" });
  const { norm: _, ...options } = everything();
  const embedding = await new InputEmbedding(options).to(on);
  const table = async (path: string): Promise<ArrayLike<number>> => embedding.parameters().get(path)!.host();
  const [token, position, segment] = [
    await table("tokens.table"),
    await table("position.table"),
    await table("segments.table"),
  ];
  const extent = new Extent({ offset: 2, length: 3, backend: on });
  const second = ids([0, 1, 1, 1, 0, 0], [2, 3], on, { limit: 2 });
  for (const segments of [undefined, second]) {
    const y = await embedding.forward(chosen(on), { extent, segments }).read();
    const segmentIds = segments === undefined ? [0, 0, 0, 0, 0, 0] : [0, 1, 1, 1, 0, 0];
    [1, 2, 3, 3, 0, 6].forEach((id, place) => {
      for (let i = 0; i < width; i++) {
        const expected =
          token[id * width + i]! + position[(2 + (place % 3)) * width + i]! + segment[segmentIds[place]! * width + i]!;
        expect(y[place * width + i]).toBeCloseTo(expected, 12);
      }
    });
  }
});

test("every gradient agrees with central differences, with dropout, too", async () => {
  const on = cpu({ precision: "f64" });
  const embedding = await new InputEmbedding({ ...everything(), dropout: 0.3 }).to(on);
  for (const parameter of embedding.parameters().values()) {
    const length = parameter.type.shape.reduce((a, b) => a * b, 1);
    parameter.assign(Float64Array.from({ length }, (_, i) => Math.cos(i * 3 + length)));
  }
  const segments = ids([0, 1, 1, 1, 0, 0], [2, 3], on, { limit: 2 });
  const weight = tensor(
    Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [2, 3, width],
    on,
  );
  const loss = (): Tensor =>
    withDropout(embedding, random(2), 0, () => sum(mul(tanh(embedding.forward(chosen(on), { segments })), weight)));
  await checkGradients(embedding, loss);
});

test("its result can be tapped, and forward leaves nothing else", async () => {
  const on = cpu();
  const embedding = await new InputEmbedding({ ...everything(), position: new SinusoidalPosition({ width }) }).to(on);
  using input = chosen(on);
  const before = on.memory().tensors;
  const { output, taps } = trace(embedding, ["output"], () => embedding.forward(input));
  expect(taps["output"]![0]!.shape).toEqual([2, 3, width]);
  output[Symbol.dispose]();
  taps["output"]![0]![Symbol.dispose]();
  expect(on.memory().tensors).toBe(before);
});

test("what does not fit is refused", async () => {
  const on = cpu();
  const embedding = await new InputEmbedding({ tokens: tokens() }).to(on);
  const errorOf = (body: () => unknown): string => {
    try {
      body();
    } catch (error) {
      if (isTenonError(error)) return `${error.name}: ${error.message}`;
    }
    return "no error";
  };
  expect(errorOf(() => embedding.forward(chosen(on), { segments: chosen(on) }))).toBe(
    "ConfigError: InputEmbedding: segments were given, but the model has no segment embedding; leave them out",
  );
  expect(errorOf(() => embedding.forward(ids([1], [1], on, { limit: 7 })))).toBe(
    "ShapeError: InputEmbedding: ids must be [b, t], got [1]",
  );
  const extent = new Extent({ offset: 0, length: 2, backend: on });
  expect(errorOf(() => embedding.forward(chosen(on), { extent }))).toBe(
    "ShapeError: InputEmbedding: ids [2, 3] have 3 positions, the extent 2; make an extent for each forward pass",
  );
  expect(errorOf(() => new InputEmbedding({ tokens: tokens(), dropout: 1 }))).toContain(
    "rate must be at least 0 and below 1",
  );
});

test("segments of another shape are refused, and do not make the batch larger", async () => {
  const on = cpu();
  const embedding = await new InputEmbedding(everything()).to(on);
  const segments = (...shape: number[]): Tensor =>
    ids(new Int32Array(shape.reduce((a, c) => a * c, 1)), shape, on, { limit: 2 });
  for (const shape of [[2, 1], [3, 3], [3]])
    expect(() => embedding.forward(chosen(on), { segments: segments(...shape) })).toThrow("segments must be [2, 3]");
  expect(embedding.forward(chosen(on), { segments: segments(1, 3) }).shape).toEqual([2, 3, width]);
});

/** Positions that are the numbers 1, 2, 3 … in a shape. */
const counting = (...shape: number[]): EmbeddingPosition => ({
  embed: ({ backend }) =>
    tensor(
      Array.from({ length: shape.reduce((a, c) => a * c, 1) }, (_, i) => i + 1),
      shape,
      backend,
    ),
});

test("positions may be one table, a number for each position, or a table for each row", async () => {
  const on = cpu({ precision: "f64" });
  const added = async (...shape: number[]): Promise<number[]> => {
    const plain = tokens();
    const embedding = await new InputEmbedding({ tokens: plain, position: counting(...shape) }).to(on);
    const x = await plain.forward(chosen(on)).read();
    const y = await embedding.forward(chosen(on)).read();
    return Array.from(y, (value, i) => Math.round((value - x[i]!) * 1e6) / 1e6);
  };
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  expect(await added(3, width)).toEqual([...upTo(12), ...upTo(12)]);
  expect(await added(1, 3, width)).toEqual([...upTo(12), ...upTo(12)]);
  expect(await added(3, 1)).toEqual([...upTo(3), ...upTo(3)].flatMap((x) => [x, x, x, x]));
  expect(await added(2, 3, width)).toEqual(upTo(24));
  expect(await added(2, 3, 1)).toEqual(upTo(6).flatMap((x) => [x, x, x, x]));
});

test("rows with positions of their own: padding in front changes nothing for the tokens after it", async () => {
  const on = cpu();
  const embedding = await new InputEmbedding({ tokens: tokens(), position: new SinusoidalPosition({ width }) }).to(on);
  const padded = new Extent({
    offset: 0,
    length: 3,
    positions: [
      [0, 1, 2],
      [0, 0, 1],
    ],
    backend: on,
  });
  const y = await embedding.forward(ids([1, 2, 3, 0, 5, 6], [2, 3], on, { limit: 7 }), { extent: padded }).read();
  const alone = await embedding.forward(ids([5, 6], [1, 2], on, { limit: 7 })).read();
  expect(y.slice(4 * width)).toEqual(alone);
});

test("positions that do not fit are refused, and do not make the batch or the width larger", async () => {
  const on = cpu();
  for (const shape of [[3, 3, width], [2, width], [3, 5], [width], [1, 1, 3, width]]) {
    const embedding = await new InputEmbedding({ tokens: tokens(), position: counting(...shape) }).to(on);
    expect(() => embedding.forward(chosen(on))).toThrow(
      `InputEmbedding: positions must be [3, 4] or [2, 3, 4], to be added to the tokens [2, 3, 4], got [${shape.join(", ")}]; give the position scheme the tokens' width, and the extent a row for each of the batch or one for all`,
    );
  }
});

test("what is normed is dropped, and what is left of it larger by 1 / (1 − rate)", async () => {
  const on = cpu({ precision: "f64" });
  const rate = 0.5;
  const [plain, dropping] = [new InputEmbedding(everything()), new InputEmbedding({ ...everything(), dropout: rate })];
  for (const embedding of [plain, dropping]) await embedding.to(on);
  const whole = await plain.forward(chosen(on)).read();
  expect(await dropping.forward(chosen(on)).read()).toEqual(whole);
  const some = await withDropout(dropping, random(3), 0, () => dropping.forward(chosen(on))).read();
  const kept = Array.from(some.keys()).filter((i) => some[i] !== 0);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(some.length);
  for (const i of kept) expect(some[i]).toBeCloseTo(whole[i]! / (1 - rate), 12);
});

test("a map comes last, after the dropout, and its result is what a tap sees", async () => {
  const on = cpu();
  const map = new Linear({ input: width, output: 6, random: seed.fork("map") });
  const embedding = await new InputEmbedding({ ...everything(), map }).to(on);
  const { map: _, ...without } = { ...everything(), map };
  const narrow = await new InputEmbedding(without).to(on);
  const { output, taps } = trace(embedding, ["output"], () => embedding.forward(chosen(on)));
  expect(output.shape).toEqual([2, 3, 6]);
  expect(await taps["output"]![0]!.read()).toEqual(await output.read());
  expect(await output.read()).toEqual(await map.forward(narrow.forward(chosen(on))).read());
  const rate = 0.9;
  const dropped = new InputEmbedding({ ...without, dropout: rate, map });
  const y = withDropout(dropped, random(2), 0, () => dropped.forward(chosen(on)));
  const bare = new InputEmbedding({ ...without, dropout: rate });
  const x = withDropout(bare, random(2), 0, () => bare.forward(chosen(on)));
  expect(await y.read()).toEqual(await map.forward(x).read());
});

test("scaled and factorised tokens take positions of the outer width", async () => {
  const on = cpu({ precision: "f64" });
  const narrow = new FactorisedEmbedding({
    tokens: new TokenEmbedding({ vocabulary: 7, width: 2, random: seed }),
    map: new Linear({ input: 2, output: width, random: seed }),
  });
  const position = new SinusoidalPosition({ width });
  const embedding = await new InputEmbedding({ tokens: new ScaledEmbedding(narrow), position }).to(on);
  const x = await narrow.forward(chosen(on)).read();
  const waves = await position.embed(new Extent({ offset: 0, length: 3, backend: on })).read();
  const y = await embedding.forward(chosen(on)).read();
  for (const [i, value] of y.entries()) expect(value).toBeCloseTo(x[i]! * 2 + waves[i % 12]!, 12);
});
