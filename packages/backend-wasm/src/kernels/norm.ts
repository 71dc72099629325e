import { sizeOf, type KernelTable } from "@tenon/tensor";

import type { Local } from "../assembler/func.ts";
import { f32, f32x4, i32, v128 } from "../assembler/instructions.ts";
import type { Value } from "../assembler/value.ts";
import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel, type KernelFunc } from "../kernel.ts";
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

const shape = { x: "i32", weight: "i32", y: "i32", n: "i32", epsilon: "f32" } as const;

/** (x − mean) / √(variance + ε) · weight + bias along rows. A unit is a row. */
const layerNorm = kernel("layerNorm", { ...shape, bias: "i32" }, (f, { x, weight, bias, y, n, epsilon }, part) => {
  const length = rowLength(f, n);
  const [row, from, to] = f.locals("i32", 3);
  const sums: Local<"v128">[] = f.locals("v128", turns);
  const [mean, inverse] = f.locals("v128", 2);
  const share = f.let(f32.div(1, f32.ofUnsigned(n)));
  f.for(row, part.from, part.to, 1, () => {
    const start = f.let(i32.mul(row, length.bytes));
    from.set(i32.add(x, start));
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

/** x / √(mean of x² + ε) · weight along rows. A unit is a row. */
const rmsNorm = kernel("rmsNorm", shape, (f, { x, weight, y, n, epsilon }, part) => {
  const length = rowLength(f, n);
  const [row, from, to] = f.locals("i32", 3);
  const sums: Local<"v128">[] = f.locals("v128", turns);
  const inverse = f.local("v128");
  const share = f.let(f32.div(1, f32.ofUnsigned(n)));
  f.for(row, part.from, part.to, 1, () => {
    const start = f.let(i32.mul(row, length.bytes));
    from.set(i32.add(x, start));
    to.set(i32.add(y, start));
    const squares = rowSum(f, length, sums, (place) => {
      const each = f.let(loadAt(from, place, zero));
      return f32x4.mul(each, each);
    });
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

export const normTable = (engine: Engine): Pick<KernelTable<Block>, "layerNorm" | "rmsNorm" | "layerNormGradient"> => ({
  layerNorm: ([x, weight, bias], { epsilon }, call) => {
    const y = call.allocate(call.output);
    const n = call.output.shape.at(-1)!;
    const [from, w, b] = [engine.at(x), engine.at(weight), bias === undefined ? 0 : engine.at(bias)];
    const size = sizeOf(call.output.shape);
    if (size > 0)
      engine.run(layerNorm, { x: from, weight: w, bias: b, y: engine.at(y), n, epsilon }, size / n, grain(n));
    return y;
  },
  rmsNorm: ([x, weight], { epsilon }, call) => {
    const y = call.allocate(call.output);
    const n = call.output.shape.at(-1)!;
    const values = { x: engine.at(x), weight: engine.at(weight), y: engine.at(y), n, epsilon };
    const size = sizeOf(call.output.shape);
    if (size > 0) engine.run(rmsNorm, values, size / n, grain(n));
    return y;
  },
  layerNormGradient: ([x, weight, g], { epsilon }, call) => {
    const y = call.allocate(call.output);
    const n = call.output.shape.at(-1)!;
    const values = { x: engine.at(x), weight: engine.at(weight), g: engine.at(g), y: engine.at(y), n, epsilon };
    const size = sizeOf(call.output.shape);
    if (size > 0) engine.run(layerNormGradient, values, size / n, grain(n));
    return y;
  },
});
