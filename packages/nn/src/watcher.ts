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

/** Runs the synchronous body while `watcher` looks. */
export function watching<T>(watcher: Watcher, body: () => T): T {
  const outer = current;
  current = watcher;
  try {
    return body();
  } finally {
    current = outer;
  }
}
