// Does pre-training help? A small BERT is pre-trained on stories (masked words and next sentences) and learns a task from few labelled ones; the same network learns it
// from nothing, with the same examples and steps. Each seed has stories, examples and initial weights of its own.
//
//   node_modules/.bin/node --conditions=@tenon/source apps/cli/experiments/pre-training.ts --work /tmp/pre-training
//
// Interrupt it when you like: what is done stands in the folder --work, and the same command goes on after it. At the end it writes pre-training.md beside this file, or
// what --results says.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { wasm } from "@tenon/backend-wasm";
import { loadParameters, saveParameters } from "@tenon/checkpoint";
import { readSafetensors, writeFileAtomically } from "@tenon/checkpoint/node";
import { assemble, type Encoder } from "@tenon/models";
import { random } from "@tenon/tensor";

import type { Task } from "./endings.ts";
import { shareRight, fineTuned, labelled } from "./fine-tune.ts";
import { preTrained, preTrainingNetwork, wordPieces } from "./pre-train.ts";
import { type Arm, report, type SeedResult, type Setting, type TaskResult } from "./report.ts";

const { values } = parseArgs({
  options: {
    work: { type: "string" },
    results: { type: "string", default: fileURLToPath(new URL("pre-training.md", import.meta.url)) },
    seeds: { type: "string", default: "3" },
    steps: { type: "string", default: "8000" },
    examples: { type: "string", default: "2000" },
  },
});
if (values.work === undefined) throw new Error("--work: name a folder for what is half done");
const { work, results } = values;
const setting: Setting = {
  steps: Number(values.steps),
  stories: 20000,
  examples: Number(values.examples),
  epochs: 8,
  rates: [3e-4, 1e-3],
  development: 400,
  test: 1000,
};
mkdirSync(work, { recursive: true });
// The vectors of V8's experiment are twice as wide: the same sums, sooner.
const on = await wasm({ threads: 1, revectorize: true });

/** What a file of the folder says, or what is made now and then written there. */
async function once<T>(name: string, make: () => Promise<T>): Promise<T> {
  const path = join(work, name);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as T;
  const made = await make();
  await writeFileAtomically(path, new TextEncoder().encode(JSON.stringify(made)));
  return made;
}

async function resultOf(seed: number): Promise<SeedResult> {
  const dice = random(seed).fork("pre-training");
  const tokenizer = await wordPieces(dice.fork("words"));
  const file = join(work, `seed-${seed}.safetensors`);
  const { seconds, loss } = await once(`seed-${seed}-pre-training.json`, async () => {
    const start = performance.now();
    const losses: number[] = [];
    const model = await preTrained({
      ...setting,
      tokenizer,
      random: dice,
      seed,
      on,
      onStep: (step, loss) => {
        losses.push(loss);
        if (step % 250 === 0)
          console.log(`seed ${seed}: step ${step} of ${setting.steps}, loss ${mean(losses.slice(-250)).toFixed(3)}`);
      },
    });
    await writeFileAtomically(file, await saveParameters(model));
    model[Symbol.dispose]();
    return { seconds: (performance.now() - start) / 1000, loss: mean(losses.slice(-250)) };
  });
  const from = await assemble(preTrainingNetwork(tokenizer.size), { seed }).to(on);
  loadParameters(from, await readSafetensors(file));

  const learned = async (task: Task): Promise<TaskResult> => {
    const [examples, development, test] = (["examples", "development", "test"] as const).map((name) =>
      labelled(task, setting[name], tokenizer, dice.fork(task).fork(name)),
    );
    const arm = (name: string, begin: Encoder | undefined): Promise<Arm> =>
      once(`seed-${seed}-${task}-${name}.json`.replaceAll(" ", "-"), async () => {
        let best: Arm | undefined;
        for (const rate of setting.rates) {
          const data = {
            tokenizer,
            examples: examples!,
            epochs: setting.epochs,
            rate,
            random: dice.fork("fine-tuning"),
          };
          const model = await fineTuned({ ...data, from: begin, seed, on });
          const right = {
            development: await shareRight(model, development!, dice),
            test: await shareRight(model, test!, dice),
          };
          if (best === undefined || right.development > best.development) best = { rate, ...right };
          console.log(
            `seed ${seed}, ${task}: ${name} at ${rate}: ${(100 * right.development).toFixed(1)} % of the development stories`,
          );
          model[Symbol.dispose]();
        }
        return best!;
      });
    return { task, preTrained: await arm("pre-trained", from), scratch: await arm("scratch", undefined) };
  };
  const tasks = [await learned("another ending"), await learned("a stranger")];
  from[Symbol.dispose]();
  return { seed, seconds, loss, tasks };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

const found = await once("setting.json", () => Promise.resolve(setting));
if (JSON.stringify(found) !== JSON.stringify(setting)) {
  throw new Error(`${work} was begun with another setting, ${JSON.stringify(found)}; name another folder`);
}
const all: SeedResult[] = [];
for (let seed = 1; seed <= Number(values.seeds); seed++) all.push(await resultOf(seed));
const page = report(setting, all);
await writeFileAtomically(results, new TextEncoder().encode(page));
console.log(page);
