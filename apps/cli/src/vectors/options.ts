import type { Command } from "commander";

import { oneOf, someText, wholeNumber } from "../options/values.ts";
import { fileFormats } from "./load.ts";

/** Adds what all commands that read vectors take. */
export function addVectorOptions(command: Command): Command {
  return command
    .requiredOption(
      "--vectors <file>",
      "a file of word vectors: text or binary of word2vec, text of GloVe, .vec, .bin or .ftz of fastText, safetensors; the first three also packed (.gz)",
      someText("--vectors"),
    )
    .option(
      "--format <name>",
      `its format, where its content does not tell: ${fileFormats.join(", ")}`,
      oneOf("--format", fileFormats),
    )
    .option(
      "--first <n>",
      "use only the first n words, by custom the most frequent ones",
      wholeNumber("--first", { from: 1 }),
    )
    .option("--repair", "mend a damaged file of vectors as far as that goes, and say what was mended");
}
