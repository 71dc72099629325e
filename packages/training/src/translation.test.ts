// Translators of @tenon/models, trained.
import { wasm } from "@tenon/backend-wasm";
import { assemble, rnnSearch, t5, transformer } from "@tenon/models";
import { cpu, random } from "@tenon/tensor";
import { afterAll, expect, test } from "vitest";

import type { TranslationBatch } from "./data/batch.ts";
import { predictionsIn } from "./data/counts.ts";
import { spanCorruptionBatches } from "./data/span-corruption-batches.ts";
import { translationBatches } from "./data/translation-batches.ts";
import { evaluate } from "./evaluate.ts";
import { translationLoss } from "./objectives/translation-loss.ts";
import { AdamW } from "./optimisers/adamw.ts";
import { warmUpLinear } from "./schedules/warm-up-linear.ts";
import { train } from "./train.ts";

const fast = await wasm({ threads: 1 });
afterAll(() => fast.close());

const [begin, end] = [1, 2];
const vocabulary = 9;
/** To be said backwards. */
const pairs = Array.from({ length: 400 }, (_, i) => {
  const draw = random(3).fork(i);
  const source = Array.from({ length: 1 + draw.integer(3) }, () => 3 + draw.integer(6));
  return { source: [...source, end], target: source.toReversed() };
});
const pairsOf = (some: typeof pairs) => ({ pairs: some, begin, end, random: random(5) });

const makers = {
  transformer: () => assemble(transformer({ vocabulary, context: 8, width: 16, layers: 1, heads: 2 })),
  rnnSearch: () => assemble(rnnSearch({ sourceVocabulary: vocabulary, vocabulary, width: 8, hidden: 8 })),
};

test.each(Object.entries(makers))("%s: the loss of a padded batch is that of its pairs alone", async (_, make) => {
  const on = cpu({ precision: "f64" });
  const model = await make().to(on);
  const loss = translationLoss({ labelSmoothing: 0.1 });
  const valueOf = async (batch: TranslationBatch): Promise<number> => (await loss(model, batch, on).read())[0]!;
  const some = pairs.slice(0, 6);
  const together = translationBatches({ ...pairsOf(some), rows: 6 })(0);
  const single = translationBatches({ ...pairsOf(some), rows: 1 });
  let [sum, asked] = [0, 0];
  for (let i = 0; i < 6; i++) {
    sum += predictionsIn(single(i)) * (await valueOf(single(i)));
    asked += predictionsIn(single(i));
  }
  expect([together.lengths, together.source.lengths].includes(undefined)).toBe(false);
  expect(await valueOf(together)).toBeCloseTo(sum / asked, 10);
});

test("one layer learns to say sequences backwards that it has not seen", async () => {
  const model = await makers.transformer().to(fast);
  const heldOut = translationBatches({ ...pairsOf(pairs.slice(0, 40)), tokens: 200 });
  const evaluation = { batches: heldOut, objective: translationLoss(), count: heldOut.perEpoch };
  const before = await evaluate({ model, ...evaluation });
  const run = train({
    model,
    objective: translationLoss({ labelSmoothing: 0.1 }),
    batches: translationBatches({ ...pairsOf(pairs.slice(40)), tokens: 100 }),
    evaluation: { ...evaluation, every: 1000 },
    optimiser: new AdamW(model, { beta2: 0.98 }),
    schedule: warmUpLinear({ rate: 1.5e-2, warmUp: 20, steps: 140 }),
    steps: 140,
    random: random(6),
  });
  let last: number | undefined;
  for await (const { heldOutLoss } of run) last = heldOutLoss;
  expect(before).toBeGreaterThan(1.8);
  expect(last).toBeLessThan(0.5); // smoothing keeps it from 0
});

test("T5 learns what is missing in a text that repeats itself", async () => {
  const model = await assemble(t5({ vocabulary: 16, context: 24, width: 16, layers: 1, heads: 2, release: "1.0" })).to(
    cpu(),
  );
  const ids = Array.from({ length: 200 }, (_, i) => 2 + (i % 8));
  const options = { ids, context: 8, batch: 16, sentinels: [15, 14, 13], begin: 0, end: 1 };
  const run = train({
    model,
    objective: translationLoss({ zLoss: 1e-4 }),
    batches: spanCorruptionBatches({ ...options, random: random(1) }),
    optimiser: new AdamW(model),
    schedule: warmUpLinear({ rate: 3e-2, warmUp: 10, steps: 80 }),
    steps: 80,
    random: random(2),
  });
  const losses: number[] = [];
  for await (const { loss } of run) losses.push(loss);
  expect(losses[0]).toBeGreaterThan(2);
  expect(losses.slice(-10).reduce((a, b) => a + b) / 10).toBeLessThan(0.3); // log 8 / 3 = 0.69 by who does not look at the source
});
