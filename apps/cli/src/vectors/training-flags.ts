import { type VectorFormat, vectorFormats } from "@tenon/embeddings/static";
import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { givenFlags, refuseBeside } from "../options/given.ts";
import { decimal, listed, oneOf, seed, someText, wholeNumber } from "../options/values.ts";

export const models = ["word2vec", "glove", "fasttext"] as const;

/** What `tenon vectors train` takes. What is not given is up to the model. */
export interface VectorTrainingFlags {
  readonly text: readonly string[];
  readonly out: string;
  readonly model: (typeof models)[number];
  readonly to?: VectorFormat;
  readonly width?: number;
  readonly window?: number;
  readonly minCount?: number;
  readonly subsample?: number;
  readonly context?: "skip-gram" | "cbow";
  readonly loss?: "negative-sampling" | "hierarchical-softmax";
  readonly negatives?: number;
  readonly ngrams?: number;
  readonly buckets?: number;
  readonly xMax?: number;
  readonly epochs?: number;
  readonly rate?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly saveEvery: number;
  readonly resume?: true;
  readonly force?: true;
}

/** Adds the options. */
export function addVectorTrainingOptions(command: Command): Command {
  const positive = { from: 1 };
  return command
    .requiredOption(
      "--text <files...>",
      "what to learn from: UTF-8, sentences on lines of their own, packed (.gz) or not",
    )
    .requiredOption("--out <file>", "where the vectors go; .bin of fastText is a whole model", someText("--out"))
    .option("--model <name>", "word2vec, glove or fasttext", oneOf("--model", models), "word2vec" as const)
    .option(
      "--to <name>",
      `the format: ${vectorFormats.join(", ")} (default: by the name)`,
      oneOf("--to", vectorFormats),
    )
    .optionsGroup("What is learned:")
    .option(
      "--width <n>",
      "numbers in a vector (default: 100; glove 50)",
      wholeNumber("--width", { from: 1, to: 4096 }),
    )
    .option(
      "--window <n>",
      "words to either side that are context (default: 5; glove 15)",
      wholeNumber("--window", { from: 1, to: 1000 }),
    )
    .option(
      "--min-count <n>",
      "leave out words that occur less often (default: 5)",
      wholeNumber("--min-count", positive),
    )
    .option(
      "--subsample <share>",
      "thin out words with a larger share of the text (default: 1e-3; fasttext 1e-4)",
      decimal("--subsample", { from: 0 }),
    )
    .option("--context <name>", "skip-gram or cbow (default: skip-gram)", oneOf("--context", ["skip-gram", "cbow"]))
    .option(
      "--loss <name>",
      "negative-sampling or hierarchical-softmax (default: negative-sampling)",
      oneOf("--loss", ["negative-sampling", "hierarchical-softmax"]),
    )
    .option(
      "--negatives <n>",
      "words drawn at random for each that is there (default: 5)",
      wholeNumber("--negatives", { from: 1, to: 1000 }),
    )
    .option(
      "--ngrams <n>",
      "letters of the longest part of a word in fasttext, 0 for none (default: 6)",
      wholeNumber("--ngrams", { from: 0 }),
    )
    .option(
      "--buckets <n>",
      "rows that fasttext's parts of words share (default: 2000000)",
      wholeNumber("--buckets", positive),
    )
    .option(
      "--x-max <n>",
      "how often glove's pairs must occur to count in full (default: 100)",
      decimal("--x-max", { above: 0 }),
    )
    .optionsGroup("How:")
    .option(
      "--epochs <n>",
      "how often to go through the text (default: 5; glove 25)",
      wholeNumber("--epochs", positive),
    )
    .option(
      "--rate <x>",
      "learning rate at the beginning (default: as the model's authors have it)",
      decimal("--rate", { above: 0 }),
    )
    .option(
      "--threads <n>",
      "threads; one gives the same bits each time (default: 1)",
      wholeNumber("--threads", positive),
    )
    .option("--seed <n>", "the seed of all random numbers (default: 1)", seed("--seed"))
    .option(
      "--save-every <s>",
      "seconds between two checkpoints, beside --out",
      decimal("--save-every", { above: 0 }),
      60,
    )
    .option("--resume", "go on from the checkpoint of a run that was stopped")
    .option("--force", "begin anew where there is such a checkpoint");
}

const onlyFor = {
  glove: ["--x-max"],
  fasttext: ["--ngrams", "--buckets"],
  word2vec: [],
} as const;
/** What glove, which has no examples, does without. */
const ofExamples = ["--subsample", "--context", "--loss", "--negatives"];

/** Throws a ConfigError for flags that would have no effect. */
export function refuseVectorContradictions(command: Command, { model, loss }: VectorTrainingFlags): void {
  const given = givenFlags(command);
  const foreign = models.filter((name) => name !== model).flatMap((name) => onlyFor[name] as readonly string[]);
  const without = model === "glove" ? [...foreign, ...ofExamples] : foreign;
  const idle = given.filter((flag) => without.includes(flag));
  if (idle.length > 0) {
    const [have, them] = idle.length === 1 ? ["has", "it"] : ["have", "them"];
    throw new ConfigError(`${listed(idle, "and")} ${have} no effect on ${model}. Leave ${them} out.`, {
      options: idle,
    });
  }
  if (loss === "hierarchical-softmax")
    refuseBeside(command, "--loss", ["--negatives"], "hierarchical softmax draws no negatives");
  refuseBeside(command, "--resume", ["--force"], "one goes on with what the other removes");
}
