import { cpu, type Backend, type Op } from "@tenon/tensor";
import {
  centralDifferences,
  describeCase,
  expectNumbers,
  gradientOf,
  isReal,
  type OpCase,
  ruleGradients,
  type Weighted,
  weighted,
} from "@tenon/tensor/testing";

import { sizeOfLargest } from "../compare.ts";
import { testedOps, type TestedOp } from "../ops.ts";
import { disposeAll } from "../run-op.ts";
import type { Group } from "./group.ts";

/** A derivative of a random weighted sum of an op's results. */
type Order = (op: Op, each: OpCase, on: Backend) => Weighted;
const first: Order = weighted;
const second: Order = (op, each, on) => gradientOf(weighted(op, each, on), on);

// Central differences do not depend on the backend under test, and one run tests several.
const known = new WeakMap<OpCase, Map<Order, Promise<readonly number[]>>>();

/** The derivative by central differences, in double precision. */
function differences(order: Order, op: Op, each: OpCase): Promise<readonly number[]> {
  const orders = known.get(each) ?? new Map<Order, Promise<readonly number[]>>();
  known.set(each, orders);
  const found = orders.get(order);
  if (found !== undefined) return found;
  const reference = order(op, each, cpu({ precision: "f64" }));
  const made = centralDifferences(reference).finally(() => disposeAll(reference.placed));
  orders.set(order, made);
  return made;
}

async function checkOrder(
  order: Order,
  op: Op,
  cases: readonly OpCase[],
  on: Backend,
  tolerance: number,
): Promise<void> {
  for (const each of cases) {
    const expected = await differences(order, op, each);
    const subject = order(op, each, on);
    try {
      const actual = await ruleGradients(subject);
      const what = `${order === first ? "gradient" : "second derivative"} of ${describeCase(op.name, each)}`;
      expectNumbers(actual, expected, tolerance, what, Math.max(1, sizeOfLargest(expected)));
    } finally {
      disposeAll(subject.placed);
    }
  }
}

/** The ops that have a derivative somewhere. */
export const differentiable: readonly TestedOp[] = testedOps.filter(
  ({ op, cases }) => op.gradient !== null && cases.some(isReal),
);

/** The rule of an op, run on a backend, against central differences in double precision. */
export const checkGradient = (op: Op, cases: readonly OpCase[], on: Backend, tolerance: number): Promise<void> =>
  checkOrder(first, op, cases.filter(isReal), on, tolerance);

/** The same for the rule of the rule. */
export const checkSecondDerivative = (
  op: Op,
  cases: readonly OpCase[],
  on: Backend,
  tolerance: number,
): Promise<void> => checkOrder(second, op, cases.filter(isReal), on, tolerance);

/** `gradient/<op>`: the rule, run on the backend, against central differences in double precision. */
export const gradients: Group = () =>
  differentiable.map(({ name, op, cases }) => [
    `gradient/${name}`,
    (on, { gradient }) => checkGradient(op, cases, on, gradient),
  ]);

/** `second-derivative/<op>`: the rule of the rule. */
export const secondDerivatives: Group = () =>
  differentiable.map(({ name, op, cases }) => [
    `second-derivative/${name}`,
    (on, { gradient }) => checkSecondDerivative(op, cases, on, gradient),
  ]);
