import { CheckpointError } from "@tenon/tensor";

import { recognise } from "./recognise.ts";

/** The length field, and the shortest header, `{}`. */
const shortest = 8 + 2;
/** The reference implementation's limit: a longer header is an attack, not a model. */
export const longestHeader = 100_000_000;
const brace = 0x7b;

/**
 * The length of the header, checked before anything of that length is read, copied or decoded.
 *
 * @param start the first bytes of the file, at least nine when it has them; a few more let the error say what the file is
 * @param total the length of the whole file
 */
export function headerLength(start: Uint8Array, total: number, file: string): number {
  const refuse = (problem: string, expected: string): never => {
    const kind = recognise(start);
    throw new CheckpointError(
      kind === undefined
        ? `${file} is not a safetensors file, or is damaged: ${problem}. Expected ${expected}. Download or export it again.`
        : `${file} is not a safetensors file: it looks like ${kind.what}. ${kind.remedy}`,
      { file, expected, got: kind?.what ?? problem },
    );
  };
  if (total === 0) {
    const expected = "a safetensors file";
    throw new CheckpointError(`${file} is empty (0 bytes); expected ${expected}. Download or export it again.`, {
      file,
      expected,
      got: "0 bytes",
    });
  }
  if (total < shortest || start.length <= 8) {
    refuse(`it has ${total} bytes`, `at least ${shortest}: an 8-byte header length and a header`);
  }
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  const announced = `its first 8 bytes announce a header of ${length} bytes`;
  if (length < 2n) refuse(announced, "2 or more");
  if (length > BigInt(longestHeader)) refuse(announced, `at most ${longestHeader}`);
  if (length > BigInt(total - 8)) refuse(`${announced}, but only ${total - 8} follow`, `at most ${total - 8}`);
  if (start[8] !== brace) refuse(`its header starts with byte ${start[8]}`, `"{", byte ${brace}`);
  return Number(length);
}
