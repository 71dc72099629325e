import type { TrainingControl, TrainingProgress } from "./train-options.ts";

/** Milliseconds between two reports, and between two turns for timers, input and the screen. */
const interval = 50;

/** What a long loop asks now and then: may it go on, and is it time to report and let others have their turn? */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: ((progress: TrainingProgress) => void) | undefined;
  #last: number = performance.now();

  constructor({ signal, onProgress }: TrainingControl) {
    this.#signal = signal;
    this.#onProgress = onProgress;
    signal?.throwIfAborted();
  }

  /** Cheap enough for every turn of a loop; when it is true, await {@link pause}. */
  due(): boolean {
    return performance.now() - this.#last >= interval;
  }

  /** Reports, gives way to the event loop, and throws the signal's reason if it was aborted meanwhile. */
  async pause(progress: TrainingProgress): Promise<void> {
    this.#onProgress?.(progress);
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#signal?.throwIfAborted();
    this.#last = performance.now();
  }
}
