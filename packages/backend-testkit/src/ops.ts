import { composites, primitives, type Op } from "@tenon/tensor";
import { compositeCases, primitiveCases, type OpCase } from "@tenon/tensor/testing";

/** One op with the calls that its definition settles. */
export interface TestedOp {
  readonly name: string;
  readonly op: Op;
  readonly cases: readonly OpCase[];
}

/** Every op that the tables of `@tenon/tensor` name. */
export const testedOps: readonly TestedOp[] = Object.entries<Op>({ ...primitives, ...composites }).map(
  ([name, op]) => ({
    name,
    op,
    cases: ({ ...primitiveCases, ...compositeCases } as { readonly [name: string]: readonly OpCase[] })[name] ?? [],
  }),
);
