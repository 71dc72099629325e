import { f32, f32x4, Func, i32, type Local, v128, type Value } from "@tenon/wasm-assembler";

/** What a turn of a kernel takes: rows × queries × chains sums stay in registers. */
export interface Tile {
  readonly rows: number;
  readonly queries: number;
  /** Sums of one row and one query that do not wait for each other, added up at its end. */
  readonly chains: number;
}

/**
 * Products of rows with queries: (table, end, rowBytes, queries, out, outBytes). Rows lie from `table` up to `end`, the queries one after the other,
 * each `rowBytes` long, a multiple of 16, and the rows' number is a multiple of the tile's. The products with a query lie one after the
 * other from `out` on, those with the next `outBytes` further.
 */
export function dotsKernel(name: string, tile: Tile): Func {
  const f = new Func(name, ["i32", "i32", "i32", "i32", "i32", "i32"]);
  const parameter = (n: number): Local<"i32"> => f.parameter(n, "i32");
  const [table, end, rowBytes] = [parameter(0), parameter(1), parameter(2)];
  const queries = spaced(f, parameter(3), rowBytes, tile.queries);
  const outs = spaced(f, parameter(4), parameter(5), tile.queries);
  const rows = spaced(f, f.let(table), rowBytes, tile.rows);
  const step = f.let(i32.mul(rowBytes, tile.rows));
  const whole = f.let(i32.and(rowBytes, -16 * tile.chains));
  const sums = queries.map(() => rows.map(() => f.locals("v128", tile.chains)));
  const [at, done] = [f.local("i32"), f.local("i32")];
  const addProducts = (chain: number): void => {
    const x = rows.map((row) => f.let(v128.load(i32.add(row, at), 16 * chain)));
    queries.forEach((query, q) => {
      const y = f.let(v128.load(i32.add(query, at), 16 * chain));
      x.forEach((row, r) => {
        const sum = sums[q]![r]![chain]!;
        sum.set(f32x4.add(sum, f32x4.mul(row, y)));
      });
    });
  };
  f.while(
    () => i32.lt(rows[0]!, end),
    () => {
      for (const sum of sums.flat(2)) sum.set(f32x4.of(0));
      f.for(at, 0, whole, 16 * tile.chains, () => {
        for (let chain = 0; chain < tile.chains; chain++) addProducts(chain);
      });
      if (tile.chains > 1) f.for(at, whole, rowBytes, 16, () => addProducts(0));
      sums.forEach((ofQuery, q) =>
        ofQuery.forEach((chains, r) => f.store("f32", i32.add(outs[q]!, done), total(f, chains), 4 * r)),
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

function total(f: Func, chains: readonly Local<"v128">[]): Value<"f32"> {
  const sum = f.let(chains.reduce<Value<"v128">>((a, b) => (a === b ? a : f32x4.add(a, b)), chains[0]!));
  const lane = (n: number): Value<"f32"> => f32x4.lane(sum, n);
  return f32.add(f32.add(lane(0), lane(1)), f32.add(lane(2), lane(3)));
}
