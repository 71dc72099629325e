import { encodeTensor } from "@tenon/checkpoint";
import { readSafetensors, writeSafetensors } from "@tenon/checkpoint/node";
import { CheckpointError, ConfigError } from "@tenon/tensor";
import { access } from "node:fs/promises";

import type { CheckpointStore, TrainingCheckpoint } from "../../training/checkpoint.ts";

type Progress = Pick<TrainingCheckpoint, "settings" | "epoch" | "byte" | "learned">;
const format = "tenon word vectors in training";

/**
 * Keeps the checkpoints of a training run in one file, safetensors, which each new one replaces, whole or not at all. A run that finds the
 * file goes on from there; one that was done gives its result at once. `seconds` between two checkpoints: default 60.
 *
 * Throws a ConfigError for `seconds` that are no time; loading rejects with a CheckpointError for a file that is damaged or something
 * else, saving for one that cannot be written.
 *
 * @example
 * ```ts
 * const checkpoint = fileCheckpoint("vectors.checkpoint", { seconds: 30 });
 * console.log(await checkpoint.load()); // undefined
 * ```
 */
export function fileCheckpoint(path: string, { seconds = 60 }: { seconds?: number } = {}): CheckpointStore {
  if (!(seconds > 0)) throw new ConfigError(`fileCheckpoint: seconds is a number above 0, got ${seconds}`, { seconds });
  return {
    seconds,
    async load() {
      if (!(await exists(path))) return undefined;
      const { tensors, metadata } = await readSafetensors(path);
      if (metadata["format"] !== format) {
        throw new CheckpointError(
          `${path} is no checkpoint of a training of word vectors. Name another file, or one that does not exist yet.`,
          { file: path },
        );
      }
      const arrays = [...tensors].map(([name, tensor]) => [
        name,
        tensor.dtype === "I32" ? tensor.toInt32() : tensor.toFloat32(),
      ]);
      return {
        ...(JSON.parse(metadata["progress"] ?? "{}") as Progress),
        arrays: Object.fromEntries(arrays) as TrainingCheckpoint["arrays"],
      };
    },
    async save({ arrays, ...progress }) {
      // A copy, since memory that threads share cannot be written from.
      const tensors = Object.entries(arrays).map(
        ([name, array]) => [name, encodeTensor(array.slice(), [array.length])] as const,
      );
      await writeSafetensors(path, tensors, { format, progress: JSON.stringify(progress) });
    },
  };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
