// A model of the weather, as a table of probabilities. The first word decides, and the likeliest first word is not the beginning of the likeliest sentence.
import { beamSearch, functionModel, generate, gnmtScore, lengthNormalised } from "@tenon/sampling";

const next: Record<string, Record<string, number>> = {
  It: { was: 0.45, rained: 0.4, snowed: 0.15 },
  was: { cold: 0.4, dark: 0.35, warm: 0.25 },
  cold: { ".": 1 },
  dark: { ".": 1 },
  warm: { ".": 1 },
  rained: { ".": 0.9, all: 0.1 },
  snowed: { all: 1 },
  all: { day: 1 },
  day: { long: 0.9, ".": 0.1 },
  long: { ".": 1 },
  ".": { ".": 1 },
};
const words = Object.keys(next);
const [start, end] = [words.indexOf("It"), words.indexOf(".")];
const model = functionModel((ids) => words.map((word) => Math.log(next[words[ids.at(-1)!]!]![word] ?? 0)), {
  vocabulary: words.length,
});
const say = (ids: readonly number[]): string => ["It", ...ids.map((id) => words[id])].join(" ");

const greedy: number[] = [];
let sum = 0;
for await (const { id, logProbability } of generate(model, [start], { stop: [end], maxTokens: 8 })) {
  greedy.push(id);
  sum += logProbability;
}
console.log(`greedy: ${say(greedy)} (${Math.exp(sum).toFixed(2)})`);

for (const score of [lengthNormalised(0), gnmtScore({ alpha: 0.6 }), lengthNormalised(1)]) {
  const { hypotheses } = await beamSearch(model, [start], { beams: 3, results: 3, stop: [end], maxTokens: 8, score });
  console.log(`three beams, by ${score.name}:`);
  for (const { ids, score: points, logProbability } of hypotheses)
    console.log(`  ${points.toFixed(2)}  ${say(ids)} (${Math.exp(logProbability).toFixed(2)})`);
}

// prints:
// greedy: It was cold . (0.18)
// three beams, by lengthNormalised(0):
//   -1.02  It rained . (0.36)
//   -1.71  It was cold . (0.18)
//   -1.85  It was dark . (0.16)
// three beams, by gnmtScore(alpha 0.6, beta 0):
//   -0.93  It rained . (0.36)
//   -1.44  It was cold . (0.18)
//   -1.56  It was dark . (0.16)
// three beams, by lengthNormalised(1):
//   -0.40  It snowed all day long . (0.13)
//   -0.51  It rained . (0.36)
//   -0.57  It was cold . (0.18)
