import { ConfigError } from "@tenon/tensor";

/**
 * A text that need not fit into memory: UTF-8, with white space between words and a line break at the end of each sentence. It is read
 * several times: once for its words, and once for each epoch.
 */
export interface Text {
  /** What errors call it. */
  readonly name: string;
  /** Its bytes from a position on, in pieces of any size. A piece is used before the next is asked for. */
  read(from: number): AsyncIterable<Uint8Array>;
}

/** A text as training takes it: itself, or made of a string. Throws a ConfigError for anything else. */
export function textOf(text: string | Text): Text {
  if (typeof text !== "string") {
    if (typeof text?.read === "function") return text;
    const got = text instanceof Promise ? "a promise: await it" : typeof text;
    throw new ConfigError(`a text is a string, or what await textFile(path) gives, got ${got}`);
  }
  const bytes = new TextEncoder().encode(text);
  return {
    name: "the text",
    async *read(from) {
      yield bytes.subarray(from);
    },
  };
}
