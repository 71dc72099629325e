import { expect, test } from "vitest";
import golden from "../../goldens/guidance.json" with { type: "json" };
import { collect } from "../../test/generations.ts";
import { generate } from "../generate/generate.ts";
import { functionModel } from "../predict/function-model.ts";
import { guided, type GuidanceOptions } from "./guided.ts";

const { vocabulary, prompt, table } = golden;
/** Logits by the last two ids, as in the goldens. */
const model = functionModel((ids) => table[(ids.at(-2) ?? vocabulary) * vocabulary + ids.at(-1)!]!, {
  vocabulary,
  context: 20,
});

test.each(golden.cases)(
  "it is Hugging Face's: scale $scale, negative $negative",
  async ({ scale, negative, ids, scores }) => {
    using more = guided(model, { scale, promptLength: prompt.length, negative: negative ?? undefined });
    const found = await collect(generate(more, prompt, { maxTokens: ids.length, logits: true }));
    expect(found.map(({ id }) => id)).toEqual(ids);
    for (const [i, { logits }] of found.entries())
      for (const [id, score] of scores[i]!.entries()) expect(logits![id]).toBeCloseTo(score, 4);
  },
);

test("several logits at once are those that come one by one", async () => {
  using more = guided(model, { scale: 2, promptLength: 3, negative: [3, 6] });
  const ids = [...prompt, 5, 1, 0];
  const [all] = await more.predict([ids], { logits: 4 });
  for (const [i, logits] of all!.logits.entries()) {
    expect([logits]).toEqual((await more.predict([ids.slice(0, 3 + i)]))[0]!.logits);
  }
});

test("scale 1 is the model itself, and its context is what the longer of both prompts leaves", async () => {
  using same = guided(model, { scale: 1, promptLength: 3 });
  const [plain] = await model.predict([prompt]);
  const [found] = await same.predict([prompt]);
  const shift = found!.logits[0]![0]! - plain!.logits[0]![0]!;
  for (const [id, logit] of found!.logits[0]!.entries()) expect(logit - shift).toBeCloseTo(plain!.logits[0]![id]!, 5);
  expect(same.context).toBe(20);
  expect(guided(model, { scale: 1, promptLength: 3, negative: [0, 1, 2, 3, 4] }).context).toBe(18);
});

test("what the prompt excludes stays excluded; what only the other excludes stays as it is", async () => {
  const picky = functionModel((ids) => (ids.length === 1 ? [0, -Infinity, 0] : [-Infinity, 0, 0]), { vocabulary: 3 });
  using more = guided(picky, { scale: 2, promptLength: 2 });
  const [found] = await more.predict([[0, 0]]);
  expect(Array.from(found!.logits[0]!)).toEqual([-Infinity, Math.fround(-Math.LN2), Math.fround(-Math.LN2)]);
});

test.each<[Partial<GuidanceOptions>, string]>([
  [{ scale: -1 }, "scale is a finite number of at least 0, got -1; 1 is the model as it is"],
  [{ scale: Infinity }, "scale is a finite number of at least 0, got Infinity"],
  [{ promptLength: 0 }, "promptLength is a whole number from 1 to the model's context of 20, got 0"],
  [{ promptLength: 21 }, "promptLength is a whole number from 1 to the model's context of 20, got 21"],
  [{ negative: [] }, "The negative prompt has no tokens"],
  [{ negative: [9] }, "The negative prompt's token 0 is 9, but this model's ids go from 0 to 6"],
  [{ guidance: 2 } as never, 'guided() has no option "guidance". It has scale, promptLength, negative.'],
])("%o is refused", (options, message) => {
  expect(() => guided(model, { scale: 2, promptLength: 3, ...options })).toThrow(message);
});

test("what cannot be compared is refused", async () => {
  using more = guided(model, { scale: 2, promptLength: 3 });
  await expect(more.predict([[1, 2]])).rejects.toThrow(
    "Guidance by a prompt of 3 ids tells what follows it, but sequence 0 has 2 ids and is asked for its last 1 logits. Say the promptLength of what is continued.",
  );
  await expect(more.predict([prompt], { logits: 2 })).rejects.toThrow(
    "sequence 0 has 3 ids and is asked for its last 2",
  );
  await expect(more.predict([prompt], { states: 1 })).rejects.toThrow(
    "Guidance combines logits, and has no hidden states of its own, which this way of decoding needs. Decode one of its models with it.",
  );
  await expect(more.predict([prompt], { attention: true })).rejects.toThrow("has no attention of its own");
});
