// Every part of a model meets these kernels: models in which any two parts meet, half of them in each mode, or with
// `npm run test:combinations` all of them in both.
import { allCombinations, someCombinations, testCombinations } from "@tenon/models/testing";
import { describe } from "vitest";

import { gpujs } from "./gpujs.ts";

const half = { cpu: 0, webasm: 1 };
describe.each(["cpu", "webasm"] as const)("gpujs (%s)", (mode) => {
  const combinations =
    process.env["COMBINATIONS"] === "all" ? allCombinations : someCombinations.filter((_, i) => i % 2 === half[mode]);
  testCombinations(() => gpujs({ mode, threads: 1 }), combinations);
});
