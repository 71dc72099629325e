import { type VectorFormat, vectorFormats } from "@tenon/embeddings/static";
import { formatOfName, writeVectorFile } from "@tenon/embeddings/static/node";
import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { addExamples } from "../help.ts";
import { oneOf, someText, wholeNumber } from "../options/values.ts";
import { count, duration } from "../output/numbers.ts";
import type { Session } from "../session.ts";
import { type LoadOptions, loadVectors } from "../vectors/load.ts";
import { addVectorOptions } from "../vectors/options.ts";

interface ConvertFlags extends LoadOptions {
  readonly out: string;
  readonly to?: VectorFormat;
  readonly digits?: number;
  readonly spaces?: string;
}

const description =
  "Reads word vectors and writes them in another format. Numbers stay what they are, bit for bit, unless --digits rounds them. Of a model of " +
  "fastText the vectors of its words are written.";

/** Adds `tenon vectors convert`. */
export function addVectorsConvertCommand(vectors: Command, session: Session): Command {
  const command = vectors.command("convert").summary("turn one kind of file into another").description(description);
  addVectorOptions(command)
    .requiredOption("--out <file>", "where to write them; with .gz at the end, packed", someText("--out"))
    .option(
      "--to <name>",
      `its format: ${vectorFormats.join(", ")} (default: by its name, word2vec for .vec, word2vec-binary for .bin, glove for .txt, safetensors)`,
      oneOf("--to", vectorFormats),
    )
    .option(
      "--digits <n>",
      "round numbers to so many significant digits, in a text",
      wholeNumber("--digits", { from: 1, to: 9 }),
    )
    .option(
      "--spaces <text>",
      "what a space in a word becomes in the formats of word2vec, such as _",
      someText("--spaces"),
    );
  addExamples(command, session.command, [
    {
      does: "GloVe's vectors for gensim and word2vec",
      line: "vectors convert --vectors glove.6B.300d.txt --out glove.bin",
    },
    {
      does: "the 50,000 most frequent words, for a page",
      line: "vectors convert --vectors crawl.vec.gz --first 50000 --out crawl.safetensors",
    },
    {
      does: "a damaged file, as far as it can be mended",
      line: "vectors convert --vectors damaged.txt --repair --out mended.txt",
    },
  ]);
  return command.action(async (flags: ConvertFlags) => convert(flags, session));
}

async function convert(flags: ConvertFlags, session: Session): Promise<void> {
  const { out, to, digits, spaces } = flags;
  const format = to ?? formatOfName(out).format;
  if (format === undefined)
    throw new ConfigError(
      `the name of --out stands for no format, got "${out}". Let it end with .vec, .bin, .txt or .safetensors, or say it with --to.`,
    );
  const begun = performance.now();
  const { vectors, format: from } = await loadVectors(flags, session);
  await writeVectorFile(out, vectors, { format, digits, spaces });
  await session.stderr.line(
    `${count(vectors.words.length)} vectors of ${vectors.width} numbers, ${from} to ${format}, in ${duration((performance.now() - begun) / 1000)}: ${out}`,
  );
}
