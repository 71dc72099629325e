import { sizeOf, type Call } from "@tenon/tensor";
import { f32x4, i32, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Fields, type Kernel, type KernelFunc } from "../kernel.ts";

type Vector = Local<"v128">;

/** A kernel that changes arrays element by element, and how it is called. */
export interface UpdateKernel<N extends string> {
  readonly kernel: Kernel;
  /** Runs it: the arrays that change and then what else it reads, the kernel's numbers, and the call. Gives the new arrays, in place where it may. */
  run(engine: Engine, inputs: readonly Block[], numbers: { readonly [K in N]: number }, call: Call<Block>): Block[];
}

/**
 * A kernel for an update op of `inputs` arrays of one shape of which the first ones change. `step` has four elements of each and each of the
 * numbers in four lanes; it gives the new elements. A unit is sixteen elements.
 */
export function updateKernel<const N extends string>(
  name: string,
  inputs: number,
  numbers: readonly N[],
  step: (f: KernelFunc, x: readonly Vector[], of: { readonly [K in N]: Vector }) => readonly Value<"v128">[],
): UpdateKernel<N> {
  const from = Array.from({ length: inputs }, (_, i) => `from${i}`);
  const to = from.slice(0, -1).map((_, i) => `to${i}`);
  const fields: Fields = Object.fromEntries([
    ...[...from, ...to].map((field) => [field, "i32"] as const),
    ...numbers.map((field) => [field, "f32"] as const),
  ]);
  const body = kernel(name, fields, (f, of, part) => {
    const address = (field: string): Local<"i32"> => of[field] as Local<"i32">;
    const lanes = numbers.map((field) => [field, f.let(f32x4.splat(of[field] as Local<"f32">))] as const);
    const at = f.local("i32");
    const end = f.let(i32.shl(part.to, 6));
    f.for(at, i32.shl(part.from, 6), end, 16, () => {
      const x = from.map((field) => f.let(v128.load(i32.add(address(field), at))));
      const results = step(f, x, Object.fromEntries(lanes) as { [K in N]: Vector });
      results.forEach((result, i) => f.store("v128", i32.add(address(to[i]!), at), result));
    });
  });
  return {
    kernel: body,
    run: (engine, blocks, values, call) => {
      const results = to.map((_, i) => call.reuse(i) ?? call.allocate(call.outputs[i]!));
      const addresses = [
        ...from.map((field, i) => [field, engine.at(blocks[i]!)] as const),
        ...to.map((field, i) => [field, engine.at(results[i]!)] as const),
      ];
      const all = { ...Object.fromEntries(addresses), ...values };
      engine.run(body, all, Math.ceil(sizeOf(call.output.shape) / 16), 1024);
      return results;
    },
  };
}
