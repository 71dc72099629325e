import {
  abs,
  add,
  cast,
  ConfigError,
  div,
  DTypeError,
  isFloat,
  max,
  maximum,
  mul,
  scoped,
  ShapeError,
  slice,
  sub,
  type FloatDType,
  type Tensor,
} from "@tenon/tensor";

import type { Cached, KeyValueCache } from "./key-value-cache.ts";

/**
 * A cache that keeps keys and values in 8 bits, in the room of another one, which it takes over: `new QuantizedCache(new GrowingCache())`. Each
 * head and position has a scale of its own, the largest |x| of its k numbers / 127, and each number is a level −127 … 127 of it:
 * |x − level · scale| ≤ max |x| / 254. A position then takes k + 4 bytes a head where f32 takes 4 k: for k = 64, 27 %.
 *
 * Levels and scales are made and read by ops where the tensors live. What `append` gives is in the dtype of the keys and values given, belongs to
 * the caller's scope, and covers no more of the room than the next power of two above the filled part, so that backends that compile a kernel for
 * each shape compile few. For inference: what is cached has no gradient.
 *
 * Of 64 normally distributed numbers the root mean square error is 0.6 % of their deviation. A zero point besides the scale would take a tenth of
 * that away, for 4 bytes more.
 *
 * Throws `ConfigError` unless the other cache is empty; `append` throws as that of the other cache does, and `DTypeError` for what is no float.
 *
 * Dettmers et al. 2022, "LLM.int8(): 8-bit matrix multiplication for transformers at scale", section 2 (absmax quantisation, row by row).
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * using cache = new QuantizedCache(new FixedCache(256));
 * attention.forward(zeros([1, 5, 8], on), { mask: causal(), cache });
 * console.log(cache.length, cache.capacity); // 5 256
 * ```
 */
export class QuantizedCache implements KeyValueCache {
  /** u8 [b, h, t, k], each level plus 128. */
  readonly #levels: KeyValueCache;
  /** f32 [b, h, t, 1] */
  readonly #scales: KeyValueCache;

  /** `scales` is another room, for the scales; one that is as the first is made by default. Both are disposed with the cache. */
  constructor(room: KeyValueCache, scales?: KeyValueCache) {
    if (room.length > 0 && scales === undefined) {
      throw new ConfigError(
        `QuantizedCache: the cache whose room it takes over holds ${room.length} positions already; give it a new one`,
        { length: room.length },
      );
    }
    this.#levels = room;
    this.#scales = scales ?? room.fork();
  }

  get length(): number {
    return this.#levels.length;
  }
  get capacity(): number {
    return this.#levels.capacity;
  }

  append(keys: Tensor, values: Tensor): Cached {
    const types = [expectFloats(keys), expectFloats(values)] as const;
    return scoped(() => {
      const k = quantized(keys);
      const v = keys === values ? k : quantized(values);
      const levels = this.#levels.append(k.levels, v.levels);
      const scales = this.#scales.append(k.scales, v.scales);
      const { length, first } = levels;
      const covered = Math.min(levels.keys.shape[2]!, powerOfTwo(length));
      const read = (levels: Tensor, scales: Tensor, dtype: FloatDType): Tensor =>
        dequantized(slice(levels, 2, 0, covered), slice(scales, 2, 0, covered), dtype);
      const readKeys = read(levels.keys, scales.keys, types[0]);
      const readValues = keys === values ? readKeys : read(levels.values, scales.values, types[1]);
      return { keys: readKeys, values: readValues, length, first };
    });
  }

  crop(length: number): void {
    this.#levels.crop(length);
    this.#scales.crop(length);
  }

  select(rows: readonly number[]): void {
    this.#levels.select(rows);
    this.#scales.select(rows);
  }

  fork(): QuantizedCache {
    return new QuantizedCache(this.#levels.fork(), this.#scales.fork());
  }

  reset(): void {
    this.#levels.reset();
    this.#scales.reset();
  }

  [Symbol.dispose](): void {
    this.#levels[Symbol.dispose]();
    this.#scales[Symbol.dispose]();
  }
}

/** Below this a scale would lose digits, and its numbers count as zeros. */
const leastScale = 2 ** -100;

/** x [b, h, t, k] → levels u8 [b, h, t, k] and scales f32 [b, h, t, 1]. */
function quantized(x: Tensor): { readonly levels: Tensor; readonly scales: Tensor } {
  const wide = cast(x, "f32");
  const scales = maximum(div(max(abs(wide), -1, { keepDims: true }), 127), leastScale);
  return { levels: cast(add(div(wide, scales), 128.5), "u8"), scales }; // a cast cuts the fraction off
}

const dequantized = (levels: Tensor, scales: Tensor, dtype: FloatDType): Tensor =>
  cast(mul(sub(cast(levels, "f32"), 128), scales), dtype);

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least));

function expectFloats({ dtype, shape }: Tensor): FloatDType {
  if (shape.length !== 4) {
    throw new ShapeError(`QuantizedCache: keys and values must be [b, h, t, k], got [${shape.join(", ")}]`, { shape });
  }
  if (isFloat(dtype)) return dtype;
  throw new DTypeError(`QuantizedCache: keys and values must be f32, f16 or bf16, got ${dtype}`, {
    expected: ["f32", "f16", "bf16"],
    actual: dtype,
  });
}
