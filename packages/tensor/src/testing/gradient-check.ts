import type { Backend } from "../backend.ts";
import { differentiate } from "../decorators/differentiate.ts";
import type { Op } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import { sizeOf, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { call, place, type OpCase } from "./op-case.ts";
import { floats } from "./plain.ts";

/** Something to differentiate: one number, and the variables that it may depend on. */
export interface Weighted {
  readonly variables: readonly Variable[];
  readonly loss: () => Tensor;
  /** Everything placed for it. */
  readonly placed: readonly { [Symbol.dispose](): void }[];
}

const weightsFor = (shapes: readonly Shape[], seed: number, on: Backend): Tensor[] =>
  shapes.map((shape, i) => place(floats(shape, random(seed).fork(i)), on));

/** Σ wᵢ · xᵢ over every element of several tensors. */
function weightedSum(xs: readonly Tensor[], weights: readonly Tensor[]): Tensor {
  return xs.map((x, i) => sum(mul(x, weights[i]!))).reduce((a, b) => add(a, b));
}

/** Does it have f32 inputs and f32 outputs? */
export const isReal = ({ inputs, expected }: OpCase): boolean =>
  inputs.some((input) => typeof input === "object" && input.dtype === "f32") &&
  expected.some(({ dtype }) => dtype === "f32");

/** The f32 outputs of an op, each element times a random weight, as a function of its f32 inputs. */
export function weighted(op: Op, { inputs, attrs, expected }: OpCase, on: Backend): Weighted {
  const placed = inputs.map((input) => (typeof input === "object" ? place(input, on) : input));
  const cells = placed.map((input, i) =>
    typeof input === "object" && input.dtype === "f32" ? Variable.holding(input) : placed[i],
  );
  const variables = cells.filter((cell) => cell instanceof Variable);
  const real = (xs: readonly Tensor[]): Tensor[] => xs.filter(({ dtype }) => dtype === "f32");
  const weights = weightsFor(
    expected.filter(({ dtype }) => dtype === "f32").map(({ shape }) => shape),
    17,
    on,
  );
  const loss = (): Tensor =>
    weightedSum(
      real(
        call(
          op,
          cells.map((cell) => (cell instanceof Variable ? cell.value : cell)),
          attrs,
          on,
        ),
      ),
      weights,
    );
  return { variables, loss, placed: [...cells.filter((cell) => typeof cell === "object"), ...weights] };
}

/** The gradients of `inner`, each element times a random weight: what a second derivative starts from. */
export function gradientOf({ variables, loss, placed }: Weighted, on: Backend): Weighted {
  const weights = weightsFor(
    variables.map(({ type }) => type.shape),
    23,
    on,
  );
  const outer = (): Tensor => {
    const { value, gradients } = differentiate(variables, loss);
    const made = gradients.filter((gradient) => gradient !== undefined);
    try {
      return weightedSum(
        made,
        weights.filter((_, i) => gradients[i] !== undefined),
      );
    } finally {
      for (const tensor of [value, ...made]) tensor[Symbol.dispose]();
    }
  };
  return { variables, loss: outer, placed: [...placed, ...weights] };
}

/** What `differentiate` says, all variables in a row; zeros where the loss does not depend on one. */
export async function ruleGradients({ variables, loss }: Weighted): Promise<number[]> {
  const { value, gradients } = differentiate(variables, loss);
  value[Symbol.dispose]();
  const all: number[] = [];
  for (const [i, gradient] of gradients.entries()) {
    if (gradient === undefined) all.push(...new Array<number>(sizeOf(variables[i]!.type.shape)).fill(0));
    else all.push(...(await gradient.read()));
    gradient?.[Symbol.dispose]();
  }
  return all;
}

/** (loss(x + h) − loss(x − h)) / 2h for each element of each variable. Needs a backend in double precision. */
export async function centralDifferences({ variables, loss }: Weighted, h = 1e-5): Promise<number[]> {
  const evaluate = async (): Promise<number> => {
    using y = scoped(loss);
    return (await y.read())[0]!;
  };
  const all: number[] = [];
  for (const variable of variables) {
    const start = await variable.host();
    for (const [i, x] of start.entries()) {
      const moved = async (by: number): Promise<number> => {
        variable.assign(start.with(i, x + by));
        return evaluate();
      };
      all.push(((await moved(h)) - (await moved(-h))) / (2 * h));
    }
    variable.assign(start);
  }
  return all;
}
