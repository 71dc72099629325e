import type { Random } from "@tenon/tensor";

/**
 * Batches that show each of finitely many examples once in an epoch; an epoch begins at every multiple of `perEpoch`.
 *
 * @example
 * ```ts
 * const make = (examples: Int32Array) => ({ inputs: examples, shape: [examples.length, 1] as const });
 * const batches: EpochBatches<Sequences> = bucketedBatches({ lengths: [3, 3, 3], rows: 2, random: random(1), make });
 * console.log(batches.perEpoch); // 2
 * ```
 */
export interface EpochBatches<B extends object> {
  (step: number): B;
  /** How many batches an epoch has: a count for `evaluate` that takes each example once. */
  readonly perEpoch: number;
}

/** How the batches of an epoch come about: P says what is in one. */
export interface EpochsOptions<P, B> {
  readonly perEpoch: number;
  readonly random: Random;
  /** Plans one epoch: `perEpoch` batches. */
  readonly plan: (stream: Random) => readonly P[];
  readonly make: (planned: P, stream: Random) => B;
}

/** Batches that are pure functions of the step: the epoch is ⌊step / perEpoch⌋. The plan of the epoch that was asked for last is remembered. */
export function epochBatches<P, B extends object>({
  perEpoch,
  random,
  plan,
  make,
}: EpochsOptions<P, B>): EpochBatches<B> {
  let latest: { readonly epoch: number; readonly planned: readonly P[] } | undefined;
  const batches = (step: number): B => {
    const epoch = Math.floor(step / perEpoch);
    if (latest?.epoch !== epoch) latest = { epoch, planned: plan(random.fork("epoch").fork(epoch)) };
    return make(latest.planned[step % perEpoch]!, random.fork("batch").fork(step));
  };
  return Object.assign(batches, { perEpoch });
}
