import type { Family } from "./family.ts";
import { llama } from "./llama.ts";

/** The families that Tenon reads and writes. */
export const families: readonly Family[] = [llama];
