import { concat, reshape, scoped, ShapeError, slice, type Tensor } from "@tenon/tensor";

/** In which order the positions are read. */
export type Direction = "forwards" | "backwards";

/** What the step at one position gives. */
export interface Stepped {
  /** What is shown of the position, [b, o]. */
  readonly output: Tensor;
  /** The state after it, of the shape of the one before. */
  readonly state: Tensor;
}

/** What the steps at all positions give. */
export interface AlongTime {
  /** What each position shows, in the order of the positions: [b, t, o]. */
  readonly outputs: Tensor;
  /** The state after the position that was read last. */
  readonly state: Tensor;
}

/**
 * A recurrence: (outputₜ, stateₜ) = step(inputsₜ, stateₜ₋₁), for each position t one after the other. Inputs [b, t, wᵢ], each of a width of its own; at a
 * position the step is given each of them as [b, wᵢ].
 *
 * Throws `ShapeError` unless there is an input, and all are [b, t, w] with the same b and t ≥ 1; and what the step throws.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4], [1, 4, 1], cpu());
 * const running = alongTime([x], zeros([1, 1], x.backend), ([now], before) => {
 *   const state = add(before, now!);
 *   return { output: state, state };
 * });
 * console.log(await running.outputs.read()); // Float32Array(4) [ 1, 3, 6, 10 ]
 * ```
 */
export function alongTime(
  inputs: readonly Tensor[],
  state: Tensor,
  step: (now: readonly Tensor[], before: Tensor) => Stepped,
  direction: Direction = "forwards",
): AlongTime {
  const [b, t] = inputs[0]?.shape ?? [];
  if (!inputs.every(({ rank, shape }) => rank === 3 && shape[0] === b && shape[1] === t) || b === undefined || !t) {
    const got = inputs.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
    throw new ShapeError(
      `alongTime: inputs must be [b, t, w] with the same b and t, and at least one position, got ${got || "none"}`,
      { inputs: inputs.map(({ shape }) => shape) },
    );
  }
  return halves({ inputs, step, backwards: direction === "backwards" }, state);
}

interface Stretch {
  readonly inputs: readonly Tensor[];
  readonly step: (now: readonly Tensor[], before: Tensor) => Stepped;
  readonly backwards: boolean;
}

/**
 * Half of the positions after the other half, down to single ones. A slice's gradient is as large as what was sliced, so taking each
 * position out of the whole would cost t² in the backward pass; this way it is t log t. The halves' scopes free what a step leaves.
 */
function halves(stretch: Stretch, state: Tensor): AlongTime {
  const length = stretch.inputs[0]!.shape[1]!;
  return scoped(() => {
    if (length === 1) return one(stretch, state);
    const middle = Math.ceil(length / 2);
    const early = part(stretch, 0, middle);
    const late = part(stretch, middle, length - middle);
    const first = halves(stretch.backwards ? late : early, state);
    const second = halves(stretch.backwards ? early : late, first.state);
    const inOrder = stretch.backwards ? [second, first] : [first, second];
    return {
      outputs: concat(
        inOrder.map(({ outputs }) => outputs),
        1,
      ),
      state: second.state,
    };
  });
}

function part({ inputs, ...rest }: Stretch, start: number, length: number): Stretch {
  return { ...rest, inputs: inputs.map((x) => slice(x, 1, start, length)) };
}

function one({ inputs, step }: Stretch, before: Tensor): AlongTime {
  const at = inputs.map((x) => reshape(x, [x.shape[0]!, x.shape[2]!]));
  const { output, state } = step(at, before);
  const [b, o] = output.shape as [number, number];
  return { outputs: reshape(output, [b, 1, o]), state };
}
