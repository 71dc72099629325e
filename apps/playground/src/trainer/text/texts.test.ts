import { expect, test } from "vitest";

import { encodeText } from "./encode-text.ts";
import { makeTokenizer } from "./make-tokenizer.ts";
import { largestText, readText } from "./utf8.ts";

const file = (bytes: Uint8Array<ArrayBuffer> | string, name = "a.txt"): File => new File([bytes], name);

test("a file that is no text is refused in words", async () => {
  await expect(readText(file(Uint8Array.of(0xff, 0xfe, 65, 0)))).rejects.toThrow(
    "a.txt is UTF-16 text. Save it as UTF-8",
  );
  await expect(readText(file(Uint8Array.of(65, 0, 66)))).rejects.toThrow("a.txt is no text: there are zeros in it");
  await expect(readText(file(Uint8Array.of(65, 0xe9, 66)))).rejects.toThrow("a.txt is not UTF-8: some of its bytes");
  await expect(readText(file(" \n"))).rejects.toThrow("a.txt is empty. Choose a file with text in it.");
  const large = { name: "b.txt", size: largestText + 1024 ** 2 } as File;
  await expect(readText(large)).rejects.toThrow("b.txt has 51 MiB, and the page takes 50 at most. Take a part of it");
  expect(await readText(file("\uFEFFé"))).toBe("é");
});

test("a long text is cut into tokens in stretches, from line to line, and loses nothing", async () => {
  const text = Array.from({ length: 40_000 }, (_, i) => `line ${i}\n`).join("");
  const tokenizer = await makeTokenizer(text, { kind: "byte", vocabulary: 300, model: "decoder", gaps: 8 });
  const shares: number[] = [];
  const ids = await encodeText(text, tokenizer, { progress: (share) => shares.push(share) });
  expect(new TextDecoder().decode(Uint8Array.from(ids))).toBe(text);
  expect(shares.length).toBe(3);
  const stopped = encodeText(text, tokenizer, { signal: AbortSignal.abort(new Error("enough")) });
  await expect(stopped).rejects.toThrow("enough");
});

test("a token stands before each document", async () => {
  const tokenizer = await makeTokenizer("ab ab", { kind: "byte-pairs", vocabulary: 300, model: "decoder", gaps: 8 });
  const ids = await encodeText("a\n\nb \n\n", tokenizer, { end: tokenizer.special["end"]! });
  expect([...ids].map((id) => tokenizer.token(id))).toEqual(["<|endoftext|>", "a", "<|endoftext|>", "b"]);
});

test("a tokenizer has the tokens that its model asks for", async () => {
  const special = async (
    kind: "byte-pairs" | "character" | "byte" | "word",
    model: "encoder" | "encoder-decoder",
  ): Promise<string[]> => {
    const tokenizer = await makeTokenizer("a b a b", { kind, vocabulary: 300, model, gaps: 2 });
    return Object.values(tokenizer.special)
      .map((id) => tokenizer.token(id))
      .filter((token) => token !== "[UNK]");
  };
  for (const kind of ["byte-pairs", "character", "byte", "word"] as const) {
    expect(await special(kind, "encoder")).toContain("[MASK]");
    const tokenizer = await makeTokenizer("a b a b", { kind, vocabulary: 300, model: "encoder-decoder", gaps: 2 });
    expect([tokenizer.id("<extra_id_0>"), tokenizer.id("<extra_id_1>")].every((id) => id !== undefined)).toBe(true);
    expect(await special(kind, "encoder-decoder")).toEqual(expect.arrayContaining(["<s>", "</s>"]));
  }
});
