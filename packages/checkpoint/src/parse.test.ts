import { isTenonError, type TenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { parseSafetensors } from "./parse.ts";

/** A file of this header, as text or as JSON, and this much data. */
function craft(header: unknown, data: number | Uint8Array = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = typeof data === "number" ? new Uint8Array(data) : data;
  const file = new Uint8Array(8 + text.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(bytes, 8 + text.length);
  return file;
}

function refused(bytes: Uint8Array): TenonError {
  try {
    parseSafetensors(bytes, { name: "m.safetensors" });
  } catch (error) {
    if (isTenonError(error, "CheckpointError")) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

const w = (entry: object): unknown => ({ w: { dtype: "F32", shape: [1], data_offsets: [0, 4], ...entry } });

test("a tensor is a window on the file, at whatever offset it starts", () => {
  const bytes = craft(
    '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}',
    Uint8Array.of(7, 0, 0, 128, 63),
  );
  const tensor = parseSafetensors(bytes).tensors.get("w")!;
  expect(tensor.bytes.buffer).toBe(bytes.buffer);
  expect(tensor.bytes.byteOffset % 4).not.toBe(0);
  expect(tensor.toFloat32()).toEqual(Float32Array.of(1));
});

test("the header's order does not matter, empty tensors lie anywhere between others", () => {
  const file = parseSafetensors(
    craft(
      {
        b: { dtype: "U8", shape: [2], data_offsets: [1, 3] },
        none: { dtype: "F32", shape: [0, 5], data_offsets: [1, 1] },
        a: { dtype: "U8", shape: [], data_offsets: [0, 1] },
      },
      3,
    ),
  );
  expect([...file.tensors.keys()]).toEqual(["a", "none", "b"]);
  expect(file.tensors.get("none")!.toFloat32()).toEqual(new Float32Array(0));
});

test("a Buffer, and bytes in the middle of a larger buffer, read like any others", () => {
  const bytes = craft(w({}), Uint8Array.of(0, 0, 128, 63));
  const middle = new Uint8Array(bytes.length + 6);
  middle.set(bytes, 3);
  for (const same of [Buffer.from(bytes), middle.subarray(3, -3)]) {
    const tensor = parseSafetensors(same).tensors.get("w")!;
    expect(tensor.bytes.constructor).toBe(Uint8Array);
    expect(tensor.toFloat32()[0]).toBe(1);
  }
});

test("a message says file, tensor, what was expected, what came and what to do; fields hold the same", () => {
  const error = refused(craft(w({ shape: [2] }), 4));
  expect(error.message).toBe(
    'm.safetensors: tensor "w": its data_offsets [0, 4] do not fit its shape; expected 8 bytes for shape [2] of F32, got 4 bytes. ' +
      "The file is damaged or was cut short: download or export it again.",
  );
  expect(error.fields).toEqual({
    file: "m.safetensors",
    tensor: "w",
    expected: "8 bytes for shape [2] of F32",
    got: "4 bytes",
  });
});

const whole = "a whole number of bytes below 2^53";
const offsets = "its data_offsets are invalid; expected two whole numbers [begin, end]";
const sizes = "its shape is invalid; expected a list of whole numbers from 0 to 2^53 - 1, got";
const cases: readonly (readonly [what: string, bytes: Uint8Array, message: string])[] = [
  // The header's text.
  ["invalid UTF-8", craft('{"\xff').map((byte, i) => (i === 10 ? 0xff : byte)), "the header is not valid UTF-8"],
  [
    "a cut header",
    craft('{"w":{"dtype"'),
    'the header is not valid JSON at character 13 inside "w": expected ":", got the end',
  ],
  [
    "a second value",
    craft("{} {}"),
    'the header is not valid JSON at character 3: expected the end of the header, got "{"',
  ],
  ["zeros after the header", craft("{}\0\0"), 'expected the end of the header, got "\\u0000"'],
  [
    "two tensors of one name",
    craft('{"w":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', 1),
    'the header has the key "w" twice, the second time at character 52',
  ],
  [
    "two names that escapes make one",
    craft('{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0077":{}}'),
    'the header has the key "w" twice',
  ],
  [
    "two shapes",
    craft('{"w":{"dtype":"U8","shape":[],"shape":[],"data_offsets":[0,1]}}', 1),
    'the header has the key "shape" twice inside "w"',
  ],
  [
    "two notes of one name",
    craft('{"__metadata__":{"a":"1","a":"2"}}'),
    'the header has the key "a" twice inside "__metadata__"',
  ],
  [
    "endless nesting",
    craft(`{"w":${"[".repeat(100_000)}`),
    'the header nests deeper than a header does at character 7 inside "w"',
  ],

  // Metadata.
  [
    "metadata that is no object",
    craft({ __metadata__: "text" }),
    '__metadata__ is "text"; expected an object of strings',
  ],
  ["a note that is no string", craft({ __metadata__: { epoch: 3 } }), '__metadata__ "epoch" is 3; expected a string'],

  // One tensor.
  [
    "an entry that is no object",
    craft({ w: 4 }),
    'tensor "w": its entry is no object; expected an object with dtype, shape and data_offsets, got 4',
  ],
  ["no dtype", craft({ w: { shape: [1], data_offsets: [0, 4] } }, 4), 'tensor "w": its entry lacks "dtype"'],
  ["no shape", craft({ w: { dtype: "F32", data_offsets: [0, 4] } }, 4), 'tensor "w": its entry lacks "shape"'],
  ["no data_offsets", craft({ w: { dtype: "F32", shape: [1] } }, 4), 'tensor "w": its entry lacks "data_offsets"'],
  ["an unknown key", craft(w({ scale: 2 }), 4), 'tensor "w": its entry has the unknown key "scale"'],
  ["an unknown dtype", craft(w({ dtype: "F33" }), 4), 'tensor "w": its dtype is unknown; expected one of BOOL, F4,'],
  ["a dtype named like a method", craft(w({ dtype: "toString" }), 4), 'got "toString". The file is damaged or newer'],
  ["a dtype that is no string", craft(w({ dtype: 1 }), 4), "its dtype is unknown"],
  ["a shape that is no list", craft(w({ shape: 1 }), 4), `${sizes} 1.`],
  ["a negative size", craft(w({ shape: [-1, -1] }), 4), `${sizes} [-1, -1].`],
  ["a fractional size", craft(w({ shape: [1.5] }), 4), `${sizes} [1.5].`],
  ["a size with an exponent", craft('{"w":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}', 4), `${sizes} [1e0].`],
  ["a size of minus zero", craft('{"w":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}'), `${sizes} [-0].`],
  ["a size that is text", craft(w({ shape: ["1"] }), 4), `${sizes} ["1"].`],
  [
    "a size beyond 2^53",
    craft('{"w":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}', 4),
    `${sizes} [9007199254740993].`,
  ],
  [
    "a product beyond 2^53",
    craft(w({ shape: [2 ** 30, 2 ** 30] }), 4),
    `shape and dtype F32 give no possible size; expected ${whole}, got [1073741824, 1073741824]`,
  ],
  [
    "a product that wraps to 4 bytes in 64 bits",
    craft('{"w":{"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,4]}}', 4),
    "give no possible size",
  ],
  [
    "absurd sizes beside a zero",
    craft(w({ shape: [0, 2 ** 40, 2 ** 40], data_offsets: [0, 0] })),
    "give no possible size",
  ],
  ["bytes beyond 2^53", craft(w({ shape: [2 ** 52] }), 4), "give no possible size"],
  [
    "half a byte",
    craft(w({ dtype: "F4", shape: [3], data_offsets: [0, 2] }), 2),
    "shape and dtype F4 give no possible size",
  ],
  ["one offset", craft(w({ data_offsets: [0] }), 4), offsets],
  ["three offsets", craft(w({ data_offsets: [0, 4, 8] }), 4), offsets],
  ["offsets in reverse", craft(w({ data_offsets: [4, 0] }), 4), offsets],
  ["a negative offset", craft(w({ data_offsets: [-4, 0] }), 4), offsets],
  ["a fractional offset", craft(w({ data_offsets: [0.5, 4.5] }), 5), offsets],
  [
    "another dtype than the bytes are of",
    craft(w({ dtype: "F16" }), 4),
    "expected 2 bytes for shape [1] of F16, got 4 bytes",
  ],

  // All tensors together.
  ["an offset beyond the end", craft(w({}), 3), 'tensor "w" ends at byte 4 of the data, but the file has only 3'],
  [
    "bytes of no tensor at the end",
    craft(w({}), 5),
    "its tensors end at byte 4 of the data, but the file has 5: the rest belongs to none",
  ],
  [
    "bytes of no tensor at the start",
    craft(w({ data_offsets: [1, 5] }), 5),
    'tensor "w" begins at byte 1 of the data, but the tensors before it end at 0',
  ],
  ["data without tensors", craft("{}", 1), "its tensors end at byte 0 of the data, but the file has 1"],
  [
    "an overlap",
    craft(
      { a: { dtype: "U8", shape: [4], data_offsets: [0, 4] }, b: { dtype: "U8", shape: [3], data_offsets: [3, 6] } },
      6,
    ),
    'tensors "a" and "b" overlap: the first ends at byte 4 of the data, the second begins at 3',
  ],
  [
    "the same bytes twice",
    craft(
      { a: { dtype: "U8", shape: [4], data_offsets: [0, 4] }, b: { dtype: "U8", shape: [4], data_offsets: [0, 4] } },
      4,
    ),
    "overlap",
  ],
  [
    "a hole",
    craft(
      { a: { dtype: "U8", shape: [1], data_offsets: [0, 1] }, b: { dtype: "U8", shape: [1], data_offsets: [2, 3] } },
      3,
    ),
    'tensor "b" begins at byte 2 of the data, but the tensors before it end at 1',
  ],
];

test.each(cases)("refuses %s", (_, bytes, message) => {
  const error = refused(bytes);
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/^m\.safetensors/);
  expect(error.message).toMatch(/ (again|these dtypes)[^.]*\.$/);
  expect(error.fields).toMatchObject({ file: "m.safetensors", expected: expect.anything() });
});

test("anything but a Uint8Array is refused by what it is", () => {
  expect(() => parseSafetensors(new ArrayBuffer(16) as never)).toThrow(
    "safetensors data: expected a Uint8Array, got ArrayBuffer. Wrap it",
  );
});

test("a name that would swamp a message is cut", () => {
  expect(refused(craft({ ["long".repeat(1000)]: 1 })).message.length).toBeLessThan(400);
});
