const pattern = /^step-(\d{8,})\.safetensors$/;

/** What the checkpoint of a step is called. Zeros before the number let a listing by name be one by step. */
export const checkpointName = (step: number): string => `step-${String(step).padStart(8, "0")}.safetensors`;

/** The step of a checkpoint by its name; undefined for any other file, which is none of ours. */
export function stepOf(file: string): number | undefined {
  const digits = pattern.exec(file)?.[1];
  if (digits === undefined) return undefined;
  const step = Number(digits);
  return checkpointName(step) === file ? step : undefined;
}
