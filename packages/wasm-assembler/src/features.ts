import { assembleWasm } from "./module.ts";
import { Func } from "./func.ts";
import { i32, i32x4, i8x16, relaxed, v128 } from "./instructions.ts";
import { newMemory } from "./memory.ts";

const probeMemory = { initialPages: 1, maximumPages: 1, shared: false };

/** Whether this engine compiles the code; one instruction that it does not know makes a module invalid. */
function compiles(write: (f: Func) => void): boolean {
  const f = new Func("probe", []);
  write(f);
  return WebAssembly.validate(assembleWasm([f], probeMemory));
}

/** 128-bit SIMD: in every engine since 2021 to 2023. */
export const hasSimd = (): boolean => compiles((f) => f.store("v128", 0, v128.load(0)));

/** A memory with 64-bit addresses: in Node 24, Chromium 133 … */
export function hasFarMemory(): boolean {
  const limits = { ...probeMemory, far: true };
  const f = new Func("probe", []);
  f.store("i32", 0, i32.load(4));
  if (!WebAssembly.validate(assembleWasm([f], limits))) return false;
  try {
    newMemory(limits.initialPages, limits);
    return true;
  } catch {
    return false; // an engine from before the proposal's last change, which asks for its memory in another way
  }
}

/**
 * Relaxed SIMD whose product of bytes is right. Node 20's baseline compiler has one that is not (behind a flag), so it is tried with
 * numbers at the ends of its range before it is believed.
 */
export function hasRelaxedSimd(): boolean {
  const f = new Func("probe", []);
  const words = (i: number) => i8x16.splat(i32.load8Signed(16 + i));
  f.store("v128", 0, relaxed.dot8(words(0), words(1), i32x4.splat(i32.load(20))));
  const bytes = assembleWasm([f], probeMemory);
  if (!WebAssembly.validate(bytes)) return false;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const probe = exports["probe"] as () => void;
  const [signed, all] = [new Int8Array(memory.buffer), new Int32Array(memory.buffer)];
  return [
    [-128, 127, 5],
    [127, 127, -7],
    [-1, 64, 0],
    [3, 1, 1 << 20],
  ].every(([a, b, c]) => {
    signed[16] = a!;
    signed[17] = b!;
    all[5] = c!;
    probe();
    return all.subarray(0, 4).every((sum) => sum === 4 * a! * b! + c!);
  });
}
