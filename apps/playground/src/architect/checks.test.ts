import { gpt, llama, type Spec, t5 } from "@tenon/models";
import { expect, test } from "vitest";

import { Checks } from "./checks.ts";

const checks = new Checks();
const spec = gpt({ vocabulary: 65, context: 32, width: 16, layers: 4, heads: 2 });
const choices = async (spec: unknown) => (await checks.choices(spec as Spec))!;

test("what can be assembled comes back with its defaults and the number of its parameters", () => {
  const { problems, sound } = checks.check(spec);
  expect(problems).toEqual([]);
  expect(sound!.spec).toMatchObject({ residual: { kind: "pre-norm", finalNorm: true } });
  // The table, positions, per block two norms, four maps and the feed-forward part, and the last norm.
  const block = 2 * 32 + 4 * (16 * 16 + 16) + (16 * 64 + 64) + (64 * 16 + 16);
  expect(sound!.parameters).toBe(65 * 16 + 32 * 16 + 4 * block + 32);
});

test("what cannot is told place by place", () => {
  expect(checks.check({ ...spec, attention: { kind: "multi-head", heads: 3 } })).toEqual({
    problems: [{ path: ["attention"], text: expect.stringMatching(/heads/) as string }],
    sound: undefined,
  });
  expect(checks.check({ ...spec, width: -1, layers: "two" }).problems).toEqual([
    { path: ["width"], text: "expected a whole number from 1 up, got -1" },
    { path: ["layers"], text: 'expected a whole number from 1 up, got "two"' },
  ]);
  expect(checks.check({ ...spec, layerGroups: 3 }).problems[0]!.path).toEqual(["layerGroups"]);
  expect(checks.check(7).problems).toEqual([
    { path: [], text: expect.stringMatching(/^expected an object/) as string },
  ]);
});

test("kinds that do not fit say why before they are chosen", async () => {
  const alibi = await choices({ ...spec, position: { kind: "alibi" } });
  expect(alibi.impossible["attention"]).toEqual({
    linear: expect.stringMatching(
      /^"alibi" adds to scores, and the attention of the kind "linear" forms none/,
    ) as string,
  });
  const linear = await choices({ ...spec, attention: { kind: "linear", heads: 2 } });
  expect(Object.keys(linear.impossible["position"]!)).toEqual(["relative", "t5", "alibi"]);
  const sides = await choices(t5({ vocabulary: 65, context: 32, width: 16, layers: 1, heads: 2 }));
  expect(sides.impossible["decoder.residual"]!["parallel"]).toMatch(/no place for a cross-attention/);
  expect(sides.impossible["encoder.residual"]).toBeUndefined();
});

test("what is wrong anyway makes no other kind impossible", async () => {
  expect((await choices({ ...spec, attention: { kind: "multi-head", heads: 3 } })).impossible).toEqual({});
});

test("of numbers that not every other could replace, those that could are offered", async () => {
  const { fitting } = await choices({
    ...llama({ vocabulary: 65, context: 32, width: 24, layers: 6, heads: 4, keyValueHeads: 3, hidden: 32 }),
    layerGroups: 4,
  });
  expect(fitting["attention.keyValueHeads"]).toEqual([1, 2, 4]);
  expect(fitting["layerGroups"]).toBeUndefined(); // while the heads do not fit, nothing does
  const sound = await choices({
    ...llama({ vocabulary: 65, context: 32, width: 24, layers: 6, heads: 4, hidden: 32 }),
    layerGroups: 4,
  });
  expect(sound.fitting["layerGroups"]).toEqual([1, 2, 3, 6]);
  // They share 4 heads of keys, and rotary positions turn pairs: 8 heads of width 3 do not do.
  expect(sound.fitting["attention.heads"]).toEqual([4, 12]);
  expect(sound.fitting["vocabulary"]).toBeUndefined();
});

test("who asks again while the numbers are tried gets nothing the first time", async () => {
  const [first, second] = await Promise.all([checks.choices(spec), checks.choices(spec)]);
  expect(first).toBeUndefined();
  expect(second!.fitting).not.toEqual({});
});
