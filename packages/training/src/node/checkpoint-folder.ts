import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { fileProblem, writeFileAtomically } from "@tenon/checkpoint/node";

import type { CheckpointFiles } from "../checkpoints/checkpoint-files.ts";

/** What a process that was killed while it wrote a checkpoint leaves behind. */
const leftBehind = /^\.step-\d{8,}\.safetensors\..*\.tmp$/;

/**
 * A folder of the disk as a place for the checkpoints of one run; it is made with the first of them. Each goes to a new file, which is forced to
 * disk before it takes its name, as is the folder after. What a killed process left half written is removed after the next whole one.
 *
 * Its methods throw `CheckpointError` naming the path and the remedy.
 *
 * @example
 * ```ts
 * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());
 * const checkpoints = new Checkpoints(checkpointFolder("runs/first"));
 * console.log(await checkpoints.save({ model, optimiser: new AdamW(model) })); // step-00000000.safetensors
 * ```
 */
export function checkpointFolder(path: string): CheckpointFiles {
  const blame = (file: string, task: "read" | "write") => (error: unknown) => {
    throw fileProblem(error, file, task);
  };
  const list = (): Promise<string[]> =>
    readdir(path).catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? [] : blame(path, "read")(error)));
  return {
    name: path,
    list,
    read: (file) => readFile(join(path, file)).catch(blame(join(path, file), "read")),
    async write(file, bytes) {
      await mkdir(path, { recursive: true }).catch(blame(path, "write"));
      await writeFileAtomically(join(path, file), bytes);
      for (const name of await list()) if (leftBehind.test(name)) await rm(join(path, name), { force: true });
    },
    remove: (file) => rm(join(path, file), { force: true }).catch(blame(join(path, file), "write")),
  };
}
