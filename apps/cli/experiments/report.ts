// The page that pre-training.ts writes.

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

/** What came of one seed. */
export interface SeedResult {
  readonly seed: number;
  /** Time and last loss of pre-training. */
  readonly seconds: number;
  readonly loss: number;
  readonly preTrained: Arm;
  readonly scratch: Arm;
}

/** Markdown. */
export function report(setting: Setting, results: readonly SeedResult[]): string {
  const { steps, stories, examples, epochs, rates, development, test } = setting;
  const margins = results.map(({ preTrained, scratch }) => preTrained.test - scratch.test);
  const rows = results.map(({ seed, loss, seconds, preTrained, scratch }, i) =>
    row(
      seed,
      percent(preTrained.test),
      percent(scratch.test),
      points(margins[i]!),
      preTrained.rate,
      scratch.rate,
      loss.toFixed(3),
      `${(seconds / 60).toFixed(1)} min`,
    ),
  );
  const [before, after] = [
    results.map(({ scratch }) => scratch.test),
    results.map(({ preTrained }) => preTrained.test),
  ];
  return `# Pre-training, then fine-tuning, beside the same network from scratch

The task: is the ending of a story (its last two sentences) told as it was, or with the names of the two friends exchanged? Guessing gives 50 %. Some endings fit both ways, so 100 %
is out of reach.

| seed | pre-trained | from scratch | margin | rate of the first | of the second | last pre-training loss | pre-training took |
| ---- | ----------- | ------------ | ------ | ----------------- | ------------- | ---------------------- | ----------------- |
${rows.join("\n")}
${row("mean", percent(mean(after)), percent(mean(before)), `${points(mean(margins))} ± ${points(deviation(margins)).slice(1)}`, "", "", "", "")}

Shares of ${test} stories whose ending is told right, none of which was trained on; the margin in percentage points, with its standard deviation over the seeds.

- Pre-training: masked words (whole words, 30 % of the tokens) and next sentences on ${stories} stories, ${steps} steps of 16 pairs, AdamW, rate 0.002 falling linearly.
- Fine-tuning and from scratch: the same ${examples} labelled stories, ${epochs} epochs in batches of 16, AdamW; of the rates ${rates.join(", ")} each took the one that did best on
  ${development} development stories.
- The network: BERT's blocks, 4 layers, width 64, 4 heads, rotary positions, 520 word pieces. Each seed has stories, examples and initial weights of its own.
- On the wasm backend with one thread, Node ${process.version}, ${process.arch}.

Made by apps/cli/experiments/pre-training.ts, which says how to run it.
`;
}

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const points = (share: number): string => `${share < 0 ? "−" : "+"}${(100 * Math.abs(share)).toFixed(1)}`;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
function deviation(numbers: readonly number[]): number {
  const middle = mean(numbers);
  return Math.sqrt(numbers.reduce((sum, each) => sum + (each - middle) ** 2, 0) / Math.max(1, numbers.length - 1));
}
