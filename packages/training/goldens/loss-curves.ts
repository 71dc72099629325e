// Records the losses of real runs, noisy ones and ones that diverge, for the test of `DivergenceWatch`: loss-curves.json.
// `node --conditions=@tenon/source goldens/loss-curves.ts TEXT`, with tinyshakespeare.txt as the text; two minutes on one core.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { wasm } from "@tenon/backend-wasm";
import { assemble, gpt } from "@tenon/models";
import { random } from "@tenon/tensor";
import { characterTokenizer } from "@tenon/tokenizers";

import { AdamW, causalBatches, causalLoss, constant, type Schedule, train } from "../src/index.ts";

const [, , path] = process.argv;
if (path === undefined) throw new Error("which text? node --conditions=@tenon/source goldens/loss-curves.ts TEXT");
const text = (await readFile(path, "utf8")).slice(0, 200_000);
const tokenizer = characterTokenizer(text);
const all = Int32Array.from(tokenizer.encode(text));
const on = await wasm({ threads: 1 });

interface Run {
  readonly schedule: Schedule;
  readonly steps: number;
  readonly batch?: number;
  readonly clip?: number;
  /** How much of the text is read; little of it is soon known by heart. */
  readonly length?: number;
  readonly dropout?: number;
  /** Losses that are left out at the beginning: a run that begins near its best. */
  readonly skip?: number;
}

async function lossesOf({
  schedule,
  steps,
  batch = 1,
  clip = 1,
  length,
  dropout = 0.1,
  skip = 0,
}: Run): Promise<number[]> {
  const spec = gpt({ vocabulary: tokenizer.size, width: 32, layers: 2, heads: 2, context: 16, dropout });
  const model = await assemble(spec, { seed: 1 }).to(on);
  const batches = causalBatches({ ids: all.slice(0, length), context: 16, batch, random: random(2) });
  const optimiser = new AdamW(model);
  const losses: number[] = [];
  const options = { model, objective: causalLoss, batches, optimiser, schedule, steps, clip, random: random(3) };
  for await (const { loss } of train({ ...options, divergence: false })) losses.push(Number(loss.toFixed(2)));
  return losses.slice(skip);
}

const curves = {
  fine: {
    "batch of one": await lossesOf({ schedule: constant(3e-3), steps: 1500 }),
    "known by heart": await lossesOf({ schedule: constant(3e-3), steps: 1500, length: 60, dropout: 0.3 }),
    "begun near its best": await lossesOf({ schedule: constant(1e-3), steps: 2500, skip: 1500 }),
    "no clipping, high rate": await lossesOf({ schedule: constant(2e-2), steps: 1000, clip: Infinity }),
    // For two steps far too high a rate, after which it recovers.
    spike: await lossesOf({ schedule: (step) => (step >= 700 && step < 702 ? 0.1 : 3e-3), steps: 1200, batch: 4 }),
  },
  diverging: {
    // It unlearns all but how often each character comes.
    collapse: await lossesOf({ schedule: (step) => (step < 700 ? 3e-3 : 0.1), steps: 1200, batch: 4 }),
    "rate raised late": await lossesOf({ schedule: (step) => (step < 700 ? 3e-3 : 0.5), steps: 1200, batch: 4 }),
    "rate grows": await lossesOf({ schedule: (step) => 1e-3 * 1.01 ** step, steps: 1200, batch: 4 }),
  },
};
await writeFile(join(import.meta.dirname, "loss-curves.json"), `${JSON.stringify(curves)}\n`);
