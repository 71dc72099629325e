import {
  add,
  averagePool1d,
  averagePool2d,
  conv1d,
  differentiate,
  einsum,
  isFloat,
  logSumExp,
  maxPool1d,
  maxPool2d,
  mul,
  scoped,
  sum,
  Tensor,
  Variable,
  variance,
  type Attrs,
  type Axes,
  type Backend,
  type HeightWidth,
  type Input,
  type Shape,
} from "@tenon/tensor";
import { call, expectNumbers, place, type Plain } from "@tenon/tensor/testing";

import { compare } from "../compare.ts";
import { goldens, type Golden } from "../golden-files.ts";
import { testedOps } from "../ops.ts";
import { disposeAll, readAll, runCall } from "../run-op.ts";
import type { Group } from "./group.ts";

type Function = (inputs: readonly Input[], attrs: Attrs, on: Backend) => readonly Tensor[];
/** Reads attributes as what a function takes. */
const as = <T>(attrs: Attrs): T => attrs as unknown as T;
type Window = { readonly size: HeightWidth; readonly stride: HeightWidth; readonly padding: HeightWidth };
type Step = { readonly size: number; readonly stride: number; readonly padding: number };
type Spread = { readonly axes: Axes; readonly correction: number };

/** What users call that is no op of its own. */
const functions: { readonly [name: string]: Function } = {
  einsum: (inputs, attrs) => [einsum(as<{ equation: string }>(attrs).equation, ...(inputs as readonly Tensor[]))],
  conv1d: ([x, weight, bias], attrs) => [conv1d(x as Tensor, weight as Tensor, bias as Tensor | undefined, attrs)],
  maxPool1d: ([x], attrs) => [maxPool1d(x as Tensor, as<Step>(attrs).size, as<Step>(attrs))],
  maxPool2d: ([x], attrs) => [maxPool2d(x as Tensor, as<Window>(attrs).size, as<Window>(attrs))],
  averagePool1d: ([x], attrs) => [averagePool1d(x as Tensor, as<Step>(attrs).size, as<Step>(attrs))],
  averagePool2d: ([x], attrs) => [averagePool2d(x as Tensor, as<Window>(attrs).size, as<Window>(attrs))],
  logSumExp: ([x], attrs) => [logSumExp(x as Tensor, as<Spread>(attrs).axes)],
  variance: ([x], attrs) => [variance(x as Tensor, as<Spread>(attrs).axes, as<Spread>(attrs))],
};

const placed = (inputs: readonly (Plain | number | undefined)[], on: Backend): Input[] =>
  inputs.map((input) => (typeof input === "object" ? place(input, on) : input));

function asFunction(name: string): Function {
  const found = functions[name];
  if (found !== undefined) return found;
  const tested = testedOps.find((each) => each.name === name);
  if (tested === undefined) throw new Error(`the goldens hold a case of ${name}, which is no op of @tenon/tensor`);
  return (inputs, attrs, on) => call(tested.op, inputs, attrs, on);
}

async function forward(golden: Golden, on: Backend, tolerance: number): Promise<void> {
  const { op: name, inputs, attrs, expected, note } = golden;
  const op = testedOps.find((each) => each.name === name)?.op;
  const those = op?.kind === "update" ? runCall(op, golden, on) : computed(asFunction(name), inputs, attrs, on);
  const results = await readAll(those);
  if (results.length !== expected.length)
    throw new Error(`${name} (${note}): gave ${results.length} results, expected ${expected.length}`);
  for (const [i, result] of results.entries())
    compare(result, expected[i]!, tolerance, `${name} (${note}), result ${i}`);
}

/** The results alone, in no scope. */
function computed(f: Function, inputs: Golden["inputs"], attrs: Attrs, on: Backend): readonly Tensor[] {
  const given = placed(inputs, on);
  try {
    return scoped(() => f(given, attrs, on));
  } finally {
    disposeAll(given.filter((input) => input instanceof Tensor));
  }
}

const zerosOf = (shape: Shape): number[] => new Array<number>(shape.reduce((n, size) => n * size, 1)).fill(0);

async function backward(golden: Golden, on: Backend, tolerance: number): Promise<void> {
  const { op: name, inputs, attrs, upstream, gradients, note } = golden;
  if (upstream === null || gradients === null) return;
  const f = asFunction(name);
  const given = placed(inputs, on);
  const cells = given.map((input) =>
    input instanceof Tensor && isFloat(input.dtype) ? Variable.holding(input) : input,
  );
  const variables = cells.filter((cell) => cell instanceof Variable);
  const weights = upstream.map((each) => (each === null ? undefined : place(each, on)));
  try {
    const { value, gradients: found } = differentiate(variables, () => {
      const results = f(
        cells.map((cell) => (cell instanceof Variable ? cell.value : cell)),
        attrs,
        on,
      );
      const terms = results.flatMap((y, i) => (weights[i] === undefined ? [] : [sum(mul(y, weights[i]))]));
      return terms.reduce((a, b) => add(a, b));
    });
    value[Symbol.dispose]();
    for (const [i, cell] of cells.entries()) {
      const expected = gradients[i];
      if (!(cell instanceof Variable) || expected === null || expected === undefined) continue;
      const gradient = found[variables.indexOf(cell)];
      const data = gradient === undefined ? zerosOf(cell.type.shape) : await gradient.read();
      expectNumbers(data, expected.data, tolerance, `${name} (${note}), gradient of input ${i}`);
    }
    disposeAll(found);
  } finally {
    disposeAll([...cells, ...weights].filter((held) => typeof held === "object"));
  }
}

/** `golden/<op>`: forward and gradient as PyTorch computes them in double precision. */
export const goldenTests: Group = () =>
  [...new Set(goldens.map(({ op }) => op))].map((name) => [
    `golden/${name}`,
    async (on, { f32, gradient }) => {
      for (const each of goldens) {
        if (each.op !== name) continue;
        await forward(each, on, f32);
        await backward(each, on, gradient);
      }
    },
  ]);
