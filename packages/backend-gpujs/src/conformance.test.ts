import { testBackend } from "@tenon/backend-testkit";

import { gpujs } from "./gpujs.ts";

const skip = [
  {
    reason: "f32, the only numbers of gpu.js, hold whole numbers exactly below 2²⁴ alone",
    tests: ["storage/i32", "golden/topK", "golden/sort", "special/cast"],
  },
];
testBackend({ name: "gpujs (cpu)", create: () => gpujs({ mode: "cpu" }), skip });
// Threads compute large results alone; the others are computed as with one thread.
testBackend({ name: "gpujs (webasm)", create: () => gpujs({ mode: "webasm", threads: 2 }), skip });
