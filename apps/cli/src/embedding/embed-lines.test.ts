import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { embedLines, type Embedder, type EmbedLinesOptions } from "./embed-lines.ts";
import type { Row, RowFile } from "./row.ts";

const options: EmbedLinesOptions = { tokens: 32, window: 7 };
/** Ids are the letters; a text's vector is its length and its first letter. */
const embedder: Embedder = {
  encode: (text) => [...text].map((letter) => letter.codePointAt(0)!),
  embed: (batch) => Promise.resolve(batch.map(({ ids }) => Float32Array.of(ids.length, ids[0]!))),
};

function memory(before: readonly Row[] = []): RowFile & { readonly found: Row[] } {
  const found = [...before];
  return {
    found,
    rows: before.length,
    append: (rows) => Promise.resolve(void found.push(...rows)),
    close: () => Promise.resolve(),
  };
}
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
}

const dice = random(1);
const lines = Array.from({ length: 40 }, () =>
  String.fromCodePoint(97 + dice.integer(26)).repeat(1 + dice.integer(20)),
);
const expected = lines.map((text) => ({ text, vector: Float32Array.of(text.length, text.codePointAt(0)!) }));

test("every line has its vector, in the order of the lines, whatever the window; the progress counts all", async () => {
  for (const window of [1, 7, 100]) {
    const file = memory();
    const told: number[] = [];
    const found = await embedLines(each(lines), embedder, file, {
      ...options,
      window,
      onProgress: (done) => Promise.resolve(void told.push(done)),
    });
    expect(file.found).toEqual(expected);
    expect(found).toEqual({ lines: 40, tokens: lines.join("").length });
    expect(told.at(-1)).toBe(40);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  }
});

test("stopped at any point, it goes on where the file ends", async () => {
  for (const at of [1, 3, 6]) {
    const file = memory();
    let batches = 0;
    const failing: Embedder = {
      ...embedder,
      embed: (batch) => (++batches > at ? Promise.reject(new Error("stop")) : embedder.embed(batch)),
    };
    await expect(embedLines(each(lines), failing, file, options)).rejects.toThrow("stop");
    expect(file.found).toEqual(expected.slice(0, file.found.length));
    const again = memory(file.found);
    await embedLines(each(lines), embedder, again, options);
    expect(again.found).toEqual(expected);
  }
});

test("a line without a token is named, and so is a text that became shorter", async () => {
  await expect(embedLines(each(["a", "b", ""]), embedder, memory(), options)).rejects.toThrow(
    "line 3 has no token that the model knows",
  );
  await expect(embedLines(each(lines.slice(0, 3)), embedder, memory(expected), options)).rejects.toThrow(
    "the text has 3 lines, but 40 were embedded before",
  );
  await expect(
    embedLines(each(lines), embedder, memory(), { ...options, signal: AbortSignal.abort(new Error("enough")) }),
  ).rejects.toThrow("enough");
});
