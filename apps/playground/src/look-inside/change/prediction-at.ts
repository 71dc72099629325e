import type { Reading } from "../../engine/inspection/subject-data.ts";
import { visible } from "../shown.ts";

/** Which prediction is meant: "after “very” (12)", or of an encoder "at “[MASK]” (4)". */
export function predictionAt({ main, predictsNext }: Reading, position: number): string {
  return `${predictsNext ? "after" : "at"} “${visible(main.tokens[position]!)}” (${position})`;
}
