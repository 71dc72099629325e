import { ConfigError } from "@tenon/tensor";

import type { BlockOptions } from "./block.ts";

/** For blocks without a cross-attention: a memory that nobody looks at must not pass for one that was heeded. */
export function refuseMemory(part: string, { memory, memoryMask, memoryCache }: BlockOptions): void {
  if (memory === undefined && memoryMask === undefined && memoryCache === undefined) return;
  throw new ConfigError(`${part}: it has no cross-attention and looks at no memory; use a CrossAttentionBlock`, {
    part,
  });
}
