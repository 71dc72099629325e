import { isTenonError, random } from "@tenon/tensor";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { encodeTensor } from "./encode.ts";
import { fileInMemory } from "./file-in-memory.ts";
import { openSafetensors } from "./open-safetensors.ts";
import { parseSafetensors } from "./parse.ts";
import { serializeSafetensors } from "./serialize.ts";
import type { StoredFile } from "./stored-file.ts";

const golden = (name: string): Uint8Array => readFileSync(new URL(`../goldens/${name}`, import.meta.url));

test.each(["carried", "dtypes", "metadata", "names", "none", "shapes"])(
  "%s.safetensors is the same in pieces as whole",
  async (name) => {
    const bytes = golden(`${name}.safetensors`);
    const whole = parseSafetensors(bytes, { name });
    const opened = await openSafetensors(fileInMemory(name, bytes));
    expect(opened.metadata).toEqual(whole.metadata);
    expect([...opened.tensors.keys()]).toEqual([...whole.tensors.keys()]);
    for (const [key, tensor] of opened.tensors) {
      const { dtype, shape, bytes } = await tensor.read();
      expect({ dtype, shape, bytes }).toEqual({
        dtype: tensor.dtype,
        shape: tensor.shape,
        bytes: whole.tensors.get(key)!.bytes,
      });
    }
  },
);

const entries = [
  ["a", encodeTensor(new Float32Array(1000), [1000])],
  ["b", encodeTensor(Float32Array.of(1, 2), [2])],
] as const;
const sound = serializeSafetensors(entries);

test("no more is read than is asked for", async () => {
  const asked: [number, number][] = [];
  const inner = fileInMemory("f", new Blob([new Uint8Array(sound)]));
  const file: StoredFile = { ...inner, read: (begin, end) => (asked.push([begin, end]), inner.read(begin, end)) };
  const { tensors } = await openSafetensors(file);
  expect((await tensors.get("b")!.read()).toFloat32()).toEqual(Float32Array.of(1, 2));
  const header = sound.length - 4008;
  expect(asked).toEqual([
    [0, 32],
    [8, header],
    [sound.length - 8, sound.length],
  ]);
});

test("the first rows are read alone", async () => {
  const values = Float32Array.from({ length: 1_200_000 }, (_, i) => i % 251);
  const bytes = serializeSafetensors([
    ["t", encodeTensor(values, [400_000, 3])],
    ["one", encodeTensor(Float32Array.of(7), [])],
  ]);
  let fetched = 0;
  const inner = fileInMemory("f", bytes);
  const file: StoredFile = { ...inner, read: (begin, end) => ((fetched += end - begin), inner.read(begin, end)) };
  const { tensors } = await openSafetensors(file);
  fetched = 0;
  expect(await tensors.get("t")!.readFloat32(300_000)).toEqual(values.subarray(0, 900_000));
  expect(fetched).toBe(3_600_000);
  expect(await tensors.get("t")!.readFloat32(2)).toEqual(values.slice(0, 6));
  expect(await tensors.get("one")!.readFloat32()).toEqual(Float32Array.of(7));
  await expect(tensors.get("t")!.readFloat32(400_001)).rejects.toThrow(
    'f: tensor "t" has 400000 rows, so 400001 cannot be read.',
  );
});

test.each(["F32", "F16", "BF16", "F64"] as const)(
  "a large tensor of %s is converted in pieces, to the same numbers",
  async (dtype) => {
    const values = Float32Array.from({ length: 600_001 }, (_, i) => Math.fround((i % 251) / 8 - 9));
    const bytes = serializeSafetensors([
      ["before", encodeTensor(new Float32Array(3), [3])],
      ["large", encodeTensor(values, [values.length], { dtype })],
    ]);
    let largest = 0;
    const inner = fileInMemory("f", bytes);
    const file: StoredFile = {
      ...inner,
      read(begin, end) {
        largest = Math.max(largest, end - begin);
        return inner.read(begin, end);
      },
    };
    const { tensors } = await openSafetensors(file);
    expect(await tensors.get("large")!.readFloat32()).toEqual(values);
    expect(largest).toBeLessThanOrEqual(2 ** 21);
  },
);

test("halves are read as their bits, wherever they begin; other dtypes are refused", async () => {
  const bits = Uint16Array.of(0x3f80, 0xc000, 0x7fc1);
  const two = [...bits].flatMap((each) => [each & 255, each >> 8]);
  for (const padding of [2, 1]) {
    const bytes = serializeSafetensors([
      ["before", { dtype: "U8", shape: [padding], bytes: new Uint8Array(padding) }],
      ["halves", { dtype: "BF16", shape: [3], bytes: Uint8Array.from(two) }],
    ]);
    for (const begin of [0, 1]) {
      const shifted = new Uint8Array(bytes.length + begin);
      shifted.set(bytes, begin);
      const { tensors } = await openSafetensors(fileInMemory("f", shifted.subarray(begin)));
      expect(await tensors.get("halves")!.readHalves()).toEqual(bits);
      await expect(tensors.get("before")!.readHalves()).rejects.toThrow(
        'f: tensor "before" has dtype U8; readHalves() reads F16 and BF16. readFloat32() reads other floats.',
      );
    }
  }
});

test("damaged headers are judged alike, in pieces and whole", async () => {
  const dice = random(3);
  const header = sound.length - 4008;
  let refused = 0;
  for (let i = 0; i < 1000; i++) {
    const bytes = sound.slice(0, dice.integer(5) === 0 ? dice.integer(sound.length) : undefined);
    if (bytes.length > 0) bytes[dice.integer(Math.min(header, bytes.length))] = dice.integer(256);
    const says = (error: unknown): string => {
      if (!isTenonError(error, "CheckpointError")) throw error;
      return error.message;
    };
    const whole = ((): string => {
      try {
        return [...parseSafetensors(bytes, { name: "f" }).tensors.keys()].join();
      } catch (error) {
        refused++;
        return says(error);
      }
    })();
    expect(
      await openSafetensors(fileInMemory("f", bytes)).then(({ tensors }) => [...tensors.keys()].join(), says),
    ).toBe(whole);
  }
  expect(refused).toBeGreaterThan(300);
});

test("what is not in a file cannot be read from it", async () => {
  const file = fileInMemory("f", new Uint8Array(3));
  for (const [begin, end] of [
    [0, 4],
    [-1, 2],
    [2, 1],
    [0.5, 2],
    [0, NaN],
  ] as const)
    await expect(file.read(begin, end)).rejects.toThrow(`f has 3 bytes; the bytes ${begin} to ${end} are not in it.`);
  expect(await file.read(1, 3)).toEqual(new Uint8Array(2));
});

test("a blob that its page may no longer read says so", async () => {
  const gone = {
    size: 3,
    slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotReadableError")) }),
  } as unknown as Blob;
  await expect(fileInMemory("f", gone).read(0, 1)).rejects.toThrow("f can no longer be read: choose the file again.");
});
