import { stories } from "@tenon/stories";
import { ConfigError } from "@tenon/tensor";

import type { TextSource } from "../run-plan.ts";
import { storiesName } from "./stories-name.ts";
import { readText } from "./utf8.ts";

/** A text, and what it is called. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** The text of a source. Throws `ConfigError` for a file that is no text, for one that is too large, and for nothing. */
export async function readSource(source: TextSource): Promise<NamedText> {
  switch (source.kind) {
    case "stories":
      return { name: storiesName(source.count), text: stories({ seed: source.seed, count: source.count }) };
    case "file":
      return { name: source.file.name, text: await readText(source.file) };
    case "pasted":
      if (source.text.trim() === "")
        throw new ConfigError("there is no text to train on. Paste one, choose a file, or take the stories.");
      return { name: "a pasted text", text: await readText(new Blob([source.text])) };
  }
}
