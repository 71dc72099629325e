// Two ways to draw from the same distribution: cut a line in pieces and point at it, or shake the logits and take the largest.
import { gumbelMax, gumbelTopK, sample } from "@tenon/sampling";
import { random } from "@tenon/tensor";

const words = ["house", "forest", "river", "moon"];
const logits = Float32Array.of(2, 1.5, 1, -1);
const weights = Array.from(logits, Math.exp);
const [sum, draws] = [weights.reduce((a, b) => a + b), 4000];
const row = (name: string, shares: readonly number[]): void =>
  console.log(name.padEnd(10), shares.map((share, i) => `${words[i]} ${share.toFixed(2)}`).join("  "));

row(
  "softmax",
  weights.map((weight) => weight / sum),
);
const strategies = { sample: sample(random(1)), gumbelMax: gumbelMax(random(1)) };
// A draw depends on the seed and on how many ids there are, so each text length is another draw.
const choose = (name: keyof typeof strategies, from: Float32Array, length: number): number =>
  strategies[name].choose(from, { ids: Array<number>(length).fill(0) });
const withoutRiver = logits.with(2, -Infinity);
for (const name of ["sample", "gumbelMax"] as const) {
  const counts = words.map(() => 0);
  let others = 0;
  for (let n = 0; n < draws; n++) {
    const chosen = choose(name, logits, n);
    counts[chosen]!++;
    if (chosen !== 2 && choose(name, withoutRiver, n) !== chosen) others++;
  }
  row(
    name,
    counts.map((count) => count / draws),
  );
  console.log(`  with river excluded, ${Math.round((100 * others) / draws)} % of the draws of others change`);
}
for (let n = 0; n < 3; n++)
  console.log("three, none twice:", [...gumbelTopK(logits, 3, random(1).fork(n))].map((id) => words[id]).join(", "));

// prints:
// softmax    house 0.49  forest 0.30  river 0.18  moon 0.02
// sample     house 0.50  forest 0.30  river 0.18  moon 0.02
//   with river excluded, 10 % of the draws of others change
// gumbelMax  house 0.48  forest 0.30  river 0.19  moon 0.02
//   with river excluded, 0 % of the draws of others change
// three, none twice: river, house, forest
// three, none twice: house, river, forest
// three, none twice: house, river, forest
