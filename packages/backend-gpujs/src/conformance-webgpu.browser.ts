import { testBackend } from "@tenon/backend-testkit";

import { asked } from "../test/asked.ts";
import { onDevice } from "../test/skips.ts";
import { gpujs } from "./gpujs.ts";

// Each call has shapes of its own, and so kernels to compile: VITE_CONFORMANCE=all makes as many as in Node, where that is quick.
testBackend({
  name: "gpujs (webgpu)",
  create: () => gpujs({ mode: "webgpu" }),
  skip: onDevice,
  runs: asked("VITE_CONFORMANCE") === "all" ? 25 : 8,
});
