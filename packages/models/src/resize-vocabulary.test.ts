import { resizeVocabulary } from "@tenon/embeddings";
import { Linear } from "@tenon/nn";
import { cpu, ids, slice } from "@tenon/tensor";
import { expect, test } from "vitest";

import { assemble } from "./assemble.ts";
import { Decoder } from "./decoder.ts";
import { bert, gpt } from "./presets.ts";

const size = { context: 8, width: 6, layers: 1, heads: 2 };

test.each([
  ["a tied decoder", { ...gpt({ vocabulary: 11, ...size }), tied: true }],
  ["an untied decoder", { ...gpt({ vocabulary: 11, ...size }), tied: false }],
  ["an encoder", bert({ vocabulary: 11, ...size })],
] as const)("%s with more tokens says the same of the old ones, and its spec assembles it again", async (_, spec) => {
  const on = cpu();
  const model = await assemble(spec).to(on);
  const chosen = (limit: number) => ids([1, 5, 10, 3, 0, 7], [2, 3], on, { limit });
  const before = await model.forward(chosen(11)).read();
  const output = model instanceof Decoder && model.output instanceof Linear ? [model.output] : undefined;
  await resizeVocabulary(model, 14, { outputs: output });
  expect([model.vocabulary, model.spec.vocabulary]).toEqual([14, 14]);
  const logits = model.forward(chosen(14));
  expect(logits.shape).toEqual([2, 3, 14]);
  const kept = await slice(logits, 2, 0, 11).read();
  for (const [i, logit] of kept.entries()) expect(logit).toBeCloseTo(before[i]!, 5);
  const again = assemble(model.spec);
  const shapes = (of: typeof again): unknown[] => [...of.parameters()].map(([path, { type }]) => [path, type.shape]);
  expect(shapes(again)).toEqual(shapes(model));
});
