import { isTenonError } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { fileInMemory } from "../file-in-memory.ts";
import type { StoredFile } from "../stored-file.ts";
import { openGguf, type GgufFile } from "./open-gguf.ts";

type Bytes = readonly number[];
const u32 = (value: number): Bytes => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
const u64 = (value: bigint | number): Bytes =>
  Array.from({ length: 8 }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 255n));
const text = (value: string): Bytes => {
  const bytes = new TextEncoder().encode(value);
  return [...u64(bytes.length), ...bytes];
};
const key = (name: string, kind: number, value: Bytes): Bytes => [...text(name), ...u32(kind), ...value];
interface Written {
  readonly name?: string;
  readonly sizes?: readonly (bigint | number)[];
  readonly type?: number;
  readonly offset?: bigint | number;
}
const tensorInfo = ({ name = "w", sizes = [32], type = 8, offset = 0 }: Written): Bytes => [
  ...text(name),
  ...u32(sizes.length),
  ...sizes.flatMap(u64),
  ...u32(type),
  ...u64(offset),
];
interface File {
  readonly version?: number;
  readonly keys?: readonly Bytes[];
  readonly tensors?: readonly Bytes[];
  readonly keyCount?: bigint | number;
  readonly tensorCount?: bigint | number;
  readonly data?: number;
}
/** A file, by default sound. */
function file({ version = 3, keys = [], tensors = [], keyCount, tensorCount, data = 256 }: File): Uint8Array {
  const header = [
    ...[0x47, 0x47, 0x55, 0x46],
    ...u32(version),
    ...u64(tensorCount ?? tensors.length),
    ...u64(keyCount ?? keys.length),
    ...keys.flat(),
    ...tensors.flat(),
  ];
  const bytes = new Uint8Array(Math.ceil(header.length / 32) * 32 + data);
  bytes.set(header);
  return bytes;
}
const open = (bytes: Uint8Array): Promise<GgufFile> => openGguf(fileInMemory("m.gguf", bytes));
const damaged = "The file is damaged or was cut short: download or export it again.";

describe("what is no sound GGUF file is refused, by name", () => {
  const cases: Record<string, [File | Uint8Array, string]> = {
    "another format": [
      new TextEncoder().encode('{"model_type": "llama"}'),
      "m.gguf: this is no GGUF file; it looks like JSON text. Give the .gguf file itself.",
    ],
    "no format": [
      Uint8Array.of(1, 2, 3, 4, 5),
      `m.gguf: this is no GGUF file: it does not begin with "GGUF". ${damaged}`,
    ],
    "an empty file": [new Uint8Array(0), `m.gguf: this is no GGUF file: it does not begin with "GGUF". ${damaged}`],
    "a beginning alone": [
      Uint8Array.of(0x47, 0x47, 0x55, 0x46, 3, 0),
      `m.gguf: the beginning of the header takes 24 bytes from byte 0 on, but the file has 6. ${damaged}`,
    ],
    "version 1": [
      { version: 1 },
      "m.gguf: this is a GGUF file of version 1; Tenon reads versions 2 and 3. Convert it with llama.cpp.",
    ],
    "big-endian": [
      { version: 0x03000000 },
      "m.gguf: this GGUF file is big-endian; Tenon reads little-endian ones. Convert it with gguf-convert-endian of the Python package gguf, or download the little-endian file.",
    ],
    "an absurd number of tensors": [
      { tensorCount: 2n ** 60n },
      `m.gguf: the number of tensors is 1152921504606846976. ${damaged}`,
    ],
    "many tensors": [
      { tensorCount: 2 ** 40 },
      `m.gguf: the list of 1099511627776 tensors takes 26388279066624 bytes from byte 24 on, but the file has 288. ${damaged}`,
    ],
    "many keys": [
      { keyCount: 2 ** 40 },
      `m.gguf: the metadata of 1099511627776 keys takes 14293651161088 bytes from byte 24 on, but the file has 288. ${damaged}`,
    ],
    "a long key": [
      { keys: [[...u64(2 ** 17), ...new Array<number>(200).fill(65)]] },
      `m.gguf: key 0 of the metadata has 131072 bytes. ${damaged}`,
    ],
    "a key that is no text": [
      { keys: [[...u64(1), 0xff, ...u32(0), 1]] },
      `m.gguf: key 0 of the metadata is not valid UTF-8. ${damaged}`,
    ],
    "a key twice": [{ keys: [key("a", 0, [1]), key("a", 0, [1])] }, `m.gguf: metadata "a" is there twice. ${damaged}`],
    "an unknown kind": [
      { keys: [key("a", 13, [1])] },
      `m.gguf: metadata "a" is of the unknown kind 13; expected one of the kinds 0 to 12 of GGUF version 3. ${damaged}`,
    ],
    "a boolean that is none": [
      { keys: [key("a", 7, [2])] },
      `m.gguf: metadata "a" is a boolean of byte 2; expected 0 or 1. ${damaged}`,
    ],
    "a string beyond the end": [
      { keys: [key("a", 8, u64(1000))] },
      `m.gguf: metadata "a" takes 1000 bytes from byte 45 on, but the file has 320. ${damaged}`,
    ],
    "a list beyond the end": [
      { keys: [key("a", 9, [...u32(4), ...u64(2 ** 50)])] },
      `m.gguf: metadata "a" takes 4503599627370496 bytes from byte 49 on, but the file has 320. ${damaged}`,
    ],
    "a list of strings beyond the end": [
      { keys: [key("a", 9, [...u32(8), ...u64(2 ** 50)])] },
      `m.gguf: metadata "a" takes 9007199254740992 bytes from byte 49 on, but the file has 320. ${damaged}`,
    ],
    "lists in lists in lists": [
      { keys: [key("a", 9, Array.from({ length: 12 }, () => [...u32(9), ...u64(1)]).flat())] },
      `m.gguf: metadata "a" nests lists 9 deep; expected at most 8 deep. ${damaged}`,
    ],
    "an alignment that is no power of two": [
      { keys: [key("general.alignment", 4, u32(24))] },
      `m.gguf: metadata "general.alignment" is 24; expected a power of two. ${damaged}`,
    ],
    "an alignment that is no number": [
      { keys: [key("general.alignment", 8, text("32"))] },
      `m.gguf: metadata "general.alignment" is "32"; expected a power of two. ${damaged}`,
    ],
    "a tensor twice": [{ tensors: [tensorInfo({}), tensorInfo({})] }, `m.gguf: tensor "w" is there twice. ${damaged}`],
    "many axes": [
      { tensors: [tensorInfo({ sizes: [1, 1, 1, 1, 1] })] },
      `m.gguf: tensor "w": it has 5 axes; expected at most 4. ${damaged}`,
    ],
    "absurd sizes": [
      { tensors: [tensorInfo({ sizes: [2 ** 40, 2 ** 40] })] },
      `m.gguf: tensor "w": its shape [1099511627776, 1099511627776] gives no possible size; expected fewer than 2^53 elements. ${damaged}`,
    ],
    "a broken block": [
      { tensors: [tensorInfo({ sizes: [33, 2] })] },
      `m.gguf: tensor "w": its rows of 33 are no whole blocks of Q8_0; expected a multiple of 32. ${damaged}`,
    ],
    "an offset that is not aligned": [
      { tensors: [tensorInfo({ offset: 16 })] },
      `m.gguf: tensor "w" begins at byte 16 of the data, which is no multiple of the alignment 32. ${damaged}`,
    ],
    "a tensor beyond the end": [
      { tensors: [tensorInfo({ sizes: [32, 8] })] },
      `m.gguf: tensor "w" ends at byte 272 of the data, but the file has only 256. ${damaged}`,
    ],
    "a tensor of a new type beyond the end": [
      { tensors: [tensorInfo({ type: 99, offset: 2 ** 40 })] },
      `m.gguf: tensor "w" ends at byte 1099511627776 of the data, but the file has only 256. ${damaged}`,
    ],
    "tensors that overlap": [
      { tensors: [tensorInfo({ name: "b", offset: 32 }), tensorInfo({ name: "a" })] },
      `m.gguf: tensors "a" and "b" overlap: the first ends at byte 34 of the data, the second begins at 32. ${damaged}`,
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [content, message]) => {
    const opened = open(content instanceof Uint8Array ? content : file(content));
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toSatisfy((error) => isTenonError(error, "CheckpointError"));
  });
});

describe("what is sound is read", () => {
  test("version 2, an alignment of its own, holes between tensors, a type that is new", async () => {
    const bytes = file({
      version: 2,
      keys: [key("general.alignment", 4, u32(64))],
      tensors: [
        tensorInfo({ name: "late", offset: 128, type: 0, sizes: [2, 3] }),
        tensorInfo({ name: "new", type: 99 }),
      ],
    });
    const begin = bytes.length - 256;
    new DataView(bytes.buffer).setFloat32((begin % 64 === 0 ? begin : begin + 32) + 128 + 20, 2.5, true);
    const { version, tensors } = await open(bytes);
    expect([version, [...tensors.keys()], tensors.get("late")!.shape]).toEqual([2, ["late", "new"], [3, 2]]);
    expect([...(await tensors.get("late")!.read())]).toEqual([0, 0, 0, 0, 0, 2.5]);
    await expect(tensors.get("new")!.read()).rejects.toThrow('tensor "new" is of type number 99, which Tenon does not');
  });

  test("a level that q8 does not have is refused in levels, and read in numbers", async () => {
    const bytes = file({ tensors: [tensorInfo({ sizes: [32, 1] })] });
    bytes.set([0, 0x3c, 0x80], bytes.length - 256);
    const weight = (await open(bytes)).tensors.get("w")!;
    expect([...(await weight.read())].slice(0, 2)).toEqual([-128, 0]);
    await expect(weight.readQuantized()).rejects.toThrow(
      'tensor "w" has the level -128; q8 has -127 to 127. read() gives',
    );
  });

  test("what is no matrix, or not in levels, is refused in levels", async () => {
    const bytes = file({ tensors: [tensorInfo({}), tensorInfo({ name: "f", type: 0, sizes: [4], offset: 64 })] });
    const { tensors } = await open(bytes);
    await expect(tensors.get("w")!.readQuantized()).rejects.toThrow(
      '"w" is [32]; readQuantized() reads matrices [out, in]',
    );
    await expect(tensors.get("f")!.readQuantized()).rejects.toThrow('"f" is of type F32; readQuantized() reads Q8_0');
  });

  test("a long header is read in pieces, and the data not at all before it is asked for", async () => {
    const words = Array.from({ length: 150_000 }, (_, i) => text(`token ${i}`));
    const bytes = file({
      keys: [key("tokens", 9, [...u32(8), ...u64(words.length), ...words.flat()])],
      tensors: [tensorInfo({ sizes: [32, 100_000] })],
      data: 3_400_000,
    });
    const inner = fileInMemory("m.gguf", bytes);
    const reads: [begin: number, end: number][] = [];
    const counted: StoredFile = {
      ...inner,
      read: (begin, end) => {
        reads.push([begin, end]);
        return inner.read(begin, end);
      },
    };
    const { metadata, tensors } = await openGguf(counted);
    expect((metadata.get("tokens") as string[])[149_999]).toBe("token 149999");
    expect(reads.length).toBeLessThan(8);
    expect(Math.max(...reads.map(([begin, end]) => end - begin))).toBeLessThanOrEqual(2 ** 20);
    const before = reads.length;
    expect((await tensors.get("w")!.read()).length).toBe(3_200_000);
    expect(reads.length - before).toBe(4);
  });
});
