// What holds for every model, for models in which any two parts meet: see combinations.test.ts.
import { leftPadding } from "@tenon/attention";
import { positionsAfterPadding } from "@tenon/positional";
import { concat, cpu, scoped, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { allCombinations, someCombinations } from "../test/combinations.ts";
import { expectClose, filled, someIds, upload, whole } from "../test/models.ts";
import type { Decoder, DecoderInput } from "./decoder.ts";
import type { Encoder } from "./encoder.ts";

const combinations = process.env["COMBINATIONS"] === "all" ? allCombinations : someCombinations;
// Linear attention keeps one sum of all that it has seen: it takes no document out of it again, and does not go back.
const scored = combinations.filter(([, spec]) => spec.attention.kind !== "linear");
const decoders = scored.filter(([, spec]) => spec.kind === "decoder");
const vocabulary = 11;
const texts = [someIds(vocabulary, 7, 1), someIds(vocabulary, 4, 2)] as const;
const [long, short] = texts;
const longest = long.length;
const double = (): Backend => cpu({ precision: "f64" });

/** The logits [b · t · v] of rows of ids. */
async function logitsOf(
  model: Decoder | Encoder,
  rows: readonly (readonly number[])[],
  inputOn: (on: Backend) => Pick<DecoderInput, "mask" | "positions" | "documents"> = () => ({}),
): Promise<number[]> {
  const on = model.backend;
  using logits = scoped(() => model.forward(upload(rows.flat(), rows.length, on), inputOn(on)));
  return [...(await logits.read())];
}
const rowsFrom = (values: readonly number[], from: number, count: number): number[] =>
  values.slice(from * vocabulary, (from + count) * vocabulary);

test.each(combinations)("padded in front, each row equals the row alone: %s", async (_, spec) => {
  const model = await filled(spec, double());
  const padding = longest - short.length;
  const padded = [long, [...someIds(vocabulary, padding, 3), ...short]];
  const together = await logitsOf(model, padded, (on) => ({
    mask: leftPadding(whole([0, padding], [2], on)),
    positions: positionsAfterPadding([0, padding], longest),
  }));
  expectClose(rowsFrom(together, 0, longest), await logitsOf(model, [long]), 1e-11);
  expectClose(rowsFrom(together, longest + padding, short.length), await logitsOf(model, [short]), 1e-11);
});

test.each(scored)("packed into one row, each document equals the document alone: %s", async (_, spec) => {
  const model = await filled({ ...spec, context: 11 }, double());
  const rows = [texts.flatMap((text, document) => text.map(() => document))];
  const packed = await logitsOf(model, [[...long, ...short]], () => ({ documents: rows }));
  expectClose(rowsFrom(packed, 0, longest), await logitsOf(model, [long]), 1e-11);
  expectClose(rowsFrom(packed, longest, short.length), await logitsOf(model, [short]), 1e-11);
});

test.each(decoders)("cached equals uncached, and a cache goes back, forks and drops rows: %s", async (_, spec) => {
  const on = double();
  const model = (await filled(spec, on)) as Decoder;
  const rows = [long, someIds(vocabulary, longest, 4), someIds(vocabulary, longest, 5)];
  const columns = (from: number, to: number, which: readonly number[] = [0, 1, 2]): Tensor =>
    upload(
      which.flatMap((row) => rows[row]!.slice(from, to)),
      which.length,
      on,
    );
  const read = async (make: () => Tensor): Promise<number[]> => {
    using y = scoped(make);
    return [...(await y.read())];
  };
  const expected = await read(() => model.forward(columns(0, longest)));
  using cache = model.cache();
  const cached = await read(() =>
    concat(
      [
        [0, 3],
        [3, 4],
        [4, 6],
      ].map(([from, to]) => model.forward(columns(from!, to!), { cache })),
      1,
    ),
  );
  const firstSix = rows.flatMap((_, row) => rowsFrom(expected, row * longest, 6));
  expectClose(cached, firstSix, 1e-11);

  using fork = cache.fork();
  fork.crop(5); // back by one position, which is then read again
  const again = await read(() => model.forward(columns(5, 7), { cache: fork }));
  expectClose(
    again,
    rows.flatMap((_, row) => rowsFrom(expected, row * longest + 5, 2)),
    1e-11,
  );
  // The fork has gone its own way: this cache still holds six positions, of which the rows 2, 0 and 2 again go on.
  expect([cache.length, fork.length]).toEqual([6, 7]);
  cache.select([2, 0, 2]);
  const chosen = await read(() => model.forward(columns(6, 7, [2, 0, 2]), { cache }));
  expectClose(
    chosen,
    [2, 0, 2].flatMap((row) => rowsFrom(expected, row * longest + 6, 1)),
    1e-11,
  );
});
