import type { Call } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Activation } from "./epilogue.ts";
import { runMultiply } from "./multiply.ts";

/** Bytes of the weight that are written out at a time: they stay in the cache. */
const stretch = 1 << 20;

/** A linear map of m rows of floats; addresses, 0 for no bias. */
export interface Map {
  readonly x: number;
  readonly y: number;
  readonly bias: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly activation?: Activation | undefined;
}

/**
 * A linear map whose weight [n, k] is kept in something smaller than floats: some of its rows after the others are written out, by
 * `write`, and multiplied as floats. So the weight as a whole is never there.
 */
export function multiplyInStretches(
  engine: Engine,
  map: Map,
  call: Call<Block>,
  write: (first: number, rows: number, to: number) => void,
): void {
  const { m, n, y, bias } = map;
  // Without anything to sum, a product of width 1 with zeros gives the bias.
  const k = Math.max(1, map.k);
  const rows = Math.min(n, 8 * Math.ceil(stretch / (32 * k)));
  const floats = engine.at(call.allocate({ dtype: "f32", shape: [rows, k] }));
  let a = map.x;
  if (map.k === 0) {
    a = engine.at(call.allocate({ dtype: "f32", shape: [m] }));
    engine.memory.f32.fill(0, a / 4, a / 4 + m);
    engine.memory.f32.fill(0, floats / 4, floats / 4 + rows);
  }
  for (let first = 0; first < n; first += rows) {
    const count = Math.min(rows, n - first);
    if (map.k > 0) write(first, count, floats);
    runMultiply(engine, {
      a,
      b: floats,
      c: y + 4 * first,
      bias: bias === 0 ? 0 : bias + 4 * first,
      batch: 1,
      m,
      n: count,
      k,
      aRow: 4 * k,
      bRow: 4 * k,
      cRow: 4 * n,
      aBatch: 0,
      bBatch: 0,
      cBatch: 0,
      bOrder: "transposed",
      transposeA: false,
      activation: map.activation,
    });
  }
}
