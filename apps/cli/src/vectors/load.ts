import { openFile } from "@tenon/checkpoint/node";
import {
  describeRepairs,
  type VectorFormat,
  vectorFormats,
  type WordLookup,
  WordVectors,
} from "@tenon/embeddings/static";
import { readFastText, readVectorFile } from "@tenon/embeddings/static/node";
import { ConfigError } from "@tenon/tensor";

import type { Session } from "../session.ts";

/** What `--format` may be. */
export type FileFormat = VectorFormat | "fasttext";
export const fileFormats: readonly FileFormat[] = [...vectorFormats, "fasttext"];

/** How a file of vectors is read. */
export interface LoadOptions {
  readonly vectors: string;
  readonly format?: FileFormat;
  readonly first?: number;
  readonly repair?: true;
}

/** The vectors of a file, and what knows more words than they are where the file is a model of fastText. */
export interface LoadedVectors {
  readonly path: string;
  readonly format: FileFormat;
  readonly vectors: WordVectors;
  readonly lookup: WordLookup;
}

/** Reads word vectors, whatever their format, and warns of what was repaired. */
export async function loadVectors(options: LoadOptions, { stderr }: Session): Promise<LoadedVectors> {
  const { vectors: path, format = await formatOf(path), first, repair } = options;
  if (format === "fasttext") {
    if (repair !== undefined)
      throw new ConfigError("--repair mends files of vectors, and a model of fastText cannot be mended. Leave it out.");
    const model = await readFastText(path);
    return { path, format, vectors: firstOf(model.wordVectors(), first), lookup: model };
  }
  const read = await readVectorFile(path, { format, first, repair });
  for (const line of describeRepairs(read.repairs))
    await stderr.line(`${stderr.style("yellow", "warning:")} ${path}: ${line}`);
  return { path, format: read.format, vectors: read.vectors, lookup: read.vectors };
}

function firstOf({ words, data, width }: WordVectors, first = words.length): WordVectors {
  return new WordVectors({ words: words.slice(0, first), data: data.slice(0, first * width) });
}

const zero = 0x30;

/** fastText by what the file begins with: its number, or in a .bin of its first versions, which had none, no digit. What else it is, the reader finds out. */
async function formatOf(path: string): Promise<"fasttext" | undefined> {
  const file = await openFile(path);
  try {
    const [first = zero, ...others] = await file.read(0, Math.min(4, file.size));
    const hasNumber = [first, ...others].join() === "186,22,79,47";
    const isDigit = (first ^ zero) < 10;
    return hasNumber || /\.ftz$/i.test(path) || (/\.bin$/i.test(path) && !isDigit) ? "fasttext" : undefined;
  } finally {
    await file.close();
  }
}
