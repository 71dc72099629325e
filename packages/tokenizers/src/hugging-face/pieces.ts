import { byteOf } from "./decode/bytes.ts";
import { writeWordPiece } from "./decode/word-piece.ts";
import { type Json, refuse } from "./json.ts";
import { bytesOf } from "./split/byte-alphabet.ts";

/** What a token writes in the midst of a text: its text, or bytes that may be a part of a character. */
export type Piece = string | Uint8Array;

/**
 * How to tell what one token writes, from the decoder of tokenizer.json. Where that depends on the tokens around it the function throws `ConfigError`
 * with the name of the step that makes it so.
 */
export function pieceOf(decoder: Json | undefined): (token: string) => Piece {
  if (decoder === undefined) return (token) => ` ${token}`;
  const steps = flatten(decoder);
  const types = steps.map((step) => step.string("type"));
  // Taking spaces from the start of a text changes no token in its midst.
  const writers = steps.filter(
    (step) => !(step.string("type") === "Strip" && types.includes("Fuse") && step.value("stop") === 0),
  );
  const write = writers.map(writer);
  return (token) => {
    let piece: Piece = token;
    for (const step of write) if (typeof piece === "string") piece = step(piece);
    return piece;
  };
}

function flatten(json: Json): Json[] {
  return json.string("type") === "Sequence" ? json.objects("decoders").flatMap(flatten) : [json];
}

function writer(step: Json): (token: string) => Piece {
  switch (step.string("type")) {
    case "ByteLevel":
      return bytesOf;
    case "ByteFallback":
      return (token) => {
        const byte = byteOf(token);
        return byte === undefined ? token : Uint8Array.of(byte);
      };
    case "Fuse":
      return (token) => token;
    case "Metaspace":
      return (token) => token.replaceAll(step.character("replacement"), " ");
    case "WordPiece": {
      const [prefix, clean] = [step.string("prefix", "##"), step.boolean("cleanup", true)];
      return (token) => writeWordPiece(token, false, prefix, clean);
    }
    case "Replace": {
      const text = step.object("pattern").value("String");
      if (typeof text === "string" && [...text].length === 1)
        return (token) => token.replaceAll(text, () => step.string("content"));
    }
  }
  throw refuse(
    step.path,
    `is a ${step.string("type")} that makes what a token writes depend on its neighbours`,
    "make the list of pieces yourself, or constrain to lists of ids with phrases()",
  );
}
