import type { NamedActivation } from "@tenon/tensor";
import { i32, type Local, v128 } from "@tenon/wasm-assembler";

import type { KernelFunc } from "../kernel.ts";
import { activations } from "./activation.ts";

export type Activation = NamedActivation;

const names = Object.keys(activations) as readonly Activation[];

/** How a kernel is told which activation follows: 0 for none. */
export const activationCode = (name: Activation | undefined): number =>
  name === undefined ? 0 : 1 + names.indexOf(name);

/** Applies the activation that `code` names to rows of `vectors` vectors each: a pass over what was just written, in the first cache. */
export function writeActivation(
  f: KernelFunc,
  code: Local<"i32">,
  start: Local<"i32">,
  rowBytes: Local<"i32">,
  rows: Local<"i32">,
  vectors: number,
): void {
  for (const name of names) {
    f.if(i32.eq(code, activationCode(name)), () => {
      const at = f.let(start);
      const i = f.local("i32");
      f.for(i, 0, rows, 1, () => {
        for (let v = 0; v < vectors; v++) f.store("v128", at, activations[name](f, v128.load(at, 16 * v)), 16 * v);
        at.set(i32.add(at, rowBytes));
      });
    });
  }
}
