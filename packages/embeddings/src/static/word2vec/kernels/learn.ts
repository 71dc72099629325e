import { Func, i32, type Local } from "@tenon/wasm-assembler";

import { RandomCode } from "../../training/small-random.ts";
import { evenGroups } from "../output-groups.ts";
import type { HierarchicalSoftmaxPlan, LoopsPlan, NegativeSamplingPlan, Slot } from "../plan.ts";
import { logisticOutputs } from "./logistic-outputs.ts";
import { addToRow } from "./rows.ts";
import { learnSoftmax } from "./softmax.ts";
import type { Target } from "./vector-math.ts";

/**
 * Learns one target from h: a function (hidden, target, rate). Where h is `own`, a row of the input, it changes that row; else it leaves in
 * the slot's `error` what is to be added to each of the rows that h is the mean of.
 */
export function learn(target: Target, plan: LoopsPlan, slot: Slot, own: boolean): Func {
  const { loss } = plan;
  const f = new Func(own ? "learnRow" : "learnMean", ["i32", "i32", "f32"]);
  f.store("i32", i32.of(slot.examples.at), i32.add(i32.load(slot.examples.at), 1));
  switch (loss.kind) {
    case "negative-sampling":
      withNegatives(f, target, plan, loss, slot, own);
      break;
    case "hierarchical-softmax":
      alongPath(f, target, plan, loss, slot);
      break;
    case "one-vs-all": {
      const [at, end] = [0, 4 * loss.outputs].map((n) => f.let(i32.of(n))) as [Local<"i32">, Local<"i32">];
      eachPoint(f, target, plan, slot, { at, end, points: slot.points.at, labels: slot.labels.at });
      break;
    }
    case "softmax":
      learnSoftmax(f, target, plan, loss, slot);
  }
  if (own && loss.kind !== "negative-sampling")
    f.call(addToRow(plan.stride), f.parameter(0, "i32"), i32.of(slot.error.at));
  return f;
}

/** The target, and after it the negatives; the labels are in place. */
function withNegatives(
  f: Func,
  target: Target,
  plan: LoopsPlan,
  { count, cells }: NegativeSamplingPlan,
  { points, labels, error, ...slot }: Slot,
  own: boolean,
): void {
  const [hidden, right] = [f.parameter(0, "i32"), f.parameter(1, "i32")];
  f.store("i32", i32.of(points.at), right);
  const random = new RandomCode(f, i32.of(slot.random.at));
  const [at, drawn, cell] = f.locals("i32", 3);
  f.for(at, points.at + 4, points.at + 4 * (count + 1), 4, () => {
    f.doWhile(
      () => {
        drawn.set(random.below(cells.length / 2));
        cell.set(i32.add(i32.shl(drawn, 3), cells.at));
        const threshold = i32.load(cell);
        drawn.set(f.select(i32.lt(random.next(), threshold), drawn, i32.load(cell, 4)));
      },
      () => i32.eq(drawn, right),
    );
    f.store("i32", at, drawn);
  });
  random.leave();
  const groups = evenGroups(count + 1);
  let from = 0;
  groups.forEach((size, i) => {
    const form = { count: size, first: i === 0, intoHidden: own && i === groups.length - 1 };
    const group = logisticOutputs(target, plan, { ...slot, points, labels, error }, form);
    const [point, label] = [points, labels].map((block) => i32.of(block.at + 4 * from)) as [Int, Int];
    f.call(group, point, label, hidden, i32.of(error.at), f.parameter(2, "f32"));
    from += size;
  });
}
type Int = ReturnType<typeof i32.of>;

/** The nodes of the target's path. */
function alongPath(
  f: Func,
  target: Target,
  plan: LoopsPlan,
  { starts, nodes, labels }: HierarchicalSoftmaxPlan,
  slot: Slot,
): void {
  const rightStart = i32.add(i32.shl(f.parameter(1, "i32"), 2), starts.at);
  const at = f.let(i32.shl(i32.load(rightStart), 2));
  const end = f.let(i32.shl(i32.load(rightStart, 4), 2));
  eachPoint(f, target, plan, slot, { at, end, points: nodes.at, labels: labels.at });
}

/** Output rows and their labels, from one offset to another: four at a time, then one at a time. */
function eachPoint(
  f: Func,
  target: Target,
  plan: LoopsPlan,
  slot: Slot,
  { at, end, points, labels }: { at: Local<"i32">; end: Local<"i32">; points: number; labels: number },
): void {
  f.fill(i32.of(slot.error.at), 0, i32.of(4 * plan.stride));
  for (const count of [4, 1]) {
    const group = logisticOutputs(target, plan, slot, { count, first: false, intoHidden: false });
    const next: Local<"i32"> = f.let(i32.add(at, 4 * count));
    f.while(
      () => i32.le(next, end),
      () => {
        const [point, label] = [points, labels].map((block) => i32.add(at, block)) as [Int, Int];
        f.call(group, point, label, f.parameter(0, "i32"), i32.of(slot.error.at), f.parameter(2, "f32"));
        at.set(next);
        next.set(i32.add(next, 4 * count));
      },
    );
  }
}
