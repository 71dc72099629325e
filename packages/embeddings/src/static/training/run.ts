import { ConfigError } from "@tenon/tensor";

import { arraysOf, type CheckpointStore, restore } from "./checkpoint.ts";
import type { Chunk } from "./chunks.ts";
import { type Crew, soloCrew } from "./threads/crew.ts";
import type { Block } from "./layout.ts";
import { type LearnerName, loadLearner, type Plans } from "./learners.ts";
import { Schedule } from "./schedule.ts";
import { Tally, type TrainingProgress } from "./tally.ts";
import type { TrainingMemory } from "./training-memory.ts";
import { workerCrew } from "./threads/worker-crew.ts";
import type { Filled } from "../filled.ts";

/** How word vectors are trained, whatever the model. */
export interface TrainingOptions {
  /** How often the text is gone through. Default 5. */
  readonly epochs?: number | undefined;
  /** The learning rate at the beginning; it falls evenly to 0. Default: what the model's authors took. */
  readonly learningRate?: number | undefined;
  /** Names the random numbers. On one thread the same seed gives the same vectors, bit for bit. Default 1. */
  readonly seed?: number | undefined;
  /** Threads that share the memory. In a page they need it to be cross-origin isolated. Default 1: the caller's own. */
  readonly threads?: number | undefined;
  /** Is told how far it is, some times a second. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Stops the training: it saves a checkpoint, where it has a place for one, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where checkpoints are kept. A run that finds one goes on from there. */
  readonly checkpoint?: CheckpointStore | undefined;
}

/** A training run, ready to go: what a model makes of its options. */
export interface TrainingRun<N extends LearnerName = LearnerName> {
  /** Who learns, and of what plan. */
  readonly learner: N;
  readonly plan: Plans[N];
  readonly room: TrainingMemory;
  /** All blocks of the memory that learning changes and a checkpoint must keep. */
  readonly state: Readonly<Record<string, Block<"f32"> | Block<"i32">>>;
  /** What must be the same for a run that goes on from a checkpoint. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** One epoch's data from a byte on, and how many bytes they are. */
  readonly chunks: (from: number) => AsyncIterable<Chunk>;
  readonly bytes: number;
}

/** What came of a run. */
export interface TrainingReport {
  /** The mean loss of each epoch's examples, in nats. */
  readonly losses: readonly number[];
  /** Words learned from, all epochs'. */
  readonly words: number;
  /** How long this took; from the checkpoint on where it went on from one. */
  readonly seconds: number;
}

const secondsBetweenReports = 0.2;
/** Options with what is left out filled in. */
export type Settled = TrainingOptions & Filled<Pick<TrainingOptions, "epochs" | "learningRate" | "seed" | "threads">>;

/** Fills in what is left out. Throws a ConfigError for what cannot be. */
export function settleTraining(what: string, options: TrainingOptions, learningRate: number): Settled {
  const settled = {
    ...options,
    epochs: options.epochs ?? 5,
    learningRate: options.learningRate ?? learningRate,
    seed: options.seed ?? 1,
    threads: options.threads ?? 1,
  };
  for (const key of ["epochs", "threads"] as const) {
    const value = settled[key];
    if (!Number.isSafeInteger(value) || value < 1)
      throw new ConfigError(`${what}: ${key} is a whole number from 1 on, got ${value}`, { [key]: value });
  }
  if (!(settled.learningRate > 0 && settled.learningRate < Infinity)) {
    throw new ConfigError(`${what}: learningRate is a number above 0, got ${settled.learningRate}`, {
      learningRate: settled.learningRate,
    });
  }
  return settled;
}

/**
 * Runs a training: sends chunk after chunk to the threads, lowers the learning rate, reports, keeps checkpoints.
 *
 * Rejects with the signal's reason when it is aborted, with a CheckpointError where the checkpoint is of another training, with a
 * BackendError when a worker dies, and with what the text or a learner throws.
 */
export async function runTraining<N extends LearnerName>(
  run: TrainingRun<N>,
  { epochs, learningRate, threads, onProgress, signal, checkpoint }: Settled,
): Promise<TrainingReport> {
  signal?.throwIfAborted();
  const { room, settings, bytes } = run;
  const arrays = arraysOf(room.memory, run.state);
  const begun = await checkpoint?.load();
  if (begun !== undefined) restore(begun, settings, arrays);
  let { epoch, byte } = begun ?? { epoch: 0, byte: 0 };
  const schedule = new Schedule({ epochs, bytes, learningRate });
  const tally = new Tally(begun?.learned ?? [], schedule.shareAt({ epoch, byte }));
  let [reported, saved] = [0, 0];
  const save = async (): Promise<void> => {
    await checkpoint?.save({ settings, epoch, byte, learned: tally.epochs, arrays });
    saved = tally.seconds;
  };

  const crew = await crewFor(run, threads);
  const pending = new Set<Promise<void>>();
  const failures: Error[] = [];
  const settle = async (): Promise<void> => {
    await Promise.all(pending);
    if (failures.length > 0) throw failures[0]!;
  };
  const send = (chunk: Chunk): void => {
    const current = epoch;
    const [first, last] = [chunk.from, chunk.to].map((at) => schedule.rateAt({ epoch: current, byte: at })) as [
      number,
      number,
    ];
    const share = schedule.shareAt({ epoch, byte: chunk.to });
    const work = crew.learn(chunk.bytes, { first, last }).then(
      (learned) => {
        tally.add(current, learned);
        if (onProgress === undefined || tally.seconds - reported < secondsBetweenReports) return;
        reported = tally.seconds;
        onProgress(tally.progress(share));
      },
      (error: Error) => void failures.push(error),
    );
    const tracked: Promise<void> = work
      .catch((error: Error) => void failures.push(error))
      .finally(() => pending.delete(tracked));
    pending.add(tracked);
  };
  try {
    for (; epoch < epochs; epoch++, byte = 0) {
      for await (const chunk of run.chunks(byte)) {
        await crew.ready();
        if (failures.length > 0) break;
        if (signal?.aborted === true) {
          await settle();
          await save();
          signal.throwIfAborted();
        }
        send(chunk);
        byte = chunk.to;
        if (checkpoint === undefined || tally.seconds - saved < checkpoint.seconds) continue;
        await settle();
        await save();
      }
      if (failures.length > 0) break;
    }
    await settle();
    await save();
  } finally {
    crew.close();
  }
  if (tally.epochs.every(({ examples }) => examples === 0)) {
    throw new ConfigError(
      "the text gave nothing to learn from: no line has two known words that sub-sampling has left. Take more text, a lower minimum count or no sub-sampling",
    );
  }
  onProgress?.(tally.progress(1));
  return {
    losses: tally.epochs.map(({ loss, examples }) => loss / examples),
    words: tally.epochs.reduce((sum, { words }) => sum + words, 0),
    seconds: tally.seconds,
  };
}

async function crewFor<N extends LearnerName>({ learner, plan, room }: TrainingRun<N>, threads: number): Promise<Crew> {
  if (threads === 1) return soloCrew((await loadLearner(learner))(plan, room, 0));
  return workerCrew(Array.from({ length: threads }, (_, thread) => ({ learner, plan, room, thread })));
}
