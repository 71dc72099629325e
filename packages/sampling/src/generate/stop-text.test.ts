import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { cutAtStop } from "./stop-text.ts";
import { TextStream } from "./text-stream.ts";

test("text before a stop string is shown, text that may begin one is held", () => {
  expect(cutAtStop("hello\n", ["\n\n"])).toEqual({ before: "hello", held: "\n", stopped: false });
  expect(cutAtStop("hello\n\nbye", ["\n\n"])).toEqual({ before: "hello", held: "", stopped: true });
  expect(cutAtStop("hello\nb", ["\n\n"])).toEqual({ before: "hello\nb", held: "", stopped: false });
  expect(cutAtStop("abab", ["ababc"])).toEqual({ before: "", held: "abab", stopped: false });
  expect(cutAtStop("xaab", ["aabaac"])).toEqual({ before: "x", held: "aab", stopped: false });
  expect(cutAtStop("anything", [])).toEqual({ before: "anything", held: "", stopped: false });
});

test("the stop string that is complete first wins, then the longer one", () => {
  expect(cutAtStop("xabcd", ["bcd", "abc"])).toEqual({ before: "x", held: "", stopped: true });
  expect(cutAtStop("xabcd", ["abcd", "bc"])).toEqual({ before: "xa", held: "", stopped: true });
  expect(cutAtStop("xabc", ["c", "abc", "bc"])).toEqual({ before: "x", held: "", stopped: true });
});

test("the result does not depend on where the pieces end, and nothing of a stop string is ever shown", () => {
  const dice = random(6);
  const letters = (n: number): string => Array.from({ length: n }, () => dice.pick(["a", "b", "c"])).join("");
  for (let round = 0; round < 300; round++) {
    const text = letters(14);
    const stops = Array.from({ length: 1 + dice.integer(3) }, () => letters(1 + dice.integer(4)));
    const run = (pieces: readonly string[]): { shown: string; stopped: boolean } => {
      const stream = new TextStream({ push: (id) => pieces[id]!, end: () => "" }, stops, []);
      let shown = "";
      for (let id = 0; id < pieces.length && !stream.stopped; id++) shown += stream.push(id);
      return { shown: stream.stopped ? shown : shown + stream.end(), stopped: stream.stopped };
    };
    const cuts = [...dice.shuffle(Array.from({ length: 15 }, (_, i) => i)).slice(0, 5), 0, 14].sort((a, b) => a - b);
    const pieces = cuts.slice(1).map((cut, i) => text.slice(cuts[i], cut));
    const result = run(pieces);
    expect(result).toEqual(run([...text]));
    expect(text.startsWith(result.shown)).toBe(true);
    expect(result.stopped).toBe(stops.some((stop) => text.includes(stop)));
    if (!result.stopped) expect(result.shown).toBe(text);
    for (const stop of stops) expect(result.shown).not.toContain(stop);
  }
});
