import { describe } from "@tenon/models";
import type { TextModel } from "@tenon/pretrained";
import { type Backend, ConfigError } from "@tenon/tensor";
import { loadTokenizer, type Tokenizer } from "@tenon/tokenizers";
import { type CheckpointFiles, Checkpoints } from "@tenon/training";

import { assembleText, begin, type Follow } from "./begin.ts";
import { checkName } from "./check-name.ts";
import { learnerOf } from "./learn/learner.ts";
import { windowOf } from "./learn/window-of.ts";
import type { RunPlan } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import { RunHistory } from "./storage/run-history.ts";
import { readRecord, readSavedText, type RunRecord, writeRecord, writeText } from "./storage/run-record.ts";
import type { RunShelf } from "./storage/run-shelf.ts";
import type { SpareFiles } from "./storage/spare-files.ts";
import { encodeText } from "./text/encode-text.ts";
import { endBetween } from "./text/end-between.ts";
import { readSource } from "./text/read-source.ts";
import { TrainingRun } from "./training-run.ts";

/** A run that only lacks its text in tokens. */
export interface Prepared {
  readonly record: RunRecord;
  /** On its backend. */
  readonly model: TextModel;
  readonly tokenizer: Tokenizer;
  readonly text: string;
  readonly textName: string;
  /** Writes what a new run has to leave in its folder. */
  readonly leave?: (files: CheckpointFiles) => Promise<void>;
}

/** Prepares what a plan says. Throws `ConfigError` for a name that is taken, and for what cannot be trained. */
export async function newRun(plan: RunPlan, shelf: RunShelf, backend: Backend, follow: Follow): Promise<Prepared> {
  const { name, start, settings } = plan;
  checkName(name);
  if ((await shelf.names()).includes(name))
    throw new ConfigError(`there is a run "${name}" already. Give this one another name, or delete that.`, { name });
  follow.tell("Reading the text");
  const { name: textName, text } = await readSource(plan.text);
  const { model, tokenizer, ...from } = await begin(start, text, settings, backend, follow);
  const record: RunRecord = {
    version: 1,
    name,
    spec: { ...model.spec },
    tokenizer: { ...tokenizer.toJSON() },
    text: plan.text.kind === "stories" ? plan.text : { kind: "text", name: textName },
    settings,
    batches: [{ from: 0, batch: settings.batch }],
    ...from,
    finished: false,
  };
  return {
    record,
    model,
    tokenizer,
    text,
    textName,
    leave: async (files) => {
      await writeRecord(files, record);
      if (plan.text.kind !== "stories") await writeText(files, text);
    },
  };
}

/** Prepares a run that is kept. Throws `CheckpointError` for a folder that holds none, or one that is damaged. */
export async function keptRun(files: SpareFiles, backend: Backend, follow: Follow): Promise<Prepared> {
  const record = await readRecord(files);
  follow.tell("Reading the text");
  const { name: textName, text } =
    record.text.kind === "stories"
      ? await readSource(record.text)
      : { name: record.text.name, text: await readSavedText(files) };
  follow.tell("Assembling the model");
  const model = assembleText(record.spec, record.settings.seed);
  await model.to(backend);
  return { record, model, tokenizer: loadTokenizer(record.tokenizer), text, textName };
}

/** Where a run is to be, and who hears of it. */
export interface RunPlace {
  readonly files: SpareFiles;
  /** Why what is written there does not outlive the page, where it does not. */
  readonly notLasting: string | undefined;
  readonly backend: Backend;
  readonly follow: Follow;
  readonly tell: (state: RunState) => void;
  /** What the rate is multiplied by, where that is not to be as it was. */
  readonly scale: number | undefined;
}

/** The run itself. Throws `ConfigError` for a text that is too short, and settings that do not fit the model. */
export async function runOf(
  { record, model, tokenizer, text, textName }: Prepared,
  { files, notLasting, backend, follow, tell, scale }: RunPlace,
): Promise<TrainingRun> {
  const { settings, began } = record;
  const ids = await encodeText(text, tokenizer, {
    end: endBetween(settings.documents, model.spec.kind, record.text.kind, tokenizer),
    signal: follow.signal,
    progress: (share) => follow.tell("Cutting the text into tokens", share),
  });
  const window = windowOf(model, settings.window);
  const learner = learnerOf({ model, tokenizer, ids, window, settings, batches: () => run.batches });
  const from = (await new Checkpoints(files).latest())?.step;
  const run: TrainingRun = new TrainingRun(
    {
      record,
      model,
      tokenizer,
      learner,
      files,
      tell,
      history: from === undefined ? RunHistory.empty() : await RunHistory.upTo(from, files),
      notLasting,
      facts: {
        kind: model.spec.kind,
        parameters: describe(model).count,
        vocabulary: model.vocabulary,
        text: textName,
        tokens: ids.length,
        window,
        backend: backend.name,
        began,
      },
    },
    scale,
  );
  files.onChange = () => run.tell();
  return run;
}
