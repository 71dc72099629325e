import { readFile } from "node:fs/promises";

import { cpu, dequantize, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import expected from "../../goldens/gguf.json" with { type: "json" };
import { fileInMemory } from "../file-in-memory.ts";
import { openGguf } from "./open-gguf.ts";

const path = "quantised.gguf";
const bytes = await readFile(new URL(`../../goldens/${path}`, import.meta.url));
const file = await openGguf(fileInMemory(path, bytes));
const bitsOf = (values: Float32Array): number[] => [
  ...new Uint32Array(values.buffer, values.byteOffset, values.length),
];

describe("a file that the Python package gguf wrote", () => {
  test("its metadata, every kind of value", () => {
    expect(file.version).toBe(3);
    expect(Object.fromEntries(file.metadata)).toEqual({
      "general.architecture": "llama",
      "tenon.uint8.most": 255,
      "tenon.uint8.least": 0,
      "tenon.int8.most": 127,
      "tenon.int8.least": -128,
      "tenon.uint16.most": 65535,
      "tenon.uint16.least": 0,
      "tenon.int16.most": 32767,
      "tenon.int16.least": -32768,
      "tenon.uint32.most": 2 ** 32 - 1,
      "tenon.uint32.least": 0,
      "tenon.int32.most": 2 ** 31 - 1,
      "tenon.int32.least": -(2 ** 31),
      "tenon.uint64.most": 2n ** 64n - 1n,
      "tenon.uint64.least": 0,
      "tenon.int64.most": 2n ** 63n - 1n,
      "tenon.int64.least": -(2n ** 63n),
      "tenon.float32": 1.5,
      "tenon.float64": 0.1,
      "tenon.bool": true,
      "tenon.string": "ключ 🔑",
      "tenon.tokens": ["<s>", "▁a", ""],
      "tenon.types": Int32Array.of(1, -2, 3),
      "tenon.scores": Float32Array.of(0.5, -1.25),
      "tenon.flags": [true, false],
      "tenon.nested": [Int32Array.of(1, 2), Int32Array.of(3)],
    });
  });

  test.each(Object.entries(expected))("%s: every bit of every element", async (name, { type, shape, bits }) => {
    const tensor = file.tensors.get(name)!;
    expect([tensor.type, tensor.shape, tensor.size]).toEqual([type, shape, bits.length]);
    expect(bitsOf(await tensor.read())).toEqual(bits);
  });

  test.each(["q8_0", "q4_0", "q6_k"])(
    "%s taken over in levels stands for the same numbers, bit for bit",
    async (name) => {
      const { levels, scales, offsets } = await file.tensors.get(name)!.readQuantized();
      expect(offsets).toBeUndefined();
      using l = cpu().upload(levels.data, levels.type);
      using s = l.backend.upload(scales.data, scales.type);
      using values = dequantize(l, s);
      expect(bitsOf((await values.read()) as Float32Array)).toEqual(expected[name as "q8_0"].bits);
    },
  );

  test("q4_k taken over in levels and offsets stands for the same numbers but for one rounding", async () => {
    const stored = await file.tensors.get("q4_k")!.readQuantized();
    const { levels, scales } = stored;
    using l: Tensor = cpu().upload(levels.data, levels.type);
    using s = l.backend.upload(scales.data, scales.type);
    using products = dequantize(l, s);
    const offsets = stored.offsets!.data;
    const exact = new Float32Array(Uint32Array.from(expected.q4_k.bits).buffer);
    const largest = exact.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    (await products.read()).forEach((product, i) => {
      expect(Math.abs(product + offsets[Math.floor(i / 32)]! - exact[i]!)).toBeLessThan(largest * 2 ** -23);
    });
    expect([levels.type.dtype, scales.type.shape]).toEqual(["q4", [2, 8]]);
  });

  test("a type that Tenon does not read is listed, and refused by name when it is read", async () => {
    const tensor = file.tensors.get("q5_k")!;
    expect([tensor.type, tensor.shape, tensor.isQuantized]).toEqual(["Q5_K", [1, 256], false]);
    await expect(tensor.read()).rejects.toThrow(
      `${path}: tensor "q5_k" is of type Q5_K, which Tenon does not read; it reads F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q6_K. Convert the model to one of these types.`,
    );
    await expect(tensor.readQuantized()).rejects.toThrow(
      "is of type Q5_K; readQuantized() reads Q8_0, Q4_0, Q4_K, Q6_K",
    );
  });
});
