import { DTypeError, iota, less, reshape, scoped, ShapeError, where, zeros, type Tensor } from "@tenon/tensor";

import { alongTime, type Direction, type Stepped } from "./along-time.ts";
import type { GRUCell } from "./gru-cell.ts";

/** What a recurrent layer gives. */
export interface Recurrence {
  /** The state after each position, [b, t, n]; zeros beyond a sequence's end. */
  readonly outputs: Tensor;
  /** The state after the last position of each sequence, [b, n]. */
  readonly state: Tensor;
}

/** A cell along the time axis: x [b, t, d], from the state [b, n] (default zeros), over lengths i32 [b] (default t). */
export function recurrence(
  cell: GRUCell,
  x: Tensor,
  direction: Direction,
  state: Tensor | undefined,
  lengths: Tensor | undefined,
): Recurrence {
  const [b, t] = x.shape;
  if (x.rank !== 3 || b === undefined || t === undefined || t === 0) {
    throw new ShapeError(`GRU: x must be [b, t, d] with at least one position, got [${x.shape.join(", ")}]`, {
      x: x.shape,
    });
  }
  return scoped(() => {
    const projected = cell.input.forward(x);
    const within = lengths && reshape(less(iota(t, 0, x.backend), column(lengths, b)), [b, t, 1]);
    const begin = state ?? zeros([b, cell.hidden], x.backend, projected.dtype);
    // A sequence that has ended, or backwards has not begun, keeps its state.
    const step = ([now, inside]: readonly Tensor[], before: Tensor): Stepped => {
      const next = cell.step(now!, before);
      const after = inside === undefined ? next : where(inside, next, before);
      return { output: after, state: after };
    };
    const inputs = within === undefined ? [projected] : [projected, within];
    const { outputs, state: last } = alongTime(inputs, begin, step, direction);
    return { outputs: within === undefined ? outputs : where(within, outputs, 0), state: last };
  });
}

function column(lengths: Tensor, b: number): Tensor {
  if (lengths.dtype !== "i32") {
    throw new DTypeError(
      `GRU: lengths must be i32, got ${lengths.dtype}; make them with tensor(data, [b], on, "i32")`,
      {
        actual: lengths.dtype,
      },
    );
  }
  if (lengths.shape.join() !== String(b)) {
    throw new ShapeError(`GRU: lengths must be [${b}], one for each sequence, got [${lengths.shape.join(", ")}]`, {
      lengths: lengths.shape,
      batch: b,
    });
  }
  return reshape(lengths, [b, 1]);
}
