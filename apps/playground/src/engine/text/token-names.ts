import type { Tokenizer } from "@tenon/tokenizers";

/** What a token writes in the midst of a text, and what it is called where that could not be seen. */
export interface NamedToken {
  readonly text: string;
  /** The text with its spaces and line breaks to be seen: "·fox". */
  readonly name: string;
}

const seen = new WeakMap<Tokenizer, readonly (string | Uint8Array | undefined)[]>();

/** What tokens are called. Many models have room for more ids than their tokenizers have tokens. */
export function namesOf(tokenizer: Tokenizer): (id: number) => NamedToken {
  const pieces = piecesOf(tokenizer);
  return (id) => {
    if (id >= tokenizer.size) return { text: "", name: `id ${id}, which stands for nothing` };
    const text = textOf(pieces[id]);
    if (text === undefined || text === "") return { text: "", name: tokenizer.token(id) };
    return { text, name: text.replaceAll(" ", "·").replaceAll("\n", "↵").replaceAll("\t", "→") };
  };
}

function piecesOf(tokenizer: Tokenizer): readonly (string | Uint8Array | undefined)[] {
  let pieces = seen.get(tokenizer);
  if (pieces === undefined) {
    try {
      pieces = tokenizer.pieces?.() ?? [];
    } catch {
      // What a token of words writes depends on its neighbours: their names then are what there is.
      pieces = [];
    }
    seen.set(tokenizer, pieces);
  }
  return pieces;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a piece; undefined for a special token, and for a part of a character. */
function textOf(piece: string | Uint8Array | undefined): string | undefined {
  if (piece === undefined || typeof piece === "string") return piece;
  try {
    return utf8.decode(piece);
  } catch {
    return undefined;
  }
}
