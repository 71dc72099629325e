import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";

import { fileCheckpoint, formatOfName, textFile } from "@tenon/embeddings/static/node";
import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { addExamples } from "../help.ts";
import { Interrupted, interruptible } from "../interrupt.ts";
import { count, duration, lossText } from "../output/numbers.ts";
import { progress } from "../output/progress.ts";
import type { Session } from "../session.ts";
import { trainModel } from "../vectors/train-model.ts";
import {
  addVectorTrainingOptions,
  refuseVectorContradictions,
  type VectorTrainingFlags,
} from "../vectors/training-flags.ts";

const description =
  "Learns vectors of words from a text, as word2vec, GloVe or fastText do: words that stand in the same surroundings get similar ones. The text is read as a stream, so " +
  "that it may be larger than memory. Whatever ends the run, --resume goes on from the last checkpoint.";

/** Adds `tenon vectors train`. */
export function addVectorsTrainCommand(vectors: Command, session: Session): Command {
  const command = vectors.command("train").summary("learn word vectors from a text").description(description);
  addVectorTrainingOptions(command);
  addExamples(command, session.command, [
    { does: "skip-gram on two threads", line: "vectors train --text corpus.txt.gz --threads 2 --out vectors.bin" },
    {
      does: "fastText, which knows parts of words, as a model that fastText itself reads",
      line: "vectors train --model fasttext --text corpus.txt --out model.bin",
    },
    {
      does: "GloVe, as text",
      line: "vectors train --model glove --text corpus.txt --width 300 --out vectors.txt",
    },
    { does: "go on after Ctrl-C", line: "vectors train --text corpus.txt.gz --threads 2 --out vectors.bin --resume" },
  ]);
  return command.action(async (flags: VectorTrainingFlags) => train(flags, command, session));
}

async function train(flags: VectorTrainingFlags, command: Command, session: Session): Promise<void> {
  refuseVectorContradictions(command, flags);
  const { out, to } = flags;
  if (to === undefined && formatOfName(out).format === undefined)
    throw new ConfigError(
      `the name of --out stands for no format, got "${out}". Let it end with .vec, .bin, .txt or .safetensors, or say it with --to.`,
    );
  const kept = `${out}.checkpoint`;
  await beginOrGoOn(kept, flags);
  const text = await textFile(flags.text);
  const { epochs, rate, seed, threads, saveEvery } = flags;
  const checkpoint = fileCheckpoint(kept, { seconds: saveEvery });
  const bar = progress(session.stderr, 100);
  const begun = performance.now();
  const trained = await interruptible(async (signal) => {
    try {
      return await trainModel(flags, {
        text,
        training: { epochs, learningRate: rate, seed, threads, signal, checkpoint },
        onProgress: ({ share, loss, unit, perSecond, secondsLeft }) =>
          void bar.update(
            Math.floor(100 * share),
            `%  loss ${lossText(loss)}  ${count(Math.round(perSecond))} ${unit}/s  ${duration(secondsLeft)} left`,
          ),
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Interrupted(
        existsSync(kept) ? `Stopped. The same line with --resume goes on from ${kept}.` : "Stopped.",
      );
    } finally {
      bar.stop();
    }
  });
  await trained.write();
  await rm(kept, { force: true });
  const { vectors, losses } = trained;
  await session.stderr.line(
    `${count(vectors.words.length)} vectors of ${vectors.width} numbers in ${duration((performance.now() - begun) / 1000)}, loss ${lossText(losses.at(-1)!)}: ${out}`,
  );
}

/** What a run left that was stopped is neither lost nor taken up unasked. */
async function beginOrGoOn(kept: string, { resume, force }: VectorTrainingFlags): Promise<void> {
  if (resume === true && !existsSync(kept))
    throw new ConfigError(`there is no ${kept} to go on from. Leave out --resume to begin.`, { file: kept });
  if (force === true) await rm(kept, { force: true });
  else if (resume !== true && existsSync(kept))
    throw new ConfigError(`${kept} is of a run that was stopped. Go on with --resume, or begin anew with --force.`, {
      file: kept,
    });
}
