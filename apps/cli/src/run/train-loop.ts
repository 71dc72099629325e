import { rm } from "node:fs/promises";
import { join } from "node:path";

import { describe } from "@tenon/models";
import type { FitReport } from "@tenon/training";

import { Interrupted, interruptible } from "../interrupt.ts";
import { modelFileName, saveModel } from "../model/model-file.ts";
import type { HeldOut, ModelRecord } from "../model/record.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../shell-word.ts";
import { version } from "../version.ts";
import { prepareFolder } from "./prepare-folder.ts";
import type { Reporter, RunFacts } from "./reporter.ts";
import { RunRecords } from "./records.ts";
import type { Run } from "./run.ts";
import { sourceName } from "./data-source.ts";
import { checkpointsIn, checkpointsName, recordOf } from "./saved-run.ts";

/** Where a run is, and how far. */
export interface Place {
  readonly folder: string;
  /** Steps done before this session. */
  readonly step: number;
  /** A folder for TensorBoard, if it is to have one. */
  readonly tensorboard?: string | undefined;
}

/**
 * Trains a run to its end, saving it into its folder on the way. When it is interrupted, or stdout is closed under it, it finishes the
 * step, saves, and throws {@link Interrupted} saying how to go on.
 */
export async function trainRun(run: Run, place: Place, reporter: Reporter, session: Session): Promise<void> {
  const { options, model } = run;
  const { folder } = place;
  const modelPath = join(folder, modelFileName);
  const checkpoints = checkpointsIn(folder);
  await prepareFolder(folder);
  // What another run left there, which `--force` replaces.
  if (place.step === 0) await checkpoints.clear();
  const records = await RunRecords.open(place);
  const title = `${model.spec.kind} on ${sourceName(options.data)}`;
  const saveAsItIs = async (step: number): Promise<void> => {
    await saveModel(modelPath, model, modelRecord(run, step, records.heldOut));
    await records.draw(title);
  };
  const saveAverage = async (step: number): Promise<void> => {
    run.average?.swap();
    await saveAsItIs(step).finally(() => run.average?.swap());
  };

  await reporter.start(factsOf(run, place, session));
  let report: FitReport | undefined;
  try {
    report = await interruptible((interrupt) => {
      interrupt.addEventListener("abort", () => reporter.interrupted());
      return run.fit(
        {
          checkpoints: { to: checkpoints, every: options.saveEvery, record: recordOf(options) },
          on: {
            step: async (step) => {
              await records.add(step);
              await reporter.step(step);
            },
            saved: async ({ step }) => {
              if (step === 0 || step === options.steps) return;
              await saveAverage(step);
              await reporter.saved(modelPath, step);
            },
          },
        },
        AbortSignal.any([interrupt, session.stdout.closed]),
      );
    });
    reporter.stop();
    if (report.ended === "aborted") {
      throw new Interrupted(
        `Stopped after step ${report.steps} of ${options.steps}; everything is saved. Go on with: ${session.command} train --resume ${shellWord(folder)}`,
      );
    }
    // The best parameters, which early stopping has put back, are those of the average already.
    await (options.patience === undefined ? saveAverage : saveAsItIs)(report.steps);
    await rm(join(folder, checkpointsName), { recursive: true, force: true });
  } finally {
    reporter.stop();
    await records.close();
  }
  await reporter.end(modelPath, report, (width) => records.chart(width));
}

function factsOf({ options, model, tokens, tokenizer }: Run, { folder, step }: Place, session: Session): RunFacts {
  return {
    kind: model.spec.kind,
    parameters: describe(model).count,
    text: sourceName(options.data),
    tokens,
    tokenizer: tokenizer.kind,
    vocabulary: tokenizer.size,
    context: "context" in model ? model.context : undefined,
    batch: options.batch,
    pairs: options.data.kind === "parallel",
    seed: options.seed,
    backend: session.backend.name,
    folder,
    step,
    steps: options.steps,
  };
}

function modelRecord({ options, model, tokens }: Run, step: number, heldOut: HeldOut | undefined): ModelRecord {
  const { tokenizer, data, steps, earlierSteps, batch, rate, seed } = options;
  return {
    version: 1,
    spec: { ...model.spec },
    tokenizer,
    training: {
      tenon: version(),
      text: sourceName(data),
      tokens,
      step,
      steps,
      earlierSteps,
      batch,
      rate,
      seed,
      heldOut,
    },
  };
}
