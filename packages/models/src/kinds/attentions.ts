import { MultiHeadAttention } from "@tenon/attention";
import { z } from "zod";

import { size } from "../size.ts";
import type { Kind } from "./kind.ts";

/** Multi-head attention, and grouped-query attention when there are fewer key-value heads. */
export const multiHeadAttention: Kind<
  "attention",
  { kind: "multi-head"; heads: number; keyValueHeads?: number | undefined; bias: boolean }
> = {
  options: z.strictObject({
    kind: z.literal("multi-head"),
    heads: size,
    keyValueHeads: size.optional().describe("a whole number from 1 up"),
    bias: z.boolean().default(true),
  }),
  build: ({ heads, keyValueHeads, bias }, { width, position, random }) =>
    new MultiHeadAttention({ width, heads, keyValueHeads, bias, position, random }),
};
