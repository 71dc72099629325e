import { sizeOf, type Call, type KernelTable, type TensorType } from "@tenon/tensor";
import { f32x4, f64, i32, i32x4, type Local, v128, type Value, word32 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, scratchBytes, type Kernel, type KernelFunc } from "../kernel.ts";

type Address = Local<"i32">;

/**
 * Elements as whole numbers in the same order. Of floats: their bits, turned over where the sign is set, with −0 as 0 and NaN above all
 * else. Four at a time, or one.
 */
interface Keys {
  readonly four: (f: KernelFunc, x: Value<"v128">) => Value<"v128">;
  readonly one: (f: KernelFunc, bits: Value<"i32">) => Value<"i32">;
}
const largest = 0x7fffffff;
const keysOf: { readonly [D in "f32" | "i32"]: Keys } = {
  i32: { four: (_, x) => x, one: (_, bits) => bits },
  f32: {
    four: (f, x) => {
      const bits = f.let(f32x4.add(x, 0));
      const key = v128.xor(bits, v128.and(i32x4.shrSigned(bits, 31), i32x4.of(largest)));
      return v128.select(i32x4.of(largest), key, f32x4.ne(bits, bits));
    },
    one: (f, x) => {
      const bits = f.let(x);
      const key = i32.xor(bits, i32.and(word32.shrSigned(bits, 31), largest));
      const number = f.select(word32.shl(bits, 1), key, i32.of(0));
      return f.select(i32.gt(i32.and(bits, largest), 0x7f800000), i32.of(largest), number);
    },
  },
};

const fields = { x: "i32", values: "i32", indices: "i32", n: "i32", k: "i32" } as const;

/** Writes the element at `index` of a row, and the index. */
function emit(f: KernelFunc, row: Address, index: Value<"i32">, value: Value<"i32">, place: Value<"i32">): void {
  const at = f.let(index);
  f.store("i32", place, at);
  f.store("i32", value, i32.load(element(row, at, 2)));
}

/** Up to this k the first k found so far are kept in order, and most elements are compared with the last of them alone. */
const fewest = 64;
/** Elements that are compared at a time. */
const step = 16;

/** The k ≤ 64 largest of each row. A unit is a row. */
const firstFew = (dtype: "f32" | "i32"): Kernel<typeof fields> =>
  kernel(`topKFew_${dtype}`, fields, (f, { x, values, indices, n, k }, part) => {
    const keys = keysOf[dtype];
    const [row, from, i, found, at, end, to] = f.locals("i32", 7);
    const indexAt = 4 * fewest; // behind the keys in scratch
    const lastKey = f.let(i32.add(part.scratch, i32.shl(i32.sub(k, 1), 2)));
    const insert = (): void => {
      const key = f.let(keys.one(f, i32.load(element(from, i, 2))));
      const isFull = f.let(i32.eq(found, k));
      // Of equals the first stays.
      f.if(i32.eqz(i32.and(isFull, i32.leSigned(key, i32.load(lastKey)))), () => {
        found.set(i32.add(found, i32.eqz(isFull)));
        at.set(element(part.scratch, i32.sub(found, 1), 2));
        f.while(
          () => f.select(i32.gt(at, part.scratch), i32.gtSigned(key, i32.load(i32.sub(at, 4))), i32.of(0)),
          () => {
            f.store("i32", at, i32.load(i32.sub(at, 4)));
            f.store("i32", at, i32.load(i32.sub(at, 4), indexAt), indexAt);
            at.set(i32.sub(at, 4));
          },
        );
        f.store("i32", at, key);
        f.store("i32", at, i, indexAt);
      });
    };
    f.for(row, part.from, part.to, 1, () => {
      from.set(element(x, i32.mul(row, n), 2));
      found.set(i32.of(0));
      f.for(i, 0, k, 1, insert);
      f.while(
        () => i32.le(i32.add(i, step), n),
        () => {
          const here = f.let(element(from, i, 2));
          const least = f.let(v128.splat32(lastKey));
          const [a, b, c, d] = [0, 16, 32, 48].map((o) => i32x4.gt(keys.four(f, v128.load(here, o)), least)) as Four;
          end.set(i32.add(i, step));
          f.if(
            v128.anyTrue(v128.or(v128.or(a, b), v128.or(c, d))),
            () => f.for(i, i, end, 1, insert),
            () => i.set(end),
          );
        },
      );
      f.for(i, i, n, 1, insert);
      to.set(i32.shl(i32.mul(row, k), 2));
      f.for(i, 0, k, 1, () => {
        const index = i32.load(element(part.scratch, i, 2), indexAt);
        emit(f, from, index, i32.add(values, to), i32.add(indices, to));
        to.set(i32.add(to, 4));
      });
    });
  });
type Four = [Value<"v128">, Value<"v128">, Value<"v128">, Value<"v128">];

/** Four counts for each of 256 digits. */
const countBytes = 4 * 256 * 4;
/** How long a row may be for its keys and indices, twice, to find room in scratch. */
const longest = (scratchBytes - countBytes) / 16;

/**
 * The k largest of each row, by sorting all of it: digit by digit of the keys, least first, which keeps the order of equals. `room` is 0,
 * or the address of 16 n bytes, for one row. A unit is a row.
 */
const firstMany = (dtype: "f32" | "i32"): Kernel<typeof fields & { room: "i32" }> =>
  kernel(`topKMany_${dtype}`, { ...fields, room: "i32" }, (f, { x, values, indices, n, k, room }, part) => {
    const keys = keysOf[dtype];
    const [row, from, i, source, target, at, end, to, offset] = f.locals("i32", 9);
    const counts = part.scratch;
    const own = f.let(f.select(room, room, i32.add(counts, countBytes)));
    /** Where a key's digit is counted. */
    const countOf = (key: Value<"i32">, digit: number): Value<"i32"> =>
      i32.add(element(counts, i32.and(word32.shr(key, 8 * digit), 255), 2), 1024 * digit);
    // Of the places that take the counts' turn: addresses, or distances where an address has more bits than a count.
    const start = f.target.far ? i32.of(0) : target;
    f.for(row, part.from, part.to, 1, () => {
      from.set(element(x, i32.mul(row, n), 2));
      f.fill(counts, 0, i32.of(countBytes));
      source.set(own);
      target.set(i32.add(own, i32.shl(n, 3)));
      at.set(source);
      f.for(i, 0, n, 1, () => {
        // Turned over, so that the smallest come last.
        const key = f.let(i32.xor(keys.one(f, i32.load(element(from, i, 2))), largest));
        f.store("i32", at, key);
        f.store("i32", at, i, 4);
        at.set(i32.add(at, 8));
        for (let digit = 0; digit < 4; digit++) {
          const count = f.let(countOf(key, digit));
          f.store("i32", count, i32.add(i32.load(count), 1));
        }
      });
      for (let digit = 0; digit < 4; digit++) {
        // Where all have the same digit they stay.
        f.if(i32.eqz(i32.eq(i32.load(countOf(i32.load(source), digit)), n)), () => {
          offset.set(start);
          at.set(i32.add(counts, 1024 * digit));
          end.set(i32.add(at, 1024));
          f.for(at, at, end, 4, () => {
            const count = f.let(i32.load(at));
            f.store("i32", at, offset);
            offset.set(i32.add(offset, i32.shl(count, 3)));
          });
          end.set(element(source, n, 3));
          f.for(at, source, end, 8, () => {
            const place = f.let(countOf(i32.load(at), digit));
            to.set(i32.loadUnsigned(place));
            f.store("i32", place, i32.add(to, 8));
            if (f.target.far) to.set(i32.add(to, target));
            f.store("f64", to, f64.load(at)); // a pair, moved as it is
          });
          to.set(source);
          source.set(target);
          target.set(to);
        });
      }
      to.set(i32.shl(i32.mul(row, k), 2));
      f.for(i, 0, k, 1, () => {
        emit(f, from, i32.load(element(source, i, 3), 4), i32.add(values, to), i32.add(indices, to));
        to.set(i32.add(to, 4));
      });
    });
  });

const few = { f32: firstFew("f32"), i32: firstFew("i32") };
const many = { f32: firstMany("f32"), i32: firstMany("i32") };
export const topKKernels: readonly Kernel[] = [few.f32, few.i32, many.f32, many.i32];

/** The largest of each row in order: a few are found in one pass, for many the row is sorted. */
export const topKTable = (engine: Engine): Pick<KernelTable<Block>, "topK"> => ({
  topK: ([x], { k }, call: Call<Block>) => {
    const results = [call.allocate(call.outputs[0]!), call.allocate(call.outputs[1]!)] as const;
    const { dtype, shape } = call.inputs[0] as TensorType;
    const n = shape.at(-1)!;
    const rows = sizeOf(shape.slice(0, -1));
    const values = { x: engine.at(x), values: engine.at(results[0]), indices: engine.at(results[1]), n, k };
    const type = dtype === "i32" ? "i32" : "f32";
    if (k <= fewest) engine.run(few[type], values, rows, Math.ceil(16_384 / n));
    else if (n <= longest) engine.run(many[type], { ...values, room: 0 }, rows, Math.ceil(4096 / n));
    else {
      const room = engine.at(call.allocate({ dtype: "i32", shape: [4 * n] }));
      for (let row = 0; row < rows; row++) {
        const [from, to] = [4 * n * row, 4 * k * row];
        const one = { x: values.x + from, values: values.values + to, indices: values.indices + to, n, k, room };
        engine.run(many[type], one, 1);
      }
    }
    return results;
  },
});
