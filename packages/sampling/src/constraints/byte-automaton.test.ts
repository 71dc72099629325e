import { random, type Random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { byteVocabulary, generateIds, textOf } from "../../test/constrained.ts";
import { byteAutomaton } from "./byte-automaton.ts";
import { regex } from "./regex.ts";

/** The fewest tokens from each state to the end, by going on until nothing gets better. */
function distances(
  next: readonly (readonly number[])[],
  ends: readonly boolean[],
  pieces: readonly string[],
): number[] {
  const run = (state: number, piece: string): number =>
    [...piece].reduce((at, letter) => (at < 0 ? at : next[at]![letter.charCodeAt(0) - 97]!), state);
  const result = ends.map((end) => (end ? 0 : Infinity));
  for (let changed = true; changed;) {
    changed = false;
    for (const state of result.keys()) {
      for (const piece of pieces) {
        const target = run(state, piece);
        if (target < 0 || result[target]! + 1 >= result[state]!) continue;
        result[state] = result[target]! + 1;
        changed = true;
      }
    }
  }
  return result;
}

function randomAutomaton(dice: Random): { next: number[][]; ends: boolean[] } {
  const size = 3 + dice.integer(8);
  const next = Array.from({ length: size }, () =>
    Array.from({ length: 3 }, () => (dice.integer(5) > 0 ? dice.integer(size) : -1)),
  );
  return { next, ends: next.map(() => dice.integer(4) === 0) };
}

test("what is allowed is exactly what can be completed with the tokens there are, for every state and budget", () => {
  const dice = random(11);
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const { next, ends } = randomAutomaton(dice);
    const pieces = [
      ...new Set(
        Array.from({ length: 2 + dice.integer(4) }, () =>
          Array.from({ length: 1 + dice.integer(3) }, () => "abc"[dice.integer(3)]).join(""),
        ),
      ),
    ];
    const best = distances(next, ends, pieces);
    const step = (state: number, byte: number): number | undefined => {
      const target = next[state]?.[byte - 97] ?? -1;
      return target < 0 ? undefined : target;
    };
    const make = (): ReturnType<typeof byteAutomaton> =>
      byteAutomaton(pieces, { start: 0, step, accepts: (state) => ends[state]! });
    const after = (state: number, piece: string): number =>
      [...piece].reduce((at, letter) => (at < 0 ? at : next[at]![letter.charCodeAt(0) - 97]!), state);
    if (!pieces.some((piece) => (best[after(0, piece)] ?? Infinity) < Infinity)) {
      expect(make).toThrow(/cannot be completed|nothing but the empty text/);
      refused++;
      continue;
    }
    const constraint = make();
    const open: { state: number; at: unknown }[] = [{ state: 0, at: constraint.start }];
    const seen = new Set([0]);
    for (const { state, at } of open) {
      for (const budget of [3, 1, 2, Infinity, 7, 4, 0]) {
        const expected = [...pieces.keys()].filter((id) => {
          const target = after(state, pieces[id]!);
          return target >= 0 && best[target]! < Infinity && best[target]! + 1 <= budget;
        });
        expect(Array.from(constraint.allowed(at, budget))).toEqual(expected);
      }
      for (const id of Array.from(constraint.allowed(at, Infinity))) {
        const target = after(state, pieces[id]!);
        if (!seen.has(target)) open.push({ state: target, at: constraint.next(at, id) });
        seen.add(target);
      }
    }
  }
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(200);
});

test("an expression and the automaton of the same language allow the same, whatever the vocabulary", () => {
  const pieces = ["ab", "ba", "a", "bb", "abab"];
  const even = byteAutomaton(pieces, {
    start: 0,
    step: (state, byte) => (byte === 97 ? state ^ 1 : byte === 98 ? state ^ 2 : undefined),
    accepts: (state) => state === 0,
  });
  const same = regex(pieces, "(aa|bb|(ab|ba)(aa|bb)*(ab|ba))*");
  const walk = (a: unknown, b: unknown, depth: number): void => {
    for (const budget of [1, 2, 3, 4, Infinity])
      expect(Array.from(same.allowed(b, budget))).toEqual(Array.from(even.allowed(a, budget)));
    if (depth === 0) return;
    for (const id of Array.from(even.allowed(a, Infinity))) walk(even.next(a, id), same.next(b, id), depth - 1);
  };
  walk(even.start, same.start, 3);
});

test("states may be objects with a key, and unbounded", () => {
  const counter = byteAutomaton(byteVocabulary, {
    name: "as many b as a",
    start: { a: 0, b: 0 },
    step: ({ a, b }, byte) =>
      byte === 97 && b === 0 ? { a: a + 1, b } : byte === 98 && b < a ? { a, b: b + 1 } : undefined,
    accepts: ({ a, b }) => a > 0 && a === b,
    key: ({ a, b }) => `${a} ${b}`,
  });
  const dice = random(3);
  for (let i = 0; i < 50; i++) {
    const text = textOf(byteVocabulary, generateIds(counter, 2 + dice.integer(20), dice));
    expect(text).toBe("a".repeat(text.length / 2) + "b".repeat(text.length / 2));
  }
});

test.each([
  [
    () => byteAutomaton(["a"], { start: 0, step: () => 0, accepts: () => false }),
    "the automaton cannot be completed: no sequence of this vocabulary's tokens was found that it accepts.",
  ],
  [
    () => byteAutomaton(["a"], { name: "x", start: 0, step: () => undefined, accepts: () => true }),
    "x allows nothing but the empty text, so there is no token to generate.",
  ],
  [
    () => byteAutomaton(["a"], { start: {}, step: () => ({}), accepts: () => true }),
    "the automaton has states that are objects: give key(state)",
  ],
  [
    () => byteAutomaton(["a"], { start: 0, step: () => 0, accept: () => true } as never),
    "byteAutomaton() has no property accept; it has name, start, step, accepts and key.",
  ],
])("bad input is refused: %#", (call, message) => {
  expect(call).toThrow(message);
});
