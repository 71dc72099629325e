import { cpu } from "@tenon/tensor";

import { testBackend } from "./test-backend.ts";

testBackend({ name: "cpu without fused kernels", create: () => cpu({ fused: false }), runs: 5 });
