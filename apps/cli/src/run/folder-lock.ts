import { open, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

import { ConfigError } from "@tenon/tensor";

const lockName = "run.lock";

/**
 * Keeps a second process from training in a folder, where the two would write over each other's checkpoints. Returns what ends it. A process that was killed leaves its
 * lock behind, which counts no more. Throws `ConfigError` while another one runs.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName);
  for (;;) {
    try {
      const handle = await open(path, "wx");
      await handle.writeFile(`${process.pid} ${hostname()}\n`);
      await handle.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid, ...host] = (await readFile(path, "utf8").catch(() => "")).trim().split(" ");
    const elsewhere = host.join(" ") !== hostname();
    if (elsewhere || runs(Number(pid))) {
      throw new ConfigError(
        `${folder} is in use: process ${pid}${elsewhere ? ` of ${host.join(" ")}` : ""} trains there. Wait until it has ended, or choose another folder with --out; if there is no such process, delete ${path}.`,
        { folder, pid: Number(pid) },
      );
    }
    await rm(path, { force: true });
  }
}

/** Whether there is a process of this number, whoever's it is. */
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
