import type { Tensor } from "@tenon/tensor";

/** Looks at named points inside modules while they compute. */
export interface Watcher {
  /** Does anybody want to see this point? A module asks before it takes a slower path that has it. */
  wants(module: object, tap: string): boolean;
  /** Shows the tensor at this point; the module goes on with what is returned. */
  see(module: object, tap: string, x: Tensor): Tensor;
}

// Set only while synchronous code runs inside `watching`, so it can neither leak nor be left behind by an error.
let current: Watcher | undefined;

/** Who looks now: nobody, nearly always. */
export const currentWatcher = (): Watcher | undefined => current;

// Set only while a watcher is shown what it has seen before.
let repeating = false;

/** Is this the second time that a tap is shown, because its module runs again for the gradients? */
export const isRepeat = (): boolean => repeating;

/** The watcher for a second run: its functions are called again, since the model goes on with what they return. */
export function repeated(watcher: Watcher): Watcher {
  return {
    wants: (module, tap) => watcher.wants(module, tap),
    see: (module, tap, x) => {
      const outer = repeating;
      repeating = true;
      try {
        return watcher.see(module, tap, x);
      } finally {
        repeating = outer;
      }
    },
  };
}

/** Runs the synchronous body while `watcher` looks, or nobody. */
export function watching<T>(watcher: Watcher | undefined, body: () => T): T {
  const outer = current;
  current = watcher;
  try {
    return body();
  } finally {
    current = outer;
  }
}
