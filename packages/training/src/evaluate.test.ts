import { Embedding, normal } from "@tenon/nn";
import { cpu, random, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { evaluate } from "./evaluate.ts";
import { causalLoss } from "./objectives/causal-loss.ts";
import type { Objective } from "./objectives/objective.ts";

class Bigrams extends Embedding {
  readonly vocabulary: number = 8;
}

test("weighs batches by what they ask, and refuses batches that ask nothing", async () => {
  const model = await new Bigrams({ count: 8, width: 8, random: random(1), initial: (random) => normal(random, 1) }).to(
    cpu(),
  );
  const one = { inputs: Int32Array.of(1, 2), targets: Int32Array.of(3, -100), shape: [1, 2] } as const;
  const two = { inputs: Int32Array.of(1, 2), targets: Int32Array.of(5, 6), shape: [1, 2] } as const;
  const none = { ...one, targets: Int32Array.of(-100, -100) };
  const lossOf = (batches: readonly (typeof one)[]): Promise<number> =>
    evaluate({ model, objective: causalLoss, batches: (step) => batches[step]!, count: batches.length });
  const [a, b] = [await lossOf([one]), await lossOf([two])];
  expect(await lossOf([one, two, none])).toBeCloseTo((a + 2 * b) / 3, 6);
  await expect(lossOf([none])).rejects.toThrow("none of the 1 batches has anything to predict");
  const meanOfNothing: Objective<Bigrams> = (_, { targets }, on) => tensor([targets[1] === -100 ? NaN : 2], [], on);
  expect(
    await evaluate({ model, objective: meanOfNothing, batches: (step) => (step === 0 ? none : two), count: 2 }),
  ).toBe(2);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(evaluate({ model, objective: causalLoss, batches: () => one, count: 1, signal })).rejects.toThrow(
    "enough",
  );
});
