import type { GgufValue } from "@tenon/checkpoint";
import { CheckpointError } from "@tenon/tensor";

/** What is wrong with a key of a GGUF file. */
export function ggufProblem(
  file: string,
  key: string,
  expected: string,
  value: GgufValue | undefined,
): CheckpointError {
  const got = value === undefined ? "nothing" : shown(value);
  return new CheckpointError(`${file}: "${key}": expected ${expected}; got ${got}`, { file, key, expected, got });
}

function shown(value: GgufValue): string {
  if (typeof value === "object") return `a list of ${value.length}`;
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
