import { f32, f32x4, Func, i32, type Local, v128, type Value } from "@tenon/wasm-assembler";

/** How many rows and how many queries a turn of a kernel has: as many sums stay in registers. */
export interface Tile {
  readonly rows: number;
  readonly queries: number;
}

/**
 * Products of rows with queries: (table, end, rowBytes, queries, out, outBytes). Rows lie from `table` up to `end`, the queries one after the
 * other, each `rowBytes` long, a multiple of 16, and the rows' number is a multiple of the tile's. The products with a query lie one after the other from `out` on, those with the next
 * `outBytes` further.
 */
export function dotsKernel(name: string, tile: Tile): Func {
  const f = new Func(name, ["i32", "i32", "i32", "i32", "i32", "i32"]);
  const [table, end, rowBytes, first, out, outBytes] = [0, 1, 2, 3, 4, 5].map((n) => f.parameter(n, "i32")) as [
    Local<"i32">,
    Local<"i32">,
    Local<"i32">,
    Local<"i32">,
    Local<"i32">,
    Local<"i32">,
  ];
  const queries = spaced(f, first, rowBytes, tile.queries);
  const outs = spaced(f, out, outBytes, tile.queries);
  const rows = f.locals("i32", tile.rows);
  rows.forEach((row, i) => row.set(i === 0 ? table : i32.add(rows[i - 1]!, rowBytes)));
  const step = f.let(i32.mul(rowBytes, tile.rows));
  const sums = queries.map(() => rows.map(() => f.local("v128")));
  const at = f.local("i32");
  const done = f.local("i32");
  f.while(
    () => i32.lt(rows[0]!, end),
    () => {
      for (const sum of sums.flat()) sum.set(f32x4.of(0));
      f.for(at, 0, rowBytes, 16, () => {
        const x = rows.map((row) => f.let(v128.load(i32.add(row, at))));
        queries.forEach((query, q) => {
          const y = f.let(v128.load(i32.add(query, at)));
          x.forEach((row, r) => sums[q]![r]!.set(f32x4.add(sums[q]![r]!, f32x4.mul(row, y))));
        });
      });
      sums.forEach((ofQuery, q) =>
        ofQuery.forEach((sum, r) => f.store("f32", i32.add(outs[q]!, done), total(sum), 4 * r)),
      );
      done.set(i32.add(done, 4 * tile.rows));
      for (const row of rows) row.set(i32.add(row, step));
    },
  );
  return f;
}

/** `count` addresses, `bytes` apart. */
function spaced(f: Func, from: Local<"i32">, bytes: Local<"i32">, count: number): Local<"i32">[] {
  const addresses = [from];
  while (addresses.length < count) addresses.push(f.let(i32.add(addresses.at(-1)!, bytes)));
  return addresses;
}

function total(sum: Local<"v128">): Value<"f32"> {
  const lane = (n: number): Value<"f32"> => f32x4.lane(sum, n);
  return f32.add(f32.add(lane(0), lane(1)), f32.add(lane(2), lane(3)));
}
