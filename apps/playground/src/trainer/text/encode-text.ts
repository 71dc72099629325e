import type { Tokenizer } from "@tenon/tokenizers";

/** How the encoding of a text is followed and ended. */
export interface EncodeOptions {
  /** What stands before each document, where a blank line ends one. */
  readonly end?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((share: number) => void) | undefined;
}

/** A text up to this length is encoded as a whole, a longer one in stretches from line to line. */
const stretch = 200_000;

/** The ids of a text. */
export async function encodeText(
  text: string,
  tokenizer: Tokenizer,
  { end, signal, progress }: EncodeOptions,
): Promise<Int32Array> {
  const pieces: Int32Array[] = [];
  let done = 0;
  for (const part of stretchesOf(text)) {
    pieces.push(Int32Array.from(end === undefined ? tokenizer.encode(part) : withEnds(part, end, tokenizer)));
    done += part.length;
    progress?.(done / text.length);
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
  }
  return joined(pieces);
}

function withEnds(text: string, end: number, tokenizer: Tokenizer): number[] {
  const documents = text.split(/\n\s*\n/).filter((document) => document.trim() !== "");
  return documents.flatMap((document) => [end, ...tokenizer.encode(document.trim())]);
}

/**
 * Cut behind blank lines or, where there are none, behind lines; a stretch without either stays whole.
 *
 * @yields stretch after stretch
 */
function* stretchesOf(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > stretch) {
    const blank = text.indexOf("\n\n", start + stretch);
    const cut = blank !== -1 && blank < start + 2 * stretch ? blank + 2 : text.indexOf("\n", start + stretch) + 1;
    if (cut === 0) break;
    yield text.slice(start, cut);
    start = cut;
  }
  if (start < text.length) yield text.slice(start);
}

function joined(pieces: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
