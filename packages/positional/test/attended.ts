import { Module } from "@tenon/nn";
import { add, concat, maskedSoftmax, matmul, mul, slice, tensor, transpose, type Tensor } from "@tenon/tensor";

import type { AttentionPosition } from "../src/attention-position.ts";
import { Extent } from "../src/extent.ts";

/** How {@link Attended} attends. */
export interface AttendedOptions {
  readonly position: AttentionPosition;
  /** The sequence comes in passes of these lengths, as with a cache. Default: in one. */
  readonly passes?: readonly number[];
  /** So many queries of a pass take their turn together. Default: all. */
  readonly turn?: number;
  /** Each query sees itself and so many keys before; earlier keys are dropped between passes. Default: all keys, those ahead included. */
  readonly window?: number;
  readonly positions?: readonly (readonly number[])[];
  /** Nobody sees so many of the first keys: padding. Default 0. */
  readonly hidden?: number;
}

/** Attention in plain steps, as the paper has it: what a position scheme makes of queries, keys and values [b, h, t, k]. */
export class Attended extends Module<[queries: Tensor, keys: Tensor, values: Tensor], Tensor> {
  readonly position: AttentionPosition;
  readonly #options: AttendedOptions;

  constructor(options: AttendedOptions) {
    super();
    this.position = options.position;
    this.#options = options;
  }

  protected override compute(queries: Tensor, keys: Tensor, values: Tensor): Tensor {
    const { passes = [queries.shape[2]!], positions, window = Infinity } = this.#options;
    const results: Tensor[] = [];
    let [kept, offset, firstKey]: [Tensor | undefined, number, number] = [undefined, 0, 0];
    for (const length of passes) {
      const end = offset + length;
      const extent = new Extent({
        offset,
        length,
        backend: queries.backend,
        positions: positions?.map((row) => row.slice(0, end)),
      });
      const { rotate = (x: Tensor) => x } = this.position.at(extent);
      const pass = (x: Tensor): Tensor => slice(x, 2, offset, length);
      kept = kept === undefined ? rotate(pass(keys)) : concat([kept, rotate(pass(keys))], 2);
      const dropped = Math.max(0, offset - window - firstKey);
      kept = slice(kept, 2, dropped, kept.shape[2]! - dropped);
      firstKey += dropped;
      const seen = slice(values, 2, firstKey, end - firstKey);
      results.push(...this.#turns(rotate(pass(queries)), kept, seen, extent, firstKey));
      offset = end;
    }
    return results.length === 1 ? results[0]! : concat(results, 2);
  }

  #turns(queries: Tensor, keys: Tensor, values: Tensor, extent: Extent, firstKey: number): Tensor[] {
    const { turn = extent.length, window, hidden = 0 } = this.#options;
    const scale = 1 / Math.sqrt(queries.shape[3]!);
    const { bias, values: add_ } = this.position.at(extent);
    return Array.from({ length: Math.ceil(extent.length / turn) }, (_, i) => {
      const firstQuery = i * turn;
      const own = slice(queries, 2, firstQuery, Math.min(turn, extent.length - firstQuery));
      const region = { firstQuery, queries: own.shape[2]!, firstKey, keys: keys.shape[2]! };
      const products = mul(matmul(own, transpose(keys)), scale);
      const scores = bias === undefined ? products : add(products, bias(own, region, scale));
      const allowed = Array.from({ length: region.queries * region.keys }, (_, j) => {
        const key = firstKey + (j % region.keys);
        const back = extent.offset + firstQuery + Math.floor(j / region.keys) - key;
        return Number(key >= hidden && (window === undefined || (back >= 0 && back <= window)));
      });
      const mask = tensor(allowed, [1, 1, region.queries, region.keys], queries.backend, "bool");
      const pattern = maskedSoftmax(scores, mask);
      const y = matmul(pattern, values);
      return add_ === undefined ? y : add(y, add_(pattern, region));
    });
  }
}
