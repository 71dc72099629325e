import type { Check } from "../subject.ts";

/** A check and its name. */
export type Named = readonly [name: string, check: Check];
/** How many random calls are tried of each op, unless a backend asks for more or fewer. */
export const usualRuns = 25;

/** Checks that belong together; their names begin with the group's. `runs` is how many random calls to try of each op. */
export type Group = (runs: number) => readonly Named[];
