import { readFile } from "node:fs/promises";

import { fileInMemory } from "@tenon/checkpoint";
import { isTenonError, random, type Random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { loadFastText } from "./load.ts";
import { serializeFastText } from "./serialize.ts";

const folder = new URL("../../../../goldens/fasttext-models/", import.meta.url);
const names = ["skip-gram.bin", "cbow.bin", "softmax.bin", "hierarchical.bin", "pruned.ftz"];
const sound = await Promise.all(names.map(async (name) => new Uint8Array(await readFile(new URL(name, folder)))));

/** Reads and uses a model; whatever is thrown must be a `CheckpointError`. */
async function judge(bytes: Uint8Array): Promise<"accepted" | "refused"> {
  try {
    const model = await loadFastText(fileInMemory("damaged.bin", bytes));
    expect(model.vector("cat")?.length ?? model.width).toBe(model.width);
    expect(model.sentenceVector("red cats see 猫")).toHaveLength(model.width);
    if (model.settings.task === "supervised") {
      const found = model.predict("red cats see 猫", { k: 3 });
      expect(found.length).toBeLessThanOrEqual(3);
      expect(found.every(({ label }) => model.dictionary.labels.includes(label))).toBe(true);
    }
    // Only the version, the flag of the output and what depends on them may be written otherwise than they were read.
    const size = [...serializeFastText(model)].reduce((sum, { length }) => sum + length, 0);
    expect(size).toBe(bytes.length);
    return "accepted";
  } catch (error) {
    if (isTenonError(error, "CheckpointError")) return "refused";
    throw error;
  }
}

async function damage(
  seed: number,
  change: (bytes: Uint8Array, dice: Random) => void,
): Promise<{ accepted: number; refused: number }> {
  const dice = random(seed);
  const counts = { accepted: 0, refused: 0 };
  for (let i = 0; i < 1500; i++) {
    const bytes = sound[i % sound.length]!.slice();
    change(bytes, dice);
    counts[await judge(bytes)]++;
  }
  return counts;
}
/** Most of them in the head and the dictionary, where they matter. */
const place = (bytes: Uint8Array, dice: Random): number => dice.integer(dice.integer(4) === 0 ? bytes.length : 1000);

test("flipped bytes and absurd numbers give a model that works or a CheckpointError, and nothing else", async () => {
  const flipped = await damage(1, (bytes, dice) => {
    for (let n = 1 + dice.integer(3); n > 0; n--) bytes[place(bytes, dice)] = dice.integer(256);
  });
  expect(flipped.refused).toBeGreaterThan(300);
  expect(flipped.accepted).toBeGreaterThan(300);
  const absurd = await damage(2, (bytes, dice) => {
    const at = Math.min(place(bytes, dice), bytes.length - 8);
    new DataView(bytes.buffer).setBigUint64(at, (1n << BigInt(dice.integer(64))) - BigInt(dice.integer(2)), true);
  });
  expect(absurd.refused).toBeGreaterThan(700);
});

test("every truncation is refused", async () => {
  const dice = random(3);
  for (const bytes of sound) {
    for (let length = 0; length < 800; length++)
      expect([length, await judge(bytes.subarray(0, length))]).toEqual([length, "refused"]);
    for (let i = 0; i < 100; i++) expect(await judge(bytes.subarray(0, dice.integer(bytes.length)))).toBe("refused");
    expect(await judge(bytes)).toBe("accepted");
  }
});
