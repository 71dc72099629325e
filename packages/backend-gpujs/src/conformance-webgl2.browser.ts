import { testBackend } from "@tenon/backend-testkit";

import { asked } from "../test/asked.ts";
import { onDevice } from "../test/skips.ts";
import { gpujs } from "./gpujs.ts";

// Each call has shapes of its own, and so kernels to compile, which takes long in WebGL: VITE_CONFORMANCE=all makes as many as elsewhere.
testBackend({
  name: "gpujs (webgl2)",
  create: () => gpujs({ mode: "webgl2" }),
  skip: onDevice,
  runs: asked("VITE_CONFORMANCE") === "all" ? 25 : 4,
});
