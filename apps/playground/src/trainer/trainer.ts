import { describe } from "@tenon/models";
import type { TextModel } from "@tenon/pretrained";
import { ConfigError } from "@tenon/tensor";
import { loadTokenizer, type Tokenizer } from "@tenon/tokenizers";
import { Checkpoints, type CheckpointFiles } from "@tenon/training";
import { transfer } from "comlink";

import type { BackendId } from "../backends/backend-id.ts";
import { type Computing, makeBackend } from "../backends/make-backend.ts";
import { checkName } from "./check-name.ts";
import { learnerOf } from "./learn/learner.ts";
import { windowOf } from "./learn/window-of.ts";
import { assembleText, begin, type Follow } from "./prepare.ts";
import type { RunPlan } from "./run-plan.ts";
import type { SavedRun, TrainerState } from "./run-state.ts";
import { RunHistory } from "./storage/run-history.ts";
import { browserLock, type LockRun } from "./storage/run-lock.ts";
import { readRecord, readSavedText, type RunRecord, writeRecord, writeText } from "./storage/run-record.ts";
import { openShelf, type RunShelf } from "./storage/run-shelf.ts";
import { SpareFiles } from "./storage/spare-files.ts";
import { encodeText } from "./text/encode-text.ts";
import { readSource } from "./text/read-source.ts";
import { TrainingRun } from "./training-run.ts";

/** What the trainer needs of its surroundings; the browser's, unless others are given. */
export interface Surroundings {
  readonly shelf?: (() => Promise<RunShelf>) | undefined;
  readonly lock?: LockRun | undefined;
}

type Tell = (state: TrainerState) => void;

/** Trains a model, one at a time. What a run has shown and learned is there until the next begins. */
export class Trainer {
  readonly #openShelf: () => Promise<RunShelf>;
  readonly #lock: LockRun;
  #shelf: Promise<RunShelf> | undefined;
  #run: TrainingRun | undefined;
  #preparing: AbortController | undefined;
  /** What the last run leaves behind, to be given back before the next. */
  #leave: () => void = () => undefined;

  constructor({ shelf = openShelf, lock = browserLock }: Surroundings = {}) {
    this.#openShelf = shelf;
    this.#lock = lock;
  }

  /** All runs that are kept, with how far they are. */
  async runs(): Promise<readonly SavedRun[]> {
    const shelf = await this.#kept();
    const found = await Promise.all((await shelf.names()).map((name) => savedRun(name, shelf.folder(name))));
    return found.filter((run) => run !== undefined);
  }

  /** Deletes a run with its model. Throws `ConfigError` for the one that is under way, here or in another tab. */
  async remove(name: string): Promise<void> {
    if (this.#run?.state.name === name && ["training", "paused"].includes(this.#run.phase))
      throw new ConfigError(`the run "${name}" is under way. Stop it first.`, { name });
    const release = await this.#lock(name);
    try {
      await (await this.#kept()).remove(name);
    } finally {
      release();
    }
  }

  /**
   * Prepares a run and lets it go. Resolves when its first step is about to be taken; from then on `tell` hears of it. Throws `ConfigError` for a plan
   * that cannot be carried out, `BackendError` for a backend that does not work here, and the signal's reason after {@link cancel}.
   */
  begin(plan: RunPlan, backend: BackendId, tell: Tell): Promise<void> {
    return this.#prepare(plan.name, backend, tell, async (computing, follow) => {
      checkName(plan.name);
      const shelf = await this.#kept();
      if ((await shelf.names()).includes(plan.name))
        throw new ConfigError(`there is a run "${plan.name}" already. Give this one another name, or delete that.`, {
          name: plan.name,
        });
      follow.tell("Reading the text");
      const { name: textName, text } = await readSource(plan.text);
      const begun = await begin(plan.start, text, plan.settings, computing.backend, follow);
      const { model, tokenizer, began, earlierSteps, origin } = begun;
      const record: RunRecord = {
        version: 1,
        name: plan.name,
        spec: { ...model.spec },
        tokenizer: { ...tokenizer.toJSON() },
        text: plan.text.kind === "stories" ? plan.text : { kind: "text", name: textName },
        settings: plan.settings,
        batches: [{ from: 0, batch: plan.settings.batch }],
        began,
        earlierSteps,
        origin,
        finished: false,
      };
      return {
        record,
        model,
        tokenizer,
        text,
        textName,
        began: async (files) => {
          await writeRecord(files, record);
          if (plan.text.kind !== "stories") await writeText(files, text);
        },
      };
    });
  }

  /** Goes on with a run that is kept, from its last checkpoint. `scale` multiplies the rate from there on. Throws as {@link begin} does, and `CheckpointError` for a damaged one. */
  goOn(name: string, backend: BackendId, tell: Tell, scale?: number): Promise<void> {
    return this.#prepare(
      name,
      backend,
      tell,
      async (computing, follow) => {
        const files = (await this.#kept()).folder(name);
        const record = await readRecord(files);
        follow.tell("Reading the text");
        const { name: textName, text } =
          record.text.kind === "stories"
            ? await readSource(record.text)
            : { name: record.text.name, text: await readSavedText(files) };
        follow.tell("Assembling the model");
        const model = assembleText(record.spec, record.settings.seed);
        await model.to(computing.backend);
        return { record, model, tokenizer: loadTokenizer(record.tokenizer), text, textName };
      },
      scale,
    );
  }

  /** Ends the preparation of a run. */
  cancel(): void {
    this.#preparing?.abort(new ConfigError("the run was called off before its first step."));
  }

  pause(): void {
    this.#current.pause();
  }
  resume(): void {
    this.#current.resume();
  }
  stop(): void {
    this.#current.stop();
  }
  save(): void {
    this.#run?.save();
  }
  setScale(scale: number): void {
    this.#current.setScale(scale);
  }
  setBatch(batch: number): Promise<void> {
    return this.#current.setBatch(batch);
  }
  /** The model as a file of `tenon train`. Throws `ConfigError` while it is being trained. */
  async modelBytes(storage: "F32" | "F16"): Promise<Uint8Array> {
    const bytes = await this.#current.modelBytes(storage);
    return transfer(bytes, [bytes.buffer]);
  }

  get #current(): TrainingRun {
    if (this.#run !== undefined) return this.#run;
    throw new ConfigError("there is no run. Begin one, or go on with one that is kept.");
  }

  #kept(): Promise<RunShelf> {
    return (this.#shelf ??= this.#openShelf());
  }

  async #prepare(
    name: string,
    backend: BackendId,
    tell: Tell,
    make: (computing: Computing, follow: Follow) => Promise<Prepared>,
    scale?: number,
  ): Promise<void> {
    this.#expectFree();
    const preparing = new AbortController();
    this.#preparing = preparing;
    const undo: (() => void)[] = [];
    const follow: Follow = {
      signal: preparing.signal,
      tell: (what, share) => tell({ phase: "preparing", name, what, share }),
    };
    try {
      this.#leave();
      this.#leave = () => undefined;
      this.#run = undefined;
      follow.tell("Starting what computes");
      const release = await this.#lock(name);
      undo.push(release);
      const computing = await makeBackend(backend);
      undo.push(() => computing.close());
      const prepared = await make(computing, follow);
      undo.push(() => prepared.model[Symbol.dispose]());
      const run = await this.#assemble(prepared, computing, follow, tell, scale);
      preparing.signal.throwIfAborted();
      await prepared.began?.(run.files);
      this.#run = run.run;
      this.#leave = () =>
        undo
          .slice(1)
          .reverse()
          .forEach((each) => each());
      void run.run.run().then(release);
    } catch (error) {
      for (const each of undo.reverse()) each();
      throw error;
    } finally {
      this.#preparing = undefined;
    }
  }

  async #assemble(
    { record, model, tokenizer, text, textName }: Prepared,
    { backend }: Computing,
    { tell: told, signal }: Follow,
    tell: Tell,
    scale: number | undefined,
  ): Promise<{ readonly run: TrainingRun; readonly files: SpareFiles }> {
    const shelf = await this.#kept();
    const { settings } = record;
    told("Cutting the text into tokens");
    const ids = await encodeText(text, tokenizer, {
      documents: settings.documents,
      signal,
      progress: (share) => told("Cutting the text into tokens", share),
    });
    const window = windowOf(model, settings.window);
    const learner = learnerOf({ model, tokenizer, ids, window, settings, batches: () => run.batches });
    const files = new SpareFiles(shelf.folder(record.name), () => tell(run.state));
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
        notLasting: shelf.notLasting,
        facts: {
          kind: model.spec.kind,
          parameters: describe(model).count,
          vocabulary: model.vocabulary,
          text: textName,
          tokens: ids.length,
          window,
          backend: backend.name,
          began: record.began,
        },
      },
      scale,
    );
    return { run, files };
  }

  #expectFree(): void {
    const going = this.#run !== undefined && ["training", "paused"].includes(this.#run.phase);
    if (!going && this.#preparing === undefined) return;
    throw new ConfigError("a run is under way, and there can be one at a time. Stop it first.");
  }
}

/** A run that only lacks its text in tokens. */
interface Prepared {
  readonly record: RunRecord;
  readonly model: TextModel;
  readonly tokenizer: Tokenizer;
  readonly text: string;
  readonly textName: string;
  /** Writes what a new run has to leave in its folder. */
  readonly began?: (files: CheckpointFiles) => Promise<void>;
}

/** What a folder says of its run; undefined for one without a record, which belongs to nobody. */
async function savedRun(name: string, files: CheckpointFiles): Promise<SavedRun | undefined> {
  try {
    const { spec, text, settings, finished } = await readRecord(files);
    const { step, heldOut } = await RunHistory.lastStep(files);
    const textName = text.kind === "stories" ? `${text.count} stories` : text.name;
    return { name, kind: String(spec["kind"]), text: textName, step, steps: settings.steps, heldOut, finished };
  } catch {
    return undefined;
  }
}
