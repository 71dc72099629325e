import { testBackend } from "@tenon/backend-testkit";
import { hasFarMemory } from "@tenon/wasm-assembler";

import { partial } from "../test/partial.ts";
import { allKernels, halves, kernelTable } from "./kernels/index.ts";
import { wasm } from "./wasm.ts";

testBackend({ name: "wasm, plain SIMD, 1 thread", create: () => wasm({ threads: 1, relaxed: false }) });
testBackend({ name: "wasm, relaxed SIMD, 2 threads", create: () => wasm({ threads: 2, relaxed: true }) });
// All of its tensors lie beyond 4 GiB.
if (hasFarMemory())
  testBackend({
    name: "wasm, 64-bit memory, relaxed SIMD, 2 threads",
    create: async () => {
      const settings = { threads: 2, relaxed: true, beyond: true, halves };
      return (await partial(allKernels, (engine) => kernelTable(engine), settings)).on;
    },
  });
