import { readFile } from "node:fs/promises";

import { isTenonError, random, type Random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { fileInMemory } from "../file-in-memory.ts";
import { openGguf } from "./open-gguf.ts";

const sound = new Uint8Array(await readFile(new URL("../../goldens/quantised.gguf", import.meta.url)));
/** Where the header of that file ends, and the last byte of a tensor. */
const [headerEnd, dataEnd] = [1344, 3568];

/** Opens and reads everything; whatever is thrown must be a `CheckpointError`. */
async function judge(bytes: Uint8Array): Promise<"accepted" | "refused"> {
  const properly = (error: unknown): "refused" => {
    if (isTenonError(error, "CheckpointError")) return "refused";
    throw error;
  };
  try {
    const { tensors } = await openGguf(fileInMemory("damaged.gguf", bytes));
    for (const tensor of tensors.values()) {
      const values = await tensor.read().catch(properly);
      if (values !== "refused") expect(values.length).toBe(tensor.size);
      await tensor.readQuantized().catch(properly);
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
  for (let i = 0; i < 2000; i++) {
    const bytes = sound.slice();
    change(bytes, dice);
    counts[await judge(bytes)]++;
  }
  return counts;
}

test("the file that the others start from is sound", async () => {
  expect(await judge(sound)).toBe("accepted");
});

test("every truncation before the last tensor's end is refused", async () => {
  for (let length = 0; length < dataEnd; length++)
    expect([length, await judge(sound.subarray(0, length))]).toEqual([length, "refused"]);
  expect(await judge(sound.subarray(0, dataEnd))).toBe("accepted");
});

test("flipped bytes of the header never give anything but a CheckpointError", async () => {
  const counts = await damage(1, (bytes, dice) => {
    for (let n = 1 + dice.integer(3); n > 0; n--) bytes[dice.integer(headerEnd)] = dice.integer(256);
  });
  expect(counts.refused).toBeGreaterThan(500);
  expect(counts.accepted).toBeGreaterThan(100);
});

test("absurd numbers of 64 bits anywhere in the header never give anything but a CheckpointError", async () => {
  const counts = await damage(2, (bytes, dice) => {
    const value = 1n << BigInt(dice.integer(64));
    new DataView(bytes.buffer).setBigUint64(dice.integer(headerEnd - 8), value - 1n, true);
  });
  expect(counts.refused).toBeGreaterThan(1000);
});

test("any bytes in place of the data are some numbers", async () => {
  const counts = await damage(3, (bytes, dice) => {
    for (let i = headerEnd; i < bytes.length; i++) bytes[i] = dice.integer(256);
  });
  expect(counts).toEqual({ accepted: 2000, refused: 0 });
});
