import type { CorpusProgress } from "./corpus-options.ts";

/** Milliseconds between two reports. */
const reportEvery = 250;
/** Milliseconds of work between two turns for timers, input and the screen. */
const pauseEvery = 30;

/** Reports how far the making is, and lets others have their turn. */
export class Pace {
  /** Bytes of the files that were read. */
  bytes = 0;
  readonly #totalBytes: number | undefined;
  readonly #report: (progress: CorpusProgress) => void;
  readonly #began: number = performance.now();
  #reported: number = performance.now();
  #paused: number = performance.now();

  constructor(report: (progress: CorpusProgress) => void, totalBytes?: number) {
    this.#report = report;
    this.#totalBytes = totalBytes;
  }

  /** Cheap enough for every document. */
  tick(tokens: number): Promise<void> | undefined {
    const now = performance.now();
    if (now - this.#reported >= reportEvery) this.report(tokens);
    if (now - this.#paused < pauseEvery) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        this.#paused = performance.now();
        resolve();
      }, 0),
    );
  }
  report(tokens: number): void {
    this.#reported = performance.now();
    const seconds = (this.#reported - this.#began) / 1000;
    const tokensPerSecond = seconds > 0 ? tokens / seconds : 0;
    this.#report({ bytes: this.bytes, totalBytes: this.#totalBytes, tokens, tokensPerSecond });
  }
}
