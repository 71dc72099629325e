import { readFile } from "node:fs/promises";

import { fileInMemory } from "@tenon/checkpoint";
import { cpu, isTenonError, random, type Random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { fromGguf } from "./from-gguf.ts";
import { tokenizerOfGguf } from "./tokenizer-of-gguf.ts";

const sound = new Uint8Array(await readFile(new URL("../../goldens/qwen2-levels.gguf", import.meta.url)));
/** The metadata and the list of tensors end before this; the first weight is behind it. */
const headerEnd = 1640;

/** Loads; whatever is thrown must be a `CheckpointError`, and nothing of the model may be left then. */
async function judge(bytes: Uint8Array): Promise<"accepted" | "refused"> {
  const on = cpu();
  const properly = (error: unknown): "refused" => {
    if (!isTenonError(error, "CheckpointError")) throw error;
    expect(on.memory().bytes).toBe(0);
    return "refused";
  };
  try {
    const { model, metadata } = await fromGguf(fileInMemory("damaged.gguf", bytes), { backend: on });
    model[Symbol.dispose]();
    try {
      tokenizerOfGguf(metadata, "damaged.gguf");
    } catch (error) {
      return properly(error);
    }
    return "accepted";
  } catch (error) {
    return properly(error);
  }
}

async function damage(
  seed: number,
  change: (bytes: Uint8Array, dice: Random) => void,
): Promise<Record<string, number>> {
  const dice = random(seed);
  const counts = { accepted: 0, refused: 0 };
  for (let i = 0; i < 500; i++) {
    const bytes = sound.slice();
    change(bytes, dice);
    counts[await judge(bytes)]++;
  }
  return counts;
}

test("flipped bytes of the header", async () => {
  const counts = await damage(1, (bytes, dice) => {
    bytes[dice.integer(headerEnd)] = dice.integer(256);
  });
  expect(counts.refused).toBeGreaterThan(200);
});

test("absurd numbers of 32 bits in the header", async () => {
  const counts = await damage(2, (bytes, dice) => {
    new DataView(bytes.buffer).setUint32(dice.integer(headerEnd - 4), 2 ** dice.integer(32), true);
  });
  expect(counts.refused).toBeGreaterThan(300);
});

test("truncations", async () => {
  const dice = random(3);
  for (let i = 0; i < 200; i++) expect(await judge(sound.slice(0, dice.integer(sound.length - 32)))).toBe("refused");
});
