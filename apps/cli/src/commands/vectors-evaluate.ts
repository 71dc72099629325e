import {
  evaluateAnalogies,
  evaluateSimilarities,
  parseAnalogies,
  parseSimilarities,
  type SimilarityScores,
} from "@tenon/embeddings/static";
import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { readTextFile } from "../files/text-file.ts";
import { addExamples } from "../help.ts";
import { oneOf, someText } from "../options/values.ts";
import { count, duration } from "../output/numbers.ts";
import type { Session } from "../session.ts";
import { type LoadedVectors, type LoadOptions, loadVectors } from "../vectors/load.ts";
import { addVectorOptions } from "../vectors/options.ts";
import { analogyTable, similarityTable } from "../vectors/tables.ts";

interface EvaluateFlags extends LoadOptions {
  readonly analogies?: string;
  readonly pairs?: readonly string[];
  readonly method: "add" | "multiply";
  readonly matchCase?: true;
  readonly json?: true;
}

const description =
  "Scores word vectors: by analogies, of which it tells the share that is answered right, and by pairs of words that people have judged, of which it tells " +
  "the correlation with the vectors' cosines. The scores are those that gensim gives.";

/** Adds `tenon vectors evaluate`. */
export function addVectorsEvaluateCommand(vectors: Command, session: Session): Command {
  const command = vectors.command("evaluate").summary("score word vectors").description(description);
  addVectorOptions(command)
    .option(
      "--analogies <file>",
      "lines of four words below sections, as in questions-words.txt",
      someText("--analogies"),
    )
    .option(
      "--pairs <files...>",
      "lines of two words and a number with tabs between them, as in wordsim353.tsv and simlex999.txt",
    )
    .option(
      "--method <name>",
      "how analogies are solved: add (3CosAdd) or multiply (3CosMul)",
      oneOf("--method", ["add", "multiply"]),
      "add" as const,
    )
    .option("--match-case", "take large and small letters for different")
    .option("--json", "the scores as a JSON object");
  addExamples(command, session.command, [
    {
      does: "what gensim's tests tell of the 300,000 most frequent words",
      line: "vectors evaluate --vectors vectors.bin --analogies questions-words.txt --pairs wordsim353.tsv simlex999.txt",
    },
    {
      does: "of the 30,000 most frequent ones, as word2vec has it",
      line: "vectors evaluate --vectors vectors.bin --first 30000 --analogies questions-words.txt",
    },
  ]);
  return command.action(async (flags: EvaluateFlags) => evaluate(flags, session));
}

async function evaluate(flags: EvaluateFlags, session: Session): Promise<void> {
  const { analogies, pairs = [], method, matchCase, first, json } = flags;
  const { stdout, stderr } = session;
  if (analogies === undefined && pairs.length === 0)
    throw new ConfigError("there is nothing to score the vectors by: name a file of --analogies, or of --pairs.");
  // Before the minute that reading the vectors may take.
  const questions = analogies === undefined ? undefined : parseAnalogies(await readTextFile(analogies), analogies);
  const judged = await Promise.all(
    pairs.map(async (file) => ({ file, set: parseSimilarities(await readTextFile(file), file) })),
  );
  const loaded = await loadVectors(flags, session);
  const begun = performance.now();
  const options = { first, foldCase: matchCase === undefined };
  const answered = questions && evaluateAnalogies(loaded.vectors, questions, { ...options, method });
  const agreed = judged.map(({ file, set }) => ({ file, ...agreement(loaded, set, options) }));
  if (json)
    return stdout.json({
      vectors: loaded.path,
      format: loaded.format,
      words: loaded.vectors.words.length,
      analogies: answered,
      pairs: agreed,
    });
  if (answered !== undefined) await stdout.line(analogyTable(answered));
  if (answered !== undefined && agreed.length > 0) await stdout.line();
  if (agreed.length > 0) await stdout.line(similarityTable(agreed));
  const { vectors } = loaded;
  await stderr.line(
    `${count(vectors.words.length)} words, vectors of ${vectors.width} numbers, in ${duration((performance.now() - begun) / 1000)}`,
  );
}

/** A model of fastText is asked for words that it has not seen, too, unless only some words or cases are wanted. */
function agreement(
  { vectors, lookup }: LoadedVectors,
  set: ReturnType<typeof parseSimilarities>,
  options: { readonly first: number | undefined; readonly foldCase: boolean },
): SimilarityScores {
  const takesAny = lookup !== vectors && options.first === undefined && !options.foldCase;
  return takesAny ? evaluateSimilarities(lookup, set) : evaluateSimilarities(vectors, set, options);
}
