import { testQuantizedDecoders } from "@tenon/models/testing";
import { describe } from "vitest";

import { nodePlaces, opened, titleOf } from "../test/place.ts";

describe.each(nodePlaces.slice(0, 2).map((place) => [titleOf(place), place] as const))("gpujs (%s)", (_, place) => {
  testQuantizedDecoders(opened(place));
});
