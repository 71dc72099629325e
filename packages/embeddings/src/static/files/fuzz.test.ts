import { isTenonError } from "@tenon/tensor";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { vectorFormats } from "./formats.ts";
import { readVectors } from "./read-vectors.ts";

const seeds = [
  "2 3\nsun 1 0 0.5\nmoon 0.8 0.6 -1e-05\n",
  "sun 1 0 0.5\nthe moon 0.8 0.6 0\r\n\u72d0 1 2 3",
  "2 1\nsun abcd\nmoon efgh\n",
].map((text) => new TextEncoder().encode(text));
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..."19 -.\nea\r\t"), maxLength: 40 }).map((text) => new TextEncoder().encode(text)),
);
/** A sound file of which a part was replaced. */
const broken = fc.tuple(fc.constantFrom(...seeds), fc.nat(40), fc.nat(8), noise).map(([bytes, at, length, part]) => {
  return Uint8Array.from([...bytes.subarray(0, at), ...part, ...bytes.subarray(at + length)]);
});

test("whatever the bytes, there is an error or there are sound vectors", async () => {
  let sound = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(broken, noise),
      fc.constantFrom(undefined, ...vectorFormats),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      async (bytes, format, repair, pieceLength) => {
        async function* pieces(): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < bytes.length; at += pieceLength) yield bytes.subarray(at, at + pieceLength);
        }
        const tell = async (source: Uint8Array | AsyncIterable<Uint8Array>): Promise<unknown> => {
          try {
            const { vectors, repairs } = await readVectors(source, { format, repair });
            expect(vectors.data.length).toBe(vectors.words.length * vectors.width);
            expect(vectors.data.every(Number.isFinite)).toBe(true);
            sound++;
            return [vectors.words, [...vectors.data], [...repairs]];
          } catch (error) {
            if (!isTenonError(error, "CheckpointError")) throw error;
            return error.message;
          }
        };
        // A header that the bytes cannot fulfil is found out sooner where their number is known.
        const [whole, inPieces] = [await tell(bytes), await tell(pieces())];
        if (typeof whole !== "string" || typeof inPieces !== "string") {
          if (!JSON.stringify(whole).includes("wrong count")) expect(inPieces).toEqual(whole);
        }
      },
    ),
    { numRuns: 700 },
  );
  expect(sound).toBeGreaterThan(50);
});
