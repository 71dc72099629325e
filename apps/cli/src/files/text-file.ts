import { ConfigError } from "@tenon/tensor";

import { readFileBytes } from "./read-file.ts";
import { decodeUtf8 } from "./utf8.ts";

/** The text of a UTF-8 file. Throws `ConfigError` for everything else: no file, a folder, nothing in it, a binary file, another encoding. */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFileBytes(path, "a text file");
  if (bytes.length === 0) throw new ConfigError(`${path} is empty; expected a text. Give a file with something in it.`);
  return decodeUtf8(bytes, path);
}
