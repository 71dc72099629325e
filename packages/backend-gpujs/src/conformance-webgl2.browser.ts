import { testBackend } from "@tenon/backend-testkit";

import { onDevice } from "../test/skips.ts";
import { gpujs } from "./gpujs.ts";

// Each random call has shapes of its own, and so kernels to compile: in Node, where that is quick, all are made.
testBackend({ name: "gpujs (webgl2)", create: () => gpujs({ mode: "webgl2" }), skip: onDevice, runs: 8 });
