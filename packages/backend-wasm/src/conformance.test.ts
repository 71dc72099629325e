import { testBackend } from "@tenon/backend-testkit";

import { wasm } from "./wasm.ts";

testBackend({ name: "wasm, plain SIMD, 1 thread", create: () => wasm({ threads: 1, relaxed: false }) });
testBackend({ name: "wasm, relaxed SIMD, 2 threads", create: () => wasm({ threads: 2, relaxed: true }) });
