import { sizeOf, type TensorType } from "@tenon/tensor";

import type { Region } from "./memory/allocator.ts";

/** How a weight [n, k] of a linear map is kept when it is packed; see kernels/panels.ts. */
export interface Panels {
  readonly n: number;
  readonly k: number;
}

/** How levels [n, k] are kept when they are packed; see kernels/pack-levels.ts. */
export interface PackedLevels {
  readonly dtype: "q8" | "q4";
  readonly n: number;
  readonly k: number;
  /** Scales in a row. */
  readonly groups: number;
}

/** What the backend keeps for a tensor: a region of the memory, padded to whole cache lines, and the order of what lies there. */
export class Block {
  region: Region;
  /** Where it was uploaded to stay: packing it pays. */
  readonly lasting: boolean;
  /** Undefined when the elements lie row by row. */
  panels: Panels | undefined = undefined;
  /** Levels that are packed for products with whole numbers. */
  levels: PackedLevels | undefined = undefined;
  /** Something has read or written its rows: it is not packed again, or the two orders would take turns. */
  needsRows = false;
  constructor(region: Region, lasting: boolean) {
    this.region = region;
    this.lasting = lasting;
  }
}

/** Bytes of a tensor's elements; bool takes one each, two of q4 share one. */
export function storedBytes({ dtype, shape }: TensorType): number {
  const n = sizeOf(shape);
  switch (dtype) {
    case "f32":
    case "i32":
      return 4 * n;
    case "f16":
    case "bf16":
      return 2 * n;
    case "q4":
      return n / 2;
    case "u8":
    case "bool":
    case "q8":
      return n;
  }
}
