import { f32x4, Func, i32, i32x4, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { LoopsPlan, Slot } from "../plan.ts";
import { rowAt, sweep } from "./rows.ts";
import { firstLanes, multiplyAdd, sigmoid, spread, sumsOf, type Target } from "./vector-math.ts";

type Int = Local<"i32">;
type Vector = Local<"v128">;

/** How a function of {@link logisticOutputs} is specialised. */
export interface LogisticForm {
  /** How many output rows it takes, 1 to 6. */
  readonly count: number;
  /** Whether the error that it adds to is 0 as yet. */
  readonly first: boolean;
  /** Whether h is itself a row of the input, which gets the error at once. */
  readonly intoHidden: boolean;
}

/** The dot products of h with rows, in lanes. */
export function scoresOf(f: Func, target: Target, stride: number, hidden: Int, rows: readonly Int[]): Vector[] {
  const sums = rows.map(() => f.local("v128"));
  for (const sum of sums) sum.set(f32x4.of(0));
  const h = f.local("v128");
  const pointers = [hidden, ...rows].map((row) => f.let(row));
  sweep(f, stride, pointers, (offset) => {
    h.set(v128.load(pointers[0]!, offset));
    sums.forEach((sum, i) => sum.set(multiplyAdd(target, h, v128.load(pointers[i + 1]!, offset), sum)));
  });
  return Array.from({ length: Math.ceil(rows.length / 4) }, (_, i) => sumsOf(f, sums.slice(4 * i, 4 * i + 4)));
}

/**
 * Each row += factor · h, and error += Σ factor · row, the rows as they were. A row that comes twice is changed twice.
 */
export function updateRows(
  f: Func,
  target: Target,
  stride: number,
  { hidden, error, rows }: { hidden: Int; error: Int; rows: readonly Int[] },
  factors: readonly Vector[],
  { first, intoHidden }: Pick<LogisticForm, "first" | "intoHidden">,
): void {
  const [h, e, y] = f.locals("v128", 3);
  const keepsError = !first || !intoHidden;
  const pointers = [hidden, ...(keepsError ? [error] : []), ...rows].map((row) => f.let(row));
  const from = pointers[0]!;
  const to = pointers[1]!;
  const moving = pointers.slice(keepsError ? 2 : 1);
  sweep(f, stride, pointers, (offset) => {
    h.set(v128.load(from, offset));
    if (!first) e.set(v128.load(to, offset));
    moving.forEach((row, i) => {
      y.set(v128.load(row, offset));
      e.set(first && i === 0 ? f32x4.mul(factors[i]!, y) : multiplyAdd(target, factors[i]!, y, e));
      f.store("v128", row, multiplyAdd(target, factors[i]!, h, y), offset);
    });
    if (intoHidden) f.store("v128", from, f32x4.add(h, e), offset);
    else f.store("v128", to, e, offset);
  });
}

/** Multiplies the probabilities of what is right into the product that the slot keeps. */
export function multiplyIntoLoss(
  f: Func,
  slot: Pick<Slot, "exponents" | "mantissas">,
  probabilities: readonly Value<"v128">[],
): void {
  const product = f.let(v128.load(slot.mantissas.at));
  const exponents = f.let(v128.load(slot.exponents.at));
  for (const q of probabilities) {
    product.set(f32x4.mul(product, q));
    exponents.set(i32x4.add(exponents, i32x4.sub(i32x4.shr(product, 23), 127)));
    product.set(v128.or(v128.and(product, i32x4.of(0x7fffff)), i32x4.of(0x3f800000)));
  }
  f.store("v128", i32.of(slot.mantissas.at), product);
  f.store("v128", i32.of(slot.exponents.at), exponents);
}

/**
 * Logistic regression of labels from h, on several output rows at once: a function (points, labels, hidden, error, rate).
 *
 *     p = σ(h · y)      y += rate · (label − p) · h      error += rate · (label − p) · y
 *
 * All rows are scored before one is changed: they are read once for the score, and once more for the change.
 */
export function logisticOutputs(target: Target, plan: LoopsPlan, slot: Slot, form: LogisticForm): Func {
  const { count } = form;
  const f = new Func(`logistic${count}${form.first ? "first" : ""}${form.intoHidden ? "into" : ""}`, [
    "i32",
    "i32",
    "i32",
    "i32",
    "f32",
  ]);
  const [points, labels, hidden, error] = [0, 1, 2, 3].map((n) => f.parameter(n, "i32")) as [Int, Int, Int, Int];
  const rate = f.let(f32x4.splat(f.parameter(4, "f32")));
  const rows = Array.from({ length: count }, (_, i) =>
    f.let(rowAt(plan.output.at, plan.stride, i32.load(points, 4 * i))),
  );
  const steps = scoresOf(f, target, plan.stride, hidden, rows).map((scores, i) => {
    const wrong = f.let(f32x4.sub(v128.load(labels, 16 * i), sigmoid(f, target, scores)));
    return { wrong, right: firstLanes(count - 4 * i, rightness(wrong), f32x4.of(1)) };
  });
  multiplyIntoLoss(
    f,
    slot,
    steps.map(({ right }) => right),
  );
  const factors = steps.map(({ wrong }) => f.let(f32x4.mul(wrong, rate)));
  const spreads = rows.map((_, i) => f.let(spread(factors[Math.floor(i / 4)]!, i % 4)));
  updateRows(f, target, plan.stride, { hidden, error, rows }, spreads, form);
  return f;
}

/** The probability of a label that missed p by this much, not less than a float can tell from 0 beside 1. */
const rightness = (wrong: Value<"v128">): Value<"v128"> =>
  f32x4.max(f32x4.sub(f32x4.of(1), f32x4.abs(wrong)), 2 ** -24);
