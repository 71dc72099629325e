import * as z from "zod";

/** A count in a spec. Ids and positions are i32, so nothing is larger than those reach. */
export const size: z.ZodType<number> = z
  .int()
  .positive()
  .max(2 ** 31 - 1)
  .describe("a whole number from 1 up");
