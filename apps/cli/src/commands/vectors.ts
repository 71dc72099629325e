import type { Command } from "commander";

import type { Session } from "../session.ts";
import { addVectorsConvertCommand } from "./vectors-convert.ts";
import { addVectorsEvaluateCommand } from "./vectors-evaluate.ts";
import { addVectorsQueryCommand } from "./vectors-query.ts";
import { addVectorsTrainCommand } from "./vectors-train.ts";

const description =
  "Works with vectors of words, as word2vec, GloVe and fastText learn them: learns them, asks them, scores them, and turns one kind of file into another.";

/** Adds `tenon vectors` and its commands. */
export function addVectorsCommand(program: Command, session: Session): Command {
  const vectors = program
    .command("vectors")
    .summary("learn, ask, score and convert word vectors")
    .description(description);
  for (const add of [
    addVectorsTrainCommand,
    addVectorsQueryCommand,
    addVectorsEvaluateCommand,
    addVectorsConvertCommand,
  ]) {
    const command = add(vectors, session);
    command.showHelpAfterError(`See \`${session.command} vectors ${command.name()} --help\`.`);
  }
  return vectors;
}
