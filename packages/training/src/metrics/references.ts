import { ConfigError } from "@tenon/tensor";

/**
 * What a text is compared to: one translation for each hypothesis, or a list of several.
 *
 * @example
 * ```ts
 * const references: References = ["a dog barks", ["the sun comes out", "the sun shines"]];
 * console.log(bleu(["a dog barks", "the sun comes out"], references).score.toFixed(0)); // 100
 * ```
 */
export type References = readonly (string | readonly string[])[];

/** The references of each hypothesis as a list. Throws `ConfigError` for what is missing or no text. */
export function referenceLists(
  caller: string,
  hypotheses: readonly string[],
  references: References,
): (readonly string[])[] {
  if (hypotheses.length === 0) throw new ConfigError(`${caller}: there are no hypotheses to score`);
  if (hypotheses.length !== references.length) {
    throw new ConfigError(
      `${caller}: ${hypotheses.length} hypotheses but ${references.length} references: expected one entry for each hypothesis, a text or a list of texts. sacreBLEU's lists of whole translations are the other way round.`,
      { hypotheses: hypotheses.length, references: references.length },
    );
  }
  return references.map((entry, i) => {
    const list = typeof entry === "string" ? [entry] : entry;
    if (list.length === 0) {
      throw new ConfigError(`${caller}: hypothesis ${i} has no reference: expected at least one`, { index: i });
    }
    expectTexts(caller, `reference of hypothesis ${i}`, list);
    expectTexts(caller, `hypothesis ${i}`, [hypotheses[i]!]);
    return list;
  });
}

function expectTexts(caller: string, what: string, texts: readonly string[]): void {
  for (const text of texts) {
    if (typeof text === "string") continue;
    throw new ConfigError(`${caller}: ${what} is no text: expected a string, got ${typeof text}`, { what });
  }
}
