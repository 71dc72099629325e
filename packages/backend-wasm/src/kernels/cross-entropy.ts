import type { Call, KernelTable, TensorType } from "@tenon/tensor";
import { f32, f32x4, f64, i32, type Local, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel, type KernelFunc } from "../kernel.ts";
import { exp, log, maxLanes, sumLanes } from "./math.ts";
import { loadAt, rowLength, storeAt, sweep, turns, type Place, type RowLength } from "./sweep.ts";

type Vector = Value<"v128">;

/** The largest of a row, in each lane; `each` are accumulators. */
function largest(f: KernelFunc, row: Value<"i32">, length: RowLength, each: Local<"v128">[]): Local<"v128"> {
  const lowest = f32x4.of(-Infinity);
  for (const v of each) v.set(lowest);
  sweep(f, length, (place) => each[place.turn]!.set(f32x4.max(each[place.turn]!, loadAt(row, place, lowest))));
  const [a, b, c, d] = each as [Local<"v128">, Local<"v128">, Local<"v128">, Local<"v128">];
  return f.let(f32x4.splat(maxLanes(f, f32x4.max(f32x4.max(a, b), f32x4.max(c, d)))));
}

/** Σ over a row of what `term` gives. */
function total(f: KernelFunc, length: RowLength, each: Local<"v128">[], term: (place: Place) => Vector): Value<"f32"> {
  for (const v of each) v.set(f32x4.of(0));
  sweep(f, length, (place) => each[place.turn]!.set(f32x4.add(each[place.turn]!, term(place))));
  const [a, b, c, d] = each as [Local<"v128">, Local<"v128">, Local<"v128">, Local<"v128">];
  return f.let(sumLanes(f, f32x4.add(f32x4.add(a, b), f32x4.add(c, d))));
}

const fields = { x: "i32", targets: "i32", y: "i32", v: "i32", ignore: "i32", smoothing: "f32", zLoss: "f32" } as const;

/** The logarithm of one number. */
const logOf = (f: KernelFunc, sum: Value<"f32">): Value<"f32"> => f32x4.lane(log(f, f32x4.splat(sum)), 0);

/**
 * log Σ eˣ − (1 − ε) xₜ − ε / v Σ x for each row that counts, with x less its largest, and ζ log² Z of x as it is; 0 for the others. A unit is a row.
 */
const rowLosses = kernel("crossEntropyRows", fields, (f, of, part) => {
  const { x, targets, y, v, ignore, smoothing, zLoss } = of;
  const length = rowLength(f, v);
  const [row, target, from] = f.locals("i32", 3);
  const [loss, right] = f.locals("f32", 2);
  const each: Local<"v128">[] = f.locals("v128", turns);
  f.for(row, part.from, part.to, 1, () => {
    target.set(i32.load(element(targets, row, 2)));
    loss.set(f32.of(0));
    f.if(i32.eqz(i32.eq(target, ignore)), () => {
      from.set(i32.add(x, i32.mul(row, length.bytes)));
      const top = largest(f, from, length, each);
      const shifted = (place: Place, beyond: number): Vector =>
        f32x4.sub(loadAt(from, place, beyond === 0 ? top : f32x4.of(beyond)), top);
      const sum = total(f, length, each, (place) => exp(f, shifted(place, -Infinity)));
      loss.set(logOf(f, sum));
      f.if(f32.gt(zLoss, 0), () => {
        const logZ = f.let(f32.add(loss, f32x4.lane(top, 0)));
        loss.set(f32.add(loss, f32.mul(zLoss, f32.mul(logZ, logZ))));
      });
      // A target that is none must not lead to some other tensor.
      right.set(f32.of(NaN));
      f.if(i32.lt(target, v), () => right.set(f32.sub(f32.load(element(from, target, 2)), f32x4.lane(top, 0))));
      loss.set(f32.sub(loss, f32.mul(f32.sub(1, smoothing), right)));
      // Without smoothing a class that is ruled out, at −∞, must not be touched.
      f.if(f32.gt(smoothing, 0), () => {
        const all = total(f, length, each, (place) => shifted(place, 0));
        loss.set(f32.sub(loss, f32.mul(f32.div(smoothing, f32.ofUnsigned(v)), all)));
      });
    });
    f.store("f32", element(y, row, 2), loss);
  });
});

/** How many of n targets count, at least 1. */
function countRows(f: KernelFunc, targets: Value<"i32">, n: Value<"i32">, ignore: Value<"i32">): Local<"i32"> {
  const [i, count] = f.locals("i32", 2);
  f.for(i, 0, n, 1, () => count.set(i32.add(count, i32.eqz(i32.eq(i32.load(element(targets, i, 2)), ignore)))));
  f.if(i32.eqz(count), () => count.set(i32.of(1)));
  return count;
}

/** The mean of the losses of the rows that count. One unit: it is little beside them. */
const meanLoss = kernel(
  "crossEntropyMean",
  { losses: "i32", targets: "i32", y: "i32", n: "i32", ignore: "i32" },
  (f, { losses, targets, y, n, ignore }) => {
    const i = f.local("i32");
    const sum = f.local("f64");
    const count = countRows(f, targets, n, ignore);
    f.for(i, 0, n, 1, () => sum.set(f64.add(sum, f64.ofF32(f32.load(element(losses, i, 2))))));
    f.store("f32", y, f32.ofF64(f64.div(sum, f64.ofUnsigned(count))));
  },
);

/** The share of the upstream gradient that each row that counts has. One unit. */
const rowWeight = kernel(
  "crossEntropyWeight",
  { g: "i32", targets: "i32", y: "i32", n: "i32", ignore: "i32" },
  (f, { g, targets, y, n, ignore }) =>
    f.store("f32", y, f32.div(f32.load(g), f32.ofUnsigned(countRows(f, targets, n, ignore)))),
);

/** weight · ((1 + 2 ζ log Z) softmax(x) − ε / v − (1 − ε) 1ₜ) along the rows that count, zeros in the others. A unit is a row. */
const rowGradients = kernel("crossEntropyGradient", { ...fields, weight: "i32" }, (f, of, part) => {
  const { x, targets, y, v, ignore, smoothing, zLoss } = of;
  const length = rowLength(f, v);
  const [row, target, from, to] = f.locals("i32", 4);
  const each: Local<"v128">[] = f.locals("v128", turns);
  const weight = f.let(f32.load(of.weight));
  const shared = f.let(f32x4.splat(f32.mul(weight, f32.div(smoothing, f32.ofUnsigned(v)))));
  f.for(row, part.from, part.to, 1, () => {
    const start = f.let(i32.mul(row, length.bytes));
    target.set(i32.load(element(targets, row, 2)));
    from.set(i32.add(x, start));
    to.set(i32.add(y, start));
    f.if(
      i32.eq(target, ignore),
      () => f.fill(to, 0, length.bytes),
      () => {
        const top = largest(f, from, length, each);
        const sum = total(f, length, each, (place) => {
          const e = exp(f, f32x4.sub(loadAt(from, place, f32x4.of(-Infinity)), top));
          storeAt(f, part, to, place, e, length);
          return e;
        });
        const logZ = f.let(f32.add(logOf(f, sum), f32x4.lane(top, 0)));
        const steeper = f32.add(1, f32.mul(2, f32.mul(zLoss, logZ)));
        const scale = f.let(f32x4.splat(f32.mul(f32.div(weight, sum), steeper)));
        sweep(f, length, (place) =>
          storeAt(f, part, to, place, f32x4.sub(f32x4.mul(loadAt(to, place), scale), shared), length),
        );
        f.if(i32.lt(target, v), () => {
          const right = f.let(element(to, target, 2));
          f.store("f32", right, f32.sub(f32.load(right), f32.mul(weight, f32.sub(1, smoothing))));
        });
      },
    );
  });
});

export const crossEntropyKernels: readonly Kernel[] = [rowLosses, meanLoss, rowWeight, rowGradients];

interface Attributes {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
  readonly zLoss: number;
}
/** The composition refuses an index that is no whole number of 32 bits. */
const accepts = ({ ignoreIndex }: Attributes): boolean => ignoreIndex === (ignoreIndex | 0);

/** The loss and its gradient: a row is read while it is in the cache. */
export function crossEntropyTable(engine: Engine): Pick<KernelTable<Block>, "crossEntropy" | "crossEntropyGradient"> {
  const common = ({ ignoreIndex, labelSmoothing, zLoss }: Attributes, x: Block, targets: Block, call: Call<Block>) => {
    const [n, v] = (call.inputs[0] as TensorType).shape as [number, number];
    const t = engine.at(targets);
    return {
      n,
      grain: Math.ceil(8192 / Math.max(v, 1)),
      rows: { x: engine.at(x), targets: t, v, ignore: ignoreIndex, smoothing: labelSmoothing, zLoss },
      all: { targets: t, n, ignore: ignoreIndex },
    };
  };
  const room = (n: number, call: Call<Block>): number => engine.at(call.allocate({ dtype: "f32", shape: [n] }));
  return {
    crossEntropy: {
      accepts,
      run: ([x, targets], attrs, call) => {
        const y = call.allocate(call.output);
        const { n, grain, rows, all } = common(attrs, x, targets, call);
        const losses = room(n, call);
        engine.run(rowLosses, { ...rows, y: losses }, n, grain);
        engine.run(meanLoss, { ...all, losses, y: engine.at(y) }, 1);
        return y;
      },
    },
    crossEntropyGradient: {
      accepts,
      run: ([x, targets, g], attrs, call) => {
        const y = call.allocate(call.output);
        const { n, grain, rows, all } = common(attrs, x, targets, call);
        const weight = room(1, call);
        engine.run(rowWeight, { ...all, g: engine.at(g), y: weight }, 1);
        engine.run(rowGradients, { ...rows, weight, y: engine.at(y) }, n, grain);
        return y;
      },
    },
  };
}
