import { describe } from "vitest";

import { testFloatPrecision } from "../test/float-precision.ts";
import { testForbiddenCode } from "../test/forbidden-code.ts";
import { testFreedArrays } from "../test/freed-arrays.ts";
import { testKeptResults } from "../test/kept-results.ts";
import {
  testLostWebgl2,
  testLostWebgpu,
  testRefusedContexts,
  testWebgl2Memory,
  testWebgpuMemory,
} from "../test/lost-devices.ts";
import { testOptions } from "../test/options.ts";
import { testLargeTable, testRoom } from "../test/large-tensors.ts";
import { testLongRows } from "../test/long-rows.ts";
import { testManyArrays } from "../test/many-arrays.ts";
import { testMemories } from "../test/memories.ts";
import { testOrder } from "../test/order.ts";
import { pagePlaces, titleOf } from "../test/place.ts";
import { testMovedKernels, testWrongKernels } from "../test/refused-kernels.ts";
import { testThreads } from "../test/threads.ts";
import { testWholeNumbers } from "../test/whole-numbers.ts";

describe.each(pagePlaces.map((place) => [titleOf(place), place] as const))("gpujs (%s)", (_, place) => {
  testLongRows(place);
  if (place.mode !== "webasm") testLargeTable(place);
  testRoom(place);
  if (place.mode === "webasm") testMemories(place);
  if (place.mode !== "webgpu") testMovedKernels(place);
  testWrongKernels(place);
  testKeptResults(place);
  testFloatPrecision(place);
  testManyArrays(place);
  testWholeNumbers(place);
  testFreedArrays(place);
  testOrder(place);
});
describe("gpujs", () => {
  testOptions();
  testForbiddenCode();
  testWebgl2Memory();
  testLostWebgl2();
  testRefusedContexts();
  testWebgpuMemory();
  testLostWebgpu();
  testThreads(() => {
    const { Worker } = globalThis;
    let started = 0;
    let alive = 0;
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL) {
        super(url);
        started++;
        alive++;
      }
      override terminate(): void {
        super.terminate();
        alive--;
      }
    };
    return { started: () => started, alive: () => alive, restore: () => (globalThis.Worker = Worker) };
  });
});
