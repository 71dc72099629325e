// The page that pre-training.ts writes.
import type { Task } from "./endings.ts";

/** What all seeds have in common. */
export interface Setting {
  /** Steps of pre-training. */
  readonly steps: number;
  readonly stories: number;
  readonly examples: number;
  readonly epochs: number;
  /** Those that each network tries; the one that does best on the development stories counts. */
  readonly rates: readonly number[];
  readonly development: number;
  readonly test: number;
}

/** The best of a network's rates: shares of stories that it tells right. */
export interface Arm {
  readonly rate: number;
  readonly development: number;
  readonly test: number;
}

/** What came of one task. */
export interface TaskResult {
  readonly task: Task;
  readonly preTrained: Arm;
  readonly scratch: Arm;
}

/** What came of one seed. */
export interface SeedResult {
  readonly seed: number;
  /** Time and last loss of pre-training. */
  readonly seconds: number;
  readonly loss: number;
  readonly tasks: readonly TaskResult[];
}

const questions: Readonly<Record<Task, string>> = {
  "another ending": "Is the ending (two sentences) that of the story, or that of another one?",
  "a stranger": "Is the ending as it was told, or has one of the friends the name of somebody who is not in the story?",
};

/** Markdown. */
export function report(setting: Setting, seeds: readonly SeedResult[]): string {
  const { steps, stories, examples, epochs, rates, development, test } = setting;
  const tables = (Object.keys(questions) as Task[]).map((task) => `## ${questions[task]}\n\n${tableOf(task, seeds)}`);
  const runs = seeds.map(
    ({ seed, loss, seconds }) => `seed ${seed} ${loss.toFixed(3)} in ${(seconds / 60).toFixed(1)} minutes`,
  );
  return `# Pre-training, then fine-tuning, beside the same network from scratch

Shares of ${test} stories that are told right, none of which was trained on; guessing gives 50 %. The margin is in percentage points, with its standard deviation over the seeds.

${tables.join("\n\n")}

## How

- Pre-training: masked words (15 %, whole words) and next sentences on ${stories} stories, ${steps} steps of 16 pairs, AdamW, the rate rising to 0.003 and falling linearly. Last loss: ${runs.join(", ")}.
- Fine-tuning and from scratch: the same ${examples} labelled stories, ${epochs} epochs in batches of 16, AdamW; of the rates ${rates.join(" and ")} each took the one that did better on
  ${development} development stories.
- The network: 4 layers, width 64, 4 heads, as BERT but with pre-norm blocks and rotary positions, 600 word pieces. Each seed has stories, examples and initial weights of its own.
- On the wasm backend with one thread and \`revectorize\`, Node ${process.version}, ${process.arch}.

Made by apps/cli/experiments/pre-training.ts, which says how to run it.
`;
}

function tableOf(task: Task, seeds: readonly SeedResult[]): string {
  const found = seeds.map(({ seed, tasks }) => ({ seed, ...tasks.find((each) => each.task === task)! }));
  const margins = found.map(({ preTrained, scratch }) => preTrained.test - scratch.test);
  const rows = found.map(({ seed, preTrained, scratch }, i) =>
    row(seed, percent(preTrained.test), percent(scratch.test), points(margins[i]!), preTrained.rate, scratch.rate),
  );
  const [after, before] = [found.map((each) => each.preTrained.test), found.map((each) => each.scratch.test)];
  const margin = `${points(mean(margins))} ± ${(100 * deviation(margins)).toFixed(1)}`;
  return [
    row("seed", "pre-trained", "from scratch", "margin", "rate of the first", "rate of the second"),
    row("---", "---", "---", "---", "---", "---"),
    ...rows,
    row("mean", percent(mean(after)), percent(mean(before)), margin, "", ""),
  ].join("\n");
}

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const points = (share: number): string => `${share < 0 ? "−" : "+"}${(100 * Math.abs(share)).toFixed(1)}`;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
function deviation(numbers: readonly number[]): number {
  const middle = mean(numbers);
  return Math.sqrt(numbers.reduce((sum, each) => sum + (each - middle) ** 2, 0) / Math.max(1, numbers.length - 1));
}
