import type { Part } from "@tenon/nn";
import {
  add,
  cpu,
  differentiate,
  mul,
  Scope,
  sum,
  Tensor,
  Variable,
  type Backend,
  type DType,
  type Shape,
} from "@tenon/tensor";
import { expectNumbers, place } from "@tenon/tensor/testing";

import { sizeOfLargest } from "../compare.ts";

/** An array as a golden file holds it. */
export interface GoldenArray {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: readonly number[];
}
type Arrays = Readonly<Record<string, GoldenArray>>;

/** One forward pass of a part as somebody else's implementation has it, and its gradients. `goldens/reference/part.py` writes them. */
export interface PartGolden<C> {
  readonly name: string;
  /** What the part is made from. */
  readonly config: C;
  /** The values of its parameters, by path: all of them. */
  readonly weights: Arrays;
  readonly inputs: Arrays;
  /** What comes out, by name; a part with one result calls it `output`. */
  readonly expected: Arrays;
  /** The gradient that reaches each result. */
  readonly upstream?: Arrays;
  /** Σ over results of upstream · ∂result / ∂x, for each x. */
  readonly gradients?: { readonly weights: Arrays; readonly inputs: Arrays };
}

/** How a part is made and called. */
export interface GoldenPart<C, P extends Part> {
  readonly create: (config: C) => P;
  /** Calls the part: a tensor, or several by the names that the file has. */
  readonly forward: (
    part: P,
    inputs: Readonly<Record<string, Tensor>>,
    config: C,
  ) => Tensor | Readonly<Record<string, Tensor>>;
}

/**
 * Does the part give what the file says, and the same gradients for its parameters and inputs? In double precision to 1e-9, in single
 * precision to 5e-5, both relative to the largest number (or 1). Throws what differs, and an error when the file's weights are not exactly
 * the part's parameters.
 *
 * @example
 * ```ts
 * const x = { dtype: "f32", shape: [1, 2], data: [1, 2] } as const;
 * const golden: PartGolden<null> = { name: "a sum", config: null, weights: {}, inputs: { x }, expected: { output: x } };
 * class Same extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     return x;
 *   }
 * }
 * await checkGolden(golden, { create: () => new Same(), forward: (part, { x }) => part.forward(x!) });
 * ```
 */
export async function checkGolden<C, P extends Part>(golden: PartGolden<C>, made: GoldenPart<C, P>): Promise<void> {
  await check(golden, made, cpu({ precision: "f64" }), 1e-9);
  await check(golden, made, cpu({ precision: "f64", fused: false }), 1e-9);
  await check(golden, made, cpu(), 5e-5);
}

async function check<C, P extends Part>(
  { config, weights, inputs, expected, upstream, gradients }: PartGolden<C>,
  { create, forward }: GoldenPart<C, P>,
  on: Backend,
  tolerance: number,
): Promise<void> {
  using scope = new Scope();
  const part = await create(config).to(on);
  const parameters = part.parameters();
  const [has, given] = [[...parameters.keys()], Object.keys(weights)];
  if (has.toSorted().join() !== given.toSorted().join())
    throw new Error(`the part has the parameters ${has.join(", ")}; the file has ${given.join(", ")}`);
  for (const [path, parameter] of parameters) {
    const { shape, data } = weights[path]!;
    if (shape.join() !== parameter.type.shape.join())
      throw new Error(`${path} is [${parameter.type.shape.join(", ")}]; the file has [${shape.join(", ")}]`);
    parameter.assign(Float64Array.from(data));
  }
  const held = new Map<string, Variable>();
  const fixed: Record<string, Tensor> = {};
  for (const [name, array] of Object.entries(inputs)) {
    const tensor = place(array, on);
    if (array.dtype === "f32") held.set(name, Variable.holding(tensor));
    else fixed[name] = scope.run(() => tensor);
  }
  const call = (): Readonly<Record<string, Tensor>> => {
    const results = forward(
      part,
      { ...fixed, ...Object.fromEntries([...held].map(([name, { value }]) => [name, value])) },
      config,
    );
    return results instanceof Tensor ? { output: results } : results;
  };
  const compare = async (actual: Tensor, { shape, data }: GoldenArray, what: string): Promise<void> => {
    if (actual.shape.join() !== shape.join())
      throw new Error(`${what} is [${actual.shape.join(", ")}], the file has [${shape.join(", ")}]`);
    expectNumbers(await actual.read(), data, tolerance, what, Math.max(1, sizeOfLargest(data)));
  };

  const results = scope.run(call);
  for (const [name, array] of Object.entries(expected)) await compare(results[name]!, array, name);
  if (gradients !== undefined) {
    const variables = [...parameters, ...[...held].map(([name, variable]) => [`input ${name}`, variable] as const)];
    const wanted: Arrays = {
      ...gradients.weights,
      ...Object.fromEntries(Object.entries(gradients.inputs).map(([name, array]) => [`input ${name}`, array])),
    };
    const found = differentiate(
      variables.map(([, variable]) => variable),
      () => {
        const outputs = call();
        return Object.entries(upstream!)
          .map(([name, array]) => sum(mul(outputs[name]!, place(array, on))))
          .reduce((a, b) => add(a, b));
      },
    );
    for (const [i, [name]] of variables.entries()) {
      const array = wanted[name]!;
      const gradient = found.gradients[i];
      if (gradient !== undefined) await compare(gradient, array, `the gradient of ${name}`);
      else if (array.data.some((x) => x !== 0)) throw new Error(`${name} gets no gradient`);
      gradient?.[Symbol.dispose]();
    }
    found.value[Symbol.dispose]();
  }
  for (const variable of held.values()) variable[Symbol.dispose]();
  part[Symbol.dispose]();
}
