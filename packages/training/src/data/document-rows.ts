import { expectSize } from "@tenon/nn";
import { ConfigError, type Random } from "@tenon/tensor";

import { expectId, expectIds } from "./expect-ids.ts";

/** What `documentBatches` and `packedBatches` draw from. */
export interface DocumentBatchesOptions {
  /** Texts as token ids. */
  readonly documents: readonly ArrayLike<number>[];
  /** The most positions in a row: t. */
  readonly context: number;
  /** The most positions in a batch, padding included. */
  readonly tokens: number;
  /** The id that stands before each document. Default: none, so that the first token of a document is not predicted. */
  readonly begin?: number | undefined;
  /** The id that ends each document. Default: none. */
  readonly end?: number | undefined;
  /** What the epochs are shuffled by. */
  readonly random: Random;
  /**
   * What becomes of a document that takes more than `context` positions. Refused, by an error that names it, or split into pieces that take
   * `context`, each read without what came before. Default "refuse".
   */
  readonly tooLong?: "refuse" | "split" | undefined;
}

/** A document or a piece of one: what is read, and what comes next at each place. */
export interface DocumentRow {
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
}

/** All documents, those split that are too long: every token but the first of a document is a target once. */
export function documentRows(caller: string, options: DocumentBatchesOptions): DocumentRow[] {
  const { documents, context, tokens, begin, end, tooLong = "refuse" } = options;
  expectSize(caller, "context", context);
  expectSize(caller, "tokens", tokens);
  if (tooLong !== "refuse" && tooLong !== "split") {
    throw new ConfigError(`${caller}: tooLong must be "refuse" or "split", got ${JSON.stringify(tooLong)}`, {
      tooLong,
    });
  }
  if (documents.length === 0) throw new ConfigError(`${caller}: there is no document`);
  const marks = (name: "begin" | "end", id: number | undefined): number[] => {
    if (id === undefined) return [];
    expectId(caller, name, id);
    return [id];
  };
  const [before, after] = [marks("begin", begin), marks("end", end)];
  return documents.flatMap((document, i) => {
    const ids = expectIds(`${caller}: document ${i}`, document);
    const text = Int32Array.from([...before, ...ids, ...after]);
    const positions = text.length - 1;
    if (positions < 1) throw nothingToPredict(caller, i, document.length);
    if (positions > context && tooLong === "refuse") throw tooLongFor(caller, i, positions, context);
    return Array.from({ length: Math.ceil(positions / context) }, (_, piece) => {
      const [first, last] = [piece * context, Math.min((piece + 1) * context, positions)];
      return { inputs: text.subarray(first, last), targets: text.subarray(first + 1, last + 1) };
    });
  });
}

const nothingToPredict = (caller: string, document: number, tokens: number): ConfigError =>
  new ConfigError(
    `${caller}: document ${document} has ${tokens === 0 ? "no token" : "one token"}, so that nothing in it is predicted from another. Leave it out, or give begin and end.`,
    { document, tokens },
  );

const tooLongFor = (caller: string, document: number, positions: number, context: number): ConfigError =>
  new ConfigError(
    `${caller}: document ${document} takes ${positions} positions, and a row has ${context}. Raise context, shorten or leave out the document, or let tooLong be "split".`,
    { document, positions, context },
  );
