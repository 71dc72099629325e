// Files that the reference implementation wrote; goldens/make.py says how.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { parseSafetensors } from "./parse.ts";
import { serializeSafetensors } from "./serialize.ts";

interface Expected {
  readonly metadata: Record<string, string>;
  readonly tensors: Record<string, { dtype: string; shape: number[]; values: (number | string)[] }>;
}

const open = (name: string): Uint8Array => readFileSync(new URL(`../goldens/${name}`, import.meta.url));
const { files } = JSON.parse(new TextDecoder().decode(open("expected.json"))) as { files: Record<string, Expected> };

for (const [name, { metadata, tensors }] of Object.entries(files)) {
  test(`${name} reads as the reference implementation meant it`, () => {
    const file = parseSafetensors(open(name), { name });
    expect(file.name).toBe(name);
    expect(Object.entries(file.metadata).sort()).toEqual(Object.entries(metadata).sort());
    expect([...file.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
    for (const [key, { dtype, shape, values }] of Object.entries(tensors)) {
      const tensor = file.tensors.get(key)!;
      const wide = dtype === "I64" || dtype === "U64";
      expect(tensor.dtype).toBe(dtype);
      expect(tensor.shape).toEqual(shape);
      expect(tensor.size).toBe(values.length);
      expect([...tensor.values()], key).toEqual(values.map((value) => (wide ? BigInt(value) : Number(value))));
    }
  });

  test.skipIf(Object.keys(metadata).length > 1)(`${name} is written again byte for byte`, () => {
    const bytes = open(name);
    const file = parseSafetensors(bytes);
    expect(serializeSafetensors([...file.tensors].reverse(), file.metadata)).toEqual(new Uint8Array(bytes));
  });
}

test("metadata.safetensors is written again with its keys sorted", () => {
  const file = parseSafetensors(open("metadata.safetensors"));
  const again = parseSafetensors(serializeSafetensors(file.tensors, file.metadata));
  expect(Object.keys(again.metadata)).toEqual(["__proto__", "format", "note"]);
  expect(again).toEqual(file);
});

test("dtypes that become no numbers are carried byte for byte", () => {
  const bytes = open("carried.safetensors");
  const file = parseSafetensors(bytes);
  const dtypes = [...file.tensors.values()].map((tensor) => tensor.dtype);
  expect(dtypes.sort()).toEqual(["C64", "F4", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "F8_E8M0"]);
  expect(file.tensors.get("float4_e2m1fn_x2")).toMatchObject({ shape: [6], bytes: Uint8Array.of(0, 1, 2) });
  expect(serializeSafetensors(file.tensors)).toEqual(new Uint8Array(bytes));
});
