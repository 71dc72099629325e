import { sizeOf, type KernelTable, type TensorType } from "@tenon/tensor";
import { f32, f32x4, f64, f64x2, i32, i32x4, type Local, shuffle32, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel, type KernelFunc } from "../kernel.ts";

type Address = Local<"i32">;

/** Running sums along a line of n numbers, `step` bytes from each to the next; and along four lines side by side. */
interface Scan {
  readonly line: (f: KernelFunc, x: Address, y: Address, step: Address, n: Address) => void;
  readonly lines: (f: KernelFunc, x: Address, y: Address, step: Address, n: Address) => void;
}

/** What is summed in a type T: doubles for floats, so that long sums stay exact. */
interface Sums<T extends "f64" | "i32"> {
  readonly type: T;
  readonly load: (at: Value<"i32">) => Value<T>;
  readonly add: (a: Value<T>, b: Value<T>) => Value<T>;
  readonly store: (f: KernelFunc, at: Value<"i32">, x: Value<T>) => void;
}

/** A line, four numbers in a turn: of the sums before, only one addition waits for the turn before. */
const line =
  <T extends "f64" | "i32">({ type, load, add, store }: Sums<T>): Scan["line"] =>
  (f, x, y, step, n) => {
    const [from, to, i] = [f.let(x), f.let(y), f.local("i32")];
    const sum = f.local(type);
    sum.set((type === "f64" ? f64.of(0) : i32.of(0)) as Value<T>);
    const four = f.let(i32.and(n, -4));
    const next = (): Value<T> => {
      const each = f.let(load(from));
      from.set(i32.add(from, step));
      return each;
    };
    const write = (value: Value<T>): void => {
      store(f, to, value);
      to.set(i32.add(to, step));
    };
    f.for(i, 0, four, 4, () => {
      const [a, b, c, d] = [next(), next(), next(), next()];
      const ab = f.let(add(a, b));
      const abc = f.let(add(ab, c));
      const all = f.let(add(ab, add(c, d)));
      for (const part of [a, ab, abc]) write(add(sum, part));
      sum.set(add(sum, all));
      write(sum);
    });
    f.for(i, four, n, 1, () => {
      sum.set(add(sum, next()));
      write(sum);
    });
  };

const floats: Scan = {
  line: line<"f64">({
    type: "f64",
    load: (at) => f64.ofF32(f32.load(at)),
    add: f64.add,
    store: (f, at, x) => f.store("f32", at, f32.ofF64(x)),
  }),
  lines: (f, x, y, step, n) => {
    const [from, to, i] = [f.let(x), f.let(y), f.local("i32")];
    const [low, high] = [f.let(f64x2.of(0)), f.let(f64x2.of(0))];
    const four = f.local("v128");
    f.for(i, 0, n, 1, () => {
      four.set(v128.load(from));
      low.set(f64x2.add(low, f64x2.ofLowF32(four)));
      high.set(f64x2.add(high, f64x2.ofLowF32(shuffle32(four, four, 2, 3, 2, 3))));
      f.store("v128", to, shuffle32(f32x4.ofF64(low), f32x4.ofF64(high), 0, 1, 4, 5));
      from.set(i32.add(from, step));
      to.set(i32.add(to, step));
    });
  },
};
const whole: Scan = {
  line: line<"i32">({
    type: "i32",
    load: (at) => i32.load(at),
    add: i32.add,
    store: (f, at, x) => f.store("i32", at, x),
  }),
  lines: (f, x, y, step, n) => {
    const [from, to, i] = [f.let(x), f.let(y), f.local("i32")];
    const sum = f.let(i32x4.of(0));
    f.for(i, 0, n, 1, () => {
      sum.set(i32x4.add(sum, v128.load(from)));
      f.store("v128", to, sum);
      from.set(i32.add(from, step));
      to.set(i32.add(to, step));
    });
  },
};

const fields = { x: "i32", y: "i32", n: "i32", inner: "i32", blocks: "i32", step: "i32", first: "i32" } as const;
/** Along the middle axis of [outer, n, inner], from entry `first` on. A unit is a block of four columns, or of fewer at the end. */
const cumulativeSum = (name: string, scan: Scan): Kernel<typeof fields> =>
  kernel(name, fields, (f, { x, y, n, inner, blocks, step, first }, part) => {
    const [unit, column, start, from, to] = f.locals("i32", 5);
    f.for(unit, part.from, part.to, 1, () => {
      const outer = f.let(i32.div(unit, blocks));
      column.set(i32.shl(i32.sub(unit, i32.mul(outer, blocks)), 2));
      start.set(i32.add(i32.mul(i32.add(i32.mul(outer, n), first), inner), column));
      from.set(element(x, start, 2));
      to.set(element(y, start, 2));
      f.if(
        i32.le(i32.add(column, 4), inner),
        () => scan.lines(f, from, to, step, n),
        () =>
          f.for(column, column, inner, 1, () => {
            scan.line(f, from, to, step, n);
            from.set(i32.add(from, 4));
            to.set(i32.add(to, 4));
          }),
      );
    });
  });

const kernels = { f32: cumulativeSum("cumulativeSum", floats), i32: cumulativeSum("cumulativeSumWhole", whole) };
export const cumulativeSumKernels: readonly Kernel[] = [kernels.f32, kernels.i32];

/** Running sums along an axis, from either end. */
export const cumulativeSumTable = (engine: Engine): Pick<KernelTable<Block>, "cumulativeSum"> => ({
  cumulativeSum: ([x], { axis, reverse }, call) => {
    const y = call.allocate(call.output);
    const { dtype, shape } = call.inputs[0] as TensorType;
    const [outer, n, inner] = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
    if (n === 0) return y;
    const blocks = Math.ceil(inner / 4);
    const [step, first] = reverse ? [-4 * inner, n - 1] : [4 * inner, 0];
    const values = { x: engine.at(x), y: engine.at(y), n, inner, blocks, step, first };
    engine.run(kernels[dtype === "i32" ? "i32" : "f32"], values, outer * blocks, Math.ceil(8192 / n));
    return y;
  },
});
