// What one op costs on its way tensor → op → backend → kernel, beyond the arithmetic. DESIGN sets 150 ns on cpu, 1 µs decorated.
import { add, autodiff, cpu, reshape, Scope, tensor, type Backend, type Tensor } from "@tenon/tensor";

import { medians } from "./measure.ts";

const ops = 200;
const n = 8;

/** 200 times `op` in one scope, as a forward pass would. */
const inScope = (op: () => void) => () => {
  using scope = new Scope();
  scope.run(() => {
    for (let i = 0; i < ops; i++) op();
  });
};

/** The arithmetic by itself: a fresh result and eight additions. */
function arithmetic(a: Float32Array, b: Float32Array): () => void {
  let kept = new Float32Array(n);
  return () => {
    for (let i = 0; i < ops; i++) {
      const y = new Float32Array(n);
      for (let c = 0; c < n; c++) y[c] = a[c]! + b[c]!;
      kept = y;
    }
    if (Number.isNaN(kept[0]!)) throw new Error("unreachable: keeps the loop from being removed");
  };
}

/** Gives the tape up each time, as each differentiation does. */
function tracked(on: Backend, x: Tensor, y: Tensor): () => void {
  return () => {
    const tape = autodiff(on);
    using a = tape.watch(x);
    using b = tape.watch(y);
    inScope(() => add(a, b))();
    tape.close();
  };
}

export async function overhead(): Promise<void> {
  const on = cpu();
  const x = tensor(new Float32Array(n), [n], on);
  const y = tensor(new Float32Array(n), [n], on);
  const untracked = autodiff(on);
  const [u, v] = [untracked.lift(x), untracked.lift(y)];
  const times = await medians({
    arithmetic: arithmetic(new Float32Array(n), new Float32Array(n)),
    "add(x, y) on cpu": inScope(() => add(x, y)),
    "add(x, 1) on cpu": inScope(() => add(x, 1)),
    "reshape(x) on cpu": inScope(() => reshape(x, [2, 4])),
    "add(x, y) on autodiff(cpu), constant": inScope(() => add(u, v)),
    "add(x, y) on autodiff(cpu), tracked": tracked(on, x, y),
  });
  const each = (name: string): number => (times.get(name)! / ops) * 1e6;
  const base = each("arithmetic");
  console.log(`\nOverhead of one op on ${n} elements (median, ns)\n`);
  console.log(`${"".padEnd(40)}total  beyond the arithmetic  budget`);
  console.log(`${"arithmetic alone".padEnd(40)}${base.toFixed(0).padStart(5)}`);
  for (const name of times.keys()) {
    if (name === "arithmetic") continue;
    const beyond = name.startsWith("reshape") ? each(name) : each(name) - base;
    const budget = name.includes("autodiff") ? 1000 : 150;
    console.log(
      `${name.padEnd(40)}${each(name).toFixed(0).padStart(5)}${beyond.toFixed(0).padStart(23)}${String(budget).padStart(8)}  ${beyond <= budget ? "within" : "OVER"}`,
    );
  }
}
