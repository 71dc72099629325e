import { random } from "@tenon/tensor";
import { byteTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { windowBatches } from "./batches/window-batches.ts";
import { corpusInMemory } from "./corpus-in-memory.ts";
import { parallelText, textFiles } from "./sources/sources.ts";

const tokenizer = byteTokenizer();
const packed = async (text: string): Promise<Blob> =>
  await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).blob();

test("a page reads files, answers, streams and what is packed, and trains on them", async () => {
  const files = [
    new File(["\ufeffone\r\ntwo\r\n"], "a.txt"),
    new Response("three\n"),
    new Blob(["four\n"]).stream(),
    await packed("five\nsix\n"),
  ];
  const corpus = corpusInMemory({ sources: textFiles(files, "lines"), tokenizer, shardTokens: 7 });
  const tokens = await corpus.tokens();
  expect(tokenizer.decode(await tokens.read(0, tokens.length))).toBe("onetwothreefourfivesix");
  const { inputs, targets } = await windowBatches({ tokens, context: 4, batch: 2, random: random(1) })(3);
  expect(targets[0]).toBe(inputs[1]);
});

test("what is damaged is refused in a page as it is in Node", async () => {
  const refused = async (file: Blob): Promise<unknown> =>
    await corpusInMemory({ sources: textFiles([file], "lines"), tokenizer })
      .counts()
      .catch((error: Error) => error.message);
  expect(await refused(new File([Uint8Array.of(97, 10, 0xc3, 40)], "a.txt"))).toBe(
    "a.txt is not UTF-8: byte 3, 0x28 in line 2, cannot stand there. Convert the file to UTF-8, with iconv for example.",
  );
  expect(await refused((await packed("text ".repeat(100))).slice(0, 20))).toContain(
    "a blob begins like a file packed with gzip",
  );
  const sources = parallelText([[new Blob(["a\nb"]), new Blob(["c"])]]);
  await expect(corpusInMemory({ sources, tokenizer }).pairs()).rejects.toThrow("a blob has 2 lines and a blob has 1");
});
