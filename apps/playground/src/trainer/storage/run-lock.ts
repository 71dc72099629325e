import { ConfigError } from "@tenon/tensor";

import { lockOf } from "../../model/saved-runs.ts";

/** Takes the run of a name for this tab, and gives what lets it go again. Throws `ConfigError` where another tab has it. */
export type LockRun = (name: string) => Promise<() => void>;

/** By the browser's locks, which a tab that dies lets go. Where there are none, nothing keeps two tabs apart. */
export const browserLock: LockRun = (name) =>
  new Promise((resolve, reject) => {
    if (globalThis.navigator?.locks === undefined) {
      resolve(() => undefined);
      return;
    }
    const held = navigator.locks.request(lockOf(name), { ifAvailable: true }, (lock) => {
      if (lock !== null) return new Promise<void>((release) => resolve(release));
      reject(
        new ConfigError(
          `the run "${name}" is open in another tab, and two would overwrite each other's checkpoints. Go on there, or stop it there first.`,
          { name },
        ),
      );
      return undefined;
    });
    held.catch(reject);
  });
