/**
 * A function to await now and then in a long loop. A backend that computes synchronously never leaves the microtask
 * queue, and timers, input, signals and the screen would wait for the end; so whenever this many milliseconds have
 * passed, they get their turn.
 */
export function breather(milliseconds: number): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < milliseconds) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
