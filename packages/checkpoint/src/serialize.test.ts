import { expect, test } from "vitest";

import { encodeTensor } from "./encode.ts";
import { parseSafetensors } from "./parse.ts";
import { serializeSafetensors } from "./serialize.ts";

const one = encodeTensor(Float32Array.of(1), [1]);
const header = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes.subarray(8, 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))));

test("the bytes, written out", () => {
  const bytes = serializeSafetensors([["w", encodeTensor(Float32Array.of(1, 2), [2, 1])]], { b: "2", a: "1" });
  expect(header(bytes)).toBe(
    '{"__metadata__":{"a":"1","b":"2"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}       ',
  );
  expect([...bytes.subarray(-8)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
});

test("wider dtypes come first, then names by code point; the order in which they come does not matter", () => {
  const entries = [
    ["10", one],
    ["2", one],
    ["\uff5e", one],
    ["🙂", one],
    ["🙃", one],
    ["", one],
    ["bytes", encodeTensor(Uint8Array.of(1), [])],
    ["double", encodeTensor(Float64Array.of(1), [])],
    ["half", encodeTensor(Float32Array.of(1), [], { dtype: "F16" })],
  ] as const;
  const bytes = serializeSafetensors(entries);
  expect([...parseSafetensors(bytes).tensors.keys()]).toEqual([
    "double",
    "",
    "10",
    "2",
    "\uff5e",
    "🙂",
    "🙃",
    "half",
    "bytes",
  ]);
  expect(serializeSafetensors([...entries].reverse())).toEqual(bytes);
});

test("the data starts at a multiple of 8 bytes, and every tensor at one of its own width", () => {
  for (let length = 0; length < 9; length++) {
    const file = parseSafetensors(
      serializeSafetensors([
        ["x".repeat(length), one],
        ["y".repeat(99), encodeTensor(Float64Array.of(1), [])],
        ["z", encodeTensor(Uint8Array.of(1), [])],
      ]),
    );
    for (const { bytes, size } of file.tensors.values()) expect(bytes.byteOffset % (bytes.length / size)).toBe(0);
  }
});

test("a parsed file can be written again", () => {
  const bytes = serializeSafetensors([["w", one]], { format: "pt" });
  const file = parseSafetensors(bytes);
  expect(serializeSafetensors(file.tensors, file.metadata)).toEqual(bytes);
});

test("no tensors make the shortest file", () => {
  expect(parseSafetensors(serializeSafetensors([])).tensors.size).toBe(0);
});

test("storage converts F32 and nothing else", () => {
  const entries = [
    ["w", one],
    ["ids", encodeTensor(Int32Array.of(1), [1])],
    ["double", encodeTensor(Float64Array.of(1), [1])],
  ] as const;
  for (const storage of ["F32", "F16", "BF16"] as const) {
    const { tensors } = parseSafetensors(serializeSafetensors(entries, {}, { storage }));
    expect([...tensors.values()].map(({ name, dtype }) => [name, dtype])).toEqual(
      storage === "F32"
        ? [
            ["double", "F64"],
            ["w", "F32"],
            ["ids", "I32"],
          ]
        : [
            ["double", "F64"],
            ["ids", "I32"],
            ["w", storage],
          ],
    );
    expect(tensors.get("w")!.toFloat32()).toEqual(Float32Array.of(1));
  }
  expect(() => serializeSafetensors(entries, {}, { storage: "F8" as never })).toThrow(
    'storage is "F8"; expected one of "F32", "F16", "BF16".',
  );
});

test("overflow of storage names the tensor", () => {
  const entries = [["w", encodeTensor(Float32Array.of(1e6), [1])]] as const;
  expect(() => serializeSafetensors(entries, {}, { storage: "F16" })).toThrow(
    'tensor "w": element 0 is 1000000, beyond ±65504',
  );
  const { tensors } = parseSafetensors(serializeSafetensors(entries, {}, { storage: "F16", overflow: "saturate" }));
  expect(tensors.get("w")!.toFloat32()[0]).toBe(65504);
});

test.each([
  [
    "a name twice",
    [
      ["w", one],
      ["w", one],
    ],
    'cannot write tensor "w": it came twice. Give each tensor a name of its own.',
  ],
  ["the name of metadata", [["__metadata__", one]], "has the name that the format reserves for metadata"],
  ["half a surrogate pair", [["\ud83d", one]], "half a surrogate pair"],
  ["an unknown dtype", [["w", { ...one, dtype: "F33" }]], "has dtype F33. Use one of BOOL,"],
  [
    "bytes that do not fit",
    [["w", { ...one, shape: [2] }]],
    "has 4 bytes, but shape [2] of F32 takes 8. Give the shape and dtype that the bytes have.",
  ],
  ["too many axes", [["w", { ...one, shape: Array.from({ length: 257 }, () => 1) }]], "takes no possible number of"],
  ["an impossible shape", [["w", { ...one, shape: [0.5] }]], "takes no possible number of"],
])("refuses %s", (_, entries, message) => {
  expect(() => serializeSafetensors(entries as never)).toThrow(message);
});

test("metadata is strings", () => {
  expect(() => serializeSafetensors([], { epoch: 3 as never })).toThrow(
    'metadata "epoch" is "3"; expected a string of valid Unicode.',
  );
  const many = Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [`${i}`, ""]));
  expect(() => serializeSafetensors([], many)).toThrow("metadata has 100001 keys; readers accept at most 100000.");
  expect(() => serializeSafetensors([], { note: "\udc00" })).toThrow("expected a string of valid Unicode");
});
