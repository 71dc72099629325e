import { cpu } from "@tenon/tensor";

import { testBackend } from "./test-backend.ts";

testBackend({ name: "cpu", create: () => cpu() });
