import { type Command, InvalidArgumentError, Option } from "commander";

import type { QueryMeasurement } from "./queries.ts";
import type { SpeedComparison } from "./speed.ts";
import type { Word2VecComparison } from "./word2vec.ts";

/** `npm run bench -- vectors …`: training word vectors, beside the programs that began it. */
export function addVectorsCommand(program: Command): void {
  const vectors = program.command("vectors").description("Trains word vectors, beside the original programs.");
  vectors
    .command("speed", { isDefault: true })
    .description("Words per second of skip-gram with 5 negatives, beside programs that you name.")
    .option("--text <file>", "what is trained on (default: made-up words that follow Zipf's law)")
    .option("--words <count>", "of the made-up text", count, 1_000_000)
    .option("--word2vec-source <file>", "word2vec.c, built by gcc with -O3, -march=native and -ffast-math")
    .option("--word2vec <program>", "a word2vec.c that was built")
    .option("--fasttext <program>", "fastText's program")
    .option("--python <program>", "a Python with gensim or fasttext")
    .option("--rounds <count>", "how often each has its turn", count, 5)
    .option("--epochs <count>", "of a turn", count, 2)
    .action(async (options: SpeedComparison) => (await import("./speed.ts")).compareSpeed(options));
  vectors
    .command("word2vec")
    .description("word2vec: similarities of words and losses, beside word2vec.c.")
    .requiredOption("--text <files...>", "what to train on: files that are joined")
    .requiredOption("--word2vec-source <file>", "word2vec.c, which is built by gcc -O3")
    .requiredOption("--similarities <files...>", "judged pairs of words, such as WordSim-353 and SimLex-999")
    .option("--seeds <count>", "how many runs each side makes", count, 5)
    .action(async (options: Word2VecComparison) => (await import("./word2vec.ts")).compareWord2Vec(options));
  vectors
    .command("glove")
    .description("GloVe: losses, similarities of words, and speed.")
    .requiredOption("--text <files...>", "what to train on: files that are joined, in lower case")
    .option(
      "--programs <folder>",
      "where the original's vocab_count, cooccur, shuffle and glove are; without it Tenon runs alone",
    )
    .option("--similarities <files...>", "judged pairs of words, such as WordSim-353 and SimLex-999", [])
    .option("--seeds <count>", "how many seeds each side trains with", count, 3)
    .action(async ({ text, ...options }: Options) => {
      await (await import("./glove.ts")).compareGlove({ ...options, texts: text });
    });
  vectors
    .command("queries")
    .description("The nearest of many words, and reading their files, beside numpy and gensim.")
    .option("--words <count>", "how many words", count, 400_000)
    .option("--width <count>", "how many numbers the vector of each has", count, 300)
    .option("--python <command>", "a Python that has gensim; without it Tenon runs alone")
    .action(async (options: QueryMeasurement) => {
      await (await import("./queries.ts")).measureQueries(options);
    });
  vectors
    .command("fasttext")
    .description("fastText: similarities of words, accuracy of classifiers, losses, and speed.")
    .option("--text <files...>", "what to train vectors on: files that are joined, in lower case", [])
    .option(
      "--articles <files...>",
      "what to train classifiers on: files of WikiText, paragraphs and their articles",
      [],
    )
    .option("--program <file...>", "the original's program; several to compare builds of it", [])
    .option("--python <program>", "a Python that has the original from PyPI")
    .addOption(
      new Option("--models <names...>", "of vectors").choices(["skip-gram", "cbow"]).default(["skip-gram", "cbow"]),
    )
    .option("--epochs <count>", "of vectors", count, 5)
    .option("--similarities <files...>", "judged pairs of words, such as WordSim-353 and SimLex-999", [])
    .option("--seeds <count>", "how many seeds each side trains with", count, 3)
    .action(async ({ text, program: programs, ...options }: FastTextOptions) => {
      await (await import("./fasttext.ts")).compareFastText({ ...options, programs, texts: text });
    });
}

interface FastTextOptions extends Omit<Options, "programs"> {
  readonly models: readonly ("skip-gram" | "cbow")[];
  readonly epochs: number;
  readonly articles: readonly string[];
  readonly program: readonly string[];
  readonly python?: string;
}
interface Options {
  readonly text: readonly string[];
  readonly programs?: string;
  readonly similarities: readonly string[];
  readonly seeds: number;
}

function count(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError("It is a whole number from 1 on.");
  return n;
}
