import { referenceLists, type References } from "./references.ts";

/** What {@link exactMatch} takes for the same. */
export interface ExactMatchOptions {
  /** Done to both sides before they are compared: lower case, without punctuation … Default: nothing. */
  readonly normalise?: ((text: string) => string) | undefined;
}

/**
 * The share of answers that equal their reference, or one of several.
 *
 * Throws `ConfigError` when there are no hypotheses or not as many references.
 *
 * @example
 * ```ts
 * console.log(exactMatch(["Paris", "in 1969"], ["Paris", ["1969", "July 1969"]])); // 0.5
 * const normalise = (text: string): string => text.toLowerCase().replace(/^in /, "");
 * console.log(exactMatch(["paris", "in 1969"], ["Paris", "1969"], { normalise })); // 1
 * ```
 */
export function exactMatch(
  hypotheses: readonly string[],
  references: References,
  { normalise = (text) => text }: ExactMatchOptions = {},
): number {
  const lists = referenceLists("exactMatch", hypotheses, references);
  const right = lists.filter((list, i) => {
    const answer = normalise(hypotheses[i]!);
    return list.some((reference) => normalise(reference) === answer);
  });
  return right.length / lists.length;
}
