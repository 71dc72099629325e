import { readFileSync } from "node:fs";

import type { WindowOptions } from "../../src/static/glove/counting/window-counter.ts";

/** What goldens/glove.py writes: what the original programs make of a text. */
export interface Golden {
  readonly text: string;
  readonly vocabulary: readonly string[];
  readonly counts: readonly {
    readonly window: WindowOptions;
    readonly records: readonly (readonly [word: number, context: number, count: number])[];
  }[];
  readonly trained: readonly {
    readonly width: number;
    readonly rate: number;
    readonly xMax: number;
    readonly alpha: number;
    readonly clip: number;
    readonly losses: readonly number[];
    readonly initial: readonly number[];
    readonly final: readonly number[];
    readonly squares: readonly number[];
  }[];
}

export const golden = JSON.parse(readFileSync(new URL("../../goldens/glove.json", import.meta.url), "utf8")) as Golden;

/** The ids of the golden's text; words without one are left out. */
export function goldenIds(): Int32Array {
  const ids = new Map(golden.vocabulary.map((word, id) => [word, id]));
  return Int32Array.from(
    golden.text.split("\n").flatMap((line) => [...line.split(" ").flatMap((word) => ids.get(word) ?? []), -1]),
  );
}
