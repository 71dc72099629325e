import { CheckpointError } from "@tenon/tensor";

import type { CheckpointFiles } from "./checkpoint-files.ts";

/**
 * A place for checkpoints that lasts as long as the process: for tests, and for going back within a run. `read` throws `CheckpointError` for
 * a file that is not there.
 *
 * @example
 * ```ts
 * const checkpoints = new Checkpoints(checkpointsInMemory());
 * console.log(await checkpoints.latest()); // undefined
 * ```
 */
export function checkpointsInMemory(): CheckpointFiles {
  const files = new Map<string, Uint8Array>();
  return {
    name: "memory",
    list: () => Promise.resolve([...files.keys()]),
    read: (file) => {
      const bytes = files.get(file);
      if (bytes === undefined)
        return Promise.reject(new CheckpointError(`cannot read ${file}: there is no such file in memory.`, { file }));
      return Promise.resolve(bytes.slice());
    },
    write: (file, bytes) => {
      files.set(file, bytes.slice());
      return Promise.resolve();
    },
    remove: (file) => {
      files.delete(file);
      return Promise.resolve();
    },
  };
}
