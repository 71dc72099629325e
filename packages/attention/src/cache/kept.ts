import {
  ConfigError,
  gather,
  GradientError,
  isTenonError,
  reshape,
  scoped,
  sizeOf,
  tensor,
  Variable,
  writeSliceOp,
  zeros,
  type Backend,
  type Tensor,
  type TensorType,
} from "@tenon/tensor";

// What all caches do with one tensor of theirs, which is held by a variable. `part` is the cache, for the messages.

/** A variable of zeros, to be filled by {@link write}. */
export function room({ shape, dtype }: TensorType, on: Backend): Variable {
  return Variable.holding(zeros(shape, on, dtype));
}

/**
 * Writes x over the entries from `start` on of one axis. Throws `GradientError` where x is being differentiated: what is cached would hold the
 * tape of this pass, and be without a gradient in the next.
 */
export function write(part: string, into: Variable, x: Tensor, axis: number, start: number): void {
  try {
    Variable.update(writeSliceOp, [into], [x], { axis, start });
  } catch (cause) {
    if (!isTenonError(cause, "GradientError")) throw cause;
    throw new GradientError(
      `${part}: a cache is for inference, since what is cached has no gradient; leave it out within valueAndGrad()`,
      { part },
      { cause },
    );
  }
}

/** The same rows [b, …] in another order; one may come several times. Takes the place of the variable, which is disposed. */
export function selected(part: string, variable: Variable, rows: readonly number[]): Variable {
  const { value, type } = variable;
  const [batch, ...rest] = type.shape as [number, ...number[]];
  const wrong = rows.find((row) => !Number.isSafeInteger(row) || row < 0 || row >= batch);
  if (wrong !== undefined || rows.length === 0) {
    throw new ConfigError(`${part}: rows must be some of 0 to ${batch - 1}, got ${wrong ?? "none"}`, { rows, batch });
  }
  if (rows.length === batch && rows.every((row, i) => row === i)) return variable;
  const made = scoped(() => {
    const ids = tensor(rows, [rows.length], value.backend, "i32");
    return reshape(gather(reshape(value, [batch, sizeOf(rest)]), ids), [rows.length, ...rest]);
  });
  variable[Symbol.dispose]();
  return Variable.holding(made);
}

/** Another variable that holds the same tensor, until one of the two is written to. */
export function shared(variable: Variable): Variable {
  const { value, type } = variable;
  return Variable.holding(value.backend.share(value, type));
}
