import { CheckpointError } from "@tenon/tensor";

import { damaged } from "../show.ts";

/** Throws `CheckpointError`: what is wrong in which file, and the way out. */
export function refuse(
  file: string,
  problem: string,
  fields: Readonly<Record<string, unknown>> = {},
  remedy: string = damaged,
): never {
  throw new CheckpointError(`${file}: ${problem}. ${remedy}`, { file, ...fields });
}
