import { expect, test } from "vitest";
import { byteTokenizer } from "./byte.ts";
import { characterTokenizer } from "./character.ts";
import { tokenPieces } from "./token-pieces.ts";
import { wordTokenizer } from "./word.ts";

const special = { end: "[END]" };

test("the pieces of a text's ids, joined, are the text", () => {
  const text = "naïve ☃ 😀";
  const characters = characterTokenizer(text, { special });
  const pieces = tokenPieces(characters);
  expect(pieces).toHaveLength(characters.size);
  expect(characters.encode(text).map((id) => pieces[id])).toEqual([...text]);
  expect(pieces[characters.special["end"]!]).toBe(undefined);

  const bytes = byteTokenizer({ special });
  const joined = bytes.encode(text).flatMap((id) => [...(tokenPieces(bytes)[id] as Uint8Array)]);
  expect(new TextDecoder().decode(Uint8Array.from(joined))).toBe(text);
  expect(tokenPieces(bytes)).toHaveLength(257);
  expect(tokenPieces(bytes)[256]).toBe(undefined);
});

test("tokens without a text of their own are refused", () => {
  expect(() => tokenPieces(wordTokenizer("Mia ran."))).toThrow(
    "The tokens of a word tokenizer have no text of their own: whether a space comes before one depends on the token before it.",
  );
  expect(() => tokenPieces({ ...byteTokenizer(), kind: "mine" })).toThrow(
    'What the tokens of a tokenizer of the kind "mine" write is not known here: make the list yourself',
  );
});
