import { f32, f32x4, type Func, i32, type Local, v128 } from "@tenon/wasm-assembler";

import type { LoopsPlan, Slot, SoftmaxPlan } from "../plan.ts";
import { multiplyIntoLoss, scoresOf, updateRows } from "./logistic-outputs.ts";
import { exponential, firstLanes, spread, type Target } from "./vector-math.ts";

type Int = Local<"i32">;

/**
 * Softmax over all output rows, four of them at a time:
 *
 *     pᵢ = exp(h · yᵢ) / Σ exp(h · yⱼ)      yᵢ += rate · ([i = target] − pᵢ) · h      error += Σ rate · ([i = target] − pᵢ) · yᵢ
 */
export function learnSoftmax(f: Func, target: Target, plan: LoopsPlan, { outputs }: SoftmaxPlan, slot: Slot): void {
  const [hidden, right] = [f.parameter(0, "i32"), f.parameter(1, "i32")];
  const { scores } = slot;
  const error = f.let(i32.of(slot.error.at));
  f.fill(error, 0, i32.of(4 * plan.stride));
  const most = f.let(f32x4.of(-Infinity));
  const rest = outputs % 4;
  eachFour(f, plan, slot, outputs, (rows, at) => {
    const sums = scoresOf(f, target, plan.stride, hidden, rows)[0]!;
    sums.set(firstLanes(rows.length, sums, f32x4.of(-Infinity)));
    most.set(f32x4.max(most, sums));
    f.store("v128", at, sums);
  });
  for (const lane of [1, 2, 3]) most.set(f32x4.max(most, spread(most, lane)));
  most.set(spread(most, 0));
  const total = f.let(f32x4.of(0));
  const at = f.local("i32");
  const end = scores.at + 4 * (outputs + (rest === 0 ? 0 : 4 - rest));
  f.for(at, scores.at, end, 16, () => {
    const each = exponential(f, target, f32x4.sub(v128.load(at), most));
    total.set(f32x4.add(total, each));
    f.store("v128", at, each);
  });
  const sum = f.let(lanesSum(total));
  const rightAt = f.let(i32.add(i32.shl(right, 2), scores.at));
  const probability = f32x4.max(f32x4.of(2 ** -24), f32x4.splat(f32.div(f32.load(rightAt), sum)));
  multiplyIntoLoss(f, slot, [firstLanes(1, probability, f32x4.of(1))]);
  // [i = target] − pᵢ, times Σ: the target's own exponential loses the sum of all.
  f.store("f32", rightAt, f32.sub(f32.load(rightAt), sum));
  const scale = f.let(f32x4.splat(f32.div(f32.sub(f32.of(0), f.parameter(2, "f32")), sum)));
  eachFour(f, plan, slot, outputs, (rows, place) => {
    const factors = f.let(f32x4.mul(v128.load(place), scale));
    const spreads = rows.map((_, i) => f.let(spread(factors, i)));
    updateRows(f, target, plan.stride, { hidden, error, rows }, spreads, { first: false, intoHidden: false });
  });
}

/** Calls back for every four output rows, then for those that are left, with where their scores lie. */
function eachFour(
  f: Func,
  { output, stride }: LoopsPlan,
  { scores }: Slot,
  outputs: number,
  visit: (rows: Int[], at: Int) => void,
): void {
  const at = f.let(i32.of(scores.at));
  const row = f.let(i32.of(output.at));
  const rowBytes = 4 * stride;
  const several = (count: number): void => {
    visit(
      Array.from({ length: count }, (_, i) => f.let(i32.add(row, i * rowBytes))),
      at,
    );
    row.set(i32.add(row, count * rowBytes));
    at.set(i32.add(at, 16));
  };
  const whole = Math.floor(outputs / 4);
  const n = f.local("i32");
  f.for(n, 0, whole, 1, () => several(4));
  if (outputs % 4 > 0) several(outputs % 4);
}

const lanesSum = (x: Local<"v128">) =>
  f32.add(f32.add(f32x4.lane(x, 0), f32x4.lane(x, 1)), f32.add(f32x4.lane(x, 2), f32x4.lane(x, 3)));
