import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";

import { wait } from "../hub/patience.ts";

/** Milliseconds between two signs of life, and those without one after which a lock counts as abandoned. */
const usual = { beat: 2_000, abandoned: 20_000, look: 100 };
let taken = 0;

/**
 * Runs `work` while no other process that takes the same lock does. The lock is a file, as Node has no locks of the system: it names its holder, who touches it
 * while it lives. One whose holder has died, or is silent for long, is taken away, so that a process that was killed stops nobody.
 *
 * It saves work, and is no more than that: a holder that was only asleep (a laptop that was closed) finds that another has gone on. What is done below it must be
 * right even then.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
  { beat, abandoned, look }: typeof usual = usual,
): Promise<T> {
  const me = JSON.stringify({ host: hostname(), pid: process.pid, number: taken++ });
  while (!(await takes(path, me))) {
    if (await isAbandoned(path, abandoned)) await takeAway(path);
    else await wait(look, signal);
  }
  const pulse = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, beat);
  try {
    return await work();
  } finally {
    clearInterval(pulse);
    if ((await readFile(path, "utf8").catch(() => undefined)) === me) await rm(path, { force: true });
  }
}

async function takes(path: string, me: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx");
    try {
      await handle.writeFile(me);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isAbandoned(path: string, after: number): Promise<boolean> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs > after) return true;
    const { host, pid } = JSON.parse(await readFile(path, "utf8")) as { host?: unknown; pid?: unknown };
    return host === hostname() && typeof pid === "number" && !isAlive(pid);
  } catch {
    // It is gone, or its holder is just writing it.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Of several that see the same abandoned lock, one moves it; the others find it gone. */
async function takeAway(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).then(
    () => rm(aside, { force: true }),
    () => undefined,
  );
}
