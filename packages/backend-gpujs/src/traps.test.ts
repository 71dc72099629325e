import { describe } from "vitest";

import { testFloatPrecision } from "../test/float-precision.ts";
import { testFreedArrays } from "../test/freed-arrays.ts";
import { testKeptResults } from "../test/kept-results.ts";
import { testLargeTable, testRoom } from "../test/large-tensors.ts";
import { testLongRows } from "../test/long-rows.ts";
import { testManyArrays } from "../test/many-arrays.ts";
import { testMemories } from "../test/memories.ts";
import { testOrder } from "../test/order.ts";
import { nodePlaces, titleOf } from "../test/place.ts";
import { testMovedKernels, testWrongKernels } from "../test/refused-kernels.ts";
import { testWholeNumbers } from "../test/whole-numbers.ts";

describe.each(nodePlaces.map((place) => [titleOf(place), place] as const))("gpujs (%s)", (_, place) => {
  testLongRows(place);
  if (place.threads === 1) testLargeTable(place);
  testRoom(place);
  if (place.mode === "webasm") testMemories(place);
  if (place.mode !== "cpu") testMovedKernels(place);
  testWrongKernels(place);
  testKeptResults(place);
  testFloatPrecision(place);
  testManyArrays(place);
  testWholeNumbers(place);
  testFreedArrays(place);
  testOrder(place);
});
