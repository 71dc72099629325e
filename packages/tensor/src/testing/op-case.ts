import type { Backend } from "../backend.ts";
import { tensor } from "../create.ts";
import { apply, type Attrs, type Input, type Op } from "../op.ts";
import { sameShape, show } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import type { Plain } from "./plain.ts";

/** One call of an op and what it must give. */
export interface OpCase {
  readonly inputs: readonly (Plain | number | undefined)[];
  readonly attrs: Attrs;
  readonly expected: readonly Plain[];
}

/** A tensor of an array written out, on a backend. */
export const place = (x: Plain, on: Backend): Tensor => tensor(x.data, x.shape, on, x.dtype);

/** Applies an op of any kind but update. */
export function call(op: Op, inputs: readonly Input[], attrs: Attrs, on: Backend): readonly Tensor[] {
  const result: unknown = apply(op as never, inputs as never, attrs as never, on);
  return result instanceof Tensor ? [result] : (result as readonly Tensor[]);
}

/** Runs a case; an update op runs on variables, and gives their values. */
export function runCase(op: Op, { inputs, attrs, expected }: OpCase, on: Backend): readonly Tensor[] {
  const placed = inputs.map((input) => (typeof input === "object" ? place(input, on) : input));
  if (op.kind !== "update") return call(op, placed, attrs, on);
  const variables = expected.map((_, i) => Variable.holding(placed[i] as Tensor));
  Variable.update(op as never, variables, placed.slice(expected.length), attrs as never);
  return variables.map((variable) => variable.value);
}

/** Throws unless the tensor has the expected type and, as {@link expectNumbers} says, the expected values. */
export async function expectClose(
  actual: Tensor,
  expected: Plain,
  tolerance: number,
  what = "",
  scale = 1,
): Promise<void> {
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape)) {
    throw new Error(
      `${what}: got ${actual.dtype} ${show(actual.shape)}, expected ${expected.dtype} ${show(expected.shape)}`,
    );
  }
  expectNumbers(await actual.read(), expected.data, tolerance, what, scale);
}

/**
 * Throws unless two lists are as long as each other and agree element by element: NaN where NaN, the same infinities, and
 * elsewhere a difference of at most `tolerance` times the size of what is expected, or times `scale` where that is larger.
 */
export function expectNumbers(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "",
  scale = 1,
): void {
  if (actual.length !== expected.length)
    throw new Error(`${what}: got ${actual.length} elements, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const e = expected[i]!;
    if (a === e || (a !== a && e !== e)) continue;
    if (Math.abs(a - e) <= tolerance * Math.max(scale, Math.abs(e)) && Number.isFinite(e)) continue;
    throw new Error(`${what}: element ${i} is ${a}, expected ${e} to within ${tolerance}`);
  }
}

/** A case in words, for messages: its inputs' shapes and its attributes. */
export function describeCase(name: string, { inputs, attrs }: OpCase): string {
  const shown = inputs.map((input) =>
    typeof input === "object" ? `${input.dtype}[${input.shape.join(", ")}]` : String(input),
  );
  return `${name}(${shown.join(", ")}) ${JSON.stringify(attrs)}`;
}
