import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";
import { byteDecoder, pieceDecoder } from "../../test/decoders.ts";
import { collect, joined, recital } from "../../test/generations.ts";
import { generate } from "./generate.ts";

const backend = cpu();
const bytes = (text: string): number[] => [...new TextEncoder().encode(text)];

test("a character whose bytes are spread over tokens comes out whole, with its last byte", async () => {
  const text = "naïve 日本 🙂!";
  const ids = bytes(text);
  const tokens = await collect(
    generate(recital(backend, 256, ids), [0], { maxTokens: ids.length, decoder: byteDecoder() }),
  );
  expect(joined(tokens)).toBe(text);
  expect(tokens.map((token) => token.text).filter((piece) => piece !== "")).toEqual([...text]);
});

test("an unfinished character is flushed with the last token", async () => {
  const tokens = await collect(
    generate(recital(backend, 256, bytes("a🙂")), [0], { maxTokens: 3, decoder: byteDecoder() }),
  );
  expect(tokens.map(({ text }) => text)).toEqual(["a", "", "\ufffd"]);
});

test("a character that begins in the prompt is completed by the generated text", async () => {
  const [start, ...rest] = bytes("é.");
  const tokens = await collect(
    generate(recital(backend, 256, rest), [65, start!], { maxTokens: 2, decoder: byteDecoder() }),
  );
  expect(joined(tokens)).toBe("é.");
});

const pieces = ["The", " end", "\n", "\nUser", ":", " of", "</s>", "\n\nUs"];
const run = (ids: number[], stop: (number | string)[], maxTokens = ids.length) =>
  generate(recital(backend, pieces.length, ids), [0], { maxTokens, stop, decoder: pieceDecoder(pieces) });

test("a stop string that spans several tokens is found, and nothing of it is yielded", async () => {
  const generation = run([0, 1, 2, 3, 4, 5], ["\n\nUser:"]);
  const tokens = await collect(generation);
  expect(tokens.map(({ text }) => text)).toEqual(["The", " end", "", "", ""]);
  expect(generation.statistics).toMatchObject({ stopReason: "text", generatedTokens: 5 });
});

test("text that only looked like a stop string is yielded as soon as that is clear", async () => {
  const tokens = await collect(run([0, 2, 3, 5, 2, 1], ["\n\nUser:"]));
  expect(tokens.map(({ text }) => text)).toEqual(["The", "", "", "\n\nUser of", "", "\n end"]);
});

test("the start of a stop string is plain text when the generation ends otherwise", async () => {
  const generation = run([0, 7], ["\n\nUser:"]);
  expect((await collect(generation)).map(({ text }) => text)).toEqual(["The", "\n\nUs"]);
  expect(generation.statistics.stopReason).toBe("length");
});

test("a stop string inside of a token cuts the token's text", async () => {
  const generation = run([0, 1, 5], ["nd"]);
  expect(joined(await collect(generation))).toBe("The e");
  expect(generation.statistics.stopReason).toBe("text");
});

test("a stop token is yielded without its text, and with what was held", async () => {
  const generation = run([0, 2, 6, 1], ["\n\n", 6]);
  const tokens = await collect(generation);
  expect(tokens.map(({ id, text }) => [id, text])).toEqual([
    [0, "The"],
    [2, ""],
    [6, "\n"],
  ]);
  expect(generation.statistics).toMatchObject({ stopReason: "token", generatedTokens: 3 });
});

test("a stop string in the prompt is not looked for", async () => {
  const generation = generate(recital(backend, pieces.length, [0, 1]), [2, 2], {
    stop: ["\n\n", "\nThe"],
    maxTokens: 2,
    decoder: pieceDecoder(pieces),
  });
  expect(joined(await collect(generation))).toBe("The end");
});

test("a stop string that the decoder's flush completes is cut off too", async () => {
  const decoder = { push: () => "a", end: () => "b" };
  const generation = generate(recital(backend, 2, [0]), [0], { stop: ["ab"], maxTokens: 2, decoder });
  expect(joined(await collect(generation))).toBe("a");
  expect(generation.statistics.stopReason).toBe("text");
});

test("after a stop string the decoder is not flushed", async () => {
  const decoder = { push: () => "ab", end: () => "c" };
  const generation = generate(recital(backend, 2, [0]), [0], { stop: ["b"], maxTokens: 1, decoder });
  expect(joined(await collect(generation))).toBe("a");
  expect(generation.statistics.stopReason).toBe("text");
});

test("without a decoder there is no text, and stop tokens work", async () => {
  const generation = generate(recital(backend, 8, [4, 5, 6]), [0], { stop: [5] });
  expect((await collect(generation)).map(({ id, text }) => [id, text])).toEqual([
    [4, ""],
    [5, ""],
  ]);
  expect(generation.statistics.stopReason).toBe("token");
});
