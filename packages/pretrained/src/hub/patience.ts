/** How long a download is tried. */
export interface Patience {
  /** So many times in a row without a single byte that arrives. */
  readonly tries: number;
  /** Milliseconds before the second try; each later wait is twice as long. */
  readonly pause: number;
  /** Milliseconds without a byte after which a connection counts as cut. */
  readonly silence: number;
}

export const usualPatience: Patience = { tries: 5, pause: 500, silence: 30_000 };

/** Waits, unless the signal ends it: then it throws the signal's reason. */
export function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
