import { access, constants, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { ConfigError } from "@tenon/tensor";

import { modelFileName } from "../model/model-file.ts";

const remedy = "Make it writable, or choose another folder with --out.";

/** What a session that was killed while it wrote leaves behind, each as large as what it wrote. */
const leftBehind = /^\.(model\.safetensors|metrics\.jsonl|loss\.svg)\.\d+-\d+\.tmp$/;

/**
 * Makes the folder of a run, and removes what a killed session left half written in it. Throws `ConfigError` when it cannot be made or a run could not be saved in it: better now than after an
 * hour of training.
 */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    for (const name of await readdir(folder)) if (leftBehind.test(name)) await rm(join(folder, name), { force: true });
  } catch (error) {
    throw new ConfigError(
      `cannot use the folder ${folder}: ${error instanceof Error ? error.message : String(error)}. ${remedy}`,
      { folder },
      { cause: error },
    );
  }
  const path = join(folder, modelFileName);
  const status = await stat(path).catch(() => undefined);
  if (status !== undefined) {
    if (!status.isFile())
      throw new ConfigError(
        `${path} is no file, so it cannot be replaced. Move it away, or choose another folder with --out.`,
        { folder },
      );
    await access(path, constants.W_OK).catch((cause: unknown) => {
      throw new ConfigError(`${path} is write-protected, so it cannot be replaced. ${remedy}`, { folder }, { cause });
    });
  }
}
