import { CheckpointError } from "@tenon/tensor";

const damaged = "The file is damaged or was cut short: download or export it again.";

/** Throws CheckpointError: what is wrong at which byte of which file, and the way out. */
export function refuse(file: string, byte: number, problem: string, remedy: string = damaged): never {
  throw new CheckpointError(`${file}, byte ${byte}: ${problem}. ${remedy}`, { file, byte });
}
