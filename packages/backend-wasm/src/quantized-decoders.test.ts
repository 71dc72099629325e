import { testQuantizedDecoders } from "@tenon/models/testing";
import { describe } from "vitest";

import { wasm } from "./wasm.ts";

const on = await wasm({ threads: 1 });
describe("wasm", () => {
  testQuantizedDecoders(() => on);
});
