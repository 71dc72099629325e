import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { bestPath } from "./best-path.ts";
import { ExpectedCounts } from "./expected-counts.ts";
import { Lattices } from "./lattices.ts";

const longest = 4;

/** Every way to write the string in pieces. */
function waysOf(string: string, pieces: readonly string[]): number[][] {
  if (string === "") return [[]];
  return pieces.flatMap((piece, id) =>
    string.startsWith(piece) ? waysOf(string.slice(piece.length), pieces).map((rest) => [id, ...rest]) : [],
  );
}

/** Strings, pieces and their log-probabilities by the dice; the three letters are pieces always. */
function problem(seed: number): { strings: string[]; pieces: string[]; logs: Float64Array; ids: Map<string, number> } {
  const dice = random(seed);
  const any = (most: number): string =>
    Array.from({ length: 1 + dice.integer(most) }, () => dice.pick(["a", "b", "😀"])).join("");
  const pieces = [...new Set(["a", "b", "😀", ...Array.from({ length: 8 }, () => any(longest))])];
  const weights = pieces.map(() => 1 + dice.integer(50));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    strings: Array.from({ length: 4 }, () => any(8)),
    pieces,
    logs: Float64Array.from(weights, (weight) => Math.log(weight / total)),
    ids: new Map(pieces.map((piece, id) => [piece, id])),
  };
}

const scoreOf = (way: readonly number[], logs: Float64Array): number => way.reduce((sum, id) => sum + logs[id]!, 0);

test("the best path is the best of all ways", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { strings, pieces, logs, ids } = problem(seed);
    const lattices = Lattices.of(strings, ids, longest);
    for (const [index, string] of strings.entries()) {
      const path = bestPath(lattices, index, logs)!;
      expect(path.map((id) => pieces[id]).join("")).toBe(string);
      expect(scoreOf(path, logs)).toBeCloseTo(Math.max(...waysOf(string, pieces).map((way) => scoreOf(way, logs))), 10);
    }
  }
});

test("expected counts and likelihood are those of summing over all ways", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { strings, pieces, logs, ids } = problem(seed);
    const weights = strings.map((_, index) => index + 1);
    const expected = new ExpectedCounts(Lattices.of(strings, ids, longest), weights, logs);
    const counts = new Float64Array(pieces.length);
    let logLikelihood = 0;
    for (const [index, string] of strings.entries()) {
      expected.add(index);
      const ways = waysOf(string, pieces).map((way) => ({ way, probability: Math.exp(scoreOf(way, logs)) }));
      const total = ways.reduce((sum, { probability }) => sum + probability, 0);
      for (const { way, probability } of ways)
        for (const id of way) counts[id]! += (weights[index]! * probability) / total;
      logLikelihood += weights[index]! * Math.log(total);
    }
    expect(expected.logLikelihood).toBeCloseTo(logLikelihood, 8);
    for (const [id, count] of counts.entries()) expect(expected.counts[id]).toBeCloseTo(count, 8);
  }
});

test("a string of a thousand characters is no problem for its tiny probability", () => {
  const lattices = Lattices.of(["ab".repeat(500)], new Map([["a", 0], ["b", 1], ["ab", 2]]), longest); // prettier-ignore
  const expected = new ExpectedCounts(lattices, [1], Float64Array.of(Math.log(0.4), Math.log(0.4), Math.log(0.2)));
  expected.add(0);
  // Each "ab" is written in one way or the other, with 0.2 or 0.4 · 0.4.
  expect(expected.logLikelihood).toBeCloseTo(500 * Math.log(0.36), 8);
  expect(expected.counts[2]).toBeCloseTo((500 * 0.2) / 0.36, 8);
});

test("a lattice without some pieces is that of the others, and a proper one does not hold the string itself", () => {
  const { strings, pieces, ids } = problem(7);
  const rest = pieces.filter((_, id) => id < 3 || id % 2 === 0);
  const restIds = new Map(rest.map((piece, id) => [piece, id]));
  const renamed = Int32Array.from(pieces, (piece) => restIds.get(piece) ?? -1);
  expect(Lattices.of(strings, ids, longest).keep(renamed, [2, 0])).toEqual(
    Lattices.of([strings[2]!, strings[0]!], restIds, longest),
  );
  const own = Lattices.of(pieces, ids, longest, true);
  for (const id of pieces.keys()) {
    const path = bestPath(own, id, new Float64Array(pieces.length).fill(-1));
    if (id < 3) expect(path).toBeUndefined();
    else expect(path!.length).toBeGreaterThan(1);
  }
});
