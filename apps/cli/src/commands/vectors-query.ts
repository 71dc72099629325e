import { oddOneOut, similarity, WordQueries } from "@tenon/embeddings/static";
import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { addExamples } from "../help.ts";
import { oneOf, wholeNumber } from "../options/values.ts";
import type { Session } from "../session.ts";
import { type LoadedVectors, type LoadOptions, loadVectors } from "../vectors/load.ts";
import { addVectorOptions } from "../vectors/options.ts";
import { neighbourTable } from "../vectors/tables.ts";

const tasks = ["nearest", "analogy", "odd-one-out", "similarity"] as const;
type Task = (typeof tasks)[number];

interface QueryFlags extends LoadOptions {
  readonly task: Task;
  readonly multiply?: true;
  readonly top: number;
  readonly json?: true;
}

const description =
  "Asks word vectors which words are near to others, what is to a word as another is to a third, which word does not fit, and how similar two are. A " +
  "model of fastText also knows words that it has never seen.";

/** Adds `tenon vectors query`. */
export function addVectorsQueryCommand(vectors: Command, session: Session): Command {
  const command = vectors.command("query").summary("find words by their vectors").description(description);
  command.argument("<words...>", "the words to ask about");
  addVectorOptions(command)
    .option(
      "--task <name>",
      "nearest: the words nearest to each; analogy: of three words a b c, what is to c as b is to a; odd-one-out: which does not fit; similarity: the cosine of two",
      oneOf("--task", tasks),
      "nearest" as const,
    )
    .option("--multiply", "solve the analogy by products of cosines (3CosMul) and not by their sum (3CosAdd)")
    .option("--top <n>", "how many answers to show", wholeNumber("--top", { from: 1 }), 10)
    .option("--json", "one JSON object");
  addExamples(command, session.command, [
    { does: "what is near to frog, in GloVe's vectors", line: "vectors query frog --vectors glove.6B.300d.txt" },
    {
      does: "man is to woman as king is to …",
      line: "vectors query man woman king --task analogy --vectors vectors.bin",
    },
    {
      does: "which one does not fit?",
      line: "vectors query breakfast cereal dinner lunch --task odd-one-out --vectors vectors.bin",
    },
  ]);
  return command.action(async (words: string[], flags: QueryFlags) => query(words, flags, session));
}

async function query(words: readonly string[], flags: QueryFlags, session: Session): Promise<void> {
  const { task, multiply, top, json } = flags;
  expectWords(task, words);
  if (multiply && task !== "analogy")
    throw new ConfigError(`--multiply solves analogies, and the task is ${task}. Ask with --task analogy.`);
  const loaded = await loadVectors(flags, session);
  const answers = answersOf(task, words, { ...loaded, top, method: multiply ? "multiply" : "add" });
  const { stdout } = session;
  if (json) return stdout.json({ vectors: loaded.path, task, answers });
  await stdout.line(answers.map(({ asked, found }) => neighbourTable(asked, found)).join("\n\n"));
}

interface Asked extends LoadedVectors {
  readonly top: number;
  readonly method: "add" | "multiply";
}

interface Answer {
  readonly asked: string;
  readonly found: readonly { readonly word: string; readonly score: number }[];
}

function answersOf(task: Task, words: readonly string[], { vectors, lookup, top, method }: Asked): Answer[] {
  const [a = "", b = "", c = ""] = words;
  if (task === "similarity") return [{ asked: `${a} and …`, found: [{ word: b, score: similarity(lookup, a, b) }] }];
  if (task === "odd-one-out")
    return [{ asked: "does not fit, the first least", found: oddOneOut(lookup, words).slice(0, top) }];
  const queries = new WordQueries(vectors, { lookup });
  if (task === "analogy") {
    const found = queries.analogy({ positive: [b, c], negative: [a] }, top, method);
    return [{ asked: `${a} : ${b} = ${c} : …`, found }];
  }
  const found = queries.nearestToEach(words, top);
  return words.map((asked, i) => ({ asked, found: found[i]! }));
}

function expectWords(task: Task, words: readonly string[]): void {
  const few = { nearest: 1, analogy: 3, "odd-one-out": 2, similarity: 2 }[task];
  const isExact = task === "analogy" || task === "similarity";
  if (words.length < few || (isExact && words.length > few))
    throw new ConfigError(
      `--task ${task} takes ${few} ${isExact ? "words" : "words or more"}, got ${words.length}: ${words.join(" ")}.`,
    );
}
