import {
  add,
  type Attrs,
  cpu,
  stopGradient,
  mul,
  neg,
  type GradientCall,
  type Gradients,
  type Op,
  type Tensor,
} from "@tenon/tensor";
import { gradientOf, isReal, ruleGradients, weighted, type OpCase } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { disposeAll } from "../run-op.ts";
import { checkGradient, checkSecondDerivative, differentiable } from "./gradients.ts";

type Inputs = readonly (Tensor | undefined)[];
type Rule = (call: GradientCall<Inputs, Attrs, Tensor | readonly Tensor[]>) => Gradients<Inputs>;

const onesLike = (x: Tensor): Tensor => add(mul(x, 0), 1);
const changed = (op: Op, rule: Rule): Op => ({ ...op, gradient: rule }) as unknown as Op;
/** A rule with each of its gradients changed; `change` sees which input it is of. */
const each =
  (rule: Rule, change: (gradient: () => Tensor, input: number) => (() => Tensor) | undefined): Rule =>
  (call) =>
    rule(call).map((gradient, i) => (gradient === undefined ? undefined : change(gradient, i)));

/** A rule made wrong in every way that is tried, each with a name. */
function mutations(rule: Rule, inputs: Iterable<number>): [name: string, mutant: Rule][] {
  return [
    ["one per cent too large", each(rule, (gradient) => () => mul(gradient(), 1.01))],
    [
      "upstream taken for ones",
      ({ upstream, ...rest }) => {
        const ones = "dtype" in upstream ? onesLike(upstream) : upstream.map((x) => x && onesLike(x));
        return rule({ ...rest, upstream: ones });
      },
    ],
    ...[...inputs].flatMap((input): [string, Rule][] => [
      [`the wrong sign for input ${input}`, each(rule, (g, i) => (i === input ? () => neg(g()) : g))],
      [`nothing for input ${input}`, each(rule, (g, i) => (i === input ? undefined : g))],
    ]),
  ];
}

const exact = cpu({ precision: "f64" });
async function gradientsOf(op: Op, cases: readonly OpCase[]): Promise<number[]> {
  const all: number[] = [];
  for (const one of cases) {
    const subject = weighted(op, one, exact);
    try {
      all.push(...(await ruleGradients(subject)));
    } finally {
      disposeAll(subject.placed);
    }
  }
  return all;
}

/** The inputs that the rule has a gradient for. */
async function inputsWithGradient(op: Op, rule: Rule, cases: readonly OpCase[]): Promise<Set<number>> {
  const seen = new Set<number>();
  const watched = each(rule, (gradient, input) => {
    return () => {
      seen.add(input);
      return gradient();
    };
  });
  await gradientsOf(changed(op, watched), cases);
  return seen;
}

const ruled = differentiable.filter(({ op }) => typeof op.gradient === "function");

test("most ops have a rule", () => {
  expect(ruled.length).toBeGreaterThan(35);
});

test.each(ruled)("gradient/$name fails for every wrong rule", async ({ name, op, cases: all }) => {
  const cases = all.filter(isReal);
  const rule = op.gradient as unknown as Rule;
  const on = cpu();
  await checkGradient(op, cases, on, 1e-4);
  const right = await gradientsOf(op, cases);
  const survivors: string[] = [];
  let tried = 0;
  for (const [mutation, mutant] of mutations(rule, await inputsWithGradient(op, rule, cases))) {
    tried++;
    const wrong = changed(op, mutant);
    const same = (await gradientsOf(wrong, cases)).every((x, i) => Math.abs(x - right[i]!) < 1e-9);
    const what = `${name}: ${mutation}`;
    expect(same, `${what} changes nothing, so that no check could notice`).toBe(false);
    const caught = await checkGradient(wrong, cases, on, 1e-4).then(
      () => false,
      () => true,
    );
    if (!caught) survivors.push(what);
  }
  expect(survivors).toEqual([]);
  expect(tried).toBeGreaterThanOrEqual(4);
});

test.each(ruled)(
  "second-derivative/$name fails where the gradient is taken for a constant",
  async ({ op, cases: all }) => {
    const cases = all.filter(isReal);
    const on = cpu();
    await checkSecondDerivative(op, cases, on, 1e-4);
    let curved = false;
    for (const one of cases) {
      const subject = gradientOf(weighted(op, one, exact), exact);
      if ((await ruleGradients(subject)).some((x) => Math.abs(x) > 1e-3)) curved = true;
      disposeAll(subject.placed);
    }
    const constant = each(op.gradient as unknown as Rule, (gradient) => () => stopGradient(gradient()));
    const check = checkSecondDerivative(changed(op, constant), cases, on, 1e-4);
    if (curved) await expect(check).rejects.toThrow("second derivative of");
    else await check; // of a linear op it is zero
  },
);
