// What one op costs on its way tensor → op → backend → kernel, beyond the arithmetic. DESIGN sets 150 ns on cpu, 1 µs decorated.
import {
  add,
  autodiff,
  cpu,
  dryRun,
  fallback,
  profile,
  record,
  reshape,
  Scope,
  tensor,
  type Backend,
  type Tensor,
} from "@tenon/tensor";

import { lowestMedians } from "./measure.ts";

const ops = 200;
const rounds = 5;
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

/** Ops on constants that a decorator lifts. */
function lifted(on: Backend, x: Tensor, y: Tensor): void {
  using a = on.lift(x);
  using b = on.lift(y);
  inScope(() => add(a, b))();
}

export async function overhead(): Promise<void> {
  const on = cpu();
  const x = tensor(new Float32Array(n), [n], on);
  const y = tensor(new Float32Array(n), [n], on);
  const untracked = autodiff(on);
  const [u, v] = [untracked.lift(x), untracked.lift(y)];
  const profiled = profile(on);
  const backed = fallback(on, cpu());
  const dry = dryRun();
  const [p, q] = [tensor(new Float32Array(n), [n], dry), tensor(new Float32Array(n), [n], dry)];
  // First what a program without decorators sees; each decorator that has run makes every call site meet one more kind of backend.
  const plain = {
    arithmetic: arithmetic(new Float32Array(n), new Float32Array(n)),
    "add(x, y) on cpu": inScope(() => add(x, y)),
    "add(x, 1) on cpu": inScope(() => add(x, 1)),
    "reshape(x) on cpu": inScope(() => reshape(x, [2, 4])),
  };
  const decorated = {
    "add(x, y) on autodiff(cpu), constant": inScope(() => add(u, v)),
    "add(x, y) on autodiff(cpu), tracked": tracked(on, x, y),
    "add(x, y) on profile(cpu)": () => lifted(profiled, x, y),
    "add(x, y) on fallback(cpu, cpu)": () => lifted(backed, x, y),
    "add(x, y) on record(cpu)": () => {
      using recorder = record(on);
      lifted(recorder, x, y);
    },
    "add(x, y) on dryRun": inScope(() => add(p, q)),
    "add(x, y) on profile(record(cpu))": () => {
      using recorder = record(on);
      lifted(profile(recorder), x, y);
    },
    "add(x, y) on autodiff(profile(cpu))": tracked(profiled, x, y),
    "add(x, y) on autodiff(profile(record(cpu)))": () => {
      using recorder = record(on);
      tracked(profile(recorder), x, y)();
    },
  };
  const after = { "add(x, y) on cpu, after all these": inScope(() => add(x, y)) };
  const times = new Map<string, number>();
  for (const bodies of [plain, decorated, after])
    for (const [name, time] of await lowestMedians(bodies, rounds, 200)) times.set(name, time);
  const each = (name: string): number => (times.get(name)! / ops) * 1e6;
  const base = each("arithmetic");
  console.log(`\nOverhead of one op on ${n} elements (lowest of ${rounds} medians, ns)\n`);
  console.log(`${"".padEnd(46)}total  beyond the arithmetic  budget`);
  console.log(`${"arithmetic alone".padEnd(46)}${base.toFixed(0).padStart(5)}`);
  for (const name of times.keys()) {
    if (name === "arithmetic") continue;
    const beyond = name.startsWith("reshape") ? each(name) : each(name) - base;
    const budget = /on cpu$|after/u.test(name) ? 150 : 1000;
    console.log(
      `${name.padEnd(46)}${each(name).toFixed(0).padStart(5)}${beyond.toFixed(0).padStart(23)}${String(budget).padStart(8)}  ${beyond <= budget ? "within" : "OVER"}`,
    );
  }
}
