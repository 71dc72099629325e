// Documents that are packed into a row; that each is as it is alone, for all kinds of parts, see combinations-invariants.test.ts.
import { causal, documents as ofDocuments } from "@tenon/attention";
import { positionsInDocuments } from "@tenon/positional";
import { concat, cpu, type Backend } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose, filled, refusal, someIds, upload } from "../test/models.ts";
import type { Decoder } from "./decoder.ts";
import type { Encoder } from "./encoder.ts";
import { bert, gpt } from "./presets.ts";

const sizes = { vocabulary: 13, context: 9, width: 16, layers: 2, heads: 4 };
const double = (): Backend => cpu({ precision: "f64" });
const ids = someIds(13, 18);
const documents = [
  [0, 0, 0, 0, 1, 1, 1, 2, 2],
  [5, 5, 3, 3, 3, 3, 3, 3, 4],
];
const makers = {
  decoder: async (on: Backend): Promise<Decoder> => filled(gpt(sizes), on),
  encoder: async (on: Backend): Promise<Encoder> => filled(bert(sizes), on),
};

test.each(Object.entries(makers))("%s: documents are their mask and their positions", async (_, make) => {
  const on = double();
  const model = await make(on);
  const told = await model.forward(upload(ids, 2, on), { documents }).read();
  const given = { mask: ofDocuments(documents), positions: positionsInDocuments(documents) };
  expect(await model.forward(upload(ids, 2, on), given).read()).toEqual(told);
  expect(await model.forward(upload(ids, 2, on)).read()).not.toEqual(told);
  // What else hides counts, too: with causal(), an encoder looks back alone.
  const narrowed = await model.forward(upload(ids, 2, on), { documents, mask: causal() }).read();
  if (model.spec.kind === "encoder") expect(narrowed).not.toEqual(told);
  else expect(narrowed).toEqual(told);
});

test("under a cache, documents are those of all tokens so far", async () => {
  const on = double();
  const model = await makers.decoder(on);
  const expected = await model.forward(upload(ids, 2, on), { documents }).read();
  using cache = model.cache();
  const pieces = [3, 5, 1].map((size) => {
    const [from, to] = [cache.length, cache.length + size];
    const piece = ids.filter((_, i) => i % 9 >= from && i % 9 < to);
    return model.forward(upload(piece, 2, on), { cache, documents: documents.map((row) => row.slice(0, to)) });
  });
  expectClose(await concat(pieces, 1).read(), expected, 1e-12);
});

test("what else says the positions is refused beside them", async () => {
  const on = double();
  const [decoder, encoder] = [await makers.decoder(on), await makers.encoder(on)];
  const positions = positionsInDocuments(documents);
  expect(refusal(() => decoder.forward(upload(ids, 2, on), { documents, positions }))).toBe(
    "ConfigError: A decoder takes positions, paddings or documents, and got positions and documents: each says where the positions begin",
  );
  expect(refusal(() => decoder.forward(upload(ids, 2, on), { positions, paddings: [0, 1] }))).toContain(
    "and got positions and paddings",
  );
  expect(refusal(() => encoder.forward(upload(ids, 2, on), { documents, positions }))).toBe(
    "ConfigError: An encoder takes positions or documents, not both: documents say the positions, too",
  );
  const short = documents.map((row) => row.slice(1));
  expect(refusal(() => decoder.forward(upload(ids, 2, on), { documents: short }))).toContain(
    "8 positions for 9 tokens; give one for each token so far",
  );
});
