import { sizeOf, type Attrs, type Call, type KernelTable } from "@tenon/tensor";
import { f32x4, i32, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import { floats } from "../constants.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel, type KernelFunc } from "../kernel.ts";
import { activations, geluEach, geluTanhEach, geluTanhSlopeEach } from "./activation.ts";
import { erf, erfEach, expEach, log, log1p, sigmoidEach, tanhEach } from "./math.ts";

type Vector = Value<"v128">;
type Pointwise = Kernel<{ readonly x: "i32"; readonly y: "i32" }>;

/** y = code(x) for every vector; a unit is four of them, of which `together` go side by side. */
const pointwiseEach = (
  name: string,
  together: 1 | 2 | 4,
  code: (f: KernelFunc, xs: readonly Vector[]) => readonly Vector[],
): Pointwise =>
  kernel(name, { x: "i32", y: "i32" }, (f, { x, y }, { from, to }) => {
    const at = f.local("i32");
    const end = f.let(i32.shl(to, 6));
    const places = Array.from({ length: together }, (_, i) => 16 * i);
    f.for(at, i32.shl(from, 6), end, 16 * together, () => {
      const loaded = places.map((place) => v128.load(i32.add(x, at), place));
      code(f, loaded).forEach((result, i) => f.store("v128", i32.add(y, at), result, places[i]));
    });
  });
const pointwise = (name: string, code: (f: KernelFunc, x: Vector) => Vector): Pointwise =>
  pointwiseEach(name, 1, (f, xs) => xs.map((x) => code(f, x)));

type Name =
  | "floor"
  | "sqrt"
  | "exp"
  | "log"
  | "log1p"
  | "erf"
  | "tanh"
  | "relu"
  | "squaredRelu"
  | "sigmoid"
  | "silu"
  | "softplus";
const simple: { readonly [N in Name]: Pointwise } = {
  floor: pointwise("floor", (_, x) => f32x4.floor(x)),
  sqrt: pointwise("sqrt", (_, x) => f32x4.sqrt(x)),
  exp: pointwiseEach("exp", 4, expEach),
  log: pointwise("log", log),
  log1p: pointwise("log1p", log1p),
  erf: pointwise("erf", erf),
  tanh: pointwiseEach("tanh", 4, tanhEach),
  relu: pointwise("relu", activations.relu),
  squaredRelu: pointwise("squaredRelu", activations.squaredRelu),
  sigmoid: pointwiseEach("sigmoid", 4, sigmoidEach),
  silu: pointwise("silu", activations.silu),
  softplus: pointwise("softplus", activations.softplus),
};
const abs = pointwise("abs", (_, x) => f32x4.abs(x));
const gelu = { exact: pointwiseEach("gelu", 2, geluEach), tanh: pointwiseEach("geluTanh", 4, geluTanhEach) };

type Gradient = Kernel<{ readonly x: "i32"; readonly g: "i32"; readonly y: "i32" }>;
const gradient = (
  name: string,
  together: 1 | 2 | 4,
  slopes: (f: KernelFunc, xs: readonly Vector[]) => readonly Vector[],
): Gradient =>
  kernel(name, { x: "i32", g: "i32", y: "i32" }, (f, { x, g, y }, { from, to }) => {
    const at = f.local("i32");
    const end = f.let(i32.shl(to, 6));
    const places = Array.from({ length: together }, (_, i) => 16 * i);
    f.for(at, i32.shl(from, 6), end, 16 * together, () => {
      const loaded = places.map((place) => v128.load(i32.add(x, at), place));
      slopes(f, loaded).forEach((slope, i) =>
        f.store("v128", i32.add(y, at), f32x4.mul(v128.load(i32.add(g, at), places[i]), slope), places[i]),
      );
    });
  });
const geluGradient = {
  /** Φ(x) + x φ(x). */
  exact: gradient("geluGradient", 4, (f, xs) => {
    const ys = xs.map((x) => f.let(x));
    const areas = erfEach(
      f,
      ys.map((y) => f32x4.mul(y, floats(Math.SQRT1_2))),
    ).map((area) => f.let(f.madd(area, floats(0.5), floats(0.5))));
    const powers = expEach(
      f,
      ys.map((y) => f32x4.mul(f32x4.mul(y, y), floats(-0.5))),
    );
    return ys.map((y, i) => f.madd(y, f32x4.mul(powers[i]!, floats(1 / Math.sqrt(2 * Math.PI))), areas[i]!));
  }),
  tanh: gradient("geluTanhGradient", 4, geluTanhSlopeEach),
};

export const pointwiseKernels: readonly Kernel[] = [
  ...Object.values(simple),
  abs,
  ...Object.values(gelu),
  ...Object.values(geluGradient),
];

/** Units of four vectors: 16 elements, of which a thread takes 16 Ki at a time. */
const flatUnits = (elements: number): number => Math.ceil(elements / 16);
const flatGrain: number = 1024;

/** Functions of one element, and the gradients of GELU. */
export function pointwiseTable(engine: Engine): Pick<KernelTable<Block>, Name | "abs" | "gelu" | "geluGradient"> {
  const run = (each: Pointwise, x: Block, call: Call<Block>): Block => {
    const y = call.allocate(call.output);
    engine.run(each, { x: engine.at(x), y: engine.at(y) }, flatUnits(sizeOf(call.output.shape)), flatGrain);
    return y;
  };
  const table = Object.fromEntries(
    Object.entries(simple).map(([name, each]) => [
      name,
      ([x]: readonly [Block], _: Attrs, call: Call<Block>) => run(each, x, call),
    ]),
  ) as unknown as Pick<KernelTable<Block>, Name>;
  return {
    ...table,
    abs: { accepts: (_, [x]) => x.dtype === "f32", run: ([x], _, call) => run(abs, x, call) },
    gelu: ([x], { form }, call) => run(gelu[form], x, call),
    geluGradient: ([x, g], { form }, call) => {
      const y = call.allocate(call.output);
      const values = { x: engine.at(x), g: engine.at(g), y: engine.at(y) };
      engine.run(geluGradient[form], values, flatUnits(sizeOf(call.output.shape)), flatGrain);
      return y;
    },
  };
}
