import type { Backend } from "../backend.ts";
import type { DType } from "../dtype.ts";
import type { Op } from "../op.ts";
import type { Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { call, type OpCase } from "./op-case.ts";

/** What {@link typesOnly} throws where a backend would begin to compute: the op took the types that it was given. */
class Taken extends Error {}

/** A backend for tests of what ops refuse: its tensors hold nothing, and running an op throws {@link Taken}. */
const typesOnly: Backend = {
  name: "types",
  inner: undefined,
  execute: () => {
    throw new Taken("the op took its inputs");
  },
  supports: () => false,
  upload: (_, type) => new Tensor(type, typesOnly, {}),
  read: () => Promise.reject(new Error("these tensors hold nothing")),
  settled: () => undefined,
  share: (_, type) => new Tensor(type, typesOnly, {}),
  lift: (tensor) => tensor,
  lower: (tensor) => tensor,
  release: () => {},
  memory: () => ({ tensors: 0, bytes: 0 }),
};

/**
 * What an op says to a case whose inputs have other dtypes: undefined when it takes them, else the error. `dtypes` names the dtype of
 * input i where it is another than the case's; nothing is computed.
 */
export function refusal(op: Op, { inputs, attrs, expected }: OpCase, dtypes: Record<number, DType>): unknown {
  const placed = inputs.map((input, i) =>
    typeof input === "object" ? tensorOf(dtypes[i] ?? input.dtype, input.shape) : input,
  );
  try {
    if (op.kind !== "update") call(op, placed, attrs, typesOnly);
    else {
      const variables = expected.map((_, i) => Variable.holding(placed[i] as Tensor));
      Variable.update(op as never, variables, placed.slice(expected.length), attrs as never);
    }
  } catch (error) {
    return error instanceof Taken ? undefined : error;
  }
  throw new Error(`${op.name} returned without asking a backend`);
}
const tensorOf = (dtype: DType, shape: Shape): Tensor => new Tensor({ dtype, shape }, typesOnly, {});
