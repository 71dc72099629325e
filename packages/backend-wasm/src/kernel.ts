import {
  f32,
  f32x4,
  Func,
  i32,
  type I32,
  type Local,
  relaxed,
  type Type,
  type V128,
  type Value,
} from "@tenon/wasm-assembler";

/** What the engine that runs the module can do. */
export interface Target {
  /** Relaxed SIMD: one instruction for a · b + c, and products of bytes. */
  readonly relaxed: boolean;
  /** Two vectors that are treated alike share a register of 256 bits: twice as many fit, and one instruction serves both. */
  readonly wide?: boolean;
  /** Addresses have 64 bits, and so has every i32 of a kernel. */
  readonly far?: boolean;
}

/** Bytes that an argument of a kernel takes in memory: as many as an address. */
export const argumentBytes = (far: boolean): 4 | 8 => (far ? 8 : 4);

type Field = "i32" | "f32";
export type Fields = Readonly<Record<string, Field>>;
/** What a call of a kernel passes: a number for each of its fields. Addresses and counts are i32. */
export type Arguments<F extends Fields> = { readonly [K in keyof F]: number };
type Variables<F extends Fields> = { readonly [K in keyof F]: Local<F[K]> };

/** The part of the work that one call does. */
export interface Part {
  /** The first unit. What a unit is (a row, a tile) is the kernel's own affair, and how many there are its caller's. */
  readonly from: Local<"i32">;
  /** The unit after the last. */
  readonly to: Local<"i32">;
  /** Address of {@link scratchBytes} bytes that no other thread uses while the kernel runs. What they hold is unspecified. */
  readonly scratch: Local<"i32">;
}

/** How much room each thread has to work in. */
export const scratchBytes: number = 1 << 20;

/** Code in the making, for a target: {@link Func} and what depends on the target. */
export class KernelFunc extends Func {
  readonly target: Target;
  constructor(name: string, target: Target, parameters: readonly Type[] = ["i32", "i32", "i32", "i32"]) {
    super(name, parameters);
    this.target = target;
  }
  get relaxed(): boolean {
    return this.target.relaxed;
  }
  /** a · b + c in four lanes: one instruction, rounded once, where the engine has it; else two. */
  madd(a: V128, b: V128, c: V128): Value<"v128"> {
    return this.relaxed ? relaxed.madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
  }
}

/** A function of the module: it does units `from` to `to` of a job, with arguments that it reads from memory. */
export interface Kernel<F extends Fields = Fields> {
  readonly name: string;
  readonly fields: F;
  build(target: Target): Func;
}

/**
 * Defines a kernel. `body` writes its code; `of` holds the arguments, already in variables. Different units must write to different
 * places and read nothing that another unit writes, so that the result does not depend on which thread does what.
 *
 * @example
 * ```ts
 * const negate = kernel("negate", { x: "i32", y: "i32" }, (f, { x, y }, { from, to }) => {
 *   const at = f.local("i32");
 *   f.for(at, i32.shl(from, 4), i32.shl(to, 4), 16, () => {
 *     f.store("v128", i32.add(y, at), f32x4.neg(v128.load(i32.add(x, at))));
 *   });
 * });
 * ```
 */
export function kernel<const F extends Fields>(
  name: string,
  fields: F,
  body: (f: KernelFunc, of: Variables<F>, part: Part) => void,
): Kernel<F> {
  return {
    name,
    fields,
    build(target) {
      const f = new KernelFunc(name, target);
      const at = f.parameter(0, "i32");
      const part = { from: f.parameter(1, "i32"), to: f.parameter(2, "i32"), scratch: f.parameter(3, "i32") };
      const of: Record<string, Local<Field>> = {};
      const bytes = argumentBytes(target.far === true);
      for (const [n, [key, type]] of Object.entries(fields).entries())
        of[key] = f.let<Field>(type === "i32" ? i32.loadAddress(at, bytes * n) : f32.load(at, bytes * n));
      body(f, of as unknown as Variables<F>, part);
      return f;
    },
  };
}

/** base + index · 2^shift: the address of an element. */
export const element = (base: I32, index: I32, shift: number): Value<"i32"> => i32.add(base, i32.shl(index, shift));
