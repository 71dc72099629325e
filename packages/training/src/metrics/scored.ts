import { ConfigError } from "@tenon/tensor";

import { ignored as usual } from "../data/batch.ts";

/** What {@link accuracy} and its kin leave out. */
export interface ScoreOptions {
  /** The target of positions that do not count. Default −100, as in batches. */
  readonly ignored?: number | undefined;
}

/** The places whose target counts. Throws `ConfigError` when the lengths differ or none counts. */
export function scored(
  caller: string,
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  { ignored = usual }: ScoreOptions,
): number[] {
  expectSameLength(caller, { predictions, targets });
  const places: number[] = [];
  for (let i = 0; i < targets.length; i++) if (targets[i] !== ignored) places.push(i);
  if (places.length > 0) return places;
  const why = targets.length === 0 ? "there are no targets" : `each of the ${targets.length} targets is ${ignored}`;
  throw new ConfigError(`${caller}: nothing to score: ${why}`, { targets: targets.length, ignored });
}

/** Throws `ConfigError` unless the two, given with their names, have the same length. */
export function expectSameLength(caller: string, two: Readonly<Record<string, ArrayLike<unknown>>>): void {
  const [[one, first], [other, second]] = Object.entries(two) as [
    [string, ArrayLike<unknown>],
    [string, ArrayLike<unknown>],
  ];
  if (first.length === second.length) return;
  throw new ConfigError(
    `${caller}: expected as many ${one} as ${other}, got ${first.length} ${one} and ${second.length} ${other}`,
    { [one]: first.length, [other]: second.length },
  );
}
