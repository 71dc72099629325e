import { ConfigError, type Random, random as seeded } from "@tenon/tensor";
import { tell } from "./tell.ts";

/**
 * One story: 40 to 110 words on one line, plain ASCII, with a beginning, a small problem, an attempt and an end.
 * It draws from `random`, so two calls with the same generator tell two stories.
 *
 * @example
 * ```ts
 * const dice = random(1);
 * const stories = [story(dice), story(dice)];
 * console.log(stories.map((text) => text.slice(0, 23))); // [ 'Dora the mouse and Leo ', 'One sunny morning, Jack' ]
 * ```
 */
export function story(random: Random): string {
  return tell(random).text;
}

/**
 * A text of `count` stories with a blank line between each two; the same `seed` gives the same text on every machine.
 * Story number i does not depend on `count`: a longer text begins with the shorter one.
 *
 * Throws `ConfigError` when `count` is not a whole number of 1 or more, or `seed` not one of 0 or more.
 *
 * @example
 * ```ts
 * const text = stories({ seed: 1, count: 1000 });
 * console.log(text.split("\n\n").length); // 1000
 * ```
 */
export function stories({ seed, count }: { readonly seed: number; readonly count: number }): string {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ConfigError(`count is the number of stories, a whole number of 1 or more, got ${count}`, { count });
  }
  const source = seeded(seed);
  return Array.from({ length: count }, (_, index) => story(source.fork(index))).join("\n\n") + "\n";
}
