import { ShapeError } from "../errors.ts";
import { apply, type None, none, type Primitive } from "../op.ts";
import { checkShape, sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectDType, expectNumber } from "./operand.ts";

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
 * Rows of a table by their number, y[…, :] = table[ids[…], :]: table [v, d], ids i32 [b, t] (or any shape) → [b, t, d]. Any dtype. Ids are
 * checked where they are made (see `ids`); a kernel need not check again. Throws `DTypeError` for ids that are not i32 and
 * `ShapeError` for a table that is no matrix.
 *
 * Gradient: upstream, added up at each id by {@link scatterAdd}; none to the ids.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const table = tensor([1, 2, 3, 4, 5, 6], [3, 2], on);
 * console.log(await gather(table, ids([2, 0], [2], on, { limit: 3 })).read()); // Float32Array(4) [ 5, 6, 1, 2 ]
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
    expectNumber("scatterAdd", updates, "updates");
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

/**
 * A table of zeros to which each row of updates is added at its id, y[ids[…], :] += updates[…, :]: ids i32 [b, t] (or any shape), updates
 * [b, t, d] → [rows, d]. f32, f16, bf16 or i32. Ids are checked where they are made (see `ids`). Throws `DTypeError` for another
 * dtype and ids that are not i32, and `ShapeError` where shapes do not fit.
 *
 * Gradient: the rows of upstream at each id, as {@link gather} takes them, to the updates; none to the ids.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const updates = tensor([1, 2, 3, 4, 5, 6], [3, 2], on);
 * console.log(await scatterAdd(ids([1, 0, 1], [3], on, { limit: 2 }), updates, 2).read()); // Float32Array(4) [ 3, 4, 6, 8 ]
 * ```
 */
export function scatterAdd(ids: Tensor, updates: Tensor, rows: number): Tensor {
  return apply(scatterAddOp, [ids, updates], { rows });
}
