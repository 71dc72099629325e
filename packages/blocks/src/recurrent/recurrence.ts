import {
  concat,
  DTypeError,
  iota,
  less,
  reshape,
  scoped,
  ShapeError,
  slice,
  where,
  zeros,
  type Tensor,
} from "@tenon/tensor";

import type { GRUCell } from "./gru-cell.ts";

/** What a recurrent layer gives. */
export interface Recurrence {
  /** The state after each position, [b, t, n]; zeros beyond a sequence's end. */
  readonly outputs: Tensor;
  /** The state after the last position of each sequence, [b, n]. */
  readonly state: Tensor;
}

/** In which order the positions are read. */
export type Direction = "forwards" | "backwards";

interface Stretch {
  readonly cell: GRUCell;
  readonly direction: Direction;
  /** What the cell's `input` made of the positions, [b, t, 3 n]. */
  readonly projected: Tensor;
  /** Which positions are within their sequence, bool [b, t, 1]. */
  readonly within: Tensor | undefined;
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
    const { outputs, state: last } = along({ cell, direction, projected, within }, begin);
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

/**
 * Half of the positions after the other half, down to single ones. A slice's gradient is as large as what was sliced, so taking each
 * position out of the whole would cost t² in the backward pass; this way it is t log t. The halves' scopes free what a step leaves.
 */
function along(stretch: Stretch, state: Tensor): Recurrence {
  const length = stretch.projected.shape[1]!;
  return scoped(() => {
    if (length === 1) return one(stretch, state);
    const middle = Math.ceil(length / 2);
    const early = part(stretch, 0, middle);
    const late = part(stretch, middle, length - middle);
    const backwards = stretch.direction === "backwards";
    const first = along(backwards ? late : early, state);
    const second = along(backwards ? early : late, first.state);
    const inOrder = backwards ? [second, first] : [first, second];
    return {
      outputs: concat(
        inOrder.map(({ outputs }) => outputs),
        1,
      ),
      state: second.state,
    };
  });
}

function part({ cell, direction, projected, within }: Stretch, start: number, length: number): Stretch {
  return {
    cell,
    direction,
    projected: slice(projected, 1, start, length),
    within: within && slice(within, 1, start, length),
  };
}

/** The step at one position: a sequence that has ended, or backwards has not begun, keeps its state. */
function one({ cell, projected, within }: Stretch, state: Tensor): Recurrence {
  const [b, , wide] = projected.shape as [number, number, number];
  const next = cell.step(reshape(projected, [b, wide]), state);
  const after = within === undefined ? next : where(reshape(within, [b, 1]), next, state);
  return { outputs: reshape(after, [b, 1, cell.hidden]), state: after };
}
