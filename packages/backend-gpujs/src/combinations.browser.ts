// Every part of a model, in a handful of models: Node runs more of them, in combinations.test.ts.
import { fewCombinations, testCombinations } from "@tenon/models/testing";
import { describe } from "vitest";

import { asked } from "../test/asked.ts";
import { gpujs } from "./gpujs.ts";

// Shaders of WebGL2 compile slowly, and decoders need three times as many, so only VITE_COMBINATIONS=all asks for these.
const encoders = fewCombinations.filter(([, { kind }]) => kind === "encoder");

describe("gpujs (webgl2)", () => {
  testCombinations(() => gpujs({ mode: "webgl2" }), asked("VITE_COMBINATIONS") === "all" ? fewCombinations : encoders);
});
describe("gpujs (webgpu)", () => {
  testCombinations(() => gpujs({ mode: "webgpu" }), fewCombinations);
});
