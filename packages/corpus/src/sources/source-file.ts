import { ConfigError } from "@tenon/tensor";

/** Bytes with a name for messages: what a reader needs of a file. */
export interface NamedBytes {
  readonly name: string;
  /** The bytes from the first on; called once for each reading. */
  bytes(): AsyncIterable<Uint8Array>;
}

/**
 * A file of text: a path (in Node, see `@tenon/corpus/node`), what a page has (a `File` or another `Blob`, a `Response`, a stream of bytes), or bytes
 * of your own. A `Response` and a stream can be read once.
 */
export type SourceFile = string | Blob | Response | ReadableStream<Uint8Array> | NamedBytes;

/** The bytes of what needs no file system. Throws `ConfigError` for a path, and for a response that is an error. */
export function bytesOf(file: SourceFile): NamedBytes {
  if (typeof file === "string") {
    throw new ConfigError(
      `the path ${JSON.stringify(file)} cannot be read here. In Node, use openCorpus or fileBytes of @tenon/corpus/node; in a page, pass a File, a Blob or a Response.`,
      { path: file },
    );
  }
  if (file instanceof Blob) {
    return { name: file instanceof File ? file.name : "a blob", bytes: () => chunksOf(file.stream()) };
  }
  if (file instanceof ReadableStream) return { name: "a stream", bytes: () => chunksOf(file) };
  if (file instanceof Response) {
    const name = file.url || "a response";
    if (!file.ok) throw new ConfigError(`${name} answered ${file.status}, so there is no text to read.`, { name });
    return { name, bytes: () => chunksOf(file.body ?? new Blob([]).stream()) };
  }
  if (typeof file?.name === "string" && typeof file.bytes === "function") return file;
  throw new ConfigError(
    "a source is a path, a Blob, a Response, a stream of bytes or an object with name and bytes(), and this is none of them.",
  );
}

// Not every browser can iterate a stream.
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
