import { sizeOf, type Call, type KernelTable } from "@tenon/tensor";
import { f32, f32x4, i32, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Arguments, type Fields, type Kernel, type KernelFunc, type Part } from "../kernel.ts";
import { sumLanes } from "./math.ts";
import { loadAt, rowLength, storeAt, sweep, turns, type Place, type RowLength } from "./sweep.ts";

type Vector = Value<"v128">;
const zero: Vector = f32x4.of(0);

/** Σ over a row of what `term` gives at each place, as a number. */
function rowSum(f: KernelFunc, length: RowLength, sums: Local<"v128">[], term: (place: Place) => Vector): Value<"f32"> {
  for (const s of sums) s.set(zero);
  sweep(f, length, (place) => sums[place.turn]!.set(f32x4.add(sums[place.turn]!, term(place))));
  const [a, b, c, d] = sums as [Local<"v128">, Local<"v128">, Local<"v128">, Local<"v128">];
  return sumLanes(f, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** Lanes behind the end of a row as 0. */
const inside = (x: Vector, { mask }: Place): Vector => (mask === undefined ? x : v128.and(x, mask));

/** The rows that are normalised, of x or of x + residual: where the one at hand is read, and where it is written. */
interface Rows {
  readonly residual: Local<"i32">;
  readonly from: Local<"i32">;
  readonly to: Local<"i32">;
}

/**
 * The first sum over a row, `start` bytes into its tensor. Where there is a residual, this sweep adds it and writes what it adds up to
 * where the result will be; from then on it is read there in place of x.
 */
function firstSum(
  f: KernelFunc,
  part: Part,
  length: RowLength,
  { residual, from, to }: Rows,
  start: Local<"i32">,
  sums: Local<"v128">[],
  term: (x: Local<"v128">) => Vector,
): Local<"f32"> {
  const total = f.local("f32");
  f.if(
    residual,
    () => {
      const other = f.let(i32.add(residual, start));
      const added = (place: Place): Vector => {
        const x = f.let(inside(f32x4.add(loadAt(from, place), loadAt(other, place)), place));
        storeAt(f, part, to, place, x, length);
        return term(x);
      };
      total.set(rowSum(f, length, sums, added));
      from.set(to);
    },
    () => total.set(rowSum(f, length, sums, (place) => term(f.let(loadAt(from, place, zero))))),
  );
  return total;
}

const shape = { x: "i32", weight: "i32", y: "i32", n: "i32", epsilon: "f32" } as const;

/** (x − mean) / √(variance + ε) · weight + bias along rows of x or of x + residual. A unit is a row. */
const layerNorm = kernel("layerNorm", { ...shape, residual: "i32", bias: "i32" }, (f, of, part) => {
  const { x, residual, weight, bias, y, n, epsilon } = of;
  const length = rowLength(f, n);
  const [row, from, to] = f.locals("i32", 3);
  const sums: Local<"v128">[] = f.locals("v128", turns);
  const [mean, inverse] = f.locals("v128", 2);
  const share = f.let(f32.div(1, f32.ofUnsigned(n)));
  f.for(row, part.from, part.to, 1, () => {
    const start = f.let(i32.mul(row, length.bytes));
    from.set(i32.add(x, start));
    to.set(i32.add(y, start));
    const total = firstSum(f, part, length, { residual, from, to }, start, sums, (each) => each);
    mean.set(f32x4.splat(f32.mul(total, share)));
    const variance = rowSum(f, length, sums, (place) => {
      const apart = f.let(inside(f32x4.sub(loadAt(from, place), mean), place));
      return f32x4.mul(apart, apart);
    });
    inverse.set(f32x4.splat(f32.div(1, f32.sqrt(f32.add(f32.mul(variance, share), epsilon)))));
    const normal = (place: Place): Vector =>
      f32x4.mul(f32x4.mul(f32x4.sub(loadAt(from, place), mean), inverse), loadAt(weight, place));
    f.if(
      bias,
      () =>
        sweep(f, length, (place) => storeAt(f, part, to, place, f32x4.add(normal(place), loadAt(bias, place)), length)),
      () => sweep(f, length, (place) => storeAt(f, part, to, place, normal(place), length)),
    );
  });
});

/** x / √(mean of x² + ε) · weight along rows of x or of x + residual. A unit is a row. */
const rmsNorm = kernel("rmsNorm", { ...shape, residual: "i32" }, (f, of, part) => {
  const { x, residual, weight, y, n, epsilon } = of;
  const length = rowLength(f, n);
  const [row, from, to] = f.locals("i32", 3);
  const sums: Local<"v128">[] = f.locals("v128", turns);
  const inverse = f.local("v128");
  const share = f.let(f32.div(1, f32.ofUnsigned(n)));
  f.for(row, part.from, part.to, 1, () => {
    const start = f.let(i32.mul(row, length.bytes));
    from.set(i32.add(x, start));
    to.set(i32.add(y, start));
    const rows = { residual, from, to };
    const squares = firstSum(f, part, length, rows, start, sums, (each) => f32x4.mul(each, each));
    inverse.set(f32x4.splat(f32.div(1, f32.sqrt(f32.add(f32.mul(squares, share), epsilon)))));
    sweep(f, length, (place) =>
      storeAt(f, part, to, place, f32x4.mul(f32x4.mul(loadAt(from, place), inverse), loadAt(weight, place)), length),
    );
  });
});

/** The gradient of layerNorm to x: (ĝ − mean ĝ − x̂ · mean(ĝ x̂)) / σ with ĝ = g · weight. A unit is a row. */
const layerNormGradient = kernel("layerNormGradient", { ...shape, g: "i32" }, (f, of, part) => {
  const { x, weight, g, y, n, epsilon } = of;
  const length = rowLength(f, n);
  const [row, from, upstream, to] = f.locals("i32", 4);
  const sums: Local<"v128">[] = f.locals("v128", turns);
  const [mean, inverse, across, along] = f.locals("v128", 4);
  const share = f.let(f32.div(1, f32.ofUnsigned(n)));
  f.for(row, part.from, part.to, 1, () => {
    const start = f.let(i32.mul(row, length.bytes));
    from.set(i32.add(x, start));
    upstream.set(i32.add(g, start));
    to.set(i32.add(y, start));
    mean.set(
      f32x4.splat(
        f32.mul(
          rowSum(f, length, sums, (place) => loadAt(from, place, zero)),
          share,
        ),
      ),
    );
    const variance = rowSum(f, length, sums, (place) => {
      const apart = f.let(inside(f32x4.sub(loadAt(from, place), mean), place));
      return f32x4.mul(apart, apart);
    });
    inverse.set(f32x4.splat(f32.div(1, f32.sqrt(f32.add(f32.mul(variance, share), epsilon)))));
    const scaled = (place: Place): Vector => f32x4.mul(loadAt(upstream, place), loadAt(weight, place));
    const normal = (place: Place): Vector => f32x4.mul(f32x4.sub(loadAt(from, place), mean), inverse);
    across.set(
      f32x4.splat(
        f32.mul(
          rowSum(f, length, sums, (place) => inside(scaled(place), place)),
          share,
        ),
      ),
    );
    const product = rowSum(f, length, sums, (place) => inside(f32x4.mul(scaled(place), normal(place)), place));
    along.set(f32x4.splat(f32.mul(product, share)));
    sweep(f, length, (place) => {
      const rest = f32x4.sub(f32x4.sub(scaled(place), across), f32x4.mul(normal(place), along));
      storeAt(f, part, to, place, f32x4.mul(rest, inverse), length);
    });
  });
});

export const normKernels: readonly Kernel[] = [layerNorm, rmsNorm, layerNormGradient];

/** How many rows of n a thread takes at a time. */
const grain = (n: number): number => Math.ceil(16_384 / n);

type Names = "layerNorm" | "rmsNorm" | "addLayerNorm" | "addRmsNorm" | "layerNormGradient";

export const normTable = (engine: Engine): Pick<KernelTable<Block>, Names> => {
  const at = (block: Block | undefined): number => (block === undefined ? 0 : engine.at(block));
  /** Runs a kernel on the rows of the result, which it allocates. */
  const run = <F extends Fields>(
    which: Kernel<F>,
    call: Call<Block>,
    values: (y: number, n: number) => Arguments<F>,
  ): Block => {
    const y = call.allocate(call.output);
    const { shape } = call.output;
    const [size, n] = [sizeOf(shape), shape.at(-1)!];
    if (size > 0) engine.run(which, values(engine.at(y), n), size / n, grain(n));
    return y;
  };
  type Layer = readonly [x: Block, residual: Block | undefined, weight: Block, bias: Block | undefined];
  const layer = ([x, residual, weight, bias]: Layer, epsilon: number, call: Call<Block>): Block =>
    run(layerNorm, call, (y, n) => ({
      x: at(x),
      residual: at(residual),
      weight: at(weight),
      bias: at(bias),
      y,
      n,
      epsilon,
    }));
  const root = (x: Block, residual: Block | undefined, weight: Block, epsilon: number, call: Call<Block>): Block =>
    run(rmsNorm, call, (y, n) => ({ x: at(x), residual: at(residual), weight: at(weight), y, n, epsilon }));
  return {
    layerNorm: ([x, weight, bias], { epsilon }, call) => layer([x, undefined, weight, bias], epsilon, call),
    addLayerNorm: (inputs, { epsilon }, call) => layer(inputs, epsilon, call),
    rmsNorm: ([x, weight], { epsilon }, call) => root(x, undefined, weight, epsilon, call),
    addRmsNorm: ([x, residual, weight], { epsilon }, call) => root(x, residual, weight, epsilon, call),
    layerNormGradient: ([x, weight, g], { epsilon }, call) =>
      run(layerNormGradient, call, (y, n) => ({ x: at(x), weight: at(weight), g: at(g), y, n, epsilon })),
  };
};
