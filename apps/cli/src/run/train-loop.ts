import { rm } from "node:fs/promises";
import { join } from "node:path";

import { describe } from "@tenon/models";
import type { Lora } from "@tenon/nn";
import type { HeldOut, SavedModel } from "@tenon/pretrained";
import { CheckpointError, GradientError, isTenonError, sizeOf } from "@tenon/tensor";
import type { FitReport } from "@tenon/training";

import { Interrupted, interruptible } from "../interrupt.ts";
import { modelFileName, saveModel } from "../model/model-file.ts";
import { tokenizerName } from "../output/tokenizer-name.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../shell-word.ts";
import { version } from "../version.ts";
import { lockFolder } from "./folder-lock.ts";
import { prepareFolder } from "./prepare-folder.ts";
import { clearFolders, saveAdapters, saveWhole } from "./for-others.ts";
import { withMergedWeights } from "./merged-weights.ts";
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
  /** Does it go on from a checkpoint, be it the one before the first step? Else it begins anew, and what another run left there goes. */
  readonly resumed: boolean;
  /** A folder for TensorBoard, if it is to have one. */
  readonly tensorboard?: string | undefined;
  /** What is typed after `--resume` and the folder to go on as in this session, with a space before it. */
  readonly again?: string | undefined;
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
  const unlock = await lockFolder(folder);
  const records = await RunRecords.open(place).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const title = `${model.spec.kind} on ${sourceName(options.data)}`;
  const saveAsItIs = async (step: number, heldOut: HeldOut | undefined, isLast = false): Promise<void> => {
    if (isLast) await saveAdapters(run, folder);
    await withMergedWeights(run.lora, async () => {
      if (isLast) await saveWhole(run, folder);
      await saveModel(modelPath, savedModel(run, step, heldOut));
    });
    await records.draw(title);
  };
  const saveAverage = async (step: number, isLast = false): Promise<void> => {
    run.average?.swap();
    await saveAsItIs(step, records.heldOut, isLast).finally(() => run.average?.swap());
  };

  const goOn = `${session.command} train --resume ${shellWord(folder)}${place.again ?? ""}`;
  let report: FitReport | undefined;
  let saved = place.resumed;
  try {
    // What another run left there, which `--force` replaces.
    if (!place.resumed) await Promise.all([checkpoints.clear(), clearFolders(folder)]);
    await reporter.start(factsOf(run, place, session));
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
            evaluated: async ({ step, scores }) => {
              // One that an interruption cut short is taken when the run goes on, after its step was written down.
              if (await records.addHeldOut(step, scores["loss"]!)) await reporter.evaluated(step, scores["loss"]!);
            },
            saved: async ({ step }) => {
              saved = true;
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
        `Stopped after step ${report.steps} of ${options.steps}; everything is saved. Go on with: ${goOn}`,
      );
    }
    const best = options.patience === undefined ? undefined : report.best;
    // The best parameters, which early stopping has put back, are those of the average already.
    if (best !== undefined) await saveAsItIs(best.step, { step: best.step, loss: best.value }, true);
    else await saveAverage(report.steps, true);
    await rm(join(folder, checkpointsName), { recursive: true, force: true });
  } catch (error) {
    throw withWayOn(error, saved ? goOn : undefined);
  } finally {
    reporter.stop();
    await Promise.all([records.close(), run.close(), unlock()]);
  }
  await reporter.end(modelPath, report, (width) => records.chart(width));
}

/** A message that ends with how to go on: from what was saved before, where a disk was full; with other options, where the numbers broke. */
function withWayOn(error: unknown, goOn: string | undefined): unknown {
  if (isTenonError(error, "CheckpointError") && goOn !== undefined)
    return new CheckpointError(`${error.message} Then go on from what was saved last: ${goOn}`, error.fields, {
      cause: error,
    });
  if (isTenonError(error, "GradientError"))
    return new GradientError(
      `${error.message} A run keeps its options: begin another with --rate, --warm-up or --clip, in this folder with --force.`,
      error.fields,
      { cause: error },
    );
  return error;
}

function factsOf(
  { options, model, lora, tokens, tokenizer }: Run,
  { folder, step }: Place,
  session: Session,
): RunFacts {
  const adapters = lora && parametersOf(lora);
  return {
    kind: model.spec.kind,
    parameters: describe(model).count - (adapters ?? 0),
    adapters,
    text: sourceName(options.data),
    tokens,
    tokenizer: tokenizerName(tokenizer),
    vocabulary: tokenizer.size,
    context: options.window ?? ("context" in model ? model.context : undefined),
    batch: options.batch,
    accumulate: options.accumulate,
    patience: options.patience,
    pairs: options.data.kind === "parallel",
    seed: options.seed,
    backend: session.backend.name,
    folder,
    step,
    steps: options.steps,
  };
}

/** How many numbers the adapters hold. */
function parametersOf({ weights }: Lora): number {
  const shapes = [...weights.values()].flatMap(({ adapter }) => [...adapter.parameters().values()]);
  return shapes.reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
}

function savedModel(
  { options, model, tokenizer, tokens }: Run,
  step: number,
  heldOut: HeldOut | undefined,
): SavedModel {
  const { origin, data, steps, earlierSteps, batch, rate, seed } = options;
  return {
    model,
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
    origin,
  };
}
