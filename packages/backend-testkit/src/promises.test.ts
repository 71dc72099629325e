import { random } from "@tenon/tensor";
import { promiseBackend } from "@tenon/tensor/testing";

import { testBackend } from "./test-backend.ts";

// The kernels are those of cpu: what is new is when they run.
testBackend({
  name: "cpu with kernels that return promises",
  create: () => promiseBackend(random(1)),
  groups: ["storage", "fused", "kernels", "quantised", "random", "memory", "async", "errors", "models"],
});
