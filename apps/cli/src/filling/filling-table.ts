import type { Filling } from "@tenon/pretrained";

import { bar } from "../output/bar.ts";
import { percent } from "../output/numbers.ts";
import { table } from "../output/table.ts";

/** The words for each mask with their probabilities as bars. */
export function fillingTable({ masks }: Filling): string {
  const width = 20;
  const rows = masks.flatMap((candidates, n) =>
    candidates.map(({ word, probability }, i) => [
      i === 0 ? `mask ${n + 1}` : "",
      // A line break or a space would not be seen.
      /^\s*$/.test(word) ? JSON.stringify(word) : word,
      percent(probability),
      bar(probability, width),
    ]),
  );
  return table([{ title: "" }, { title: "word" }, { title: "probability", align: "right" }, { title: "" }], rows);
}
