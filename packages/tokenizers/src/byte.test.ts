import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { byteTokenizer } from "./byte.ts";

test("ids are the bytes of UTF-8, special tokens follow", () => {
  const tokenizer = byteTokenizer({ special: { end: "[END]" } });
  expect(tokenizer.size).toBe(257);
  expect(tokenizer.special).toEqual({ end: 256 });
  expect(tokenizer.encode("é![END]a")).toEqual([195, 169, 33, 256, 97]);
  expect(tokenizer.decode([195, 169, 33, 256, 97])).toBe("é![END]a");
});

test.each(["", "plain\r\nlines\n", "naïve 👍🏽 日本 👨‍👩‍👧", "\ufeffmarked", "\0", "[EN"])("%j comes back", (text) => {
  const tokenizer = byteTokenizer({ special: { end: "[END]" } });
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
});

test("half a surrogate pair has no UTF-8", () => {
  expect(byteTokenizer().decode(byteTokenizer().encode("a\ud83db"))).toBe("a\ufffdb");
});

test("streaming holds an unfinished character back", () => {
  const decoder = byteTokenizer().decoder();
  expect([0xf0, 0x9f, 0x91, 0x8d, 0x61].map((id) => decoder.push(id))).toEqual(["", "", "", "👍", "a"]);
  expect(decoder.end()).toBe("");
});

test("bytes that are no character become U+FFFD as soon as that is certain", () => {
  const decoder = byteTokenizer({ special: { end: "[END]" } }).decoder();
  expect([0xff, 0xc3, 0x61].map((id) => decoder.push(id))).toEqual(["\ufffd", "", "\ufffda"]);
  expect([decoder.push(0xe2), decoder.push(256)]).toEqual(["", "\ufffd[END]"]);
  expect([decoder.push(0xe2), decoder.end(), decoder.push(0x61)]).toEqual(["", "\ufffd", "a"]);
});

test("a decoder that goes on after other ids finishes their last character", () => {
  const decoder = byteTokenizer().decoder([0x61, 0xc3]);
  expect(decoder.push(0xa9)).toBe("é");
});

test("streaming gives what decoding at once gives, for any ids", () => {
  const tokenizer = byteTokenizer({ special: { end: "[END]" } });
  const dice = random(2);
  const likely = [0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x91, 0x8d, 0xff, 256];
  for (let i = 0; i < 300; i++) {
    const ids = Array.from({ length: dice.integer(20) }, () => dice.pick(likely));
    const decoder = tokenizer.decoder();
    const pieces = ids.map((id) => decoder.push(id));
    expect([...pieces, decoder.end()].join("")).toBe(tokenizer.decode(ids));
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  }
});

test("every token has a name of its own", () => {
  const tokenizer = byteTokenizer({ special: { end: "[END]" } });
  const names = Array.from({ length: 257 }, (_, id) => tokenizer.token(id));
  expect(new Set(names).size).toBe(257);
  expect([names[10], names[65], names[0xe2], names[256]]).toEqual(["\n", "A", "<0xE2>", "[END]"]);
  expect(names.map((name) => tokenizer.id(name))).toEqual([...names.keys()]);
});

test("letters, digits and what is beyond ASCII are pieces of words", () => {
  const tokenizer = byteTokenizer({ special: { mask: "[MASK]" } });
  expect([65, 48, 0xe2, 32, 46, 60, 256].map((id) => tokenizer.isWord(id))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("what it cannot honour is refused", () => {
  expect(() => byteTokenizer({ special: { unknown: "[UNK]" } })).toThrow(
    "a byte tokenizer knows every text; leave special.unknown out",
  );
  expect(() => byteTokenizer({ text: "a" } as never)).toThrow('byteTokenizer knows the keys special; got "text"');
  expect(() => byteTokenizer({ special: { end: "<0xE2>" } })).toThrow('the token "<0xE2>" has the ids 226 and 256');
  expect(() => byteTokenizer().decode([256])).toThrow("a whole number from 0 to 255, got 256");
});
