import {
  scoped,
  Tensor,
  Variable,
  type Attrs,
  type Backend,
  type Input,
  type Op,
  type TensorType,
} from "@tenon/tensor";
import { call, place, type OpCase, type Plain } from "@tenon/tensor/testing";

/** One call of an op. */
export type OpCall = Pick<OpCase, "inputs" | "attrs">;

export const disposeAll = (held: Iterable<{ [Symbol.dispose](): void } | undefined>): void => {
  for (const each of held) each?.[Symbol.dispose]();
};

const typesOf = ({ inputs }: OpCall): (TensorType | number | undefined)[] =>
  inputs.map((input) => (typeof input === "object" ? { dtype: input.dtype, shape: input.shape } : input));

/** What the op says about the results of a call. */
function inferred(op: Op, { inputs, attrs }: OpCall): readonly TensorType[] {
  const types = op.infer(typesOf({ inputs, attrs }), attrs) as TensorType | readonly TensorType[];
  return Array.isArray(types) ? (types as readonly TensorType[]) : [types as TensorType];
}

/** Has the backend a kernel of its own for at least one of the calls? */
export const isKernel = (op: Op, calls: readonly OpCall[], on: Backend): boolean =>
  calls.some((each) => on.supports(op, each.attrs, typesOf(each)));

/** Runs `body` on tensors of the call's inputs; what it returns is the caller's to dispose. */
function withInputs(
  { inputs, attrs }: OpCall,
  on: Backend,
  body: (placed: readonly Input[], attrs: Attrs) => readonly Tensor[],
): readonly Tensor[] {
  const results = scoped(() =>
    body(
      inputs.map((input) => (typeof input === "object" ? place(input, on) : input)),
      attrs,
    ),
  );
  for (const tensor of results) if (tensor.scope !== undefined) tensor.scope = undefined;
  return results;
}

/**
 * Runs one call as a user would; an update op runs on variables, and gives what they hold then. `results` is how many there are, for a call
 * that the op refuses and so does not say.
 */
export function runCall(op: Op, each: OpCall, on: Backend, results?: number): readonly Tensor[] {
  return withInputs(each, on, (placed, attrs) => {
    if (op.kind !== "update") return call(op, placed, attrs, on);
    return update(op, results ?? inferred(op, each).length, placed, attrs);
  });
}

/** Runs an update whose first `count` inputs are what it replaces. */
function update(op: Op, count: number, placed: readonly Input[], attrs: Attrs): readonly Tensor[] {
  const variables = placed.slice(0, count).map((tensor) => Variable.holding(tensor as Tensor));
  try {
    Variable.update(op as never, variables, placed.slice(count), attrs as never);
    return variables.map((variable) => variable.value);
  } catch (error) {
    disposeAll(variables);
    throw error;
  }
}

/** Runs the smaller ops that a composite means, on the same backend. */
export function runComposition(op: Op, each: OpCall, on: Backend): readonly Tensor[] {
  if (!("compose" in op) || op.compose === undefined) throw new Error(`${op.name} has no composition`);
  return withInputs(each, on, (placed, attrs) => {
    const result: unknown = op.compose!(placed, attrs);
    return result instanceof Tensor ? [result] : (result as readonly Tensor[]);
  });
}

/** Reads results as plain arrays, and disposes them. */
export async function readAll(tensors: readonly Tensor[]): Promise<Plain[]> {
  try {
    const all: Plain[] = [];
    for (const tensor of tensors)
      all.push({ dtype: tensor.dtype, shape: tensor.shape, data: [...(await tensor.read())] });
    return all;
  } finally {
    disposeAll(tensors);
  }
}
