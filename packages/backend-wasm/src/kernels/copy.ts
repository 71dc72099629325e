import { f64, i32, i32x4, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { Engine } from "../engine.ts";
import { kernel, type Kernel, type KernelFunc } from "../kernel.ts";

/** Bytes from which the engine's own copy, whose call takes 20 ns, is faster than a loop of vectors. */
const long = 8192;

/** How many bytes an element has in storage. */
export type ElementSize = 1 | 2 | 4;
export const elementSizes: readonly ElementSize[] = [1, 2, 4];

/** An element as a number: its bits, with zeros above. */
export const loadElement = (size: ElementSize, at: Value<"i32">, offset = 0): Value<"i32"> =>
  size === 4 ? i32.load(at, offset) : size === 2 ? i32.load16(at, offset) : i32.load8(at, offset);
export const storeElement = (
  f: KernelFunc,
  size: ElementSize,
  at: Value<"i32">,
  bits: Value<"i32">,
  offset = 0,
): void => f.store(size === 4 ? "i32" : size === 2 ? "i32 as 16 bits" : "i32 as 8 bits", at, bits, offset);

/** Copies bytes between places that do not overlap, and touches no others. */
export function copyBytes(f: KernelFunc, to: Local<"i32">, from: Local<"i32">, bytes: Local<"i32">): void {
  writeBytes(f, to, bytes, {
    whole: () => f.copy(to, from, bytes),
    vector: (at) => v128.load(i32.add(from, at)),
    eight: (at) => f64.load(i32.add(from, at)), // moved as they are, whatever they mean
    few: (size, at) => loadElement(size, i32.add(from, at)),
  });
}

/** Sets bytes to 0, and touches no others. */
function clearBytes(f: KernelFunc, to: Local<"i32">, bytes: Local<"i32">): void {
  const zeros = f.let(i32x4.of(0));
  writeBytes(f, to, bytes, {
    whole: () => f.fill(to, 0, bytes),
    vector: () => zeros,
    eight: () => f64.of(0),
    few: () => i32.of(0),
  });
}

/** What stands at a distance from the first byte, in each of the sizes in which it may be written. */
export interface Source {
  /** All at once, where there is an instruction for that; it pays for many bytes. */
  whole?(): void;
  vector(at: Value<"i32">): Value<"v128">;
  eight(at: Value<"i32">): Value<"f64">;
  few(size: ElementSize, at: Value<"i32">): Value<"i32">;
}

/** Writes bytes, and touches no others. */
export function writeBytes(f: KernelFunc, to: Local<"i32">, bytes: Local<"i32">, source: Source): void {
  const at = f.local("i32");
  const vectors = (): void => {
    const last = f.let(i32.sub(bytes, 16)); // overlaps the one before where the bytes are no whole vectors
    f.for(at, 0, last, 16, () => f.store("v128", i32.add(to, at), source.vector(at)));
    f.store("v128", i32.add(to, last), source.vector(last));
  };
  const fewer = (): void => {
    at.set(i32.of(0));
    f.if(i32.and(bytes, 8), () => {
      f.store("f64", i32.add(to, at), source.eight(at));
      at.set(i32.add(at, 8));
    });
    for (const size of elementSizes.toReversed()) {
      f.if(i32.and(bytes, size), () => {
        storeElement(f, size, i32.add(to, at), source.few(size, at));
        at.set(i32.add(at, size));
      });
    }
  };
  const inSteps = (): void => f.if(i32.ge(bytes, 16), vectors, fewer);
  if (source.whole === undefined) inSteps();
  else f.if(i32.ge(bytes, long), () => source.whole!(), inSteps);
}

/** Runs longer than this are divided among the threads. */
const piece = 1 << 18;
/** Bytes that are 20 µs of work, or 10 where they lie close by. */
const portion = 1 << 18;

/** How many runs of so many bytes are worth a thread's while: starting a run costs about as much as 64 bytes. */
export const runsPerPiece = (bytes: number): number => Math.ceil(portion / (bytes + 64));

const runFields = { y: "i32", bytes: "i32", yStep: "i32", pieces: "i32" } as const;
type Run = (place: { to: Local<"i32">; bytes: Local<"i32">; run: Local<"i32">; skipped: Local<"i32"> }) => void;

/** Calls `each` for the parts of runs of equal length, of which a unit is a piece. */
function eachPiece(
  f: KernelFunc,
  { y, bytes, yStep, pieces }: { readonly [K in keyof typeof runFields]: Local<"i32"> },
  { from, to }: { from: Local<"i32">; to: Local<"i32"> },
  each: Run,
): void {
  const unit = f.local("i32");
  const run = f.let(i32.div(from, pieces));
  const skipped = f.let(i32.mul(i32.sub(from, i32.mul(run, pieces)), piece));
  const here = f.let(i32.add(y, i32.mul(run, yStep)));
  f.for(unit, from, to, 1, () => {
    const rest = f.let(i32.sub(bytes, skipped));
    const size = f.let(f.select(i32.lt(rest, piece), rest, i32.of(piece)));
    each({ to: f.let(i32.add(here, skipped)), bytes: size, run, skipped });
    skipped.set(i32.add(skipped, piece));
    f.if(i32.ge(skipped, bytes), () => {
      skipped.set(i32.of(0));
      run.set(i32.add(run, 1));
      here.set(i32.add(here, yStep));
    });
  });
}

const copyRuns = kernel("copyRuns", { ...runFields, x: "i32", xStep: "i32" }, (f, { x, xStep, ...runs }, part) =>
  eachPiece(f, runs, part, ({ to, bytes, run, skipped }) =>
    copyBytes(f, to, f.let(i32.add(i32.add(x, i32.mul(run, xStep)), skipped)), bytes),
  ),
);
const clearRuns = kernel("clearRuns", runFields, (f, runs, part) =>
  eachPiece(f, runs, part, ({ to, bytes }) => clearBytes(f, to, bytes)),
);

/** `runs` stretches of bytes, each a step after the one before, in y and, where something is copied, in x. */
export interface Runs {
  readonly runs: number;
  readonly bytes: number;
  readonly y: number;
  readonly yStep: number;
}

/** Copies runs from x to y, which do not overlap. */
export function runCopy(engine: Engine, each: Runs & { readonly x: number; readonly xStep: number }): void {
  const { x, y, runs, bytes, yStep, xStep } = each;
  if (bytes === yStep && bytes === xStep && runs > 1) {
    runCopy(engine, { ...each, runs: 1, bytes: bytes * runs });
    return;
  }
  const pieces = Math.ceil(bytes / piece);
  engine.run(copyRuns, { y, bytes, yStep, pieces, x, xStep }, runs * pieces, runsPerPiece(Math.min(bytes, piece)));
}

/** Fills runs of y with zeros. */
export function runClear(engine: Engine, each: Runs): void {
  const { y, runs, bytes, yStep } = each;
  if (bytes === yStep && runs > 1) {
    runClear(engine, { ...each, runs: 1, bytes: bytes * runs });
    return;
  }
  const pieces = Math.ceil(bytes / piece);
  engine.run(clearRuns, { y, bytes, yStep, pieces }, runs * pieces, runsPerPiece(Math.min(bytes, piece)));
}

export const copyKernels: readonly Kernel[] = [copyRuns, clearRuns];
