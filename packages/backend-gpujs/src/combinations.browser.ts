// Every part of a model, in a handful of models: Node runs more of them, in combinations.test.ts.
import { fewCombinations, linearCombinations, testCombinations } from "@tenon/models/testing";
import { describe } from "vitest";

import { gpujs } from "./gpujs.ts";

describe("gpujs (webgl2)", () => {
  testCombinations(() => gpujs({ mode: "webgl2" }), fewCombinations); // its shaders compile slowly
});
describe("gpujs (webgpu)", () => {
  testCombinations(() => gpujs({ mode: "webgpu" }), [...fewCombinations, ...linearCombinations]);
});
