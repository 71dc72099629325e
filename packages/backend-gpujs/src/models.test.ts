import { readFile } from "node:fs/promises";

import { describe } from "vitest";

import { testLongDecoding } from "../test/long-decoding.ts";
import { nodePlaces, titleOf } from "../test/place.ts";
import { testShippedModels, type Load } from "../test/shipped-models.ts";

const load: Load = async (name) => {
  const { buffer, byteOffset, byteLength } = await readFile(
    new URL(`../../../apps/cli/models/${name}.safetensors`, import.meta.url),
  );
  return buffer.slice(byteOffset, byteOffset + byteLength);
};

describe.each(nodePlaces.map((place) => [titleOf(place), place] as const))("gpujs (%s)", (_, place) => {
  testShippedModels(place, load);
  testLongDecoding(place, 2000);
});
