// A run that a test kills again and again: `node killed-run.ts FOLDER BACKEND` goes on from the folder's checkpoints and prints each step's loss.
import { flushCompileCache } from "node:module";

import { type Backend, cpu, random } from "@tenon/tensor";

import {
  AdamW,
  causalBatches,
  causalLoss,
  Checkpoints,
  type CheckpointFiles,
  fit,
  type FitReport,
  type TrainingStep,
  warmUpCosine,
} from "../src/index.ts";
import { checkpointFolder } from "../src/node.ts";
import { HostAverage, textOf, Tiny } from "./tiny.ts";

/** The run: dropout, accumulation, a moving average, early stopping, a checkpoint after each step, so that kills fall into saving, too. */
export async function killedRun(
  on: Backend,
  files: CheckpointFiles,
  step: (step: TrainingStep) => void,
): Promise<FitReport> {
  const model = await new Tiny().to(on);
  const text = textOf(600);
  return fit(
    {
      model,
      objective: causalLoss,
      batches: causalBatches({ ids: text.slice(0, 500), context: 10, batch: 4, random: random(2) }),
      optimiser: new AdamW(model),
      schedule: warmUpCosine({ rate: 0.05, warmUp: 5, steps: 400 }),
      steps: 400,
      random: random(4),
      accumulate: 2,
      evaluation: {
        batches: causalBatches({ ids: text.slice(500), context: 10, batch: 2, random: random(5) }),
        count: 2,
        every: 5,
      },
    },
    {
      stopping: { patience: 4, improvement: 0.002 },
      average: new HostAverage(model),
      checkpoints: { to: new Checkpoints(files), every: 1, record: { name: "killed" } },
      on: { step },
    },
  );
}

if (process.argv[1] === import.meta.filename) {
  const [, , folder, backend] = process.argv;
  const on = backend === "wasm" ? await (await import("@tenon/backend-wasm")).wasm({ threads: 1 }) : cpu();
  flushCompileCache(); // at its end it never comes to that
  const report = await killedRun(on, checkpointFolder(folder!), ({ step, loss }) =>
    process.stdout.write(`${step} ${loss}\n`),
  );
  process.stdout.write(`${report.ended} ${report.best!.step}\n`);
}
