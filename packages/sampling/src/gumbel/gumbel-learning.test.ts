import {
  cpu,
  differentiate,
  expand,
  mean,
  random,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  Variable,
} from "@tenon/tensor";
import { expect, test } from "vitest";
import { exponentialAnnealing } from "./annealing.ts";
import { gumbelSoftmax } from "./gumbel-softmax.ts";

const target = [0.5, 0.3, 0.15, 0.05];
const draws = 256;

/** How far softmax(z) is from the target, from 0 to 1: the total variation. */
function distance(logits: ArrayLike<number>): number {
  const e = Array.from(logits, Math.exp);
  const total = e.reduce((a, b) => a + b);
  return e.reduce((sum, each, i) => sum + Math.abs(each / total - target[i]!), 0) / 2;
}

// The choices are whole; only the mean of many can match the target, and only a gradient that comes through them can move the logits.
test.each([true, false])("with annealing, the logits of choices learn a distribution (hard: %s)", async (hard) => {
  const on = cpu();
  const { key } = random(81);
  const logits = Variable.holding(tensor([0, 0, 0, 1], [4], on));
  const temperature = exponentialAnnealing({ rate: 0.01, floor: 0.3 });
  const losses: number[] = [];
  const start = distance(await logits.host());
  for (let step = 0; step < 150; step++) {
    const choices = (): Tensor =>
      gumbelSoftmax(expand(reshape(logits.value, [1, 4]), [draws, 4]), {
        temperature: temperature(step),
        key,
        counter: step,
        hard,
      });
    const { value, gradients } = differentiate([logits], () =>
      sum(square(sub(mean(choices(), 0), tensor(target, [4], on)))),
    );
    losses.push((await value.read())[0]!);
    const slope = await gradients[0]!.read();
    logits.assign((await logits.host()).map((z, i) => z - 3 * slope[i]!));
  }
  const average = (part: readonly number[]): number => part.reduce((a, b) => a + b) / part.length;
  expect(start).toBeGreaterThan(0.4);
  expect(distance(await logits.host())).toBeLessThan(0.05);
  expect(average(losses.slice(-20))).toBeLessThan(average(losses.slice(0, 5)) / 10);
});
