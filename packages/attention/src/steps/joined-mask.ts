import { all } from "../mask/all.ts";
import type { Mask } from "../mask/mask.ts";

/** The mask of an attention and that of a pass, as one. */
export function joinedMask(own: Mask | undefined, passed: Mask | undefined): Mask | undefined {
  return own === undefined || passed === undefined ? (own ?? passed) : all(own, passed);
}
