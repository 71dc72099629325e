import { ConfigError } from "@tenon/tensor";

/**
 * A hand on a run of {@link fit} from outside: buttons and a slider, say. The scale is saved in its checkpoints.
 *
 * @example
 * ```ts
 * const control = new TrainingControl();
 * control.scale = 0.1; // from the next step on, a tenth of what the schedule says
 * control.pause();
 * console.log(control.paused, control.scale); // true 0.1
 * control.resume();
 * ```
 */
export class TrainingControl {
  #scale = 1;
  #waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** What the schedule's rate is multiplied by from the next step on. Setting it throws `ConfigError` unless it is a finite number from 0 up. */
  get scale(): number {
    return this.#scale;
  }
  set scale(value: number) {
    if (!(Number.isFinite(value) && value >= 0))
      throw new ConfigError(`TrainingControl: scale must be a finite number from 0 up, got ${value}`, { scale: value });
    this.#scale = value + 0; // no −0, which JSON cannot hold
  }

  get paused(): boolean {
    return this.#waiting !== undefined;
  }
  /** The run waits after the current step. */
  pause(): void {
    if (this.#waiting !== undefined) return;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    this.#waiting = { promise, resolve };
  }
  resume(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  /** Resolves once it is not paused, or the signal aborts. */
  async turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting === undefined || signal?.aborted) return;
    const { promise } = this.#waiting;
    let heard = (): void => undefined;
    const aborted = new Promise<void>((resolve) => (heard = resolve));
    signal?.addEventListener("abort", heard, { once: true });
    await Promise.race([promise, aborted]);
    signal?.removeEventListener("abort", heard);
    await this.turn(signal); // it may have been paused again meanwhile
  }
}
