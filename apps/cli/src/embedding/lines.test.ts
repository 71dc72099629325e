import { expect, test } from "vitest";

import { linesOf } from "./lines.ts";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function lines(bytes: Uint8Array, size: number): Promise<string[]> {
  const found: string[] = [];
  for await (const line of linesOf(pieces(bytes, size), "the text")) found.push(line);
  return found;
}

test.each([
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\n\nb", ["a", "", "b"]],
  ["\n", [""]],
  ["ü\r\n🙂\u2028x\r\n", ["ü", "🙂\u2028x"]],
])("%j", async (text, expected) => {
  for (const size of [1, 2, 3, 100]) expect(await lines(new TextEncoder().encode(text), size)).toEqual(expected);
});

test("what is no UTF-8 is refused, wherever it is", async () => {
  await expect(lines(Uint8Array.of(97, 10, 98, 10, 255), 2)).rejects.toThrow(
    "the text is not valid UTF-8 somewhere after line 2. Save it as UTF-8 first.",
  );
  await expect(lines(Uint8Array.of(97, 10, 0xc3), 1)).rejects.toThrow(
    "the text is not valid UTF-8 somewhere after line 1.",
  );
});
