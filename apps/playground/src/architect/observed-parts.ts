import type { Part } from "@tenon/nn";
import { type DryRun, Tensor } from "@tenon/tensor";

/** What one module took in one dry run, all its calls together. */
export interface Observed {
  calls: number;
  /** With what is in it. */
  flops: number;
  /** Without what the modules in it took. */
  ownFlops: number;
  /** The most that was alive while it ran, beyond what was alive when it began. */
  peakBytes: number;
  /** The shape of its latest result; undefined where that is no tensor. */
  shape: readonly number[] | undefined;
}

interface Open {
  readonly observed: Observed;
  readonly bytes: number;
  peak: number;
}

/** Attributes what a dry run counts to the modules that run: given as the observer of `observeModules`. */
export class ObservedParts {
  readonly #on: DryRun;
  readonly #found = new Map<object, Observed>();
  readonly #open: Open[] = [];
  #peak = 0;
  #flops = 0;

  constructor(on: DryRun) {
    this.#on = on;
    on.reset();
  }

  /** FLOPs of all that ran while it was observed. */
  get flops(): number {
    return this.#flops;
  }
  /** The most that was alive at one time, parameters included. */
  get peakBytes(): number {
    return this.#peak;
  }
  of(part: Part): Observed | undefined {
    return this.#found.get(part);
  }

  readonly observer = (module: object, run: () => unknown): unknown => {
    this.#count();
    const observed = this.#found.get(module) ?? { calls: 0, flops: 0, ownFlops: 0, peakBytes: 0, shape: undefined };
    this.#found.set(module, observed);
    const open: Open = { observed, bytes: this.#on.memory().bytes, peak: 0 };
    this.#open.push(open);
    const result = run();
    this.#count();
    this.#open.pop();
    observed.calls++;
    observed.peakBytes = Math.max(observed.peakBytes, open.peak - open.bytes);
    observed.shape = result instanceof Tensor ? result.shape : undefined;
    return result;
  };

  /** What was counted since the last time belongs to the innermost module, and to all around it. */
  #count(): void {
    const { flops, peakBytes } = this.#on.report();
    this.#on.reset();
    this.#flops += flops;
    this.#peak = Math.max(this.#peak, peakBytes);
    const inner = this.#open.at(-1);
    if (inner !== undefined) inner.observed.ownFlops += flops;
    for (const { observed } of this.#open) observed.flops += flops;
    for (const open of this.#open) open.peak = Math.max(open.peak, peakBytes);
  }
}
