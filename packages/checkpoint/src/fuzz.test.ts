import { isTenonError, type Random, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { encodeTensor } from "./encode.ts";
import { parseSafetensors } from "./parse.ts";
import { serializeSafetensors } from "./serialize.ts";

const entries = [
  ["embedding.weight", encodeTensor(new Float32Array(12), [4, 3])],
  ["norm.weight", encodeTensor(Float32Array.of(1, 2, 3), [3], { dtype: "F16" })],
  ["ids", encodeTensor(BigInt64Array.of(1n, -1n), [2])],
  ["mask", encodeTensor(Uint8Array.of(1, 0, 1), [3, 1], { dtype: "BOOL" })],
  ["empty", encodeTensor(new Float32Array(0), [0, 7])],
] as const;
const sound = serializeSafetensors(entries, { format: "pt", note: 'a "quoted" ключ' });
const headerEnd = 8 + Number(new DataView(sound.buffer).getBigUint64(0, true));

/** Parses; a file that is accepted is sound: its tensors cover the data exactly, and every method answers or refuses properly. */
function judge(bytes: Uint8Array): "accepted" | "refused" {
  try {
    const file = parseSafetensors(bytes);
    let covered = 0;
    for (const tensor of file.tensors.values()) {
      covered += tensor.bytes.length;
      if (tensor.shape.reduce((a, b) => a * b, 1) !== tensor.size) throw new Error(`a shape of ${tensor.size}`);
      for (const method of ["values", "toFloat32", "toInt32", "toBooleans"] as const) {
        try {
          if (tensor[method]().length !== tensor.size) throw new Error(`${method} gave another size`);
        } catch (error) {
          if (!isTenonError(error, "CheckpointError")) throw error;
        }
      }
    }
    if (covered !== bytes.length - 8 - Number(new DataView(bytes.buffer).getBigUint64(0, true)))
      throw new Error("a hole");
    return "accepted";
  } catch (error) {
    if (isTenonError(error, "CheckpointError")) return "refused";
    throw error;
  }
}

function damage(seed: number, change: (bytes: Uint8Array, dice: Random) => Uint8Array): Record<string, number> {
  const dice = random(seed);
  const counts = { accepted: 0, refused: 0 };
  for (let i = 0; i < 3000; i++) counts[judge(change(sound.slice(), dice))]++;
  return counts;
}

test("the file that the others start from is sound", () => {
  expect(judge(sound)).toBe("accepted");
});

test("every truncation is refused", () => {
  for (let length = 0; length < sound.length; length++) expect(judge(sound.slice(0, length))).toBe("refused");
});

test("every extension is refused", () => {
  const longer = new Uint8Array(sound.length + 1);
  longer.set(sound);
  expect(judge(longer)).toBe("refused");
});

test("flipped bits of the header give a sound file or a CheckpointError", () => {
  const counts = damage(1, (bytes, dice) => {
    for (let n = dice.integer(3); n >= 0; n--) bytes[dice.integer(headerEnd)]! ^= 1 << dice.integer(8);
    return bytes;
  });
  expect(counts.refused).toBeGreaterThan(1000);
});

test("header characters replaced by others that JSON is made of give a sound file or a CheckpointError", () => {
  const alphabet = '{}[]",:\\0123456789eE+-. ntfuFIB_';
  const counts = damage(2, (bytes, dice) => {
    for (let n = dice.integer(3); n >= 0; n--)
      bytes[8 + dice.integer(headerEnd - 8)] = alphabet.charCodeAt(dice.integer(alphabet.length));
    return bytes;
  });
  expect(counts.refused).toBeGreaterThan(1000);
  expect(counts.accepted).toBeGreaterThan(100);
});

test("parts of the file that are moved, doubled or cut out give a sound file or a CheckpointError", () => {
  damage(3, (bytes, dice) => {
    const [from, to, length] = [dice.integer(bytes.length), dice.integer(bytes.length), dice.integer(40)];
    if (dice.integer(2) === 0) return bytes.copyWithin(to, from, from + length);
    const part = bytes.subarray(from, from + length);
    const out = new Uint8Array(bytes.length + part.length);
    out.set(bytes.subarray(0, to));
    out.set(part, to);
    out.set(bytes.subarray(to), to + part.length);
    return out;
  });
});

test("changed data is still the same file with other numbers", () => {
  const counts = damage(4, (bytes, dice) => {
    bytes[headerEnd + dice.integer(bytes.length - headerEnd)] = dice.integer(256);
    return bytes;
  });
  expect(counts.refused).toBe(0);
});

test("random bytes are refused", () => {
  const counts = damage(5, (bytes, dice) => bytes.map(() => dice.integer(256)));
  expect(counts.accepted).toBe(0);
});
