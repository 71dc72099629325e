import { testBackend } from "@tenon/backend-testkit";

import { gpujs } from "./gpujs.ts";

const skip = [
  {
    reason: "f32, the only numbers of gpu.js, hold whole numbers exactly below 2²⁴ alone",
    tests: ["storage/i32", "golden/topK", "golden/sort", "special/cast"],
  },
  {
    reason: "graphics devices take numbers below 2⁻¹²⁶ for 0, and bf16 has some",
    tests: ["storage/bf16"],
  },
];
testBackend({ name: "gpujs (webgl2)", create: () => gpujs({ mode: "webgl2" }), skip });
testBackend({ name: "gpujs (webgpu)", create: () => gpujs({ mode: "webgpu" }), skip });
