/**
 * Puts the indefinite article in front of a noun phrase: "a" before a consonant sound, "an" before a vowel sound.
 * The words of the stories all sound as they are spelled at the front, so the first letter decides.
 *
 * @example
 * ```ts
 * console.log(withArticle("orange kite")); // an orange kite
 * ```
 */
export function withArticle(phrase: string): string {
  return `${/^[aeiou]/i.test(phrase) ? "an" : "a"} ${phrase}`;
}
