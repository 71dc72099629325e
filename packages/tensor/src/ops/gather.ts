import { ShapeError } from "../errors.ts";
import { apply, type None, none, type Primitive } from "../op.ts";
import { checkShape, sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectDType } from "./operand.ts";

export const gatherOp: Primitive<[table: Tensor, ids: Tensor], None> = {
  kind: "primitive",
  name: "gather",
  saves: "inputs",
  infer: ([table, ids]) => {
    expectDType("gather", ids, "i32", "ids");
    if (table.shape.length !== 2)
      throw new ShapeError(`gather: the table must be [rows, d], got ${show(table.shape)}`, { table: table.shape });
    return { dtype: table.dtype, shape: [...ids.shape, table.shape[1]!] };
  },
  gradient: ({ inputs: [table, ids], upstream }) => [() => scatterAdd(ids, upstream, table.shape[0]!), undefined],
};

/**
 * Rows of a table: table [v, d], ids […] → […, d]. Ids are checked where they are made (see {@link ids}); a kernel need not check again.
 *
 * @example
 * ```ts
 * gather(table, ids([2, 0], [2], on, 3)); // rows 2 and 0
 * ```
 */
export function gather(table: Tensor, ids: Tensor): Tensor {
  return apply(gatherOp, [table, ids], none);
}

export const scatterAddOp: Primitive<[ids: Tensor, updates: Tensor], { rows: number }> = {
  kind: "primitive",
  name: "scatterAdd",
  saves: "inputs",
  infer: ([ids, updates], { rows }) => {
    expectDType("scatterAdd", ids, "i32", "ids");
    const d = updates.shape[updates.shape.length - 1];
    if (d === undefined || !sameShape([...ids.shape, d], updates.shape)) {
      throw new ShapeError(
        `scatterAdd: updates ${show(updates.shape)} must be the shape of ids ${show(ids.shape)} and one axis more`,
        { ids: ids.shape, updates: updates.shape },
      );
    }
    checkShape([rows]);
    return { dtype: updates.dtype, shape: [rows, d] };
  },
  gradient: ({ inputs: [ids], upstream }) => [undefined, () => gather(upstream, ids)],
};

/** A table [rows, d] of zeros to which each row of `updates` […, d] is added at its id: the gradient of {@link gather}. @example `scatterAdd(ids, updates, 50)` */
export function scatterAdd(ids: Tensor, updates: Tensor, rows: number): Tensor {
  return apply(scatterAddOp, [ids, updates], { rows });
}
