import { sizeOf, type DType, type KernelTable, type TensorType } from "@tenon/tensor";
import { f32x4, f64x2, i16x8, i32, i32x4, i8x16, v128, type Value } from "@tenon/wasm-assembler";

import { storedBytes, type Block } from "../block.ts";
import { integers } from "../constants.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel, type KernelFunc } from "../kernel.ts";
import { runCopy } from "./copy.ts";
import { floatsOfHalves, halvesOfFloats } from "./half-lanes.ts";

type Vector = Value<"v128">;
type Pair = readonly [Vector, Vector];
const both = ([a, b]: Pair, g: (x: Vector) => Vector): Pair => [g(a), g(b)];

const dtypes = ["f32", "f16", "bf16", "i32", "u8", "bool"] as const;
type Stored = (typeof dtypes)[number];
const isWhole = (dtype: Stored): boolean => dtype === "i32" || dtype === "u8" || dtype === "bool";
/** log₂ of an element's bytes. */
const shiftOf: { readonly [D in Stored]: number } = { f32: 2, f16: 1, bf16: 1, i32: 2, u8: 0, bool: 0 };

/** Eight elements: as floats, or as 32-bit whole numbers where that is what they are. */
function loadEight(f: KernelFunc, dtype: Stored, at: Value<"i32">): Pair {
  if (dtype === "f32" || dtype === "i32") return [v128.load(at), v128.load(at, 16)];
  if (dtype === "f16" || dtype === "bf16")
    return both([v128.load16x4(at), v128.load16x4(at, 8)], (x) => floatsOfHalves(f, x, dtype));
  const bytes = f.let(v128.load8x8(at));
  return [i32x4.ofLow16(bytes), i32x4.ofHigh16(bytes)];
}

/** What eight elements are as another dtype, in 32-bit lanes. */
function converted(f: KernelFunc, x: Pair, from: Stored, to: Stored): Pair {
  if (to === "bool") return both(x, (v) => v128.and(isWhole(from) ? i32x4.ne(v, 0) : f32x4.ne(v, 0), integers(1)));
  if (isWhole(to)) return isWhole(from) ? x : both(x, i32x4.trunc); // u8 is narrowed as it is stored
  const floats = isWhole(from) ? both(x, f32x4.ofSigned) : x;
  return to === "f16" || to === "bf16" ? both(floats, (v) => halvesOfFloats(f, v, to)) : floats;
}

/** The lower halves of eight lanes. */
const lowHalves = [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29];

function storeEight(f: KernelFunc, to: Stored, at: Value<"i32">, [a, b]: Pair): void {
  if (to === "f32" || to === "i32") {
    f.store("v128", at, a);
    f.store("v128", at, b, 16);
  } else if (to === "f16" || to === "bf16") f.store("v128", at, i8x16.shuffle(a, b, lowHalves));
  else {
    const words = f.let(i16x8.narrow(a, b)); // saturating, and once more: what is no byte becomes the nearest
    f.store("f64", at, f64x2.lane(i8x16.narrowUnsigned(words, words), 0));
  }
}

type Cast = Kernel<{ readonly x: "i32"; readonly y: "i32" }>;
/** y = x as another dtype; a unit is sixteen elements. */
const cast = (from: Stored, to: Stored): Cast =>
  kernel(`${from}To${to}`, { x: "i32", y: "i32" }, (f, { x, y }, part) => {
    const at = f.local("i32");
    const end = f.let(i32.shl(part.to, 4));
    f.for(at, i32.shl(part.from, 4), end, 8, () => {
      const loaded = both(loadEight(f, from, element(x, at, shiftOf[from])), (v) => f.let(v));
      storeEight(f, to, element(y, at, shiftOf[to]), converted(f, loaded, from, to));
    });
  });

// Bytes are read alike, whether they are numbers or truth values.
const kernels = new Map<string, Cast>();
for (const from of dtypes.filter((dtype) => dtype !== "bool"))
  for (const to of dtypes) if (to !== from) kernels.set(`${from} ${to}`, cast(from, to));

export const castKernels: readonly Kernel[] = [...kernels.values()];

/** Writes n elements as another dtype. Both ends are padded to sixteen elements. */
export function runCast(engine: Engine, from: DType, to: DType, places: { x: number; y: number }, n: number): void {
  engine.run(kernels.get(`${from === "bool" ? "u8" : from} ${to}`)!, places, Math.ceil(n / 16), 1024);
}

/** Elements as another dtype. */
export const castTable = (engine: Engine): Pick<KernelTable<Block>, "cast"> => ({
  cast: ([x], { dtype }, call) => {
    const y = call.allocate(call.output);
    const from = (call.inputs[0] as TensorType).dtype;
    const places = { x: engine.at(x), y: engine.at(y) };
    if (from !== dtype && !(from === "bool" && dtype === "u8")) {
      runCast(engine, from, dtype, places, sizeOf(call.output.shape));
    } else {
      const bytes = storedBytes(call.output); // the same bits
      runCopy(engine, { ...places, runs: 1, bytes, yStep: bytes, xStep: bytes });
    }
    return y;
  },
});
