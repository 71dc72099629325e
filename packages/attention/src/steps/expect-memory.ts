import { ShapeError, type Tensor } from "@tenon/tensor";

import type { MemoryCache, Projected } from "../cache/memory-cache.ts";
import { expectSequence } from "./expect-pass.ts";

/** The widths of what meets. */
export interface MemoryWidths {
  readonly width: number;
  readonly memoryWidth: number;
}

/**
 * What a part makes of its memory [b, s, d′] for x [b, t, d], each [b, …, s, n]: what the cache keeps, where it keeps something. Throws `ShapeError`,
 * in the name of the part, where x and memory, or the memory and what is kept, do not fit.
 */
export function expectMemory<P extends Projected>(
  part: string,
  { width, memoryWidth }: MemoryWidths,
  [x, memory]: readonly [x: Tensor, memory: Tensor],
  cache: Pick<MemoryCache, "once"> | undefined,
  make: () => P,
): P {
  expectSequence(part, "x", x, width);
  expectSequence(part, "memory", memory, memoryWidth, "s");
  const made = (cache === undefined ? make() : cache.once(make)) as P;
  const [kept] = Object.values(made) as [Tensor];
  const [b, s] = [kept.shape[0]!, kept.shape.at(-2)!];
  if (s !== memory.shape[1]) {
    throw new ShapeError(
      `${part}: the cache keeps a memory of ${s} positions, got one of ${memory.shape[1]}; reset() it, or make another, for another memory`,
      { kept: s, memory: memory.shape },
    );
  }
  if (b !== x.shape[0]) {
    throw new ShapeError(
      `${part}: x [${x.shape.join(", ")}] has ${x.shape[0]} sequences, the memory ${b}; give each sequence a memory of its own${cache === undefined ? "" : ", and select() the cache's rows with those of x"}`,
      { x: x.shape, sequences: b },
    );
  }
  return made;
}
