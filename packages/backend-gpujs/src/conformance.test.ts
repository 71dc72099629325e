import { testBackend } from "@tenon/backend-testkit";

import { everywhere as skip } from "../test/skips.ts";
import { gpujs } from "./gpujs.ts";

testBackend({ name: "gpujs (cpu)", create: () => gpujs({ mode: "cpu" }), skip });
// Threads compute large results alone; the others are computed as with one thread.
testBackend({ name: "gpujs (webasm)", create: () => gpujs({ mode: "webasm", threads: 2 }), skip });
