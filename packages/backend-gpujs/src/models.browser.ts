import { describe } from "vitest";

import { testLongDecoding } from "../test/long-decoding.ts";
import { pagePlaces, titleOf } from "../test/place.ts";
import { testShippedModels, type Load } from "../test/shipped-models.ts";

const load: Load = async (name) => {
  const answer = await fetch(new URL(`../../../apps/cli/models/${name}.safetensors`, import.meta.url));
  return answer.arrayBuffer();
};

describe.each(pagePlaces.map((place) => [titleOf(place), place] as const))("gpujs (%s)", (_, place) => {
  testShippedModels(place, load);
  testLongDecoding(place, place.mode === "webasm" ? 2000 : 300);
});
