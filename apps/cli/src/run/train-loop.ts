import { rm } from "node:fs/promises";
import { join } from "node:path";

import { describe } from "@tenon/models";
import type { TrainingStep } from "@tenon/training";

import { Interrupted, interruptible } from "../interrupt.ts";
import { modelFileName, saveModel } from "../model/model-file.ts";
import type { HeldOut, ModelRecord } from "../model/record.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../shell-word.ts";
import { version } from "../version.ts";
import { prepareFolder } from "./prepare-folder.ts";
import type { Reporter } from "./reporter.ts";
import { RunRecords } from "./records.ts";
import type { Run } from "./run.ts";
import { sourceName } from "./data-source.ts";
import { checkpointsIn, checkpointsName, saveRun } from "./saved-run.ts";

/** Where a run is, and how it began. */
export interface Place {
  readonly folder: string;
  /** A folder for TensorBoard, if it is to have one. */
  readonly tensorboard?: string | undefined;
  /** The last held-out loss of an earlier session. */
  readonly heldOut?: HeldOut | undefined;
}

/**
 * Trains a run to its end, saving it into its folder on the way. When it is interrupted, or stdout is closed under it, it finishes the
 * step, saves, and throws {@link Interrupted} saying how to go on.
 */
export async function trainRun(run: Run, place: Place, reporter: Reporter, session: Session): Promise<void> {
  const { options, optimiser, model } = run;
  const { folder } = place;
  const modelPath = join(folder, modelFileName);
  const checkpoints = checkpointsIn(folder);
  let { heldOut } = place;

  const title = `${model.spec.kind} on ${sourceName(options.data)}`;
  const save = async (): Promise<void> => {
    // The state first: if the second write fails, the run can still go on.
    await saveRun(checkpoints, run, heldOut);
    await saveModel(modelPath, model, modelRecord(run, heldOut));
    await records.draw(title);
    await reporter.saved(modelPath, optimiser.steps);
  };

  await prepareFolder(folder);
  // What another run left there, which `--force` replaces; and something to go on from, however soon the run is killed.
  if (optimiser.steps === 0) {
    await checkpoints.clear();
    await saveRun(checkpoints, run);
  }
  const records = await RunRecords.open({ folder, step: optimiser.steps, tensorboard: place.tensorboard });
  await reporter.start({
    kind: model.spec.kind,
    parameters: describe(model).count,
    text: sourceName(options.data),
    tokens: run.tokens,
    tokenizer: run.tokenizer.kind,
    vocabulary: run.tokenizer.size,
    context: "context" in model ? model.context : undefined,
    batch: options.batch,
    pairs: options.data.kind === "parallel",
    seed: options.seed,
    backend: session.backend.name,
    folder,
    step: optimiser.steps,
    steps: options.steps,
  });
  let last: TrainingStep | undefined;
  try {
    await interruptible(async (interrupt) => {
      interrupt.addEventListener("abort", () => reporter.interrupted());
      const signal = AbortSignal.any([interrupt, session.stdout.closed]);
      for await (const step of run.train(signal)) {
        last = step;
        if (step.heldOutLoss !== undefined) heldOut = { step: step.step, loss: step.heldOutLoss };
        await records.add(step);
        await reporter.step(step);
        if (step.step % options.saveEvery === 0 && step.step < options.steps) await save();
      }
      reporter.stop();
      if (optimiser.steps < options.steps) {
        await save();
        throw new Interrupted(
          `Stopped after step ${optimiser.steps} of ${options.steps}; everything is saved. Go on with: ${session.command} train --resume ${shellWord(folder)}`,
        );
      }
      await saveModel(modelPath, model, modelRecord(run, heldOut));
      await records.draw(title);
      await rm(join(folder, checkpointsName), { recursive: true, force: true });
    });
  } finally {
    reporter.stop();
    await records.close();
  }
  if (last !== undefined) await reporter.end(modelPath, last, (width) => records.chart(width));
}

function modelRecord({ options, model, tokens, optimiser }: Run, heldOut: HeldOut | undefined): ModelRecord {
  const { tokenizer, data, steps, earlierSteps, batch, rate, seed } = options;
  return {
    version: 1,
    spec: { ...model.spec },
    tokenizer,
    training: {
      tenon: version(),
      text: sourceName(data),
      tokens,
      step: optimiser.steps,
      steps,
      earlierSteps,
      batch,
      rate,
      seed,
      heldOut,
    },
  };
}
