import { expect, test } from "vitest";
import goldens from "../../../goldens/trainers.json" with { type: "json" };
import { Pace } from "../pace.ts";
import { splitMetaspace } from "../text/metaspace.ts";
import { UnigramEstimate } from "./estimate.ts";
import { Lattices } from "./lattices.ts";
import { removalLoss } from "./removal-loss.ts";
import { seedPieces } from "./seeds.ts";

const words = new Map<string, number>();
for (const word of goldens.texts.flatMap((text) => splitMetaspace(text, false)))
  words.set(word, (words.get(word) ?? 0) + 1);
const seeds = await seedPieces(words, 16, new Pace({}));
const characters = new Set([...words.keys()].join("")).size;
const start = { words, seeds, characters, maximumPieceLength: 16 };
const noPause = (): undefined => undefined;

test("each round of expectation maximisation makes the words more likely", async () => {
  const estimate = new UnigramEstimate(start);
  let before = -Infinity;
  for (let round = 0; round < 6; round++) {
    const expected = await estimate.expect(noPause);
    expect(expected.logLikelihood).toBeGreaterThan(before);
    before = expected.logLikelihood;
    estimate.maximise(expected);
  }
});

test("pruning keeps three quarters, all characters, and loses less likelihood than removing at random does", async () => {
  const pruned = new UnigramEstimate(start);
  const cut = new UnigramEstimate({ ...start, seeds: seeds.slice(0, Math.floor(0.75 * seeds.length)) });
  for (const estimate of [pruned, cut])
    for (let round = 0; round < 3; round++) estimate.maximise(await estimate.expect(noPause));
  await pruned.prune(await pruned.expect(noPause), 0, noPause);
  expect(pruned.size).toBe(Math.floor(0.75 * seeds.length));
  expect(cut.size).toBe(pruned.size);
  const kept = new Set(pruned.pieces().map(([piece]) => piece));
  for (const character of seeds.slice(0, characters)) expect(kept).toContain(character);
  expect((await pruned.expect(noPause)).logLikelihood).toBeGreaterThan((await cut.expect(noPause)).logLikelihood);
});

test("seeds: characters first, then count × length, without those that a longer one always covers", async () => {
  expect(await seedPieces(new Map([["▁abc", 3], ["▁abd", 2], ["xy", 1]]), 16, new Pace({}))).toEqual([ // prettier-ignore
    "a", "b", "c", "d", "x", "y", "▁", "▁ab", "▁abc", "ab", "abc", "▁abd", "abd", "bc", "bd",
  ]); // prettier-ignore
});

test("seeds are made of whole characters", async () => {
  expect(await seedPieces(new Map([["▁😀😁", 2]]), 16, new Pace({}))).toEqual(["▁", "😀", "😁", "▁😀😁", "😀😁"]);
});

test("the loss of a piece is what its uses lose by going to others", () => {
  const pieces = ["a", "b", "ab"];
  const own = Lattices.of(pieces, new Map(pieces.map((piece, id) => [piece, id])), 2, true);
  const counts = Float64Array.of(2, 4, 6);
  // 12 uses, of which 6 become 6 + 6: log(6 / 12) against log(8 / 18) + log(10 / 18).
  const loss = removalLoss(
    own,
    2,
    counts,
    12,
    counts.map((count) => Math.log(count / 12)),
  );
  expect(loss).toBeCloseTo(6 * (Math.log(6 / 12) - Math.log(8 / 18) - Math.log(10 / 18)), 12);
});
