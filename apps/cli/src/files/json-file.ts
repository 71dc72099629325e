import { ConfigError, type Json } from "@tenon/tensor";

import { readTextFile } from "./text-file.ts";

/** The value of a JSON file. Throws `ConfigError` for what is no JSON, and for everything that {@link readTextFile} refuses. */
export async function readJsonFile(path: string): Promise<Json> {
  const text = await readTextFile(path);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // V8 quotes the file, line breaks and all, and ends with what is said here already.
    const problem = error.message.replaceAll(/\s+/g, " ").replace(/ is not valid JSON$/, "");
    throw new ConfigError(`${path} is not valid JSON: ${problem}. Correct it and try again.`, { file: path });
  }
}
