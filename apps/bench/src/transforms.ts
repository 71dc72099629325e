import {
  chain,
  minP,
  noRepeatNGram,
  repetitionPenalty,
  sample,
  temperature,
  topK,
  topNSigma,
  topP,
  typical,
  type DecodingContext,
} from "@tenon/sampling";
import { random } from "@tenon/tensor";

import { medians } from "./measure.ts";
import { table } from "./table.ts";

/** What each transform of the logits costs for one token of so large a vocabulary, and drawing from them. */
export async function transformCosts(vocabulary: number): Promise<void> {
  const dice = random(1);
  const logits = Float32Array.from({ length: vocabulary }, () => 3 * dice.normal());
  const context: DecodingContext = {
    ids: Array.from({ length: 1024 }, () => dice.integer(vocabulary)),
    promptLength: 24,
  };
  const usual = chain(temperature(0.8), topK(50), topP(0.95));
  const cut = usual.apply(logits, context);
  const strategy = sample(random(2));
  const transforms = [
    temperature(0.8),
    topK(50),
    topP(0.95),
    minP(0.05),
    typical(0.9),
    topNSigma(1),
    repetitionPenalty(1.2),
    noRepeatNGram(3),
  ];
  const times = await medians(
    Object.fromEntries([
      ...transforms.map((transform) => [transform.name, () => void transform.apply(logits, context)]),
      ["temperature, top k and top p in turn", () => void usual.apply(logits, context)],
      ["to draw from all", () => void strategy.choose(logits, context)],
      ["to draw from those that are left", () => void strategy.choose(cut, context)],
    ]) as Record<string, () => void>,
    300,
  );
  const rows = [...times].map(([name, time]) => [name, `${time.toFixed(2)} ms`]);
  console.log(`\n${table([`one token, v = ${vocabulary}`, "median"], rows)}`);
}
