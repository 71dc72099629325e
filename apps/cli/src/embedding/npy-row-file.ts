import { open, type FileHandle } from "node:fs/promises";

import { ConfigError } from "@tenon/tensor";

import type { RowFile } from "./row.ts";
import { writeAll } from "./write-all.ts";

/** Room for the largest shape: the header is written anew, in its place, as rows are added. */
const headerLength = 128;
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/**
 * NumPy's format, f32 [rows, width]: `numpy.load` gives it as an array, `numpy.load(path, mmap_mode="r")` without reading it. Vectors only, no texts: row i
 * is line i.
 *
 * Throws `ConfigError` when a file to go on with is none of this width.
 *
 * @see The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function npyRowFile(path: string, width: number, resume: boolean): Promise<RowFile> {
  const file = await open(path, resume ? "r+" : "w");
  const rowBytes = 4 * width;
  let count = 0;
  if (resume) {
    const { size } = await file.stat();
    await expectHeader(file, path, width);
    // The rows that are there count, not what the header says: a run that was killed may not have come to it.
    count = Math.max(0, Math.floor((size - headerLength) / rowBytes));
    await file.truncate(headerLength + count * rowBytes);
  } else await writeHeader(file, 0, width);
  const rows = count;
  return {
    rows,
    async append(added) {
      const bytes = new Uint8Array(added.length * rowBytes);
      const view = new DataView(bytes.buffer);
      for (const [i, { vector }] of added.entries())
        vector.forEach((value, j) => view.setFloat32(i * rowBytes + 4 * j, value, true));
      await writeAll(file, bytes, headerLength + count * rowBytes);
      count += added.length;
      await writeHeader(file, count, width);
    },
    async close() {
      await writeHeader(file, count, width);
      await file.sync();
      await file.close();
    },
  };
}

function headerOf(rows: number, width: number): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${width}), }`;
  const text = `${dictionary.padEnd(headerLength - 11)}\n`;
  return Uint8Array.of(
    ...magic,
    (headerLength - 10) & 255,
    (headerLength - 10) >> 8,
    ...new TextEncoder().encode(text),
  );
}

const writeHeader = (file: FileHandle, rows: number, width: number): Promise<void> =>
  writeAll(file, headerOf(rows, width), 0);

async function expectHeader(file: FileHandle, path: string, width: number): Promise<void> {
  const { buffer } = await file.read(new Uint8Array(headerLength), 0, headerLength, 0);
  const text = new TextDecoder("latin1").decode(buffer);
  const found = /\((\d+), (\d+)\)/.exec(text);
  if (found !== null && text === new TextDecoder("latin1").decode(headerOf(Number(found[1]), width))) return;
  throw new ConfigError(
    `${path} is no file of vectors of ${width} numbers that \`tenon embed\` wrote, so it cannot go on with it. Name another --out.`,
    { file: path },
  );
}
